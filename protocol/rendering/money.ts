import { amountText } from '../currencies.ts';
import type { Language } from '../languages.ts';
import type { Money } from '../fields.ts';
import { phrasesOf, sentencesOf } from './said.ts';

/**
 * An amount as every reader of every language writes it down the same: the code, digits 0 to 9, a comma between thousands
 * and a point before the minor unit; then what the currency is called. `THB 480,000.00 (baht)`.
 */
export function moneyText({ value, currency }: Money, language: Language): string {
  const amount = amountText(value, currency);
  if (amount === undefined) return `${currency} ${value} (${sentencesOf(language).minorUnits})`;
  const { currencies } = phrasesOf(language);
  const name = Object.hasOwn(currencies, currency) ? ` (${currencies[currency as keyof typeof currencies]})` : '';
  return `${currency} ${amount}${name}`;
}
