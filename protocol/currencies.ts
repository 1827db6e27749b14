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

/** Minor units as digits: a comma between thousands, a point before the minor unit. Undefined if currency or value cannot be read. */
export function amountText(value: string, currency: string): string | undefined {
  const digits = minorDigits.get(currency);
  if (digits === undefined || !/^\d+$/.test(value)) return undefined;
  const padded = value.padStart(digits + 1, '0');
  const whole = padded.slice(0, padded.length - digits).replace(/^0+(?=\d)/, '');
  const fraction = digits === 0 ? '' : `.${padded.slice(-digits)}`;
  return `${whole.replace(/\B(?=(\d{3})+$)/g, ',')}${fraction}`;
}
