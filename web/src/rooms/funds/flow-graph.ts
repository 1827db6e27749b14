import type { Trace } from '../../../../server/src/funds/contract.ts';

type Place = Trace['places'][number];
export type PlaceHold = NonNullable<Place['hold']>;

/** How it stands at one place, as the picture shows it. */
export type FlowState = 'origin' | 'held' | 'ordered' | 'possible' | 'passed' | 'abroad' | 'cash' | 'crypto' | 'gone';

/** An account, wallet or exit that the money reached, or the victim’s account from which it came. */
export interface FlowNode {
  readonly id: string;
  readonly member: string;
  readonly key: string | null;
  /** 0 is where the money came from. */
  readonly hop: number;
  /** When stolen money first came there. */
  readonly atMs: number;
  readonly reached: bigint;
  readonly remains: bigint;
  readonly end: Place['end'] | 'origin';
  readonly state: FlowState;
  readonly hold: PlaceHold | undefined;
}

export interface FlowEdge {
  readonly from: string;
  readonly to: string;
  readonly amount: bigint;
  readonly atMs: number;
}

export interface FlowGraph {
  readonly currency: string;
  readonly nodes: readonly FlowNode[];
  readonly edges: readonly FlowEdge[];
}

const savedStates: ReadonlySet<PlaceHold['state']> = new Set(['held', 'partly', 'seized', 'confiscated', 'returned']);
/** It is decided that nothing more is to be had there; what was refused or expired can be ordered again, as the server counts it. */
const overStates: ReadonlySet<PlaceHold['state']> = new Set(['gone', 'released']);

export function stateOf({ end, remains, hold }: Pick<Place, 'end' | 'hold'> & { readonly remains: bigint }): FlowState {
  if (hold !== undefined && savedStates.has(hold.state)) return 'held';
  if (hold?.state === 'ordered') return 'ordered';
  if (hold?.state === 'proposed') return 'possible';
  if (end === 'cash') return 'cash';
  if (end === 'exchange') return 'crypto';
  if (end === 'abroad') return 'abroad';
  if (remains === 0n) return 'passed';
  if (end === 'passed-on') return 'gone';
  if (end === 'open' || end === 'too-far' || end === 'too-late')
    return hold !== undefined && overStates.has(hold.state) ? 'gone' : 'possible';
  return 'gone';
}

/** The member where an account is, as its key says; undefined for what has no country. */
function countryOf(key: string | null): string | undefined {
  return /^account:([A-Z]{2}):/.exec(key ?? '')?.[1]?.toLowerCase();
}

/**
 * One picture of what this member followed and what the others reported. An account abroad is known twice: as the end of our own
 * path, and as the beginning of theirs. It becomes one place.
 */
