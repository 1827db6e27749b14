import { expect, test } from 'vitest';
import { newAccountBurst } from './new-account-burst.ts';
import { tell } from './test-payments.ts';

const fresh = { accounts: { mule: { openedFor: 10 } } };
const many = [
  ...[0, 1, 2, 3, 4].map((at) => `10:0${at} v${at} > mule 80`),
  ...[0, 1, 2, 3, 4].map((at) => `11:0${at} mule > n${at} 70`),
];

test('ten payments in and out of a new account are found, with the facts', () => {
  expect(tell(newAccountBurst, many, fresh)).toEqual([
    {
      line: 9,
      subject: 'mule',
      facts: {
        ageDays: 10,
        payments: 10,
        senders: 5,
        inAmount: '40000',
        inCurrency: 'USD',
        outAmount: '35000',
        outCurrency: 'USD',
        withinHours: 24,
        newDays: 30,
      },
      counterparts: ['n0', 'n1', 'n2', 'n3', 'n4', 'v0', 'v1', 'v2'],
      strength: expect.closeTo((0 + (1 - (10 + 11 / 24) / 30) + (350 / 400 - 0.5) / 0.5) / 3, 3),
    },
  ]);
});

test('a few large ones are found too', () => {
  expect(tell(newAccountBurst, ['10:00 v > mule 3000', '15:00 mule > n 1500'], fresh)).toHaveLength(1);
  expect(tell(newAccountBurst, ['10:00 v > mule 2999', '15:00 mule > n 2999'], fresh)).toEqual([]);
  expect(tell(newAccountBurst, ['10:00 v > mule 3000', '15:00 mule > n 1499'], fresh)).toEqual([]);
  expect(tell(newAccountBurst, ['10:00 v > mule 3000', '1d 10:01 mule > n 3000'], fresh)).toEqual([]);
});

test('nine payments are too few, and so are three hundred dollars less one', () => {
  expect(tell(newAccountBurst, many.slice(0, 9), fresh)).toEqual([]);
  expect(
    tell(
      newAccountBurst,
      many.map((line) => line.replace(/80$/, '59')),
      fresh,
    ),
  ).toEqual([]);
});

test('new is what was opened or first seen this month, once it is known what is usual', () => {
  const large = ['10:00 v > mule 4000', '15:00 mule > n 3000'];
  const ofAge = (openedFor: number) => tell(newAccountBurst, large, { accounts: { mule: { openedFor } } }).length;
  expect([ofAge(29), ofAge(30)]).toEqual([1, 0]);
  expect(tell(newAccountBurst, large, { accounts: { mule: { seenFor: 0 } }, beganFor: 14 })).toHaveLength(1);
  expect(tell(newAccountBurst, large, { accounts: { mule: { seenFor: 0 } }, beganFor: 13 })).toEqual([]);
});

test('it is found whichever payment comes last', () => {
  expect(tell(newAccountBurst, many.toReversed(), fresh).at(-1)).toMatchObject({ line: 9, subject: 'mule' });
});

test('savings that were moved stay; a student’s first week is small; a first salary is one payment', () => {
  expect(tell(newAccountBurst, ['10:00 old > mule 20000', '15:00 mule > shop 40'], fresh)).toEqual([]);
  const own = { accounts: { mule: { openedFor: 10, controller: 'p' }, old: { controller: 'p' } } };
  expect(tell(newAccountBurst, ['10:00 old > mule 20000', '15:00 mule > house 18000'], own)).toEqual([]);
  const week = [
    '9:00 father > mule 200',
    ...[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((at) => `1${at % 10}:30 mule > s${at} 12`),
  ];
  expect(tell(newAccountBurst, week, fresh)).toEqual([]);
  const salary = ['9:00 boss > mule 900', ...[0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map((at) => `1${at}:30 mule > s${at} 60`)];
  expect(tell(newAccountBurst, salary, fresh)).toEqual([]);
});
