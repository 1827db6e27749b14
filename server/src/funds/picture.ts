import type { NamedPayment } from '@bronze-drum/protocol/fields';
import type { HoldState, PlaceEnd, TracePlace, TraceReportBody } from '@bronze-drum/protocol/statements/trace-report';
import type { HoldView } from './holds.ts';

/** What a trace was followed to, as it is stored. Amounts are decimal texts; `stolen` ones in the currency of the theft. */
export interface Followed {
  readonly places: readonly FollowedPlace[];
  readonly edges: readonly FollowedEdge[];
}

export interface FollowedPlace {
  readonly place: string;
  /** Null for cash. */
  readonly key: string | null;
  readonly member: string;
  readonly hop: number;
  readonly reached: string;
  readonly remains: string;
  /** What remains, in the currency of the account, and what the account held in all when that was last said. */
  readonly local: { readonly value: string; readonly currency: string };
  readonly balance: string | null;
  readonly end: PlaceEnd;
  readonly atMs: number;
  /** Who reported the payment into it: an exchange can stop a wallet that it paid out to. */
  readonly payer: string | null;
  /** The last payment by which it came. */
  readonly payment: NamedPayment | null;
}

export interface FollowedEdge {
  /** Null where the theft began. */
  readonly from: string | null;
  readonly to: string;
  readonly stolen: string;
  /** In the currency of the place that it reached. */
  readonly local: string;
  readonly atMs: number;
  /** Absent where money left unseen. */
  readonly payment?: NamedPayment;
}

/** What became of stolen money. Each unit is in exactly one of the five. */
export interface Tally {
  readonly held: bigint;
  readonly seized: bigint;
  readonly returned: bigint;
  /** Still there as far as is known, and nobody holds it. */
  readonly open: bigint;
  readonly lost: bigint;
}

const nothing: Tally = { held: 0n, seized: 0n, returned: 0n, open: 0n, lost: 0n };

const sum = (tallies: readonly Tally[]): Tally =>
  tallies.reduce(
    (total, one) => ({
      held: total.held + one.held,
      seized: total.seized + one.seized,
      returned: total.returned + one.returned,
      open: total.open + one.open,
      lost: total.lost + one.lost,
    }),
    nothing,
  );

/** Where a hold has money in its hands, and which of the counters counts it. */
const counterOf: Readonly<Partial<Record<HoldState, 'held' | 'seized' | 'returned'>>> = {
  held: 'held',
  partly: 'held',
  seized: 'seized',
  confiscated: 'seized',
  returned: 'returned',
};
/** It is decided: what is not in hand is not to be had there. */
const isDecided: ReadonlySet<HoldState> = new Set<HoldState>([
  'partly',
  'gone',
  'seized',
  'confiscated',
  'returned',
  // Given back to its holder, who kept it in good faith.
  'released',
]);
/** From such a place it may still be held. */
const isReachable = (end: PlaceEnd): boolean => end === 'open' || end === 'too-far' || end === 'too-late';
const isUnderWay: ReadonlySet<HoldState> = new Set<HoldState>(['proposed', 'ordered']);

/** What became of the money that stayed at one place. `heldMinor` is what its hold has, in units of the theft. */
export function tallyOf(
  remains: bigint,
  end: PlaceEnd,
  hold: { readonly state: HoldState; readonly heldMinor: bigint } | undefined,
): Tally {
  if (hold === undefined) return restOf(remains, isReachable(end));
  const counter = counterOf[hold.state];
  const saved = counter === undefined ? 0n : smaller(hold.heldMinor, remains);
  const canBeHeld = isUnderWay.has(hold.state) || (isReachable(end) && !isDecided.has(hold.state));
  const rest = restOf(remains - saved, canBeHeld);
  return counter === undefined ? rest : { ...rest, [counter]: saved };
}

const restOf = (minor: bigint, isOpen: boolean): Tally =>
  isOpen ? { ...nothing, open: minor } : { ...nothing, lost: minor };
const smaller = (one: bigint, other: bigint): bigint => (one < other ? one : other);

/** What a hold has in its hands, in units of the theft: rounded down, so that it is never more than what was found. */
export function heldOf({ held, taint, stolen }: Pick<HoldView, 'held' | 'taint' | 'stolen'>): bigint {
  if (held.currency === stolen.currency) return BigInt(held.value);
  const all = BigInt(taint.value);
  return all === 0n ? 0n : (BigInt(held.value) * BigInt(stolen.value)) / all;
}

/** The newest hold of each place: one that ended makes way for one that was ordered after it. */
export function holdByPlace(holds: readonly HoldView[]): ReadonlyMap<string, HoldView> {
  const newest = new Map<string, HoldView>();
  for (const hold of holds) newest.set(hold.place, hold);
  return newest;
}

