import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import type { Hold, HoldHistory } from '../../../../server/src/funds/hold-contract.ts';
import type { OrderDetails } from '../../../../server/src/orders/contract.ts';
import { get } from '../../link/call.ts';
import { useFreshness } from '../../link/freshness.ts';
import { useMay } from '../../link/session.ts';
import { useParam } from '../../link/view.ts';
import { Countdown, Instant } from '../../ui/clock.tsx';
import { Columns } from '../../ui/columns.tsx';
import { useFormat } from '../../ui/format.ts';
import { captionOf, Identifier } from '../../ui/identifier.tsx';
import { Facts, Page, Panel } from '../../ui/page.tsx';
import { useSeconded } from '../../ui/second-person.tsx';
import { Shown } from '../../ui/states.tsx';
import { Tag } from '../../ui/tag.tsx';
import { useSaid, useWords } from '../../ui/words.ts';
import { HoldActs } from './hold-acts.tsx';
import { HoldDeeds } from './hold-deeds.tsx';
import { HoldStages } from './hold-law.tsx';
import { HoldNotice } from './hold-notice.tsx';
import { HoldBar, HoldStateTag, isBound, isUnderCourt } from './hold-state.tsx';
import { Waiting } from './hold-waiting.tsx';

/** One hold: how much, until when, by what law, what the institution answered, whether the person knows, and what can be done. */
export function Screen(): ReactElement {
  const { t } = useWords('funds');
  const id = useParam('id');
  const path = `/v1/holds/${id}`;
  useFreshness(['hold', 'order', 'approval'], [path]);
  const query = useQuery({
    queryKey: [path],
    queryFn: ({ signal }) => get<HoldHistory>(path, { purpose: 'investigation', signal }),
  });
  const hold = query.data?.hold;
  return (
    <Page
      title={hold === undefined ? t('hold.title') : t('hold.title-of', { account: captionOf(hold.key) })}
      beside={hold === undefined ? undefined : <HoldStateTag state={hold.state} />}
    >
      <Shown query={query}>{(found) => <HoldSheet found={found} />}</Shown>
    </Page>
  );
}

function HoldSheet({ found }: { found: HoldHistory }): ReactElement {
  const { t } = useWords('funds');
  const { hold } = found;
  const { seconded, note } = useSeconded();
  return (
    <>
      <Waiting waiting={found.waiting} seconded={seconded} />
      <Columns
        main={
          <>
            <Money hold={hold} />
            <Law found={found} />
            <Panel title={t('hold.history')}>
              <HoldDeeds found={found} />
            </Panel>
          </>
        }
        side={
          <>
            <HoldActs found={found} note={note} />
            {hold.order === undefined ? null : <Order id={hold.order} hold={hold} />}
            <HoldNotice found={found} />
            <Appeals found={found} />
          </>
        }
      />
    </>
  );
}

function Money({ hold }: { hold: Hold }): ReactElement {
  const { t } = useWords('funds');
  const said = useSaid();
  const format = useFormat();
  const { held, ordered, taint, stolen, balance, until, payment, state } = hold;
  const isAsked = state === 'proposed' || state === 'ordered';
  return (
    <Panel>
      <div className="hold-head">
        <span>
          <span className="soft">{t(isAsked ? 'hold.to-hold' : 'hold.held')}</span>
          <br />
          <span className="hold-amount">{format.money(isAsked ? (ordered ?? taint) : held)}</span>
        </span>
        {until === undefined ? null : (
          <span>
            <span className="soft">{t('hold.ends-by-itself')}</span>
            <br />
            <span className="hold-clock">
              <Countdown until={until} from={clockBeganAt(hold)} />
            </span>
          </span>
        )}
      </div>
      <HoldBar hold={hold} />
      <Facts
        facts={[
          [t('hold.account'), <Identifier key="key" of={hold.key} />],
          [t('hold.institution'), hold.institution ?? t('hold.no-institution')],
          [t('hold.ordered'), ordered === undefined ? undefined : format.money(ordered)],
          [t('hold.taint'), format.money(taint)],
          [t('hold.stolen'), stolen.currency === taint.currency ? undefined : format.money(stolen)],
          [t('hold.balance'), balance === undefined ? undefined : format.money(balance)],
          [t('hold.refusal'), hold.refusal === undefined ? undefined : said('orderRefusals', hold.refusal)],
          [t('hold.place'), said('placeEnds', hold.end)],
          [t('hold.payment'), <Payment key="payment" payment={payment} />],
          [
            t('hold.trace'),
            <Link key="trace" to={`/traces/${hold.trace}`}>
              {t('hold.open-trace')}
            </Link>,
          ],
          [
            t('hold.request'),
            hold.request === undefined ? undefined : <Identifier key="request" of={`request:${hold.request}`} />,
          ],
        ]}
      />
    </Panel>
  );
}

