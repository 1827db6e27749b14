import { minorUnits, type Currency } from '@bronze-drum/client/money';

/** The currencies of the six and the dollar. */
export const currencies = ['THB', 'KHR', 'LAK', 'MMK', 'VND', 'CNY', 'USD'] as const satisfies readonly Currency[];

/** Where the digits of a script begin: Thai, Lao, Burmese, Shan, Khmer, full width. */
const zeros = [0x0e50, 0x0ed0, 0x1040, 0x1090, 0x17e0, 0xff10];

/** Digits of the six countries as 0 to 9. */
export function latinDigits(text: string): string {
  return text.replace(/\p{Nd}/gu, (digit) => {
    const code = digit.codePointAt(0)!;
    const zero = zeros.find((start) => code >= start && code < start + 10);
    return zero === undefined ? digit : String(code - zero);
  });
}

/**
 * An amount as somebody types it, in minor units; undefined if it cannot be read. Digits of the six countries; commas or spaces between
 * thousands, or points as in Viet Nam and Laos (`480.000`, `1.500.000,50`): no currency here has three decimals, so a group of three
 * after a point is thousands. Nothing is no amount, unless `zero` allows it.
 */
export function readAmount(text: string, currency: string, { zero = false } = {}): string | undefined {
  const typed = latinDigits(text.trim()).replace(/^[^\d.,-]+|[^\d.,]+$/g, '');
  const isInPoints = /^[1-9]\d{0,2}(?:\.\d{3})+(?:,\d{1,2})?$/.test(typed);
  const plain = isInPoints ? typed.replaceAll('.', '').replace(',', '.') : typed.replace(/[,\s\u00a0\u202f]/g, '');
  try {
    const value = minorUnits(plain, currency as Currency);
    if (zero && /^0+$/.test(value)) return '0';
    return /^[1-9]\d{0,17}$/.test(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
