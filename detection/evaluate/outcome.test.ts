import { expect, test } from 'vitest';
import { openGathering, stepMs, stepsFromMs, type DataSet } from './data-set.ts';
import { followPatterns } from './outcome.ts';
import { sliceByTime } from './slices.ts';

type Told = readonly [day: number, usd: number, typology?: string | undefined, pattern?: string];

function dataOf(told: readonly Told[]): DataSet {
  const gathering = openGathering();
  for (const [index, [day, usd, typology, pattern]] of told.entries())
    gathering.add({
      atMs: stepsFromMs + day * stepMs,
      from: 'a',
      to: `b${index}`,
      usd,
      channel: 0,
      judged: true,
      positive: typology !== undefined,
      typology,
      pattern,
    });
  return gathering.finish({ name: 'told', layout: 'test', fields: [] }, 1);
}

const told: readonly Told[] = [
  [0, 1, 'cycle', 'old'],
  [10, 100, 'cycle', 'old'],
  [11, 10, 'fan_in', 'one'],
  [12, 5],
  [13, 20, 'fan_in', 'one'],
  [15, 30, 'fan_in', 'one'],
  [16, 40, 'cycle', 'two'],
];

test('time to the first flag, and the money that had not gone by then, of patterns that begin in the report', () => {
  const data = dataOf(told);
  // From the payment of day 10 on; those of days 12, 13 and 15 are flagged.
  const outcome = followPatterns(data, Int32Array.of(1, 2, 3, 4, 5, 6), Uint8Array.of(0, 0, 1, 1, 1, 0));
  expect(outcome.timeToFlag).toEqual({ of: 'patterns', count: 2, flagged: 1, medianDays: 2, p90Days: 2 });
  expect(outcome.stoppable).toEqual({ usd: 50, ofUsd: 100, share: 0.5 });
  expect(outcome.perTypology).toEqual({
    cycle: { payments: 2, recall: 0 },
    fan_in: { payments: 3, recall: 2 / 3 },
  });
});

test('where data name no patterns, accounts that received are followed', () => {
  const data = dataOf(told.map(([day, usd, typology]): Told => [day, usd, typology]));
  const { timeToFlag } = followPatterns(data, Int32Array.of(4, 5, 6), Uint8Array.of(1, 0, 0));
  expect(timeToFlag).toEqual({ of: 'accounts', count: 3, flagged: 1, medianDays: 0, p90Days: 0 });
});

test('time is cut at 60 and 80 of 100, and a part without an illicit payment is refused', () => {
  const days = Array.from({ length: 101 }, (_, day): Told => (day % 10 === 5 ? [day, 1, 'cycle', 'p'] : [day, 1]));
  const { training, choosing, reporting } = sliceByTime(dataOf(days));
  expect([training.length, choosing.length, reporting.length]).toEqual([60, 20, 21]);
  expect([training.at(-1), choosing[0], reporting[0]]).toEqual([59, 60, 80]);
  const early = days.map(([day, usd, typology]): Told => (day < 80 ? [day, usd, typology] : [day, usd]));
  expect(() => sliceByTime(dataOf(early))).toThrow(/reporting/);
});
