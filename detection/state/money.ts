/** The currencies of the six nations, and those in which money leaves them, by the numbers that windows keep. New ones go to the end. */
export const currencies = [
  'other',
  'USD',
  'CNY',
  'LAK',
  'KHR',
  'MMK',
  'THB',
  'VND',
  'EUR',
  'HKD',
  'SGD',
  'MYR',
  'JPY',
] as const;

/**
 * What a currency's major unit is roughly worth in dollars, and its minor digits (ISO 4217). Only for comparing amounts of
 * different currencies in one window: no threshold in the law of a member is applied through it.
 */
const worth: Readonly<Record<(typeof currencies)[number], readonly [dollars: number, digits: number]>> = {
  // Nothing is known of it: it counts for no amount.
  other: [0, 2],
  USD: [1, 2],
  CNY: [0.14, 2],
  LAK: [0.000046, 2],
  KHR: [0.00025, 2],
  MMK: [0.00048, 2],
  THB: [0.03, 2],
  VND: [0.000039, 0],
  EUR: [1.1, 2],
  HKD: [0.128, 2],
  SGD: [0.75, 2],
  MYR: [0.23, 2],
  JPY: [0.0067, 0],
};

/** Dollars for one minor unit of a currency, by its number. */
export const dollarsPerMinor: Float64Array = Float64Array.from(currencies, (currency) => {
  const [dollars, digits] = worth[currency];
  return dollars / 10 ** digits;
});

const numbers = new Map<string, number>(currencies.map((currency, number) => [currency, number]));

export const currencyNumber = (currency: string): number => numbers.get(currency) ?? 0;
