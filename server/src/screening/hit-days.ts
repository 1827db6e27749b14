import { hourMs, type Clock } from '../kernel/clock.ts';
import type { Policy } from '../kernel/policy.ts';
import type { Clocks } from '../platform/clocks.ts';
import { dayPartitionsOf, keepDays } from '../platform/day-partitions.ts';
import type { Db } from '../platform/db.ts';

export const hitDays = dayPartitionsOf('screening.hits');

/** Each day, what the policy no longer lets us keep goes. */
export function keepHitRetention(parts: { db: Db; clock: Clock; clocks: Clocks; policy: Policy }): Promise<void> {
  const keepMs = (nowMs: number): number => parts.policy.at(nowMs).retention.screeningHitHours * hourMs;
  return keepDays({ ...parts, partitions: hitDays, kind: 'screening.retention', subject: 'hits', keepMs });
}
