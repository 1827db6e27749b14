import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openPaymentIndex, paymentOf, type PaymentIndex } from './payment-index.ts';
import { account, at, indexOf, payment, someRecords } from './test-tracing.ts';

/** All that is known of the accounts' payments, without the numbers by which it lies. */
function contents(index: PaymentIndex): unknown {
  return Array.from({ length: 9 }, (_, name) => {
    const slot = index.slotOf(account(name));
    if (slot === -1) return [[], []];
    return [index.outOf(slot), index.into(slot)].map((list) =>
      Array.from({ length: list.count }, (_, position) => {
        const place = list.placeAt(position);
        return [
          index.atMs(place),
          index.arrivesAtMs(place),
          index.amount(place),
          index.credited(place),
          index.reference(place),
          index.balanceOut(place),
          index.balanceIn(place),
          index.tie(place),
        ];
      }),
    );
  });
}

describe('what is known of payments', () => {
  test('the same record told twice counts once', () => {
    const told = payment('a', 'b', 100, { minute: 1 });
    const index = indexOf([told]);
    expect(index.add(told)).toBe(false);
    expect(index.add({ ...told, source: 'other' })).toBe(true);
    expect(index.size()).toEqual({ payments: 2, accounts: 2 });
  });

  test('what both institutions tell of a payment is one payment', () => {
    const index = indexOf([
      payment('a', 'b', 990, { minute: 2, reference: 'X', side: 'receiver', balanceAfter: 990n }),
      payment('a', 'b', 1000, { minute: 1, reference: 'X', balanceAfter: 5n }),
    ]);
    const list = index.into(index.slotOf(account('b')));
    const place = list.placeAt(0);
    expect([list.count, index.amount(place), index.credited(place)]).toEqual([1, 1000n, 990n]);
    expect([index.atMs(place), index.arrivesAtMs(place)]).toEqual([at(1), at(2)]);
    expect([index.balanceOut(place), index.balanceIn(place)]).toEqual([5n, 990n]);
  });

  test('an institution that tells a payment again, in answer to an order, tells of one payment', () => {
    const index = indexOf([
      payment('a', 'b', 100, { minute: 1, reference: 'X' }),
      payment('a', 'b', 100, { minute: 1.5, reference: 'X' }),
      payment('a', 'b', 100, { minute: 300, reference: 'X' }),
    ]);
    expect(index.size().payments).toBe(2);
  });

  test('what is pending or was rejected moves nothing, and a return of nothing neither', () => {
    const index = indexOf([
      payment('a', 'b', 100, { minute: 1, state: 'pending', reference: 'X' }),
      payment('a', 'b', 100, { minute: 1, state: 'rejected' }),
      payment('a', 'b', 100, { minute: 1, state: 'returned', reference: 'Y' }),
      payment('a', 'a', 100, { minute: 1 }),
    ]);
    expect(index.size()).toEqual({ payments: 0, accounts: 0 });
  });

  test('a record of activity becomes a payment: settled and told by the sender unless it says otherwise', () => {
    const amount = { value: '48000000', currency: 'THB' };
    expect(
      paymentOf({ id: 'p', at: '2026-03-02T09:00:00Z', from: account('a'), amount, channel: 'atm' }, 'bank'),
    ).toEqual({
      source: 'bank',
      id: 'p',
      from: account('a'),
      amount: 48_000_000n,
      currency: 'THB',
      atMs: at(0),
      channel: 'atm',
      state: 'settled',
      side: 'sender',
    });
  });

  test('in whatever order records come, the same is known', () => {
    const shuffled = someRecords(8).chain((records) =>
      fc.tuple(fc.constant(records), fc.shuffledSubarray(records, { minLength: records.length })),
    );
    fc.assert(
      fc.property(shuffled, ([records, others]) => {
        expect(contents(indexOf(others, 123))).toEqual(contents(indexOf(records)));
      }),
      { numRuns: 150 },
    );
  });

  test('what is forgotten is as if it had never been told, and its memory is given back', () => {
    fc.assert(
      fc.property(someRecords(8), fc.integer({ min: 0, max: 50 }), (records, minute) => {
        // Of what two institutions told at different times, the time of the debit counts.
        const alone = records.map(({ reference: _, ...told }) => told);
        const some = indexOf(alone);
        some.forget(at(minute));
        expect(contents(some)).toEqual(contents(indexOf(alone.filter(({ atMs }) => atMs >= at(minute)))));
        const index = indexOf(records);
        index.forget(at(minute));
        for (const told of records) if (told.atMs < at(minute)) expect(index.add(told)).toBe(false);
        index.forget(at(1000));
        expect(index.size()).toEqual({ payments: 0, accounts: 0 });
      }),
      { numRuns: 150 },
    );
  });

  test('of very many payments, forgetting the old ones leaves the new ones in order', () => {
    const index = openPaymentIndex({ seed: 1 });
    for (let n = 0; n < 60_000; n += 1)
      index.add(payment(`a${n % 700}`, `hub${n % 3}`, n + 1, { minute: n / 60, reference: `E${n}` }));
    const bytes = index.bytes();
    expect(index.forget(at(900))).toBe(54_000);
    expect(index.bytes()).toBeLessThan(bytes * 0.7);
    const hub = index.into(index.slotOf(account('hub0')));
    const amounts = Array.from({ length: hub.count }, (_, position) => index.amount(hub.placeAt(position)));
    expect(amounts).toEqual(Array.from({ length: 2000 }, (_, n) => BigInt(54_001 + n * 3)));
  });
});
