import type { DataSet } from './data-set.ts';
import { quantile } from './measures.ts';

const dayMs = 86_400_000;

/** How soon a pattern was seen, and what of its money had not gone yet. */
export interface Outcome {
  readonly perTypology: Readonly<Record<string, { readonly payments: number; readonly recall: number }>>;
  readonly timeToFlag: {
    /** What was waited for: patterns, or the accounts that received where the data name no patterns. */
    readonly of: 'patterns' | 'accounts';
    readonly count: number;
    readonly flagged: number;
    /** From the first illicit payment to the first that was flagged, of those that were; null if none was. */
    readonly medianDays: number | null;
    readonly p90Days: number | null;
  };
  readonly stoppable: {
    readonly usd: number;
    readonly ofUsd: number;
    readonly share: number;
  };
}

interface Course {
  readonly firstAt: number;
  flaggedAt: number;
  usd: number;
  stoppable: number;
}

/**
 * Follows patterns through the reported payments in order of time; only those that begin there, so that none had been seen before. What
 * a pattern moves from its first flag on, the flagged payment with it, could still be stopped.
 */
export function followPatterns(data: DataSet, places: Int32Array, flagged: Uint8Array): Outcome {
  const hasPatterns = places.some((place) => data.pattern[place]! >= 0);
  const keyOf = (place: number) => (hasPatterns ? data.pattern[place]! : data.to[place]!);
  const begun = new Set<number>();
  const from = data.at[places[0]!]!;
  for (let place = 0; place < data.at.length && data.at[place]! < from; place += 1)
    if (data.positive[place] === 1) begun.add(keyOf(place));
  const courses = new Map<number, Course>();
  const counts = new Map<number, [payments: number, hits: number]>();
  for (const [row, place] of places.entries()) {
    if (data.positive[place] !== 1) continue;
    const count = counts.get(data.typology[place]!) ?? [0, 0];
    counts.set(data.typology[place]!, [count[0] + 1, count[1] + flagged[row]!]);
    if (begun.has(keyOf(place)) || (hasPatterns && data.pattern[place] === -1)) continue;
    const course = courses.get(keyOf(place)) ?? {
      firstAt: data.at[place]!,
      flaggedAt: Number.POSITIVE_INFINITY,
      usd: 0,
      stoppable: 0,
    };
    if (flagged[row] === 1) course.flaggedAt = Math.min(course.flaggedAt, data.at[place]!);
    course.usd += data.usd[place]!;
    if (course.flaggedAt < Number.POSITIVE_INFINITY) course.stoppable += data.usd[place]!;
    courses.set(keyOf(place), course);
  }
  const all = [...courses.values()];
  const waits = all.filter(({ flaggedAt }) => flaggedAt < Number.POSITIVE_INFINITY);
  const days = waits.map(({ firstAt, flaggedAt }) => (flaggedAt - firstAt) / dayMs);
  const [usd, ofUsd] = [sumOf(all, 'stoppable'), sumOf(all, 'usd')];
  const orNull = (number: number) => (Number.isNaN(number) ? null : number);
  return {
    perTypology: Object.fromEntries(
      [...counts].map(([typology, [payments, hits]]) => [
        data.typologies[typology]!,
        { payments, recall: hits / payments },
      ]),
    ),
    timeToFlag: {
      of: hasPatterns ? 'patterns' : 'accounts',
      count: all.length,
      flagged: waits.length,
      medianDays: orNull(quantile(days, 0.5)),
      p90Days: orNull(quantile(days, 0.9)),
    },
    stoppable: { usd, ofUsd, share: ofUsd === 0 ? 0 : usd / ofUsd },
  };
}

const sumOf = (courses: readonly Course[], which: 'usd' | 'stoppable'): number =>
  courses.reduce((sum, course) => sum + course[which], 0);