/** What became of what was sent abroad, by what that member reports; `sent` in units of the theft. */
export function tallyAbroad(sent: bigint, report: TraceReportBody | null, state: string): Tally {
  if (report === null) return restOf(sent, state !== 'refused' && state !== 'withdrawn' && state !== 'none');
  const said = sum(
    report.places.map((place) =>
      tallyOf(
        BigInt(place.remains.value),
        place.end === 'abroad' && place.hold === undefined ? 'open' : place.end,
        place.hold && { state: place.hold.state, heldMinor: BigInt(place.hold.amount.value) },
      ),
    ),
  );
  const known = said.held + said.seized + said.returned + said.open + said.lost;
  // It may say less than was sent, because it has not followed all of it yet; more than was sent, nobody believes.
  return known <= sent ? { ...said, open: said.open + sent - known } : cut(said, sent);
}

function cut(tally: Tally, most: bigint): Tally {
  let left = most;
  const take = (minor: bigint): bigint => {
    const taken = smaller(minor, left);
    left -= taken;
    return taken;
  };
  return {
    returned: take(tally.returned),
    seized: take(tally.seized),
    held: take(tally.held),
    lost: take(tally.lost),
    open: take(tally.open),
  };
}

/** The picture of a trace as figures: what became of every unit. `abroad` by member. */
export function tallyWhole(
  followed: Followed,
  holds: ReadonlyMap<string, HoldView>,
  abroad: ReadonlyMap<string, { readonly report: TraceReportBody | null; readonly state: string }>,
): Tally {
  const leaving = new Map<string, bigint>();
  const here = followed.places.map((place) => {
    if (place.end === 'abroad') {
      leaving.set(place.member, (leaving.get(place.member) ?? 0n) + BigInt(place.remains));
      return nothing;
    }
    const hold = holds.get(place.place);
    return tallyOf(BigInt(place.remains), place.end, hold && { state: hold.state, heldMinor: heldOf(hold) });
  });
  const there = [...leaving].map(([member, sent]) => {
    const asked = abroad.get(member);
    return tallyAbroad(sent, asked?.report ?? null, asked?.state ?? 'none');
  });
  return sum([...here, ...there]);
}

/** How many holds are in each state, here and abroad. */
export function countHolds(
  holds: Iterable<HoldView>,
  reports: Iterable<TraceReportBody | null>,
): Partial<Record<HoldState, number>> {
  const counts: Partial<Record<HoldState, number>> = {};
  const count = (state: HoldState): void => void (counts[state] = (counts[state] ?? 0) + 1);
  for (const { state } of holds) count(state);
  for (const report of reports) for (const { hold } of report?.places ?? []) if (hold !== undefined) count(hold.state);
  return counts;
}

/** Whom the money reached, in the order of its first arrival; those abroad who passed it on to others as well. */
export function membersReached(self: string, followed: Followed, reports: Iterable<TraceReportBody | null>): string[] {
  const members = new Set<string>(followed.places.length === 0 ? [] : [self]);
  for (const place of followed.places.toSorted((a, b) => a.atMs - b.atMs)) members.add(place.member);
  for (const report of reports)
    for (const { member } of report?.places ?? []) if (member !== undefined) members.add(member);
  return [...members];
}

/** Places for the member that asked: of what waits for approval to leave, no key. Largest amounts first, so many at most. */
export function placesToSay(
  followed: Followed,
  holds: ReadonlyMap<string, HoldView>,
  reports: ReadonlyMap<string, TraceReportBody | null>,
  parts: { readonly currency: string; readonly mayName: (key: string) => boolean; readonly most: number },
): { places: TracePlace[]; more: number } {
  const { currency } = parts;
  const outOf = new Map<string, TracePlace['to']>();
  for (const { from, to, stolen, atMs } of followed.edges) {
    if (from === null) continue;
    const known = outOf.get(from) ?? [];
    if (known.length < 100)
      known.push({ place: to, amount: { value: stolen, currency }, at: new Date(atMs).toISOString() });
    outOf.set(from, known);
  }
  const own = followed.places.map((place): TracePlace => {
    const hold = holds.get(place.place);
    const isNamed = place.key !== null && parts.mayName(place.key);
    return {
      place: place.place,
      ...(isNamed && { key: place.key }),
      hop: place.hop,
      reached: { value: place.reached, currency },
      // What went on to a third member stands at the places that it told us of.
      remains: { value: place.end === 'abroad' && reports.get(place.member) != null ? '0' : place.remains, currency },
      end: place.end,
      to: outOf.get(place.place) ?? [],
      ...(place.end === 'abroad' && { member: place.member }),
      ...(hold !== undefined && { hold: holdToSay(hold, currency) }),
    };
  });
  const others = [...reports].flatMap(([member, report]) =>
    (report?.places ?? []).map(({ key: _key, ...place }): TracePlace => ({ member, ...place })),
  );
  const all = [...own, ...others].sort((a, b) => compare(BigInt(b.reached.value), BigInt(a.reached.value)));
  return { places: all.slice(0, parts.most), more: Math.max(0, all.length - parts.most) };
}

const compare = (a: bigint, b: bigint): number => (a < b ? -1 : a > b ? 1 : 0);

const holdToSay = (hold: HoldView, currency: string): NonNullable<TracePlace['hold']> => ({
  state: hold.state,
  amount: { value: String(heldOf(hold)), currency },
  ...(hold.untilMs !== null && { until: new Date(hold.untilMs).toISOString() }),
  ...(hold.refusal !== null && { refusal: hold.refusal }),
});
