import { Button, Checkbox } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactElement, ReactNode } from 'react';
import type { Hold, HoldPage, Trace } from '../../../../server/src/funds/contract.ts';
import { useView } from '../../link/view.ts';
import { Countdown, Instant } from '../../ui/clock.tsx';
import { useFormat } from '../../ui/format.ts';
import { Identifier } from '../../ui/identifier.tsx';
import { Panel } from '../../ui/page.tsx';
import { Shown } from '../../ui/states.tsx';
import { MemberName, Tag } from '../../ui/tag.tsx';
import { useSaid, useWords } from '../../ui/words.ts';
import { HoldStateTag } from './hold-state.tsx';
import { Totals } from './trace-hold-dialog.tsx';

type HoldState = Hold['state'];

/** First what somebody waits for or must look at, last what is over. */
const order: readonly HoldState[] = [
  'ordered',
  'refused',
  'partly',
  'gone',
  'held',
  'seized',
  'confiscated',
  'returned',
  'expired',
  'released',
];

interface HoldsProps {
  readonly trace: Trace;
  readonly holds: UseQueryResult<HoldPage, unknown>;
  readonly self: string;
  /** Opens the dialog for these; absent where this person may not order holds. */
  readonly ask?: (holds: readonly string[]) => void;
}

/** What can be held, with one act for all of it; and what institutions here and members abroad answered. */
export function TraceHolds({ trace, holds, self, ask }: HoldsProps): ReactElement {
  const { t } = useWords('funds');
  return (
    <>
      <Panel title={t('trace.can-hold')}>
        <Shown query={holds}>{(page) => <CanHold page={page} {...(ask && { ask })} />}</Shown>
      </Panel>
      <Panel title={t('trace.answers')}>
        <Shown query={holds}>{(page) => <Answers trace={trace} page={page} self={self} {...(ask && { ask })} />}</Shown>
      </Panel>
    </>
  );
}

/** What an order would reach, and is not waiting for a second person already. */
export function holdableOf(page: HoldPage | undefined): readonly Hold[] {
  const asked = new Set(page?.waiting?.filter(({ performed }) => !performed).flatMap(({ holds }) => holds));
  return (page?.holds ?? []).filter(
    ({ id, state, institution }) => state === 'proposed' && institution !== undefined && !asked.has(id),
  );
}

function CanHold({ page, ask }: { page: HoldPage; ask?: (holds: readonly string[]) => void }): ReactElement {
  const { t } = useWords('funds');
  const said = useSaid();
  const format = useFormat();
  const [{ without }, change] = useView((raw) => ({ without: raw['without'] ?? '' }));
  const left = new Set(without.split(',').filter((id) => id !== ''));
  const holds = page.holds.filter(({ state }) => state === 'proposed');
  const reachable = holdableOf(page);
  const isReachable = (id: string): boolean => reachable.some((one) => one.id === id);
  const picked = reachable.filter(({ id }) => !left.has(id));
  const pick = (id: string, isPicked: boolean): void => {
    const next = isPicked ? [...left].filter((one) => one !== id) : [...left, id];
    change({ without: next.join(',') });
  };
  if (holds.length === 0) return <Nothing title={t('trace.can-hold.none')} hint={t('trace.can-hold.none.hint')} />;
  return (
    <>
      <Rows
        head={['', t('trace.hold.column.account'), t('trace.hold.column.institution'), t('trace.hold.column.paid')]}
        ends={[t('trace.hold.column.most')]}
      >
        {holds.map(({ id, key, institution, taint, payment, end, hop }) => (
          <tr key={id}>
            <td>
              <Checkbox
                checked={isReachable(id) && !left.has(id)}
                disabled={!isReachable(id) || ask === undefined}
                onChange={({ currentTarget }) => pick(id, currentTarget.checked)}
                aria-label={t('trace.hold.pick', { account: key })}
              />
            </td>
            <td>
              <Identifier of={key} />
              <div className="soft">
                {t('flow.step', { step: hop })} · {said('placeEnds', end)}
              </div>
              {institution === undefined || isReachable(id) ? null : (
                <Tag tone="ochre">{t('terms:approvalState.open')}</Tag>
              )}
            </td>
            <td>{institution ?? <span className="soft">{t('trace.hold.nobody')}</span>}</td>
            <td>
              <Instant at={payment.at} short />
            </td>
            <td className="end nowrap">
              <Link to={`/holds/${id}`}>{format.money(taint)}</Link>
            </td>
          </tr>
        ))}
      </Rows>
      <div className="trace-holding">
        <Totals holds={picked} />
        {ask === undefined ? null : (
          <Button disabled={picked.length === 0} onClick={() => ask(picked.map(({ id }) => id))}>
            {picked.length === reachable.length
              ? t('trace.hold.all-of', { count: picked.length })
              : t('trace.hold.some-of', { count: picked.length })}
          </Button>
        )}
      </div>
    </>
  );
}

