import { dayMs, type Clock } from '../kernel/clock.ts';
import { refuse } from '../kernel/refusals.ts';
import { dayOf } from '../platform/day-partitions.ts';
import type { Db } from '../platform/db.ts';
import { secondsToNextDay } from './rules.ts';

/** How much each institution reports: in a day, and at once. */
export interface DayCounts {
  /**
   * Takes room for records, or refuses with `too-many.records` or `too-many.records-today`; `dayMax` is what a day may hold.
   * The answer is to be called with how many were new once that is known.
   */
  take(institution: string, count: number, dayMax: number): (fresh: number) => void;
}

/** One institution that floods us must not take the room in which the others wait. */
const atOnceMax = 30_000;
const retryAfterSeconds = 1;

export async function openDayCounts({ db, clock }: { db: Db; clock: Clock }): Promise<DayCounts> {
  let day = Math.floor(clock.now() / dayMs);
  let today = await readCounts(db, clock.now());
  const atOnce = new Map<string, number>();
  const add = (counts: Map<string, number>, institution: string, count: number): void => {
    const sum = (counts.get(institution) ?? 0) + count;
    if (sum === 0) counts.delete(institution);
    else counts.set(institution, sum);
  };
  return {
    take(institution, count, dayMax) {
      const nowMs = clock.now();
      const dayNow = Math.floor(nowMs / dayMs);
      if (dayNow !== day) {
        day = dayNow;
        today = new Map();
      }
      if ((today.get(institution) ?? 0) + count > dayMax)
        refuse('too-many.records-today', { retryAfterSeconds: secondsToNextDay(nowMs), recordsPerDayMax: dayMax });
      const running = atOnce.get(institution) ?? 0;
      if (running > 0 && running + count > atOnceMax) refuse('too-many.records', { retryAfterSeconds });
      const counts = today;
      add(counts, institution, count);
      add(atOnce, institution, count);
      return (fresh) => {
        add(counts, institution, fresh - count);
        add(atOnce, institution, -count);
      };
    },
  };
}

/** What was stored today, by institution. */
async function readCounts(db: Db, nowMs: number): Promise<Map<string, number>> {
  const rows = await db.query<{ source: string; count: number }>(
    'SELECT source, count(*) AS count FROM activity.records WHERE day = $1::date GROUP BY source',
    [dayOf(nowMs)],
  );
  return new Map(rows.map(({ source, count }) => [source, count]));
}
