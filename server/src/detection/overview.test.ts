import { expect, test } from 'vitest';
import { driftOf } from './overview.ts';

const rate = (found: number, records: number) => ({ found, records });

test('a detector drifts when it finds twice as much a record, or half, and more than chance would', () => {
  const before = rate(1400, 14_000_000);
  const now = (found: number, records = 1_000_000) => driftOf({ now: rate(found, records), before });
  expect(now(100)).toEqual({ state: 'steady', ratio: 1 });
  expect(now(150).state).toBe('steady');
  expect(now(210)).toEqual({ state: 'rising', ratio: 2.1 });
  expect(now(40)).toEqual({ state: 'falling', ratio: 0.4 });
  // Twice as many records are no drift.
  expect(now(200, 2_000_000).state).toBe('steady');
  // Of fewer than ten that were to be expected, nobody can tell.
  expect(now(50, 90_000)).toEqual({ state: 'unknown', ratio: null });
  expect(driftOf({ now: rate(5, 100), before: rate(0, 0) }).state).toBe('unknown');
  // Eleven expected and twenty-two found may be chance.
  expect(driftOf({ now: rate(22, 110_000), before }).state).toBe('steady');
});
