import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { followBack } from './following-back.ts';
import { follow } from './following.ts';
import type { ToldPayment } from './payment-index.ts';
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

describe('money that goes on', () => {
  test('a victim’s payment is followed through accounts until it is drawn as cash', () => {
    const index = indexOf([
      payment('victim', 'a', 480_000, { minute: 0 }),
      payment('a', 'b', 280_000, { minute: 3 }),
      payment('b', 'c', 150_000, { minute: 4 }),
      payment('c', null, 40_000, { minute: 5, channel: 'atm' }),
    ]);
    const traced = follow(index, [origin('a', 480_000, 0, stolen)], limits);
    expect(remaining(traced)).toEqual({
      'THB a': '200000 open',
      'THB b': '130000 open',
      'THB c': '110000 open',
      'cash THB c': '40000 cash',
    });
    expect(traced.places.map(({ hop }) => hop)).toEqual([1, 2, 3, 4]);
    expect(traced.totals).toEqual([{ currency: 'THB', stolen: 480_000n, byEnd: { open: 440_000n, cash: 40_000n } }]);
  });

  test('a payment that nobody reported is followed from what the victim says of it', () => {
    const index = indexOf([payment('a', 'b', 300, { minute: 2 })]);
    expect(remaining(follow(index, [origin('a', 1000, 1)], limits))).toEqual({
      'THB a': '700 open',
      'THB b': '300 open',
    });
  });

  test('what was paid before the stolen money came carries none of it', () => {
    const index = indexOf([payment('a', 'b', 300, { minute: 0 }), payment('a', 'c', 300, { minute: 2 })]);
    const traced = follow(index, [origin('a', 1000, 1)], limits);
    expect(remaining(traced)).toEqual({ 'THB a': '700 open', 'THB c': '300 open' });
  });

  test('payments of the same second are followed through', () => {
    const index = indexOf([payment('b', 'c', 100, { minute: 1 }), payment('a', 'b', 100, { minute: 1 })]);
    expect(remaining(follow(index, [origin('a', 100, 1)], limits))).toEqual({ 'THB c': '100 open' });
  });

  test('money that goes round in a circle is counted once', () => {
    const index = indexOf([
      payment('a', 'b', 100, { minute: 1 }),
      payment('b', 'c', 100, { minute: 2 }),
      payment('c', 'a', 100, { minute: 3 }),
      payment('a', 'b', 100, { minute: 4 }),
    ]);
    expect(remaining(follow(index, [origin('a', 100, 0)], limits))).toEqual({ 'THB b': '100 open' });
  });

  test('the fee of a payment and what arrives in another currency are kept apart', () => {
    const index = indexOf([
      payment('a', 'b', 1000, { minute: 1, reference: 'F' }),
      payment('a', 'b', 990, { minute: 1, reference: 'F', side: 'receiver' }),
      payment('b', 'c', 990, { minute: 2, reference: 'X' }),
      payment('b', 'c', 33, { minute: 2, reference: 'X', side: 'receiver', currency: 'USD' }),
    ]);
    const traced = follow(index, [origin('a', 1000, 0)], limits);
    expect(remaining(traced)).toEqual({ 'USD c': '990 open', 'fee THB': '10 fee' });
    expect(traced.places.find(({ name }) => name.startsWith('USD'))?.local).toBe(33n);
  });

  test('a payment that was returned brings its share back, and what is back with the victim stays there', () => {
    const index = indexOf([
      payment('victim', 'a', 500, { minute: 0, reference: 'V' }),
      payment('a', 'b', 200, { minute: 1, reference: 'B' }),
      payment('a', 'b', 200, { minute: 5, reference: 'B', state: 'returned' }),
      payment('a', 'victim', 100, { minute: 6 }),
      payment('victim', 'shop', 100, { minute: 7 }),
    ]);
    const traced = follow(index, [origin('a', 500, 0, { ...stolen, reference: 'V' })], limits);
    expect(remaining(traced)).toEqual({ 'THB a': '400 open', 'THB victim': '100 open' });
  });

  test('money that is not there yet cannot go on', () => {
    const index = indexOf([
      payment('a', 'b', 100, { minute: 1, reference: 'S' }),
      payment('a', 'b', 100, { minute: 9, reference: 'S', side: 'receiver' }),
      payment('b', 'c', 100, { minute: 5 }),
      payment('b', 'd', 100, { minute: 10 }),
    ]);
    expect(remaining(follow(index, [origin('a', 100, 0)], limits))).toEqual({ 'THB d': '100 open' });
  });
});

