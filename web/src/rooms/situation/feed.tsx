import { Link } from '@tanstack/react-router';
import { memo, useCallback, useMemo, useRef, useState, type ReactElement, type ReactNode } from 'react';
import { Instant } from '../../ui/clock.tsx';
import { useFormat } from '../../ui/format.ts';
import { captionOf, shortId } from '../../ui/identifier.tsx';
import type { Tone } from '../../ui/mark.tsx';
import { Panel } from '../../ui/page.tsx';
import { useReasonText } from '../../ui/reason.tsx';
import { Empty, Loading } from '../../ui/states.tsx';
import { PriorityTag, Tag } from '../../ui/tag.tsx';
import { useSaid, useWords } from '../../ui/words.ts';
import { keyOf, newest, useBatches, type Happening } from './happenings.ts';
import { useNewestAlerts, useRequests, useThefts } from './readings.ts';

const shownMax = 60;

/** What happens, the newest on top. It waits while somebody reads it: nothing slips away under the pointer. */
export function Feed(): ReactElement {
  const { t } = useWords('situation');
  const [came, setCame] = useState<readonly Happening[]>([]);
  const [waiting, setWaiting] = useState<readonly Happening[]>([]);
  const isRead = useRef(false);
  const hear = useCallback((batch: readonly Happening[]) => {
    const take = isRead.current ? setWaiting : setCame;
    take((before) => newest(before, batch, shownMax));
  }, []);
  useBatches(hear);
  const read = (is: boolean): void => {
    isRead.current = is;
    if (is || waiting.length === 0) return;
    setCame((before) => newest(before, waiting, shownMax));
    setWaiting([]);
  };
  const { before, isLoading, isRefused } = useBefore();
  const shown = useMemo(() => newest(before, came, shownMax), [before, came]);
  if (isRefused) return <></>;
  return (
    <Panel
      className="situation-feed"
      title={t('feed.title')}
      acts={waiting.length === 0 ? null : <Tag tone="ochre">{t('feed.waiting', { count: waiting.length })}</Tag>}
    >
      {shown.length > 0 ? (
        <ol
          onPointerEnter={() => read(true)}
          onPointerLeave={() => read(false)}
          onFocus={() => read(true)}
          onBlur={() => read(false)}
        >
          {shown.map((happening) => (
            <Line key={keyOf(happening)} happening={happening} />
          ))}
        </ol>
      ) : isLoading ? (
        <Loading />
      ) : (
        <Empty title={t('feed.empty')}>{t('feed.empty.hint')}</Empty>
      )}
    </Panel>
  );
}

/** What is known from before the stream began. */
function useBefore(): { before: readonly Happening[]; isLoading: boolean; isRefused: boolean } {
  const alerts = useNewestAlerts();
  const thefts = useThefts();
  const requests = useRequests();
  const before = useMemo(
    () =>
      newest(
        [],
        [
          ...(alerts.data?.alerts ?? []).map((told): Happening => ({
            kind: 'alert',
            atMs: Date.parse(told.at),
            id: told.id,
            told,
          })),
          ...(thefts.data?.traces ?? []).map((told): Happening => ({
            kind: 'trace',
            atMs: Date.parse(told.openedAt),
            id: told.id,
            told,
          })),
          ...(requests.data?.requests ?? []).map((told): Happening => ({
            kind: 'request',
            atMs: Math.max(
              ...[told.openedAt, told.sentAt, told.receivedAt, told.acknowledgedAt, told.answeredAt].map((at) =>
                at === null ? 0 : Date.parse(at),
              ),
            ),
            id: told.id,
            told,
          })),
        ],
        shownMax,
      ),
    [alerts.data, thefts.data, requests.data],
  );
  const asked = [alerts, thefts, requests];
  return {
    before,
    isLoading: asked.some(({ isLoading }) => isLoading),
    isRefused: asked.every(({ fetchStatus, isPending }) => isPending && fetchStatus === 'idle'),
  };
}

/** The same thing as it stood is not drawn again. */
const Line = memo(
  function Line({ happening }: { happening: Happening }): ReactElement {
    return (
      <li className={`situation-line tone-${toneOf(happening)}`}>
        <Instant at={new Date(happening.atMs).toISOString()} short />
        <div>
          <Said happening={happening} />
        </div>
      </li>
    );
  },
  (before, after) => before.happening.told === after.happening.told,
);

