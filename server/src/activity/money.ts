import { refusal, type Refusal } from '@bronze-drum/protocol/refusals';

/** Digits of the minor unit (ISO 4217) of the currencies that move here. */
const minorDigits: ReadonlyMap<string, number> = new Map([
  ...['CNY', 'KHR', 'LAK', 'MMK', 'THB', 'USD', 'EUR', 'GBP', 'AUD', 'CHF', 'CNH', 'HKD', 'MOP', 'SGD', 'MYR'].map(
    (code) => [code, 2] as const,
  ),
  ...['IDR', 'PHP', 'INR', 'BND', 'TWD', 'NZD', 'CAD', 'RUB', 'AED'].map((code) => [code, 2] as const),
  ...['VND', 'JPY', 'KRW'].map((code) => [code, 0] as const),
]);

const wholeDigitsMax = 18;

/** An amount as ISO 20022 writes it, in minor units of its currency; the field is for the refusal. */
export function minorUnits(decimal: string, currency: string, field: string): string | Refusal {
  const digits = minorDigits.get(currency);
  if (digits === undefined) return refusal('activity.currency', { field });
  const [, whole = '', fraction = ''] = /^(\d{1,40})(?:\.(\d{1,20}))?$/.exec(decimal) ?? [];
  if (whole === '') return refusal('activity.amount', { field });
  if (fraction.length > digits) return refusal('activity.amount-decimals', { field, decimalsMax: digits });
  const units = `${whole}${fraction.padEnd(digits, '0')}`.replace(/^0+/, '');
  if (units === '') return refusal('activity.amount-zero', { field });
  return units.length > wholeDigitsMax ? refusal('activity.amount-too-large', { field }) : units;
}

const scaleDigits = 20;

/** A decimal number as a whole number of 10⁻²⁰, for sums; undefined if it is none or is too long. */
export function scaled(decimal: string): bigint | undefined {
  const [, sign = '', whole = '', fraction = ''] = /^([+-]?)(\d{1,40})(?:\.(\d{1,20}))?$/.exec(decimal) ?? [];
  if (whole === '') return undefined;
  const value = BigInt(`${whole}${fraction.padEnd(scaleDigits, '0')}`);
  return sign === '-' ? -value : value;
}