describe('how stolen money mixes with other money', () => {
  const mixed = [
    payment(null, 'a', 100, { minute: 0, side: 'receiver', balanceAfter: 100n }),
    payment('victim', 'a', 100, { minute: 1, side: 'receiver', balanceAfter: 200n }),
    payment('a', 'b', 100, { minute: 2, balanceAfter: 100n }),
  ];
  const cases = {
    haircut: { 'THB a': '50 open', 'THB b': '50 open' },
    'first-in-first-out': { 'THB a': '100 open' },
    'lowest-intermediate-balance': { 'THB a': '100 open' },
  };
  for (const method of tracingMethods)
    test(`half of a balance is stolen, and half of it is paid on: ${method}`, () => {
      const traced = follow(indexOf(mixed), [origin('a', 100, 1, stolen)], { ...limits, method });
      expect(remaining(traced)).toEqual(cases[method]);
    });

  test('clean money that came later does not make up for stolen money that left', () => {
    const index = indexOf([
      payment('victim', 'a', 100, { minute: 1, side: 'receiver', balanceAfter: 100n }),
      payment('a', 'b', 80, { minute: 2, balanceAfter: 20n }),
      payment(null, 'a', 500, { minute: 3, side: 'receiver', balanceAfter: 520n }),
      payment('a', 'c', 400, { minute: 4, balanceAfter: 120n }),
    ]);
    const traced = follow(index, [origin('a', 100, 1, stolen)], { ...limits, method: 'lowest-intermediate-balance' });
    expect(remaining(traced)).toEqual({ 'THB a': '20 open', 'THB b': '80 open' });
  });

  test('what a told balance has no room for has left unseen', () => {
    const index = indexOf([
      payment('victim', 'a', 100, { minute: 1, side: 'receiver', balanceAfter: 100n }),
      payment('a', 'b', 10, { minute: 2, balanceAfter: 30n }),
    ]);
    for (const method of tracingMethods) {
      const traced = follow(index, [origin('a', 100, 1, stolen)], { ...limits, method });
      expect(sumOf(traced)).toBe(100n);
      expect(traced.places.find(({ name }) => name === `THB ${account('a')}`)!.remains).toBeLessThanOrEqual(30n);
      expect(remaining(traced)).toHaveProperty('unknown THB a');
    }
  });
});

describe('where a trace ends', () => {
  const ends = (payments: readonly ToldPayment[], more: Partial<typeof limits> = {}) =>
    remaining(follow(indexOf(payments), [origin('a', 1000, 0)], { ...limits, ...more }));

  test('at a merchant, an exchange, a wallet and abroad', () => {
    expect(
      ends(
        [
          payment('a', 'shop', 100, { minute: 1, channel: 'qr' }),
          payment('shop', 'x', 100, { minute: 2 }),
          payment('a', 'coins', 200, { minute: 3, channel: 'exchange' }),
          payment('a', null, 300, { minute: 4, to: 'wallet:tron:TXYZ' }),
          payment('a', null, 400, { minute: 5, to: 'account:KH:aba:1' }),
        ],
        { isMerchant: (key, channel) => channel === 'qr' && key === account('shop') },
      ),
    ).toEqual({
      'THB shop': '100 merchant',
      'THB coins': '200 exchange',
      'THB wallet:tron:TXYZ': '300 exchange',
      'THB account:KH:aba:1': '400 abroad',
    });
  });

  test('at an account that very many paid', () => {
    const payers = Array.from({ length: 12 }, (_, n) => payment(`payer${n}`, 'pool', 5, { minute: 2 }));
    const payments = [...payers, payment('a', 'pool', 1000, { minute: 1 }), payment('pool', 'x', 500, { minute: 3 })];
    expect(ends(payments, { pooledPayersMin: 13 })).toEqual({ 'THB pool': '1000 pooled' });
    expect(ends(payments, { pooledPayersMin: 14 })).not.toHaveProperty('THB pool', '1000 pooled');
  });

  test('too far, too late, too small, and where nobody tells of it', () => {
    const chain = [
      payment('a', 'b', 1000, { minute: 1 }),
      payment('b', 'c', 1000, { minute: 2 }),
      payment('b', 'd', 1, { minute: 1 }),
    ];
    expect(ends(chain, { hopsMax: 2 })).toEqual({ 'THB b': '1000 too-far' });
    expect(ends(chain, { untilMs: at(1) })).toEqual({ 'THB b': '999 too-late', 'THB d': '1 open' });
    expect(ends(chain, { smallest: { THB: 10n } })).toEqual({ 'THB c': '999 open', 'THB d': '1 too-small' });
    const rest = [payment('a', 'b', 995, { minute: 1 }), payment('a', 'c', 5, { minute: 2 })];
    expect(ends(rest, { smallest: { THB: 10n } })).toEqual({ 'THB a': '5 too-small', 'THB b': '995 open' });
    expect(ends([], { reports: () => false })).toEqual({ 'THB a': '1000 unknown' });
    expect(ends(chain, { placesMax: 2 })).toEqual({ 'too-far THB': '1000 too-far' });
  });

  test('a trace that takes too many steps says that it is not complete', () => {
    const payments = Array.from({ length: 50 }, (_, n) => payment('a', `b${n}`, 10, { minute: n + 1 }));
    const traced = follow(indexOf(payments), [origin('a', 1000, 0)], { ...limits, edgesMax: 20 });
    expect([traced.isComplete, traced.edges.length, sumOf(traced)]).toEqual([false, 20, 1000n]);
  });

  test('whoever else paid into a mule’s account may have been robbed as well', () => {
    const index = indexOf([
      payment('victim', 'a', 100, { minute: 1 }),
      payment('other', 'a', 300, { minute: 2 }),
      payment('other', 'a', 50, { minute: 3 }),
      payment('third', 'a', 200, { minute: 3 }),
      payment('late', 'a', 900, { minute: 9 }),
    ]);
    const payers = followBack(index, account('a'), at(0), at(5), {
      payersMax: 5,
      isKnown: (key) => key === account('victim'),
    });
    expect(payers.map(({ key, amount, payments }) => [key, amount, payments])).toEqual([
      [account('other'), 350n, 2],
      [account('third'), 200n, 1],
    ]);
  });
});

