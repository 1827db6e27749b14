import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { pack, unpack } from './arrays.ts';
import { none, openPayments, type PaymentEntry, type Payments } from './payments.ts';

const accounts = 6;
const capacity = 32;
const end = fc.integer({ min: -1, max: accounts - 1 });
const someEntry = fc.record({ from: end, to: end, late: fc.integer({ min: 0, max: 20 }), minor: fc.nat(1000) });

type Act =
  | { readonly forget: number }
  | { readonly from: number; readonly to: number; readonly late: number; readonly minor: number };
const someAct: fc.Arbitrary<Act> = fc.oneof(
  { weight: 12, arbitrary: someEntry },
  { weight: 1, arbitrary: fc.record({ forget: fc.integer({ min: 0, max: accounts - 1 }) }) },
);

/** The numbers of an account's payments in one direction, newest first. */
function listOf(payments: Payments, account: number, isOut: boolean): number[] {
  const numbers: number[] = [];
  let place = isOut ? payments.lastOut(account) : payments.lastIn(account);
  while (place !== none) {
    numbers.push(payments.number(place));
    place = isOut ? payments.earlierOut(place) : payments.earlierIn(place);
  }
  return numbers;
}

describe('the ring of payments', () => {
  test('gives each account its payments, newest first, as far as they fit, whatever comes late or is forgotten', () => {
    fc.assert(
      fc.property(fc.array(someAct, { maxLength: 150 }), (acts) => {
        const payments = openPayments({ accounts, capacity });
        let model: PaymentEntry[] = [];
        for (const [number, act] of acts.entries()) {
          if ('forget' in act) {
            payments.forget(act.forget);
            model = model.map((entry) => ({
              ...entry,
              from: entry.from === act.forget ? -2 : entry.from,
              to: entry.to === act.forget ? -2 : entry.to,
            }));
            continue;
          }
          const { from, to, late, minor } = act;
          const entry = { number: number + 1, atMs: 1000 + number - late, from, to, minor, currency: 1, channel: 0 };
          payments.add(entry);
          model = [...model, entry].slice(-capacity);
        }
        for (let account = 0; account < accounts; account += 1)
          for (const isOut of [true, false]) {
            const own = model.filter((entry) => (isOut ? entry.from : entry.to) === account);
            const sorted = own.toSorted((a, b) => b.atMs - a.atMs || b.number - a.number);
            expect(listOf(payments, account, isOut)).toEqual(sorted.map(({ number }) => number));
          }
      }),
    );
  });

  test('what is written down and read back is the same', () => {
    const one = openPayments({ accounts, capacity });
    for (let number = 1; number < 50; number += 1)
      one.add({ number, atMs: number, from: number % 3, to: 3 + (number % 2), minor: number, currency: 2, channel: 1 });
    const two = openPayments({ accounts, capacity });
    expect(unpack(pack(one.arrays()), two.arrays())).toBe(true);
    for (let account = 0; account < accounts; account += 1)
      expect(listOf(two, account, true)).toEqual(listOf(one, account, true));
    expect(two.size()).toBe(capacity);
  });
});