function toneOf({ kind, told }: Happening): Tone {
  if (kind === 'alert') return told.state === 'closed' ? 'stone' : told.priority === 'P1' ? 'cinnabar' : 'ochre';
  if (kind === 'hold') return told.state === 'refused' || told.state === 'gone' ? 'cinnabar' : 'patina';
  return kind === 'trace' ? 'bronze' : kind === 'request' ? 'indigo' : 'stone';
}

function Said({ happening }: { happening: Happening }): ReactElement {
  const { kind, id, told } = happening;
  if (kind === 'alert') return <AlertSaid alert={told} />;
  if (kind === 'trace') return <TraceSaid id={id} told={told} />;
  if (kind === 'hold') return <HoldSaid id={id} told={told} />;
  return kind === 'request' ? <RequestSaid request={told} /> : <OrderSaid order={told} />;
}

type Told<Kind extends Happening['kind']> = Extract<Happening, { kind: Kind }>['told'];

/** The sentence leads to what it is about; beside it, what and who. */
function Sentence({ to, beside, children }: { to: string; beside: ReactNode; children: ReactNode }): ReactElement {
  return (
    <>
      <Link to={to} preload={false}>
        {children}
      </Link>
      <span className="situation-beside soft">{beside}</span>
    </>
  );
}

function AlertSaid({ alert }: { alert: Told<'alert'> }): ReactElement {
  const { t } = useWords('situation');
  const reasonText = useReasonText();
  const { id, kind, priority, state, subject, reasons, owner } = alert;
  const first = reasons[0];
  return (
    <Sentence
      to={`/alerts/${id}`}
      beside={
        <>
          <PriorityTag priority={priority} /> <span className="mono">{captionOf(subject)}</span>{' '}
          {state === 'new' ? null : <Tag>{t(`terms:alertState.${state}`)}</Tag>}{' '}
          {owner === null || owner === undefined ? null : owner}
        </>
      }
    >
      {first === undefined ? t(`terms:alertKind.${kind}`) : reasonText(first)}
    </Sentence>
  );
}

function TraceSaid({ id, told }: { id: string; told: Told<'trace'> }): ReactElement {
  const { t } = useWords('situation');
  const format = useFormat();
  const { amount, held, seized, returned, open, lost } = told;
  const inHand = String(BigInt(held.value) + BigInt(seized.value) + BigInt(returned.value));
  return (
    <Sentence
      to={`/traces/${id}`}
      beside={
        <>
          {t('feed.trace.figures', {
            held: format.money({ value: inHand, currency: held.currency }),
            open: format.money(open),
            lost: format.money(lost),
          })}
        </>
      }
    >
      {t('feed.trace', { amount: format.money(amount) })}
    </Sentence>
  );
}

function HoldSaid({ id, told }: { id: string; told: Told<'hold'> }): ReactElement {
  const { t } = useWords('situation');
  const said = useSaid();
  const format = useFormat();
  const { state, expiresAt } = told;
  return (
    <Sentence
      to={`/holds/${id}`}
      beside={
        <>
          <span className="mono">{shortId(id)}</span>{' '}
          {expiresAt === null ? null : t('feed.hold.until', { at: format.time(expiresAt) })}
        </>
      }
    >
      {t('feed.hold', { state: said('holdStates', state) })}
    </Sentence>
  );
}

function RequestSaid({ request }: { request: Told<'request'> }): ReactElement {
  const { t } = useWords('situation');
  const said = useSaid();
  const { id, from, to, kind, state, owner } = request;
  return (
    <Sentence
      to={`/requests/${id}`}
      beside={
        <>
          <Tag tone="indigo">{said('requestStates', state)}</Tag> {owner}
        </>
      }
    >
      {t('feed.request', {
        from: t(`shell:member.${from}`),
        to: t(`shell:member.${to}`),
        kind: said('requestKinds', kind),
      })}
    </Sentence>
  );
}

function OrderSaid({ order }: { order: Told<'order'> }): ReactElement {
  const { t } = useWords('situation');
  const said = useSaid();
  const { id, institution, kind, state } = order;
  return (
    <Sentence to={`/orders/${id}`} beside={<Tag>{said('orderStates', state)}</Tag>}>
      {t('feed.order', { institution, kind: said('orderKinds', kind) })}
    </Sentence>
  );
}
