import { expect, test } from 'vitest';
import { passThrough } from './pass-through.ts';
import { subjectsOf, tell } from './test-payments.ts';

const story = ['10:00 victim > mule 400', '10:04 mule > next 390'];

test('money that came in and went on within minutes is found, with its facts', () => {
  expect(tell(passThrough, story)).toEqual([
    {
      line: 1,
      subject: 'mule',
      facts: {
        inAmount: '40000',
        inCurrency: 'USD',
        outAmount: '39000',
        outCurrency: 'USD',
        inAt: '2026-01-05T10:00:00.000Z',
        outAt: '2026-01-05T10:04:00.000Z',
        minutes: 4,
        receivers: 1,
        withinMinutes: 30,
        shareMin: 0.8,
      },
      counterparts: ['next', 'victim'],
      strength: expect.closeTo((1 - 150 / 400 + (1 - 4 / 30) + (0.975 - 0.8) / 0.2) / 3, 9),
    },
  ]);
});

test('it is found when the money goes on in several parts, from the part on that makes it most', () => {
  const parts = ['10:00 victim > mule 400', '10:02 mule > a 150', '10:03 mule > b 150', '10:09 mule > cash 80 USD atm'];
  const said = tell(passThrough, parts);
  expect(said.map(({ line }) => line)).toEqual([3]);
  expect(said[0]!.facts).toMatchObject({ outAmount: '38000', receivers: 2, minutes: 9 });
});

test('who waits past the half hour is found for larger sums', () => {
  expect(tell(passThrough, ['10:00 victim > mule 400', '10:31 mule > next 390'])).toEqual([]);
  const said = tell(passThrough, ['10:00 victim > mule 1200', '15:59 mule > next 1150']);
  expect(said[0]!.facts).toMatchObject({ withinMinutes: 360, shareMin: 0.9 });
  expect(tell(passThrough, ['10:00 victim > mule 1200', '16:01 mule > next 1150'])).toEqual([]);
});

test('the limits are where they say: the sum, the part, the minutes', () => {
  const fresh = { accounts: { mule: { openedFor: 10 } } };
  expect(tell(passThrough, ['10:00 v > mule 150', '10:30 mule > next 120'], fresh)).toHaveLength(1);
  expect(tell(passThrough, ['10:00 v > mule 149', '10:30 mule > next 149'], fresh)).toEqual([]);
  expect(tell(passThrough, ['10:00 v > mule 150', '10:30 mule > next 119'], fresh)).toEqual([]);
  expect(tell(passThrough, ['10:00 v > mule 150', '10:30:01 mule > next 150'], fresh)).toEqual([]);
});

test('a member may set other limits', () => {
  expect(tell(passThrough, story, {}, { dollarsMin: 500 })).toEqual([]);
});

test('it makes no difference which payment comes first', () => {
  const [said] = tell(passThrough, story);
  expect(tell(passThrough, story.toReversed())).toEqual([{ ...said, line: 1 }]);
});

test('a payment that has nothing to do with it is not when it is said', () => {
  expect(tell(passThrough, [...story, '10:20 mule > shop 3']).map(({ line }) => line)).toEqual([1, 2]);
  // By then the pool is empty: what follows took nothing from it.
  expect(tell(passThrough, ['10:00 victim > mule 400', '10:04 mule > next 400', '10:20 mule > shop 3'])).toHaveLength(
    1,
  );
});

test('an errand is none, except on a new account', () => {
  const errand = ['10:00 mother > son 200', '10:10 son > school 190'];
  expect(tell(passThrough, errand)).toEqual([]);
  expect(subjectsOf(tell(passThrough, errand, { accounts: { son: { openedFor: 3 } } }))).toEqual(['son']);
});

test('a salary that goes on at once is none', () => {
  const lines = ['10:00 employer > worker 900', '10:05 worker > savings 850'];
  const accounts = { employer: { seenFor: 300, outs: 2_000 } };
  expect(tell(passThrough, lines, { accounts })).toEqual([]);
  expect(tell(passThrough, lines, { accounts: { employer: { company: { registeredFor: 2_000 } } } })).toEqual([]);
});

test('cash that somebody pays in and then spends is none, nor coins that somebody buys and takes', () => {
  expect(tell(passThrough, ['10:00 cash > anna 900 USD branch', '10:05 anna > landlord 850'])).toEqual([]);
  const coins = ['10:00 anna > annasCoins 900 USD exchange', '10:05 annasCoins > wallet.w 900 USD exchange'];
  expect(tell(passThrough, coins)).toEqual([]);
});

test('money on its way between a person’s own accounts is none', () => {
  const accounts = { daily: { controller: 'p1' }, saving: { controller: 'p1' } };
  expect(tell(passThrough, ['10:00 saving > daily 900', '10:05 daily > car 890'], { accounts })).toEqual([]);
  expect(tell(passThrough, ['10:00 friend > daily 900', '10:05 daily > saving 890'], { accounts })).toEqual([]);
});

test('a shop that pays its supplier is none, nor who pays far more than just came', () => {
  const accounts = { shop: { ins: 3_000 } };
  expect(tell(passThrough, ['10:00 anna > shop 400', '10:05 shop > supplier 390'], { accounts })).toEqual([]);
  expect(tell(passThrough, ['10:00 ben > anna 400', '10:05 anna > house 5000'])).toEqual([]);
});

test('a cash agent is none', () => {
  const lines = [
    '9:00 a > agent 50 USD agent',
    '9:30 agent > b 40 USD agent',
    '10:00 c > agent 400 USD agent',
    '10:05 agent > d 390 USD agent',
  ];
  expect(tell(passThrough, lines)).toEqual([]);
});

test('many small payments are spending', () => {
  const spending = Array.from({ length: 18 }, (_, at) => `10:${10 + at} anna > shop${at} 21`);
  expect(tell(passThrough, ['10:00 ben > anna 400', ...spending])).toEqual([]);
});
