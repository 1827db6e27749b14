import { expect, test } from 'vitest';
import { fanOut } from './fan-out.ts';
import { tell } from './test-payments.ts';

const fan = (many: number, dollars: number, from = 'mule'): string[] =>
  Array.from({ length: many }, (_, at) => `10:${10 + at} ${from} > r${at} ${dollars}`);

test('five onward payments after a credit are found, with the facts', () => {
  expect(tell(fanOut, ['10:00 victim > mule 1000', ...fan(5, 180)])).toEqual([
    {
      line: 5,
      subject: 'mule',
      facts: {
        receivers: 5,
        inAmount: '100000',
        inCurrency: 'USD',
        outAmount: '90000',
        outCurrency: 'USD',
        inAt: '2026-01-05T10:00:00.000Z',
        outAt: '2026-01-05T10:14:00.000Z',
        sharePercent: 90,
        withinHours: 24,
        receiversMin: 5,
      },
      counterparts: ['r0', 'r1', 'r2', 'r3', 'r4', 'victim'],
      strength: expect.closeTo((1 - 4 / 5 + (1 - 0.3) + 0.75) / 3, 9),
    },
  ]);
});

test('the limits: four receivers, too small a credit, too small a part, too late', () => {
  const found = (lines: readonly string[]) => tell(fanOut, lines).length;
  expect(found(['10:00 v > mule 1000', ...fan(4, 240)])).toBe(0);
  expect(found(['10:00 v > mule 299', ...fan(5, 55)])).toBe(0);
  expect(found(['10:00 v > mule 300', ...fan(5, 55)])).toBe(1);
  expect(found(['10:00 v > mule 1000', ...fan(5, 119)])).toBe(0);
  expect(found(['10:00 v > mule 1000', ...fan(5, 120)])).toBe(1);
  expect(found(['10:00 v > mule 1000', ...fan(4, 200), '1d 10:00 mule > r4 200'])).toBe(1);
  expect(found(['10:00 v > mule 1000', ...fan(4, 200), '1d 10:01 mule > r4 200'])).toBe(0);
});

test('the same receiver five times is no fan, nor is cash', () => {
  const same = fan(5, 180).map((line) => line.replace(/r\d/, 'friend'));
  expect(tell(fanOut, ['10:00 v > mule 1000', ...same])).toEqual([]);
  const cash = fan(5, 180).map((line) => `${line.replace(/r\d/, 'cash')} USD atm`);
  expect(tell(fanOut, ['10:00 v > mule 1000', ...cash])).toEqual([]);
});

test('the credit may come late', () => {
  const [inOrder] = tell(fanOut, ['10:00 victim > mule 1000', ...fan(5, 180)]);
  expect(tell(fanOut, [...fan(5, 180), '10:00 victim > mule 1000'])).toEqual([{ ...inOrder, line: 5 }]);
});

test('bills that are paid from a salary are none: it is a salary, and they are billers', () => {
  const lines = ['10:00 employer > anna 1000', ...fan(6, 150, 'anna')];
  expect(tell(fanOut, lines, { accounts: { employer: { seenFor: 300, outs: 2_000 } } })).toEqual([]);
  const billers = Object.fromEntries([0, 1, 2, 3, 4, 5].map((at) => [`r${at}`, { ins: 5_000 }]));
  expect(tell(fanOut, lines, { accounts: billers })).toEqual([]);
});

test('a pay run is none: a company, or far more than what just came', () => {
  expect(
    tell(fanOut, ['10:00 customer > firm 5000', ...fan(9, 500, 'firm')], { accounts: { firm: { company: {} } } }),
  ).toEqual([]);
  expect(tell(fanOut, ['10:00 customer > firm 1000', ...fan(20, 500, 'firm')])).toEqual([]);
});

test('a young company is no excuse', () => {
  const accounts = { firm: { company: { registeredFor: 90 } } };
  expect(tell(fanOut, ['10:00 customer > firm 5000', ...fan(6, 700, 'firm')], { accounts })).toHaveLength(2);
});

test('who is paid as often as it pays is no fan', () => {
  const lines = [0, 1, 2, 3, 4, 5, 6, 7].flatMap((at) => [
    `1${at}:00 c${at} > agent 100`,
    `1${at}:30 agent > d${at} 95`,
  ]);
  expect(tell(fanOut, lines)).toEqual([]);
});

test('wages on the day after a firm was paid are none, even where nobody tells that it is a firm', () => {
  const wages = fan(6, 150, 'boss').map((line) => `1d ${line.replace('10:', '8:')}`);
  expect(tell(fanOut, ['12:00 customer > boss 1000', ...wages])).toEqual([]);
  expect(tell(fanOut, ['21:00 customer > boss 1000', ...wages])).toHaveLength(2);
});
