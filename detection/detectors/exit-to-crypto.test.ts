import { expect, test } from 'vitest';
import { exitToCrypto } from './exit-to-crypto.ts';
import { tell } from './test-payments.ts';

const story = [
  '10:00 victim > mule 1000',
  '10:30 mule > muleCoins 950 USD exchange',
  '11:00 muleCoins > wallet.w 950 USD exchange',
];

test('money that just came and becomes coins is found at the account, and where it leaves the exchange', () => {
  const said = tell(exitToCrypto, story);
  expect(said.map(({ line, subject, counterparts }) => [line, subject, counterparts])).toEqual([
    [1, 'mule', ['muleCoins', 'victim']],
    [2, 'muleCoins', ['wallet.w', 'mule']],
  ]);
  expect(said[0]!.facts).toEqual({
    inAmount: '100000',
    inCurrency: 'USD',
    outAmount: '95000',
    outCurrency: 'USD',
    inAt: '2026-01-05T10:00:00.000Z',
    outAt: '2026-01-05T10:30:00.000Z',
    minutes: 30,
    withinHours: 6,
  });
});

test('straight to a wallet is found too, and in parts', () => {
  expect(tell(exitToCrypto, ['10:00 v > mule 1000', '11:00 mule > wallet.w 800'])).toHaveLength(1);
  expect(
    tell(exitToCrypto, ['10:00 v > mule 1000', '11:00 mule > wallet.w 290', '11:30 mule > wallet.x 290']).map(
      ({ line }) => line,
    ),
  ).toEqual([2]);
});

test('the limits: three hundred dollars, three tenths of what came, six hours', () => {
  const found = (...lines: string[]) => tell(exitToCrypto, lines).length;
  expect(found('10:00 v > mule 300', '16:00 mule > wallet.w 300')).toBe(1);
  expect(found('10:00 v > mule 299', '16:00 mule > wallet.w 299')).toBe(0);
  expect(found('10:00 v > mule 300', '16:01 mule > wallet.w 300')).toBe(0);
  expect(found('10:00 v > mule 1100', '11:00 mule > wallet.w 329')).toBe(0);
});

test('it is found whichever payment comes last', () => {
  expect(tell(exitToCrypto, [story[1]!, story[0]!])).toMatchObject([{ line: 1, subject: 'mule' }]);
});

test('who buys coins from own money, from a salary, or from cash is none, nor who then takes them', () => {
  expect(tell(exitToCrypto, story.slice(1))).toEqual([]);
  expect(tell(exitToCrypto, ['10:00 cash > anna 1000 USD branch', '10:30 anna > wallet.w 900'])).toEqual([]);
  const accounts = { victim: { seenFor: 300, outs: 3_000 } };
  expect(tell(exitToCrypto, story, { accounts })).toEqual([]);
});
