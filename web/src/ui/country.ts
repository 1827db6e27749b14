import type { Language } from '@bronze-drum/protocol/languages';
import { ownRegions } from './own-regions.ts';

/** A country by its two letters (ISO 3166-1) in a language; what no country has, as it is. */
export function countryIn(code: string, language: Language): string {
  const letters = code.toUpperCase();
  if (!/^[A-Z]{2}$/.test(letters)) return code;
  const own: Readonly<Record<string, Readonly<Record<string, string>>>> = ownRegions;
  return own[language]?.[letters] ?? new Intl.DisplayNames([language, 'en'], { type: 'region' }).of(letters) ?? code;
}
