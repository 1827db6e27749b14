import { expect, test } from 'vitest';
import { scatterGather } from './scatter-gather.ts';
import { tell } from './test-payments.ts';

const scatter = ['10:00 origin > m1 200', '10:01 origin > m2 200', '10:02 origin > m3 200'];
const gather = ['11:00 m1 > end 190', '11:10 m2 > end 190', '11:20 m3 > end 190'];

test('money of one origin that comes together again is found, with the facts', () => {
  expect(tell(scatterGather, [...scatter, ...gather])).toEqual([
    {
      line: 5,
      subject: 'end',
      facts: {
        middles: 3,
        inAmount: '57000',
        inCurrency: 'USD',
        firstAt: '2026-01-05T11:00:00.000Z',
        lastAt: '2026-01-05T11:20:00.000Z',
        withinHours: 24,
        middlesMin: 3,
      },
      counterparts: ['origin', 'm3', 'm2', 'm1'],
      strength: expect.closeTo((1 - 2 / 3 + 1 - 300 / 570) / 2, 9),
    },
  ]);
});

test('it is found when the accounts between split what they got', () => {
  const lines = [
    '11:00 m1 > end 95',
    '11:05 m1 > end 95',
    '11:10 m2 > end 95',
    '11:15 m2 > end 95',
    '11:20 m3 > end 95',
    '11:25 m3 > end 95',
  ];
  expect(tell(scatterGather, [...scatter, ...lines]).map(({ line }) => line)).toEqual([8]);
});

test('the limits: two between, a small part passed on, too little, too late', () => {
  const found = (lines: readonly string[]) => tell(scatterGather, lines).length;
  expect(found([...scatter.slice(0, 2), ...gather.slice(0, 2), '11:20 other > end 190'])).toBe(0);
  expect(found([...scatter, ...gather.map((line) => line.replace('190', '100'))])).toBe(1);
  expect(found([...scatter, ...gather.map((line) => line.replace('190', '99'))])).toBe(0);
  expect(found([...scatter, ...gather.map((line) => line.replace('190', '251'))])).toBe(0);
  expect(found([...scatter, ...gather.slice(0, 2), '1d 10:03 m3 > end 190'])).toBe(0);
});

test('the last part may come late', () => {
  const late = [...scatter, gather[1]!, gather[2]!, gather[0]!];
  expect(tell(scatterGather, late).map(({ line, subject }) => [line, subject])).toEqual([[5, 'end']]);
});

test('workers who buy at the same shop after pay day are none, nor tenants of one landlord', () => {
  const wages = ['8:00 firm > w1 500', '8:01 firm > w2 500', '8:02 firm > w3 500'];
  expect(tell(scatterGather, [...wages, '9:00 w1 > shop 130', '9:30 w2 > shop 120', '9:40 w3 > shop 110'])).toEqual([]);
  const rents = ['9:00 w1 > landlord 300', '9:30 w2 > landlord 300', '9:40 w3 > landlord 300'];
  const accounts = { firm: { seenFor: 300, outs: 3_000 } };
  expect(tell(scatterGather, [...wages, ...rents], { accounts })).toEqual([]);
});

test('a shop where all of them spend everything is none', () => {
  expect(tell(scatterGather, [...scatter, ...gather], { accounts: { end: { ins: 3_000 } } })).toEqual([]);
});

test('money that returns to its origin is no gathering', () => {
  expect(tell(scatterGather, [...scatter, ...gather.map((line) => line.replace('end', 'origin'))])).toEqual([]);
});
