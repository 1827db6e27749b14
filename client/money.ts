import { ClientRefused } from './trouble.ts';

/** ISO 4217: how many digits a currency's minor unit has, for the currencies of the six and the dollar. */
const digitsOf = { CNY: 2, KHR: 2, LAK: 2, MMK: 2, THB: 2, VND: 0, USD: 2 } as const;
export type Currency = keyof typeof digitsOf;

/**
 * An amount as people write it, in minor units: `minorUnits('480000', 'THB')` is `'48000000'`. Digits with at most one point
 * and nothing else; no digit is rounded away, and none is computed with. Throws ClientRefused.
 */
export function minorUnits(amount: string, currency: Currency): string {
  if (!Object.hasOwn(digitsOf, currency)) throw new ClientRefused({ refused: 'client.currency' });
  const digits = digitsOf[currency];
  const match = /^(-?)(\d{1,30})(?:\.(\d{1,30}))?$/.exec(amount);
  if (match === null) throw new ClientRefused({ refused: 'client.amount' });
  const [, sign = '', whole = '', fraction = ''] = match;
  if (/[1-9]/.test(fraction.slice(digits))) throw new ClientRefused({ refused: 'client.amount-precision' });
  const value = (whole + fraction.slice(0, digits).padEnd(digits, '0')).replace(/^0+(?=\d)/, '');
  return value === '0' ? value : sign + value;
}
