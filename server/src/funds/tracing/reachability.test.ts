import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Db } from '../../platform/db.ts';
import { openTestDb } from '../../platform/test-database.ts';
import { follow } from './following.ts';
import type { ToldPayment } from './payment-index.ts';
import { at, indexOf, limits, origin, payment } from './test-tracing.ts';

interface Paid {
  readonly from: number;
  readonly to: number;
  readonly amount: number;
  readonly minute: number;
}

const start = 0;
const somePaid = fc
  .record({
    from: fc.integer({ min: 0, max: 7 }),
    to: fc.integer({ min: 0, max: 7 }),
    amount: fc.integer({ min: 1, max: 1000 }),
    minute: fc.integer({ min: 0, max: 25 }),
  })
  .filter(({ from, to }) => from !== to);

/** What the trace says that each payment carried, by the payment’s number. */
function carriedBy(payments: readonly ToldPayment[], amount: number): Map<string, bigint> {
  const traced = follow(indexOf(payments), [origin(String(start), amount, 5)], limits);
  return new Map(
    traced.edges.flatMap(({ payment: paid, stolen }) =>
      paid?.reference === undefined ? [] : [[paid.reference, stolen]],
    ),
  );
}

describe('against a plain definition', () => {
  /**
   * What a payment carries, by recursion: its share of the stolen money that its account got and did not pay on before.
   * An account’s balance is what came and went since stolen money first came to it.
   */
  function plainly(all: readonly Paid[], amount: bigint): Map<string, bigint> {
    const known = new Map<number, bigint>();
    const carried = (number: number): bigint => {
      const told = known.get(number);
      if (told !== undefined) return told;
      const { from, amount: paid } = all[number]!;
      const [taint, balance] = stateOf(from, number);
      const is = BigInt(paid) >= balance ? taint : (taint * BigInt(paid)) / balance;
      known.set(number, is);
      return is;
    };
    const stateOf = (holder: number, before: number): [bigint, bigint] => {
      let taint = 0n;
      let balance = 0n;
      let isReached = false;
      let isBegun = false;
      for (let number = 0; number < before; number += 1) {
        const { from, to, amount: paid, minute } = all[number]!;
        if (holder === start && !isBegun && minute >= 5) {
          isBegun = true;
          isReached = true;
          taint += amount;
          balance += amount;
        }
        const came = to === holder ? carried(number) : 0n;
        isReached ||= came > 0n;
        if (!isReached) continue;
        if (to === holder) {
          taint += came;
          balance += BigInt(paid);
        } else if (from === holder) {
          taint -= carried(number);
          balance = balance > BigInt(paid) ? balance - BigInt(paid) : 0n;
        }
        balance = balance > taint ? balance : taint;
      }
      if (holder === start && !isBegun && all[before]!.minute >= 5) return [taint + amount, balance + amount];
      return [taint, balance];
    };
    return new Map(all.flatMap((_, number) => (carried(number) > 0n ? [[`P${number}`, carried(number)]] : [])));
  }

  test('each payment carries the share that the definition says', () => {
    const inOrder = fc
      .uniqueArray(somePaid, { maxLength: 18, selector: ({ minute }) => minute })
      .map((all) => all.toSorted((a, b) => a.minute - b.minute));
    fc.assert(
      fc.property(inOrder, fc.integer({ min: 1, max: 2000 }), (all, amount) => {
        const told = all.map(({ from, to, amount: paid, minute }, number) =>
          payment(String(from), String(to), paid, { minute, reference: `P${number}` }),
        );
        expect(carriedBy(told, amount)).toEqual(plainly(all, BigInt(amount)));
      }),
      { numRuns: 300 },
    );
  });
});

describe('against a recursive query', () => {
  let db: Db;
  beforeAll(async () => {
    db = await openTestDb();
    await db.query('CREATE TABLE payments (number integer, from_account integer, to_account integer, at bigint)');
  });
  afterAll(() => db.close());

  async function reachedBySql(all: readonly Paid[]): Promise<string[]> {
    await db.query('TRUNCATE payments');
    const lists = [all.map((_, number) => number), all.map(({ from }) => from), all.map(({ to }) => to)];
    await db.query(
      'INSERT INTO payments SELECT * FROM unnest($1::integer[], $2::integer[], $3::integer[], $4::bigint[])',
      [...lists, all.map(({ minute }) => at(minute))],
    );
    const rows = await db.query<{ number: number }>(
      `WITH RECURSIVE reached AS (
         SELECT number, to_account, at FROM payments WHERE from_account = $1 AND at >= $2
         UNION
         SELECT payment.number, payment.to_account, payment.at FROM payments payment
           JOIN reached ON payment.from_account = reached.to_account AND payment.at >= reached.at
       ) SELECT number FROM reached`,
      [start, at(5)],
    );
    return rows.map(({ number }) => `P${number}`).sort();
  }

  test('stolen money is followed by the payments that a query in the order of time finds, and by no others', async () => {
    const whole = 10 ** 15;
    await fc.assert(
      fc.asyncProperty(fc.array(somePaid, { maxLength: 25 }), async (all) => {
        // Balances are told and large, so that every payment takes a share along and none takes all.
        const told = all.map(({ from, to, amount, minute }, number) =>
          payment(String(from), String(to), amount * 1000 + whole, {
            minute,
            reference: `P${number}`,
            balanceAfter: BigInt(3 * whole),
          }),
        );
        expect([...carriedBy(told, whole).keys()].sort()).toEqual(await reachedBySql(all));
      }),
      { numRuns: 100 },
    );
  });
});