const totalOf = (origins: readonly { readonly amount: bigint }[]): bigint =>
  origins.reduce((sum, { amount }) => sum + amount, 0n);

describe('whatever the payments are', () => {
  test('taint is conserved to the last minor unit, by every method', () => {
    fc.assert(
      fc.property(someRecords(), someOrigins, someMethod, (records, origins, method) => {
        const traced = follow(indexOf(records), origins, { ...limits, method });
        expect(sumOf(traced)).toBe(totalOf(origins));
        for (const { currency, stolen } of traced.totals)
          expect(stolen).toBe(totalOf(origins.filter((origin) => origin.currency === currency)));
      }),
      { numRuns: 250 },
    );
  });

  test('at no place is taint negative, or more than the balance that is known, or more than came', () => {
    fc.assert(
      fc.property(someRecords(), someOrigins, someMethod, (records, origins, method) => {
        for (const place of follow(indexOf(records), origins, { ...limits, method }).places) {
          expect(place.remains).toBeGreaterThanOrEqual(0n);
          expect(place.local).toBeGreaterThanOrEqual(place.remains > 0n ? 1n : 0n);
          expect(place.remains).toBeLessThanOrEqual(place.reached);
          if (place.balance !== undefined && place.end === 'open')
            expect(place.local).toBeLessThanOrEqual(place.balance > 0n ? place.balance : 0n);
        }
      }),
      { numRuns: 250 },
    );
  });

  test('no payment carries more than its amount, or anything before stolen money came to its account', () => {
    fc.assert(
      fc.property(someRecords(), someOrigins, someMethod, (records, origins, method) => {
        const { edges } = follow(indexOf(records), origins, { ...limits, method });
        const reachedMs = new Map<string, number>();
        for (const { to, atMs } of edges) reachedMs.set(to, Math.min(reachedMs.get(to) ?? Infinity, atMs));
        for (const { from, atMs, local, payment: paid } of edges) {
          if (from === null || paid === undefined) continue;
          if (reachedMs.has(from)) expect(Date.parse(paid.at)).toBeGreaterThanOrEqual(reachedMs.get(from)!);
          expect(atMs).toBeGreaterThanOrEqual(Date.parse(paid.at));
          expect(local).toBeGreaterThan(0n);
        }
      }),
      { numRuns: 150 },
    );
  });

  test('the same payments give the same trace in whatever order they became known', () => {
    const shuffled = someRecords().chain((records) =>
      fc.tuple(fc.constant(records), fc.shuffledSubarray(records, { minLength: records.length })),
    );
    fc.assert(
      fc.property(shuffled, someOrigins, someMethod, ([records, others], origins, method) => {
        const chosen = { ...limits, method, pooledPayersMin: 5, smallest: { THB: 3n } };
        const again = follow(indexOf([...others, ...others.slice(0, 9)], 12_345), origins.toReversed(), chosen);
        expect(again).toEqual(follow(indexOf(records), origins, chosen));
      }),
      { numRuns: 250 },
    );
  });
});
