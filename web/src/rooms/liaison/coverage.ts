import type { Shift } from '../../../../server/src/liaison/roster-contract.ts';

/** When nobody is on duty within a time, as pairs of beginning and end in ms. A shift that was handed over counts no more. */
export function gapsOf(shifts: readonly Shift[], fromMs: number, untilMs: number): [number, number][] {
  const spans = shifts
    .filter(({ handedOver }) => !handedOver)
    .map(({ from, until }) => [Date.parse(from), Date.parse(until)] as const)
    .sort(([one], [other]) => one - other);
  const gaps: [number, number][] = [];
  let coveredMs = fromMs;
  for (const [beginMs, endMs] of spans) {
    if (beginMs > coveredMs) gaps.push([coveredMs, Math.min(beginMs, untilMs)]);
    coveredMs = Math.max(coveredMs, endMs);
  }
  if (coveredMs < untilMs) gaps.push([coveredMs, untilMs]);
  return gaps.filter(([beginMs, endMs]) => endMs > beginMs);
}
