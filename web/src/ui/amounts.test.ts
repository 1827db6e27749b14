import { expect, test } from 'vitest';
import { currencies, readAmount } from './amounts.ts';

test.each([
  ['480000', 'THB', '48000000'],
  ['480,000.50', 'THB', '48000050'],
  ['๔๘๐,๐๐๐', 'THB', '48000000'],
  ['៤៨០ ០០០', 'KHR', '48000000'],
  ['໑໒', 'LAK', '1200'],
  ['၁၂.၅', 'MMK', '1250'],
  ['１２', 'CNY', '1200'],
  ['1200', 'VND', '1200'],
  ['฿1,500', 'THB', '150000'],
  ['480.000', 'THB', '48000000'],
  ['1.000', 'VND', '1000'],
  ['1.500.000', 'VND', '1500000'],
  ['1.500.000,50', 'THB', '150000050'],
  ['12.5', 'USD', '1250'],
])('the amount %s in %s is %s minor units', (text, currency, value) => {
  expect(readAmount(text, currency)).toBe(value);
});

test.each(['', '0', '-5', 'much', '1.2.3', '0.001', '12.3456', '1.50.000', '9'.repeat(30)])(
  '%s is no amount of money to hold',
  (text) => {
    expect(readAmount(text, 'THB')).toBeUndefined();
  },
);

test('an amount in a currency that nobody here knows is not guessed', () => {
  expect(readAmount('5', 'XXX')).toBeUndefined();
  expect(currencies).toHaveLength(7);
});
