import type { Language } from '../languages.ts';
import type { Money } from '../fields.ts';
import { phrasesOf, sentencesOf } from './said.ts';

const two =
  'AED AUD BND CAD CHF CNH CNY EUR GBP HKD IDR INR KHR LAK MMK MOP MYR NZD PHP RUB SGD THB TWD USD SEK NOK DKK TRY ZAR ILS SAR QAR BDT LKR NPR PKR MXN BRL PLN CZK HUF';
const none = 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF';
const three = 'BHD IQD JOD KWD LYD OMR TND';

/** Digits of the minor unit (ISO 4217). CLDR shows kip and kyat without any, so Intl is not asked. */
const minorDigits: ReadonlyMap<string, number> = new Map([
  ...two.split(' ').map((code) => [code, 2] as const),
  ...none.split(' ').map((code) => [code, 0] as const),
  ...three.split(' ').map((code) => [code, 3] as const),
]);

/**
 * An amount as every reader of every language writes it down the same: the code, digits 0 to 9, a comma between thousands
 * and a point before the minor unit; then what the currency is called. `THB 480,000.00 (baht)`.
 */
export function moneyText({ value, currency }: Money, language: Language): string {
  const digits = minorDigits.get(currency);
  if (digits === undefined || !/^\d+$/.test(value)) return `${currency} ${value} (${sentencesOf(language).minorUnits})`;
  const padded = value.padStart(digits + 1, '0');
  const whole = padded.slice(0, padded.length - digits).replace(/^0+(?=\d)/, '');
  const fraction = digits === 0 ? '' : `.${padded.slice(-digits)}`;
  const { currencies } = phrasesOf(language);
  const name = Object.hasOwn(currencies, currency) ? ` (${currencies[currency as keyof typeof currencies]})` : '';
  return `${currency} ${whole.replace(/\B(?=(\d{3})+$)/g, ',')}${fraction}${name}`;
}