function Answers({ trace, page, self, ask }: Omit<HoldsProps, 'holds'> & { readonly page: HoldPage }): ReactElement {
  const { t } = useWords('funds');
  const answered = page.holds
    .filter(({ state }) => state !== 'proposed')
    .toSorted((a, b) => order.indexOf(a.state) - order.indexOf(b.state));
  const abroad = trace.places.filter(({ member, hold }) => member !== self && hold !== undefined);
  if (answered.length + abroad.length === 0)
    return <Nothing title={t('trace.answers.none')} hint={t('trace.answers.none.hint')} />;
  return (
    <>
      <Rows
        head={[t('trace.hold.column.state'), t('trace.hold.column.account')]}
        ends={[t('trace.hold.column.ordered'), t('trace.hold.column.held')]}
        last={[t('trace.hold.column.clock')]}
      >
        {answered.map((hold) => (
          <Answered key={hold.id} hold={hold} {...(ask && trace.state === 'open' && { ask })} />
        ))}
        {abroad.map((place) => (
          <Abroad key={place.place} place={place} />
        ))}
      </Rows>
      {page.next === undefined ? null : <p className="soft">{t('trace.answers.more')}</p>}
    </>
  );
}

const overStates: ReadonlySet<HoldState> = new Set(['released', 'expired', 'gone', 'refused', 'returned']);

function Answered({ hold, ask }: { hold: Hold; ask?: (holds: readonly string[]) => void }): ReactElement {
  const { t } = useWords('funds');
  const said = useSaid();
  const format = useFormat();
  const { id, state, key, institution, ordered, held, until, orderedAt, refusal, endedAt } = hold;
  return (
    <tr>
      <td>
        <Link to={`/holds/${id}`}>
          <HoldStateTag state={state} />
        </Link>
        {state === 'refused' && endedAt === undefined && ask !== undefined ? (
          <Button variant="subtle" size="compact-xs" onClick={() => ask([id])}>
            {t('trace.hold.again')}
          </Button>
        ) : null}
      </td>
      <td>
        <Identifier of={key} />
        <div className="soft">{institution}</div>
        {refusal === undefined ? null : <div className="soft">{said('orderRefusals', refusal)}</div>}
      </td>
      <td className="end nowrap">{ordered === undefined ? '–' : format.money(ordered)}</td>
      <td className="end nowrap">{format.money(held)}</td>
      <td>
        {overStates.has(state) || until === undefined ? (
          endedAt === undefined ? null : (
            <Instant at={endedAt} short />
          )
        ) : (
          <Countdown until={until} from={orderedAt} />
        )}
      </td>
    </tr>
  );
}

function Abroad({ place }: { place: Trace['places'][number] }): ReactElement {
  const { t } = useWords('funds');
  const said = useSaid();
  const format = useFormat();
  const { member, key } = place;
  const { state, amount, until, refusal } = place.hold!;
  return (
    <tr>
      <td>
        <HoldStateTag state={state} />
      </td>
      <td>
        {key === null ? <span className="soft">{t('flow.unnamed')}</span> : <Identifier of={key} />}
        <div>
          <Tag tone="indigo">
            <MemberName code={member} />
          </Tag>
        </div>
        {refusal === undefined ? null : <div className="soft">{said('orderRefusals', refusal)}</div>}
      </td>
      <td className="end nowrap">{format.money(place.reached)}</td>
      <td className="end nowrap">{format.money(amount)}</td>
      <td>{until === undefined || overStates.has(state) ? null : <Countdown until={until} />}</td>
    </tr>
  );
}

function Nothing({ title, hint }: { title: string; hint: string }): ReactElement {
  return (
    <p className="trace-plain">
      {title} <span className="soft">{hint}</span>
    </p>
  );
}

function Rows(props: {
  head: readonly string[];
  ends?: readonly string[];
  last?: readonly string[];
  children: ReactNode;
}): ReactElement {
  const { head, ends = [], last = [], children } = props;
  return (
    <div className="list trace-table">
      <table>
        <thead>
          <tr>
            {head.map((title) => (
              <th key={title} scope="col">
                {title}
              </th>
            ))}
            {ends.map((title) => (
              <th key={title} scope="col" className="end">
                {title}
              </th>
            ))}
            {last.map((title) => (
              <th key={title} scope="col">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}
