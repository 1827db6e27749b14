import { expect, test } from 'vitest';
import { structuring } from './structuring.ts';
import { tell } from './test-payments.ts';

const story = ['10:00 anna > a 49000 THB', '11:00 anna > b 48500 THB', '15:00 anna > c 49900 THB'];

test('payments just below the limit of the law are found, with the facts', () => {
  expect(tell(structuring, story)).toEqual([
    {
      line: 2,
      subject: 'anna',
      facts: {
        payments: 3,
        amount: '14740000',
        currency: 'THB',
        leastAmount: '4850000',
        limitAmount: '5000000',
        firstAt: '2026-01-05T10:00:00.000Z',
        lastAt: '2026-01-05T15:00:00.000Z',
        withinHours: 24,
        paymentsMin: 3,
      },
      counterparts: ['c', 'b', 'a'],
      strength: expect.closeTo((1 - 2 / 3 + (0.97 - 0.85) / 0.15) / 2, 9),
    },
  ]);
});

test('each currency has its limits; an amount at the limit is not above it', () => {
  const each = (amount: string) => ['10:00', '11:00', '12:00'].map((time) => `${time} anna > x ${amount}`);
  const found = (amount: string) => tell(structuring, each(amount)).length;
  expect(['50000 THB', '42500 THB', '200000 THB', '10000000 VND', '9000000 VND', '20000000 VND'].map(found)).toEqual([
    1, 1, 1, 1, 1, 1,
  ]);
  expect(['50001 THB', '42499 THB', '20000001 VND', '49000 USD', '49000 VND'].map(found)).toEqual([0, 0, 0, 0, 0]);
  const ours = { legalLimits: [{ currency: 'USD', minor: 1_000_000 }] };
  expect(tell(structuring, each('9900 USD'), {}, ours)).toHaveLength(1);
});

test('two are too few, and three in more than a day; but five within three days are found', () => {
  expect(tell(structuring, story.slice(0, 2))).toEqual([]);
  expect(tell(structuring, [...story.slice(0, 2), '1d 10:01 anna > c 49900 THB'])).toEqual([]);
  const slow = ['0:00', '18:00', '1d 12:00', '2d 6:00', '2d 23:00'].map((time) => `${time} anna > x 49000 THB`);
  expect(tell(structuring, slow)).toMatchObject([{ line: 4, facts: { payments: 5, withinHours: 72, paymentsMin: 5 } }]);
});

test('cash that is drawn in parts counts', () => {
  expect(
    tell(
      structuring,
      story.map((line) => line.replace(/> \w/, '> cash')),
    ),
  ).toHaveLength(1);
});

test('it is found whichever payment comes last', () => {
  expect(tell(structuring, [story[1]!, story[2]!, story[0]!])).toMatchObject([{ line: 2, facts: { payments: 3 } }]);
});

test('a pay day with some salaries near the limit is none, nor what a company pays', () => {
  const salaries = [49, 20, 35, 47, 80, 28, 31, 46, 25, 60].map(
    (thousands, at) => `10:0${at} boss > w${at} ${thousands}000 THB`,
  );
  expect(tell(structuring, salaries)).toEqual([]);
  expect(tell(structuring, story, { accounts: { anna: { company: {} } } })).toEqual([]);
  expect(tell(structuring, story, { accounts: { anna: { company: { registeredFor: 40 } } } })).toHaveLength(1);
  expect(tell(structuring, story, { accounts: { anna: { seenFor: 300, outs: 3_000 } } })).toEqual([]);
});

test('what goes to an own account is none', () => {
  const accounts = {
    anna: { controller: 'p' },
    a: { controller: 'p' },
    b: { controller: 'p' },
    c: { controller: 'p' },
  };
  expect(tell(structuring, story, { accounts })).toEqual([]);
});
