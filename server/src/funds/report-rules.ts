import { minuteMs } from '../kernel/clock.ts';
import type { NewOrigin, OriginRow } from './trace-store.ts';

/** A victim remembers a time, a bank writes one down: so far apart they may be for one payment. */
const sameWithinMs = 30 * minuteMs;

/**
 * Whether a reported payment is one that was reported before: by what both institutions know it by or, where one of them does
 * not say it, by payee, amount and about the time.
 */
function isSamePayment(known: OriginRow, reported: NewOrigin): boolean {
  if (known.currency !== reported.currency) return false;
  if (known.reference !== null && reported.reference !== null) return known.reference === reported.reference;
  const isSamePayer = known.from_key === null || reported.from_key === null || known.from_key === reported.from_key;
  return (
    isSamePayer &&
    known.to_key === reported.to_key &&
    known.amount === reported.amount &&
    Math.abs(known.at.getTime() - reported.at.getTime()) <= sameWithinMs
  );
}

/** The payments that nobody reported before, and the traces that know one of the others. */
export function sortOut(
  known: readonly OriginRow[],
  reported: readonly NewOrigin[],
): { readonly fresh: readonly NewOrigin[]; readonly traces: readonly string[] } {
  const traces = new Set<string>();
  const fresh = reported.filter((origin, place) => {
    const twins = known.filter((one) => isSamePayment(one, origin));
    for (const { trace } of twins) traces.add(trace);
    // Told twice in one report, it is one payment too.
    const isRepeated = reported
      .slice(0, place)
      .some((one) => isSamePayment({ ...one, trace: '', number: 0 }, origin) && one.reference === origin.reference);
    return twins.length === 0 && !isRepeated;
  });
  return { fresh, traces: [...traces] };
}

/** What is traced together: payments in one currency. */
export function byCurrency(origins: readonly NewOrigin[]): ReadonlyMap<string, readonly NewOrigin[]> {
  return Map.groupBy(origins, ({ currency }) => currency);
}
