import type { HoldState } from '@bronze-drum/protocol/statements/trace-report';
import { instantText } from '../kernel/clock.ts';
import type { TraceSummary } from './contract.ts';
import type { HoldView } from './holds.ts';
import { countHolds, membersReached, type Followed, type Tally } from './picture.ts';
import type * as store from './trace-store.ts';

/** The figures of a trace, as a list shows them. */
export function summaryOf(
  member: string,
  row: store.TraceRow,
  followed: Followed,
  own: readonly HoldView[],
  asked: readonly store.AskedRow[],
  tally: Tally,
  firstHoldAt: Date | null,
): TraceSummary {
  const reports = asked.map(({ report }) => report);
  const { currency } = row;
  const money = (minor: bigint) => ({ value: String(minor), currency });
  const total = tally.held + tally.seized + tally.returned + tally.open + tally.lost;
  return {
    id: row.id,
    state: row.state,
    openedAt: instantText(row.opened_at.getTime()),
    reportedAt: instantText(row.reported_at.getTime()),
    typology: row.typology,
    method: row.method,
    amount: money(total),
    held: money(tally.held),
    seized: money(tally.seized),
    returned: money(tally.returned),
    open: money(tally.open),
    lost: money(tally.lost),
    members: membersReached(member, followed, reports),
    holds: countHolds(own, reports),
    firstHoldAt: firstHoldAt && instantText(firstHoldAt.getTime()),
    from: row.request === null ? null : { member: row.from_member!, request: row.request },
  };
}

const moneyInHand: ReadonlySet<HoldState> = new Set<HoldState>([
  'held',
  'partly',
  'seized',
  'confiscated',
  'returned',
  'released',
  'expired',
]);

/** When money of a trace was in somebody’s hands first. */
export function firstOf(holds: readonly HoldView[]): Date | null {
  const times = holds.flatMap(({ state, heldAtMs }) => (heldAtMs !== null && moneyInHand.has(state) ? [heldAtMs] : []));
  return times.length === 0 ? null : new Date(Math.min(...times));
}
