import { expect, test } from 'vitest';
import { layeredChain } from './layered-chain.ts';
import { subjectsOf, tell } from './test-payments.ts';

const chain = ['10:00 victim > m1 1000', '10:05 m1 > m2 950', '10:12 m2 > m3 900'];

test('three payments one after the other are found at the third, at both of its ends', () => {
  const said = tell(layeredChain, chain);
  expect(said.map(({ line, subject }) => [line, subject])).toEqual([
    [2, 'm3'],
    [2, 'm2'],
  ]);
  expect(said[1]).toEqual({
    line: 2,
    subject: 'm2',
    facts: {
      hops: 3,
      firstAmount: '100000',
      firstCurrency: 'USD',
      lastAmount: '90000',
      lastCurrency: 'USD',
      firstAt: '2026-01-05T10:00:00.000Z',
      lastAt: '2026-01-05T10:12:00.000Z',
      minutes: 12,
      hopMinutes: 240,
      hopsMin: 3,
    },
    counterparts: ['m3', 'm1', 'victim'],
    strength: expect.closeTo((1 - 2 / 3 + (1 - 60 / 900) + (1 - 12 / 480)) / 3, 9),
  });
});

test('a sum that is split on the way is followed all the same', () => {
  const split = [
    '10:00 v > m1 1000',
    '10:05 m1 > m2 480',
    '10:06 m1 > x 480',
    '10:12 m2 > m3 200',
    '10:13 m2 > m4 250',
  ];
  expect(subjectsOf(tell(layeredChain, split))).toEqual(['m2', 'm4']);
});

test('the limits: two payments, a part that stays, an hour that passes, too little', () => {
  expect(tell(layeredChain, chain.slice(0, 2))).toEqual([]);
  expect(tell(layeredChain, [chain[0]!, '10:05 m1 > m2 699', '10:12 m2 > m3 600'])).toEqual([]);
  expect(tell(layeredChain, [chain[0]!, '10:05 m1 > m2 700', '10:12 m2 > m3 600'])).toHaveLength(2);
  expect(tell(layeredChain, [chain[0]!, '14:00 m1 > m2 950', '18:00 m2 > m3 900'])).toHaveLength(2);
  expect(tell(layeredChain, [chain[0]!, '14:01 m1 > m2 950', '18:00 m2 > m3 900'])).toEqual([]);
  // Small sums must go faster.
  const small = (second: string, dollars: number) =>
    tell(layeredChain, [`10:00 v > m1 ${dollars}`, `${second} m1 > m2 ${dollars}`, `12:00 m2 > m3 ${dollars}`]).length;
  expect([small('11:00', 149), small('11:00', 60), small('11:00', 59)]).toEqual([2, 2, 0]);
  expect([small('11:01', 149), small('11:01', 150)]).toEqual([0, 2]);
});

test('far more than what came is other money', () => {
  expect(tell(layeredChain, [chain[0]!, '10:05 m1 > m2 950', '10:12 m2 > m3 5000'])).toEqual([]);
});

test('whichever payment comes last, the chain is found', () => {
  expect(subjectsOf(tell(layeredChain, [chain[0]!, chain[2]!, chain[1]!]))).toEqual(['m2']);
  expect(subjectsOf(tell(layeredChain, [chain[2]!, chain[1]!, chain[0]!]))).toEqual(['m1']);
});

test('what is bought at a shop, which pays its supplier, is none', () => {
  const lines = ['10:00 mother > son 300', '10:20 son > shop 250', '10:50 shop > supplier 240'];
  expect(tell(layeredChain, lines, { accounts: { shop: { ins: 5_000 } } })).toEqual([]);
  expect(tell(layeredChain, lines.slice(0, 2), { accounts: { shop: { ins: 5_000 } } })).toEqual([]);
});

test('a salary that pays the rent at once is none', () => {
  const lines = ['10:00 customer > firm 900', '10:10 firm > worker 900', '10:20 worker > landlord 800'];
  expect(tell(layeredChain, lines, { accounts: { firm: { seenFor: 300, outs: 3_000 } } })).toEqual([]);
});
