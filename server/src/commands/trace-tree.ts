import type { Money } from '@bronze-drum/protocol/fields';
import type { Place, Trace } from '../funds/contract.ts';
import { shown } from './terminal.ts';

const linesMax = 500;

/**
 * A trace as a tree, a line a place: how much of the theft came this way, what stayed, and what was done about it. A place
 * to which several ways lead is shown once, and named at the others.
 */
export function treeOf(trace: Pick<Trace, 'origins' | 'places'>, say: (money: Money) => string): string[] {
  const places = new Map(trace.places.map((place) => [place.place, place]));
  const abroad = rootsAbroad(trace.places);
  const done = new Set<string>();
  const lines: string[] = [];

  function grow(id: string, amount: Money, before: string, isLast: boolean): void {
    const place = places.get(id);
    if (place === undefined || lines.length >= linesMax) return;
    const isKnown = done.has(id);
    lines.push(`${before}${isLast ? '└─' : '├─'} ${lineOf(place, amount, isKnown, say)}`);
    if (isKnown) return;
    done.add(id);
    const inner = `${before}${isLast ? '   ' : '│  '}`;
    const next = [...place.to, ...(place.end === 'abroad' ? takeAbroad(place, abroad) : [])];
    for (const [at, edge] of next.entries()) grow(edge.place, edge.amount, inner, at === next.length - 1);
  }

  for (const [at, { place, amount }] of trace.origins.entries())
    grow(place, amount, '', at === trace.origins.length - 1);
  // What nothing leads to: another member says no more of how it came there.
  for (const { place, reached } of trace.places) if (!done.has(place)) grow(place, reached, '', true);
  if (lines.length >= linesMax) lines.push('… more than can be shown: see --json');
  return lines;
}

interface Way {
  readonly place: string;
  readonly amount: Money;
}

/** Where the picture of each other member begins. */
function rootsAbroad(places: readonly Place[]): Map<string, Way[]> {
  const led = new Set(places.flatMap(({ to }) => to.map(({ place }) => place)));
  const roots = places.filter(({ place, end, key }) => end !== 'abroad' && !led.has(place) && key !== undefined);
  return Map.groupBy(
    roots.map(({ place, reached, member }) => ({ place, amount: reached, member })),
    ({ member }) => member,
  );
}

/** Everything of one member hangs under the first way that leads there. */
function takeAbroad({ member }: Place, abroad: Map<string, Way[]>): Way[] {
  const ways = abroad.get(member) ?? [];
  abroad.delete(member);
  return ways;
}

function lineOf(place: Place, amount: Money, isKnown: boolean, say: (money: Money) => string): string {
  const name = place.key === null ? (place.end === 'cash' ? 'cash' : 'an account that is not named') : shown(place.key);
  const head = `${say(amount)} → ${name} (${place.member})`;
  if (isKnown) return `${head}: see above`;
  const parts = [
    place.end === 'passed-on' || place.end === 'open' ? undefined : place.end,
    place.remains.value === '0' || place.end === 'abroad' ? undefined : `${say(place.remains)} stayed`,
    place.hold && holdOf(place.hold, say),
  ].filter((part) => part !== undefined);
  return parts.length === 0 ? head : `${head}: ${parts.join(', ')}`;
}

function holdOf(hold: NonNullable<Place['hold']>, say: (money: Money) => string): string {
  const until = hold.until === undefined || hold.state === 'released' ? '' : ` until ${hold.until.slice(0, 16)}Z`;
  const why = hold.refusal === undefined ? '' : ` (${shown(hold.refusal)})`;
  const amount = hold.amount.value === '0' ? '' : ` ${say(hold.amount)}`;
  return `${hold.state}${amount}${why}${until}`;
}