export function graphOf(trace: Pick<Trace, 'amount' | 'origins' | 'places' | 'from'>, self: string): FlowGraph {
  const places = new Map(trace.places.map((place) => [place.place, place]));
  const first = trace.places.reduce((least, { hop }) => Math.min(least, hop), Number.POSITIVE_INFINITY);
  const hopOf = (hop: number): number => hop - (Number.isFinite(first) ? first : 1) + 1;
  const same = joinAbroad(trace);
  const idOf = (place: string): string => same.merged.get(place) ?? place;

  const edges: FlowEdge[] = [];
  const origins = new Map<string, FlowNode>();
  for (const { place, from, amount, at } of trace.origins) {
    const id = `from:${from ?? ''}`;
    const atMs = Date.parse(at);
    const known = origins.get(id);
    origins.set(id, {
      id,
      member: countryOf(from) ?? trace.from?.member ?? self,
      key: from,
      hop: 0,
      atMs: Math.min(known?.atMs ?? atMs, atMs),
      reached: (known?.reached ?? 0n) + BigInt(amount.value),
      remains: 0n,
      end: 'origin',
      state: 'origin',
      hold: undefined,
    });
    if (places.has(place)) edges.push({ from: id, to: idOf(place), amount: BigInt(amount.value), atMs });
  }
  for (const { place, to } of trace.places)
    for (const { place: next, amount, at } of to)
      if (places.has(next))
        edges.push({ from: idOf(place), to: idOf(next), amount: BigInt(amount.value), atMs: Date.parse(at) });

  const arrivals = new Map<string, number>();
  for (const { to, atMs } of edges) arrivals.set(to, Math.min(arrivals.get(to) ?? atMs, atMs));
  for (const { from, to } of same.led) {
    const atMs = arrivals.get(from) ?? 0;
    arrivals.set(to, atMs);
    edges.push({ from, to, amount: BigInt(places.get(to)!.reached.value), atMs });
  }
  const theft = Math.min(...[...origins.values()].map(({ atMs }) => atMs), ...arrivals.values());
  const own = trace.places
    .filter(({ place }) => !same.merged.has(place))
    .map((place): FlowNode => {
      const remains = BigInt(place.remains.value);
      return {
        id: place.place,
        member: place.member,
        key: place.key ?? same.keys.get(place.place) ?? null,
        hop: hopOf(place.hop),
        atMs: arrivals.get(place.place) ?? (Number.isFinite(theft) ? theft : 0),
        reached: BigInt(place.reached.value),
        remains,
        end: place.end,
        state: stateOf({ end: place.end, remains, ...(place.hold !== undefined && { hold: place.hold }) }),
        hold: place.hold,
      };
    });
  return { currency: trace.amount.currency, nodes: [...origins.values(), ...own], edges };
}

interface Joined {
  /** Our end of a path abroad to the place that the other member told of it. */
  readonly merged: ReadonlyMap<string, string>;
  /** What we know the account as, where the other member may not name it. */
  readonly keys: ReadonlyMap<string, string>;
  /** Beginnings of a picture abroad that no account names: they hang on a way that leads to that member. */
  readonly led: readonly { readonly from: string; readonly to: string }[];
}

function joinAbroad({ origins, places }: Pick<Trace, 'origins' | 'places'>): Joined {
  const reached = new Set([
    ...origins.map(({ place }) => place),
    ...places.flatMap(({ to }) => to.map((x) => x.place)),
  ]);
  const roots = Map.groupBy(
    places.filter(({ place, end }) => end !== 'abroad' && !reached.has(place)),
    ({ member }) => member,
  );
  const ends = Map.groupBy(
    places.filter(({ end }) => end === 'abroad'),
    ({ member }) => member,
  );
  const merged = new Map<string, string>();
  const keys = new Map<string, string>();
  const led: { from: string; to: string }[] = [];
  for (const [member, begins] of roots) {
    const free = new Set(ends.get(member));
    const isTwin = (end: Place, root: Place): boolean =>
      (end.key !== null && end.key === root.key) ||
      (root.key === null && end.hop === root.hop && end.reached.value === root.reached.value);
    const left = begins.filter((root) => {
      const twin = [...free].find((end) => isTwin(end, root));
      if (twin === undefined) return true;
      free.delete(twin);
      merged.set(twin.place, root.place);
      if (twin.key !== null) keys.set(root.place, twin.key);
      return false;
    });
    const way = [...free][0]?.place;
    if (way !== undefined) led.push(...left.map(({ place }) => ({ from: way, to: place })));
  }
  return { merged, keys, led };
}

/** What leads to some places and what leads on from them: ids of places and ribbons. */
export function streamOf(
  start: readonly string[],
  ways: readonly { readonly id: string; readonly from: string; readonly to: string }[],
): ReadonlySet<string> {
  const found = new Set(start);
  const walk = (from: 'from' | 'to', to: 'from' | 'to'): void => {
    const byEnd = Map.groupBy(ways, (way) => way[from]);
    const seen = new Set(start);
    const waiting = [...start];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop())
      for (const way of byEnd.get(next) ?? []) {
        found.add(way.id);
        found.add(way[to]);
        if (seen.has(way[to])) continue;
        seen.add(way[to]);
        waiting.push(way[to]);
      }
  };
  walk('from', 'to');
  walk('to', 'from');
  return found;
}
