import { expect, test } from 'vitest';
import { rapidDrain } from './rapid-drain.ts';
import { tell } from './test-payments.ts';

const story = ['10:00 anna > a 15000 USD mobile =35000', '18:00 anna > b 15000 USD mobile =20000'];

test('more than half of a large balance gone within a day is found, with the facts', () => {
  expect(tell(rapidDrain, story)).toEqual([
    {
      line: 1,
      subject: 'anna',
      facts: {
        outAmount: '3000000',
        outCurrency: 'USD',
        payments: 2,
        gonePercent: 60,
        balanceDollars: 50_000,
        since: '2026-01-05T10:00:00.000Z',
        minutes: 480,
        withinHours: 24,
        balanceDollarsMin: 38_000,
      },
      counterparts: ['b', 'a'],
      strength: expect.closeTo((1 - 38 / 50 + (0.6 - 0.5) / 0.5) / 2, 9),
    },
  ]);
});

test('the limits: the balance, more than half, a day', () => {
  const found = (...lines: string[]) => tell(rapidDrain, lines).length;
  expect(found('10:00 anna > a 19001 USD mobile =18999')).toBe(1);
  expect(found('10:00 anna > a 19000 USD mobile =19000')).toBe(0);
  expect(found('10:00 anna > a 37000 USD mobile =999')).toBe(0);
  expect(found(story[0]!, '1d 10:00 anna > b 15000 USD mobile =20000')).toBe(1);
  expect(found(story[0]!, '1d 10:01 anna > b 15000 USD mobile =20000')).toBe(0);
});

test('what came in on the same day was not there before', () => {
  expect(tell(rapidDrain, ['10:00 buyer > anna 40000', '11:00 anna > car 30000 USD mobile =11000'])).toHaveLength(1);
  expect(tell(rapidDrain, ['10:00 x > anna 10000', '11:00 anna > car 20000 USD mobile =20000'])).toEqual([]);
});

test('a payment that is told late counts; without a balance nothing is said', () => {
  expect(
    tell(rapidDrain, ['18:00 anna > b 15000 USD mobile =20000', '10:00 anna > a 15000 USD mobile =35000']),
  ).toMatchObject([{ line: 1, facts: { payments: 2, balanceDollars: 50_000 } }]);
  expect(tell(rapidDrain, ['10:00 anna > a 45000'])).toEqual([]);
});

test('savings that go to an own account are no loss', () => {
  const accounts = { anna: { controller: 'p' }, a: { controller: 'p' }, b: { controller: 'p' } };
  expect(tell(rapidDrain, story, { accounts })).toEqual([]);
});

test('a company is none, nor a pay day, nor a shop that pays its supplier', () => {
  expect(tell(rapidDrain, story, { accounts: { anna: { company: {} } } })).toEqual([]);
  const payDay = Array.from(
    { length: 30 },
    (_, at) => `10:${at + 10} firm > w${at} 2000 USD web =${98_000 - at * 2000}`,
  );
  expect(tell(rapidDrain, payDay)).toEqual([]);
  const takings = Array.from({ length: 20 }, (_, at) => `10:${at + 10} c${at} > shop 100`);
  expect(tell(rapidDrain, [...takings, '20:00 shop > supplier 50000 USD web =9000'])).toEqual([]);
});
