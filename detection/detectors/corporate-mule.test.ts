import { expect, test } from 'vitest';
import { corporateMule } from './corporate-mule.ts';
import { tell } from './test-payments.ts';

const young = { accounts: { firm: { company: { registeredFor: 90, capital: 25_000 } } } };
const story = ['10:00 victim > firm 5000', '14:00 firm > firmCoins 4800 USD exchange'];

test('a young company with little capital whose money goes straight to coins is found, with the facts', () => {
  expect(tell(corporateMule, story, young)).toEqual([
    {
      line: 1,
      subject: 'firm',
      facts: {
        registeredDays: 90,
        accounts: 0,
        inAmount: '500000',
        inCurrency: 'USD',
        outAmount: '480000',
        outCurrency: 'USD',
        inAt: '2026-01-05T10:00:00.000Z',
        outAt: '2026-01-05T14:00:00.000Z',
        straightPercent: 96,
        shareMin: 0.8,
      },
      counterparts: ['firmCoins', 'victim'],
      strength: expect.closeTo((1 - 1500 / 5000 + (0.96 - 0.8) / 0.2 + (1 - (90 + 14 / 24) / 365)) / 3, 9),
    },
  ]);
});

test('abroad and cash are ways out too; to anybody else only at once', () => {
  const found = (line: string) => tell(corporateMule, [story[0]!, line], young).length;
  expect(found('14:00 firm > kh.firm 4800')).toBe(1);
  expect(found('14:00 firm > cash 4800 USD branch')).toBe(1);
  expect(found('14:00 firm > wallet.w 4800')).toBe(1);
  expect(found('14:00 firm > supplier 4800')).toBe(0);
  expect(found('11:00 firm > supplier 4800')).toBe(1);
  expect(found('11:01 firm > supplier 4800')).toBe(0);
});

test('the limits: a year, the capital, the part, the sum', () => {
  const of = (registeredFor: number, capital: number, lines = story) =>
    tell(corporateMule, lines, { accounts: { firm: { company: { registeredFor, capital } } } }).length;
  expect([of(364, 30_000), of(365, 30_000), of(364, 30_001)]).toEqual([1, 0, 0]);
  expect(of(90, 0, ['10:00 v > firm 1500', '14:00 firm > wallet.w 1200'])).toBe(1);
  expect(of(90, 0, ['10:00 v > firm 1499', '14:00 firm > wallet.w 1400'])).toBe(0);
  expect(of(90, 0, ['10:00 v > firm 1500', '14:00 firm > wallet.w 1199'])).toBe(0);
});

test('one person with the accounts of three companies is found, whatever their age', () => {
  const of = (many: number) => {
    const names = ['firm', 'other', 'third', 'fourth'].slice(0, many);
    const accounts = Object.fromEntries(
      names.map((name) => [name, { company: { registeredFor: 3_000 }, controller: 'p1' }]),
    );
    return tell(corporateMule, story, { accounts }).map(({ facts }) => facts.accounts);
  };
  expect([of(2), of(3), of(4)]).toEqual([[], [3], [4]]);
});

test('it is found whichever payment comes last', () => {
  expect(tell(corporateMule, story.toReversed(), young)).toMatchObject([{ line: 1, subject: 'firm' }]);
});

test('a person, a company of which nothing is told, and a young shop that pays its supplier in the evening are none', () => {
  expect(tell(corporateMule, story)).toEqual([]);
  expect(tell(corporateMule, story, { accounts: { firm: { company: {} } } })).toEqual([]);
  expect(
    tell(corporateMule, ['10:00 a > firm 1000', '12:00 b > firm 1000', '20:00 firm > supplier 1900'], young),
  ).toEqual([]);
});
