import type { HoldState } from '@bronze-drum/protocol/statements/trace-report';
import { instantMs, instantText } from '../kernel/clock.ts';
import type { TraceSummary } from './contract.ts';
import { crossingsOf } from './crossings.ts';
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
    hops: hopsOf(followed, reports),
    crossings: crossingsOf(row, followed, asked),
    holds: countHolds(own, reports),
    firstHoldAt: firstHoldAt && instantText(firstHoldAt.getTime()),
    clock: nearestEnd(member, own, asked),
    from: row.request === null ? null : { member: row.from_member!, request: row.request },
  };
}

const hopsOf = (followed: Followed, reports: readonly store.AskedRow['report'][]): number =>
  [followed.places, ...reports.map((report) => report?.places ?? [])]
    .flatMap((places) => places.map(({ hop }) => hop))
    .reduce((most, hop) => Math.max(most, hop), 0);

const mayEnd: ReadonlySet<HoldState> = new Set<HoldState>(['ordered', 'held', 'partly']);

/** Which hold ends by itself first, here or abroad; null if none does. */
function nearestEnd(member: string, own: readonly HoldView[], asked: readonly store.AskedRow[]): TraceSummary['clock'] {
  const here = own.flatMap(({ id, state, untilMs }) =>
    untilMs !== null && mayEnd.has(state) ? [{ at: instantText(untilMs), member, hold: id }] : [],
  );
  const abroad = asked.flatMap(({ member: there, report }) =>
    (report?.places ?? []).flatMap(({ member: third, hold }) =>
      hold?.until !== undefined && mayEnd.has(hold.state) ? [{ at: hold.until, member: third ?? there }] : [],
    ),
  );
  const ends = [...here, ...abroad].sort((a, b) => instantMs(a.at) - instantMs(b.at));
  return ends[0] ?? null;
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
