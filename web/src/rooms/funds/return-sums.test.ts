import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Return } from '../../../../server/src/funds/return-contract.ts';
import { shareOut, tableOf } from './return-sums.ts';

function returnOf(change: Partial<Return>, losses: readonly string[]): Return {
  return {
    id: 'r',
    revision: 1,
    state: 'open',
    traces: [],
    openedBy: 'officer:duty-1',
    openedAt: '2026-11-22T00:00:00Z',
    claimsUntil: '2026-12-22T00:00:00Z',
    available: [{ value: '10000', currency: 'THB' }],
    claims: losses.map((value, at) => ({
      id: `c${at}`,
      account: `account:TH:014:${at}`,
      amount: { value, currency: 'THB' },
      claimedAt: '2026-11-22T00:00:00Z',
      payments: [],
    })),
    ...change,
  };
}

test('the parts add up to the whole, and each is off its exact share by less than one smallest unit', () => {
  const amounts = fc.array(fc.bigInt({ min: 1n, max: 10n ** 15n }), { minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(amounts, fc.bigInt({ min: 0n, max: 10n ** 15n }), (weights, whole) => {
      const parts = shareOut(whole, weights);
      const all = weights.reduce((sum, weight) => sum + weight, 0n);
      expect(parts.reduce((sum, part) => sum + part, 0n)).toBe(whole);
      for (const [at, part] of parts.entries()) {
        const off = part * all - whole * weights[at]!;
        expect((off < 0n ? -off : off) < all).toBe(true);
      }
    }),
  );
});

test('among equal remainders the earlier claim is rounded up, as the server does it', () => {
  expect(shareOut(11n, [1n, 1n, 1n])).toEqual([4n, 4n, 3n]);
  expect(shareOut(7n, [0n, 0n])).toEqual([0n, 0n]);
});

test('of 100 baht three victims of equal loss get 33.34, 33.33 and 33.33, and the rounding is shown', () => {
  const [group] = tableOf(returnOf({}, ['5000', '5000', '5000']));
  expect(group!.lines.map(({ paid }) => paid)).toEqual([3334n, 3333n, 3333n]);
  expect(group!.lines.map(({ rounding }) => rounding)).toEqual([0.66, -0.33, -0.33]);
  expect({ ...group, lines: undefined }).toMatchObject({
    lost: 15000n,
    paid: 10000n,
    isWithinClaims: true,
    isFair: true,
  });
});

test('nobody gets more than was lost, however much was found', () => {
  const [group] = tableOf(returnOf({ available: [{ value: '99999', currency: 'THB' }] }, ['700', '300']));
  expect(group!.lines.map(({ paid }) => paid)).toEqual([700n, 300n]);
});

test('where a return is decided, what was decided stands in the table, also what is paid in another currency', () => {
  const decided = returnOf({ state: 'decided', method: 'tracing', available: [] }, ['700', '300']);
  const paid = { hold: 'h', amount: { value: '800', currency: 'THB' } };
  const dollars = { hold: 'k', amount: { value: '9', currency: 'USD' } };
  const [first, second] = decided.claims;
  const [group] = tableOf({
    ...decided,
    claims: [
      { ...first!, payments: [paid] },
      { ...second!, payments: [dollars] },
    ],
  });
  expect(group!.lines.map((line) => [line.paid, line.foreign, line.rounding])).toEqual([
    [800n, [], undefined],
    [0n, [{ value: '9', currency: 'USD' }], undefined],
  ]);
  expect([group!.isWithinClaims, group!.isFair]).toEqual([false, undefined]);
});
