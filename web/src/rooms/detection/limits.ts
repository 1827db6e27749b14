/** Pure: how the limits of detectors are written in a form. What a limit is follows from its name, as in `locales/glossary.md`. */

import { amountText } from '@bronze-drum/protocol/currencies';
import { latinDigits } from '../../ui/amounts.ts';

type LimitUnit = 'minutes' | 'hours' | 'days' | 'seconds' | 'percent' | 'dollars' | 'count';

export interface LegalLimit {
  readonly currency: string;
  readonly minor: number;
}

/** An amount in major units, as it is typed. */
export const amountOf = ({ currency, minor }: LegalLimit): string =>
  amountText(String(minor), currency) ?? String(minor);

export function unitOf(name: string): LimitUnit {
  if (/Minutes$|^minutesMax$/.test(name)) return 'minutes';
  if (/Hours$|^hoursMax$/.test(name)) return 'hours';
  if (/Days$|^silentDaysMin$/.test(name)) return 'days';
  if (/^secondsMin$|Seconds$/.test(name)) return 'seconds';
  if (/Share(?:Min)?$|^(?:shareMin|chanceMin|alikeMin|incomingMax|mainNumberShare)$/.test(name)) return 'percent';
  return /^dollars(?:Min|Max)?$|Dollars(?:Min|Max)?$/.test(name) ? 'dollars' : 'count';
}

/** As it is typed: parts of 1 as hundredths. */
export function typedOf(name: string, value: number): string {
  return String(unitOf(name) === 'percent' ? Math.round(value * 10_000) / 100 : value);
}

/** The number that was typed, in any script's digits and with a comma or point; undefined if it is none. */
export function limitOf(name: string, typed: string): number | undefined {
  const text = latinDigits(typed.trim()).replace(',', '.');
  if (!/^\d+(?:\.\d+)?$/.test(text)) return undefined;
  return unitOf(name) === 'percent' ? Math.round(Number(text) * 100) / 10_000 : Number(text);
}
