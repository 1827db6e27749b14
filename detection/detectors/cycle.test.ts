import { expect, test } from 'vitest';
import { cycle } from './cycle.ts';
import { subjectsOf, tell } from './test-payments.ts';

const round = ['10:00 home > a 1000', '11:00 a > b 950', '12:00 b > home 900'];

test('money that returns to where it began is found, with the facts', () => {
  expect(tell(cycle, round)).toEqual([
    {
      line: 2,
      subject: 'home',
      facts: {
        hops: 3,
        outAmount: '100000',
        outCurrency: 'USD',
        backAmount: '90000',
        backCurrency: 'USD',
        outAt: '2026-01-05T10:00:00.000Z',
        backAt: '2026-01-05T12:00:00.000Z',
        alikePercent: 90,
        withinHours: 72,
        hopsMin: 3,
      },
      counterparts: ['a', 'b'],
      strength: expect.closeTo((1 - 150 / 900 + (1 - 120 / 4320) + 0.75) / 3, 9),
    },
  ]);
});

test('longer circles are found too', () => {
  const steps = ['home', 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'home'];
  const lines = steps.slice(1).map((to, at) => `1${at}:00 ${steps[at]} > ${to} ${1000 - 20 * at}`);
  const said = tell(cycle, lines);
  expect(said.map(({ subject, facts }) => [subject, facts.hops])).toEqual([['home', 8]]);
});

test('the limits: a refund, sums that are not alike, too little, too late', () => {
  expect(tell(cycle, ['10:00 home > a 1000', '11:00 a > home 1000'])).toEqual([]);
  expect(tell(cycle, [round[0]!, '11:00 a > b 599', '12:00 b > home 599'])).toEqual([]);
  expect(tell(cycle, [round[0]!, '11:00 a > b 600', '12:00 b > home 600'])).toHaveLength(1);
  expect(
    tell(
      cycle,
      round.map((line) => line.replace(/\d+$/, '149')),
    ),
  ).toEqual([]);
  expect(tell(cycle, [...round.slice(0, 2), '3d 10:01 b > home 900'])).toEqual([]);
  expect(tell(cycle, round, {}, { hopsMin: 4 })).toEqual([]);
});

test('what went against the course of time is no circle', () => {
  expect(tell(cycle, ['12:00 home > a 1000', '11:00 a > b 950', '13:00 b > home 900'])).toEqual([]);
});

test('whichever payment comes last, the circle is found', () => {
  expect(subjectsOf(tell(cycle, [round[1]!, round[2]!, round[0]!]))).toEqual(['a']);
  expect(subjectsOf(tell(cycle, [round[0]!, round[2]!, round[1]!]))).toEqual(['b']);
});

test('rent, goods and wages go round in a town, through tills and payrolls, and are none', () => {
  expect(tell(cycle, round, { accounts: { a: { ins: 4_000 } } })).toEqual([]);
  expect(tell(cycle, round, { accounts: { b: { seenFor: 300, outs: 3_000 } } })).toEqual([]);
});
