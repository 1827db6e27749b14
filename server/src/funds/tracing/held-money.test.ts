import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { follow } from './following.ts';
import { tracingMethods } from './pools.ts';
import {
  account,
  at,
  indexOf,
  limits,
  origin,
  payment,
  remaining,
  someMethod,
  someOrigins,
  someRecords,
  sumOf,
} from './test-tracing.ts';

const stolen = { from: account('victim') } as const;
const heldAt = (name: string, local: bigint, minute: number) => ({
  key: account(name),
  currency: 'THB',
  local,
  atMs: at(minute),
});

describe('money that is held', () => {
  test.each(tracingMethods)('by %s, it stays, whatever the account pays afterwards', (method) => {
    const index = indexOf([
      payment('victim', 'a', 1000, { minute: 0 }),
      payment('salary', 'a', 500, { minute: 5 }),
      payment('a', 'b', 500, { minute: 6 }),
    ]);
    const held = [heldAt('a', 1000n, 2)];
    const traced = follow(index, [origin('a', 1000, 0, stolen)], { ...limits, method, held });
    expect(remaining(traced)).toEqual({ 'THB a': '1000 open' });
  });

  test('of what is held in part, the rest goes on', () => {
    const index = indexOf([payment('victim', 'a', 1000, { minute: 0 }), payment('a', 'b', 700, { minute: 6 })]);
    const traced = follow(index, [origin('a', 1000, 0, stolen)], { ...limits, held: [heldAt('a', 600n, 2)] });
    expect(remaining(traced)).toEqual({ 'THB a': '600 open', 'THB b': '400 open' });
  });

  test('a told balance counts what is held, and makes nothing of it disappear', () => {
    const index = indexOf([
      payment('victim', 'a', 1000, { minute: 0 }),
      payment('a', 'b', 200, { minute: 6, balanceAfter: 1100n }),
    ]);
    const traced = follow(index, [origin('a', 1000, 0, stolen)], { ...limits, held: [heldAt('a', 1000n, 2)] });
    expect(remaining(traced)).toEqual({ 'THB a': '1000 open' });
  });

  test('what left before the hold has left, and what is held nowhere changes nothing', () => {
    const index = indexOf([payment('victim', 'a', 1000, { minute: 0 }), payment('a', 'b', 1000, { minute: 1 })]);
    const held = [heldAt('a', 1000n, 2), heldAt('nobody', 5n, 1)];
    expect(remaining(follow(index, [origin('a', 1000, 0, stolen)], { ...limits, held }))).toEqual({
      'THB b': '1000 open',
    });
  });

  test('whatever the payments and holds are, taint is conserved to the last minor unit', () => {
    const holds = fc.array(
      fc.record({
        key: fc.integer({ min: 0, max: 5 }).map((number) => account(number)),
        currency: fc.constantFrom('THB', 'USD'),
        local: fc.bigInt({ min: 1n, max: 100_000n }),
        atMs: fc.integer({ min: 0, max: 60 }).map((minute) => at(minute)),
      }),
      { maxLength: 5 },
    );
    fc.assert(
      fc.property(someRecords(), someOrigins, someMethod, holds, (records, origins, method, held) => {
        const traced = follow(indexOf(records), origins, { ...limits, method, held });
        const stolen = origins.reduce((sum, { amount }) => sum + amount, 0n);
        expect(sumOf(traced)).toBe(stolen);
        for (const { remains, local } of traced.places) expect(remains >= 0n && local >= 0n).toBe(true);
      }),
      { numRuns: 200 },
    );
  });
});
