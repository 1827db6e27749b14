import { expect, test } from 'vitest';
import { testThenDrain } from './test-then-drain.ts';
import { tell } from './test-payments.ts';

const story = ['10:00 ring > mule 1', '10:30 victim > mule 800', '10:40 mule > next 700'];

test('an account that was tried with a little, then paid much, then emptied, is found, with the facts', () => {
  expect(tell(testThenDrain, story)).toEqual([
    {
      line: 2,
      subject: 'mule',
      facts: {
        tested: 'receiver',
        testAmount: '100',
        testCurrency: 'USD',
        testAt: '2026-01-05T10:00:00.000Z',
        amount: '80000',
        currency: 'USD',
        at: '2026-01-05T10:30:00.000Z',
        minutes: 30,
        withinMinutes: 180,
        timesMin: 50,
      },
      counterparts: ['ring', 'victim'],
      strength: expect.closeTo((2 * (1 - 150 / 800) + (1 - 30 / 180)) / 3, 9),
    },
  ]);
});

test('the limits: the test, how much more, how soon, how much of it went', () => {
  const found = (...lines: string[]) => tell(testThenDrain, lines).length;
  expect(found('10:00 r > mule 10', '10:30 v > mule 500', '10:40 mule > n 500')).toBe(1);
  expect(found('10:00 r > mule 10.01', '10:30 v > mule 900', '10:40 mule > n 900')).toBe(0);
  expect(found('10:00 r > mule 10', '10:30 v > mule 499', '10:40 mule > n 499')).toBe(0);
  expect(found('10:00 r > mule 1', '10:30 v > mule 149', '10:40 mule > n 149')).toBe(0);
  expect(found('10:00 r > mule 1', '13:01 v > mule 800', '13:10 mule > n 800')).toBe(0);
  expect(found('10:00 r > mule 1', '10:30 v > mule 800', '11:31 mule > n 800')).toBe(0);
  expect(found('10:00 r > mule 1', '10:30 v > mule 800', '10:40 mule > n 559')).toBe(0);
});

test('it is found whichever payment comes last', () => {
  for (const order of [
    [1, 2, 0],
    [2, 0, 1],
    [0, 2, 1],
    [2, 1, 0],
  ] as const)
    expect(
      tell(
        testThenDrain,
        order.map((at) => story[at]!),
      ),
    ).toMatchObject([{ line: 2, subject: 'mule' }]);
});

test('careful people who first send a little, and then the rest, are none', () => {
  expect(tell(testThenDrain, ['10:00 anna > ben 1 USD mobile =901', '10:10 anna > ben 900 USD mobile =1'])).toEqual([]);
});

test('from an account that somebody else uses, a test and then all there is, in parts, is found', () => {
  const parts = [
    '10:00 anna > mule 1 USD mobile =2000',
    '10:05 anna > mule 1000 USD mobile =1000',
    '10:06 anna > mule 950 USD mobile =50',
  ];
  expect(tell(testThenDrain, parts)).toMatchObject([
    {
      line: 2,
      subject: 'anna',
      counterparts: ['mule'],
      facts: { tested: 'payer', testAmount: '100', amount: '95000' },
    },
  ]);
  const stays = parts.map((line) => line.replace('=50', '=600'));
  expect(tell(testThenDrain, stays)).toEqual([]);
});

test('a coffee before the rent is no test of the landlord', () => {
  expect(
    tell(testThenDrain, [
      '10:00 anna > cafe 4 USD qr =600',
      '10:30 anna > landlord 300 USD mobile =300',
      '10:35 anna > landlord 290 USD mobile =10',
    ]),
  ).toEqual([]);
});

test('a shop, a salary after a friend’s coffee, an agent are none', () => {
  expect(tell(testThenDrain, story, { accounts: { mule: { ins: 4_000 } } })).toEqual([]);
  const accounts = { firm: { seenFor: 300, outs: 3_000 } };
  expect(
    tell(testThenDrain, ['10:00 friend > anna 5', '10:30 firm > anna 800', '10:40 anna > bank 700'], { accounts }),
  ).toEqual([]);
  expect(tell(testThenDrain, ['9:00 a > mule 30 USD agent', ...story.map((line) => `${line} USD agent`)])).toEqual([]);
});
