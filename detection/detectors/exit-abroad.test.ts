import { expect, test } from 'vitest';
import { exitAbroad } from './exit-abroad.ts';
import { tell } from './test-payments.ts';

const story = ['10:00 victim > mule 1000', '11:00 mule > kh.next 900'];

test('money that just came and leaves the country is found, with the facts', () => {
  expect(tell(exitAbroad, story)).toEqual([
    {
      line: 1,
      subject: 'mule',
      facts: {
        inAmount: '100000',
        inCurrency: 'USD',
        outAmount: '90000',
        outCurrency: 'USD',
        inAt: '2026-01-05T10:00:00.000Z',
        outAt: '2026-01-05T11:00:00.000Z',
        minutes: 60,
        withinHours: 6,
      },
      counterparts: ['kh.next', 'victim'],
      strength: expect.closeTo((1 - 300 / 900 + (1 - 1 / 6) + 6 / 7) / 3, 9),
    },
  ]);
});

test('parts to several countries are one exit', () => {
  const parts = ['10:00 victim > mule 1000', '10:10 mule > kh.a 120', '10:20 mule > mm.b 120', '10:30 mule > la.c 120'];
  expect(tell(exitAbroad, parts)).toMatchObject([
    { line: 3, facts: { outAmount: '36000' }, counterparts: ['kh.a', 'mm.b', 'la.c', 'victim'] },
  ]);
});

test('the limits: three hundred dollars, three tenths of what came, six hours', () => {
  const found = (...lines: string[]) => tell(exitAbroad, lines).length;
  expect(found('10:00 v > mule 300', '16:00 mule > kh.n 300')).toBe(1);
  expect(found('10:00 v > mule 299', '16:00 mule > kh.n 299')).toBe(0);
  expect(found('10:00 v > mule 300', '16:01 mule > kh.n 300')).toBe(0);
  expect(found('10:00 v > mule 1000', '11:00 mule > kh.n 300')).toBe(1);
  expect(found('10:00 v > mule 1100', '11:00 mule > kh.n 329')).toBe(0);
  // What was there before pays for most of it.
  expect(found('10:00 v > mule 400', '11:00 mule > kh.n 900')).toBe(0);
});

test('it is found whichever payment comes last', () => {
  expect(tell(exitAbroad, story.toReversed())).toMatchObject([{ line: 1, subject: 'mule' }]);
});

test('at home, and to a wallet, is not abroad', () => {
  expect(tell(exitAbroad, ['10:00 v > mule 1000', '11:00 mule > next 900'])).toEqual([]);
  expect(tell(exitAbroad, ['10:00 v > mule 1000', '11:00 mule > wallet.w 900'])).toEqual([]);
});

test('a worker who sends home a part of the wage, or cash from the till, is none', () => {
  const accounts = { farm: { seenFor: 300, outs: 3_000 } };
  expect(tell(exitAbroad, ['10:00 farm > worker 600', '11:00 worker > mm.home 500'], { accounts })).toEqual([]);
  expect(tell(exitAbroad, ['10:00 cash > worker 600 USD agent', '10:30 worker > mm.home 500'])).toEqual([]);
});

test('an importer is none', () => {
  const lines = ['10:00 customer > firm 5000', '12:00 firm > cn.factory 4500'];
  expect(tell(exitAbroad, lines, { accounts: { firm: { company: { registeredFor: 2_000 } } } })).toEqual([]);
  expect(tell(exitAbroad, lines, { accounts: { firm: { ins: 2_000 } } })).toEqual([]);
});
