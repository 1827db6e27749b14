import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { neighboursOf, paymentsOf, type AccountPayment, type PaymentPlace } from './neighbours.ts';
import type { PaymentIndex } from './payment-index.ts';
import { account, at, indexOf, payment, someRecords } from './test-tracing.ts';

const both = { directions: ['out', 'in'] as const, beforeMs: Infinity, limit: 200 };
const allOf = (index: PaymentIndex, name: string | number): AccountPayment[] =>
  paymentsOf(index, account(name), undefined, 1_000_000);

function paged(index: PaymentIndex, name: string | number, size: number): AccountPayment[] {
  const all: AccountPayment[] = [];
  let after: PaymentPlace | undefined;
  for (;;) {
    const page = paymentsOf(index, account(name), after, size);
    all.push(...page);
    after = page.at(-1)?.place;
    if (page.length < size) return all;
  }
}

describe('the neighbours of an account', () => {
  test('are whom it paid and who paid it, most money first, each with how often and when', () => {
    const index = indexOf([
      payment('a', 'm', 500, { minute: 1 }),
      payment('a', 'm', 700, { minute: 9 }),
      payment('b', 'm', 900, { minute: 2 }),
      payment('m', 'c', 1000, { minute: 3 }),
      payment('m', 'a', 50, { minute: 4, currency: 'USD' }),
      payment('m', null, 20, { minute: 5, channel: 'atm' }),
      payment('x', 'y', 9999, { minute: 5 }),
    ]);
    const { neighbours, total, isComplete } = neighboursOf(index, account('m'), both);
    expect(
      neighbours.map(({ key, direction, count, amounts }) => [key, direction, count, ...amounts.entries()]),
    ).toEqual([
      [account('a'), 'in', 2, ['THB', 1200n]],
      [account('c'), 'out', 1, ['THB', 1000n]],
      [account('b'), 'in', 1, ['THB', 900n]],
      [null, 'out', 1, ['THB', 20n]],
      // Most payments were made in baht: dollars come after them.
      [account('a'), 'out', 1, ['USD', 50n]],
    ]);
    expect([neighbours[0]!.firstAtMs, neighbours[0]!.lastAtMs, total, isComplete]).toEqual([at(1), at(9), 5, true]);
  });

  test('may be asked for in one direction, before an instant, and so many', () => {
    const index = indexOf([
      payment('a', 'm', 1, { minute: 1 }),
      payment('b', 'm', 2, { minute: 2 }),
      payment('c', 'm', 3, { minute: 3 }),
      payment('m', 'd', 9, { minute: 0 }),
    ]);
    const asked = neighboursOf(index, account('m'), { directions: ['in'], beforeMs: at(3), limit: 1 });
    expect([asked.neighbours.map(({ key }) => key), asked.total]).toEqual([[account('b')], 2]);
  });

  test('are none of an account that nobody named, and what came back was not paid', () => {
    const index = indexOf([
      payment('a', 'm', 100, { minute: 1, reference: 'X' }),
      payment('a', 'm', 100, { minute: 2, reference: 'X', state: 'returned' }),
    ]);
    expect(neighboursOf(index, account('nobody'), both)).toEqual({ neighbours: [], total: 0, isComplete: true });
    expect(neighboursOf(index, account('m'), both).neighbours).toEqual([]);
    expect(allOf(index, 'm').map(({ direction, isReturn, isReturned }) => [direction, isReturn, isReturned])).toEqual([
      ['out', true, false],
      ['in', false, true],
    ]);
  });

  test('of an account with very many payments are found by the latest, and that is said', () => {
    const index = indexOf(Array.from({ length: 20_001 }, (_, minute) => payment(`p${minute}`, 'm', 1, { minute })));
    const { total, isComplete } = neighboursOf(index, account('m'), both);
    expect([total, isComplete]).toEqual([20_000, false]);
  });
});

describe('the payments of an account', () => {
  test('come page by page, each once, the newest first, whatever happened in one instant', () => {
    fc.assert(
      fc.property(someRecords(5), fc.integer({ min: 1, max: 4 }), (told, size) => {
        const index = indexOf(told);
        for (let name = 0; name <= 5; name += 1) {
          const all = allOf(index, name);
          const slot = index.slotOf(account(name));
          const count = slot === -1 ? 0 : index.outOf(slot).count + index.into(slot).count;
          expect(all.length).toBe(count);
          expect(paged(index, name, size)).toEqual(all);
          expect(all.map(({ atMs }) => atMs)).toEqual(all.map(({ atMs }) => atMs).sort((a, b) => b - a));
        }
      }),
      { numRuns: 200 },
    );
  });

  test('add up to what its neighbours paid and were paid', () => {
    fc.assert(
      fc.property(someRecords(5), (told) => {
        const index = indexOf(told);
        const sums = new Map<string, bigint>();
        const add = (name: string, amount: bigint) => sums.set(name, (sums.get(name) ?? 0n) + amount);
        for (const { direction, counterpart, currency, amount, isReturn, isReturned } of allOf(index, 1))
          if (!isReturn && !isReturned) add(`${direction} ${counterpart} ${currency}`, amount);
        for (const { key, direction, amounts } of neighboursOf(index, account(1), both).neighbours)
          for (const [currency, amount] of amounts) add(`${direction} ${key} ${currency}`, -amount);
        expect([...sums.values()].every((sum) => sum === 0n)).toBe(true);
      }),
      { numRuns: 200 },
    );
  });
});