function Payment({ payment }: { payment: Hold['payment'] }): ReactElement {
  const { t } = useWords('funds');
  const format = useFormat();
  return (
    <span>
      {format.money(payment.amount)} · <Instant at={payment.at} />
      {payment.from === undefined ? null : (
        <>
          {' · '}
          {t('hold.from')} <Identifier of={payment.from} />
        </>
      )}
      {payment.reference === undefined ? null : (
        <>
          {' · '}
          <span className="mono">{payment.reference}</span>
        </>
      )}
    </span>
  );
}

/** The first time began with the order; when a later one began, only its history says. */
const clockBeganAt = ({ orderedAt, times, complaint, court }: Hold): string | undefined =>
  times === 1 && complaint === undefined && court === undefined ? orderedAt : undefined;

function Law({ found }: { found: HoldHistory }): ReactElement {
  const { t } = useWords('funds');
  const { hold } = found;
  const { stage, times = 1 } = hold;
  return (
    <Panel title={t('hold.law')}>
      <Facts
        facts={[
          [
            t('hold.stage'),
            stage === undefined
              ? t('hold.stage.none')
              : times > 1
                ? t('hold.stage-times', { stage: t(`terms:holdStage.${stage}`), count: times })
                : t(`terms:holdStage.${stage}`),
          ],
          [t('hold.until'), hold.until === undefined ? undefined : <Instant key="until" at={hold.until} />],
          [t('hold.complaint'), hold.complaint],
          [t('hold.court'), hold.court],
          [t('hold.proposed-at'), <Instant key="proposed" at={hold.proposedAt} />],
          [
            t('hold.ordered-at'),
            hold.orderedAt === undefined ? undefined : <Instant key="ordered" at={hold.orderedAt} />,
          ],
          [t('hold.held-at'), hold.heldAt === undefined ? undefined : <Instant key="held" at={hold.heldAt} />],
          [t('hold.ended-at'), hold.endedAt === undefined ? undefined : <Instant key="ended" at={hold.endedAt} />],
          [t('hold.ended'), hold.ended === undefined ? undefined : t(`terms:holdEnd.${hold.ended}`)],
          [
            t('hold.confirmed-at'),
            hold.confirmedAt === undefined ? undefined : <Instant key="confirmed" at={hold.confirmedAt} />,
          ],
        ]}
      />
      {isUnderCourt(hold) ? null : <HoldStages now={stage} />}
    </Panel>
  );
}

/** What the institution was told and answered; the whole stands on the order's own page. */
function Order({ id, hold }: { id: string; hold: Hold }): ReactElement {
  const { t } = useWords('funds');
  const said = useSaid();
  const format = useFormat();
  const path = `/v1/orders/${id}`;
  useFreshness(['hold', 'order'], [path]);
  const query = useQuery({
    queryKey: [path],
    queryFn: ({ signal }) => get<OrderDetails>(path, { purpose: 'investigation', signal }),
  });
  return (
    <Panel title={t('hold.order-panel')} acts={<Link to={`/orders/${id}`}>{t('hold.open-order')}</Link>}>
      <Shown query={query}>
        {({ order, outcome, answeredAt, lateAt }) => (
          <Facts
            facts={[
              [t('hold.institution'), order.institution],
              [
                t('hold.answer'),
                outcome === undefined ? (
                  <span key="waits">
                    {t('hold.answer.waits')} <Countdown until={order.answerBy} from={order.issuedAt} />
                    {lateAt === undefined ? null : <Tag tone="cinnabar">{t('hold.answer.late')}</Tag>}
                  </span>
                ) : (
                  said('orderOutcomes', outcome.outcome)
                ),
              ],
              [t('hold.answered-at'), answeredAt === undefined ? undefined : <Instant key="at" at={answeredAt} />],
              [t('hold.held'), outcome?.held === undefined ? undefined : format.money(hold.held)],
              [t('hold.gone'), hold.gone.value === '0' ? undefined : format.money(hold.gone)],
              [t('hold.form'), order.form],
              [t('hold.legal-basis'), order.legalBasis],
            ]}
          />
        )}
      </Shown>
    </Panel>
  );
}

function Appeals({ found }: { found: HoldHistory }): ReactElement {
  const { t } = useWords('funds');
  const may = useMay();
  const { appeals, hold } = found;
  return (
    <Panel
      title={t('hold.appeals')}
      acts={
        may('redress.lodge') && isBound(hold) ? (
          <Link to={`/appeals/new?kind=hold&id=${hold.id}`}>{t('hold.lodge')}</Link>
        ) : undefined
      }
    >
      {appeals.length === 0 ? (
        <p className="soft" style={{ margin: 0 }}>
          {t('hold.appeals.none')}
        </p>
      ) : (
        <ul className="plain-list">
          {appeals.map(({ id, state, lodgedAt, decideBy }) => (
            <li key={id}>
              <Tag tone={state === 'lodged' ? 'ochre' : 'stone'}>{t(`terms:appealState.${state}`)}</Tag>{' '}
              {may('redress.decide') ? <Identifier of={`appeal:${id}`} /> : null} <Instant at={lodgedAt} />
              {state === 'lodged' ? (
                <>
                  {' · '}
                  {t('hold.appeal.decide-by')} <Countdown until={decideBy} from={lodgedAt} />
                </>
              ) : null}
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
