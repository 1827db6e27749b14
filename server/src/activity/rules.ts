import { refusal, type Refusal } from '@bronze-drum/protocol/refusals';
import { dayMs, hourMs, minuteMs, secondMs } from '../kernel/clock.ts';
import type { PolicyRules } from '../kernel/policy.ts';

/** What a policy says of when a record may have happened. Between the two, any order is fine. */
export function timeRefusal(atMs: number, nowMs: number, rules: PolicyRules['activity']): Refusal | undefined {
  if (atMs > nowMs + rules.aheadMinutes * minuteMs)
    return refusal('activity.at-ahead', { field: 'at', aheadMinutesMax: rules.aheadMinutes });
  if (atMs < nowMs - rules.lateHours * hourMs)
    return refusal('activity.too-old', { field: 'at', lateHoursMax: rules.lateHours });
  return undefined;
}

/** Whole seconds until the next UTC day begins. */
export function secondsToNextDay(nowMs: number): number {
  return Math.ceil((dayMs - (nowMs % dayMs)) / secondMs);
}

/** The partition of a key: every record that names it reaches that one. */
export function partitionOf(key: string, partitions: number): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < key.length; i += 1) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return ((hash ^ (hash >>> 13)) >>> 0) % partitions;
}

/** The bit mask of the partitions of all that a record is known and joined by; of what names nothing, the first. */
export function reachOf(names: readonly string[], partitions: number): number {
  let reaches = 0;
  for (const name of names) reaches |= 1 << partitionOf(name, partitions);
  return reaches === 0 ? 1 : reaches;
}
