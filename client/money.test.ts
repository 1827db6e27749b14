import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { minorUnits, type Currency } from './money.ts';

describe('amounts as people write them', () => {
  it.each([
    ['480000', 'THB', '48000000'],
    ['480000.00', 'THB', '48000000'],
    ['0.5', 'USD', '50'],
    ['007.10', 'CNY', '710'],
    ['15000000', 'VND', '15000000'],
    ['15000000.000', 'VND', '15000000'],
    ['-12.34', 'KHR', '-1234'],
    ['-0.00', 'LAK', '0'],
    ['999999999999999999', 'MMK', '99999999999999999900'],
  ] as [string, Currency, string][])('%s %s is %s minor units', (amount, currency, value) => {
    expect(minorUnits(amount, currency)).toBe(value);
  });

  it.each(['', '.', '1.', '.5', '1,000', '1 000', '1e3', '+1', '๑๒', '0x1f', ' 1', '1'.repeat(31)])(
    '%j is no amount',
    (amount) => {
      expect(() => minorUnits(amount, 'THB')).toThrow('refused: client.amount');
    },
  );

  it('does not round what is smaller than the minor unit, nor guess a currency', () => {
    expect(() => minorUnits('0.001', 'THB')).toThrow('client.amount-precision');
    expect(() => minorUnits('1.5', 'VND')).toThrow('client.amount-precision');
    expect(() => minorUnits('1', 'JPY' as Currency)).toThrow('client.currency');
    expect(() => minorUnits('1', 'toString' as Currency)).toThrow('client.currency');
  });

  it('agrees with whole-number arithmetic for every amount', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 20n }), fc.integer({ min: 0, max: 99 }), (whole, cents) => {
        const text = `${whole}.${String(cents).padStart(2, '0')}`;
        expect(minorUnits(text, 'USD')).toBe(String(whole * 100n + BigInt(cents)));
      }),
    );
  });
});
