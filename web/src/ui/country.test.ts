import { languages } from '@bronze-drum/protocol/languages';
import { expect, test } from 'vitest';
import { countryIn } from './country.ts';
import { ownRegions } from './own-regions.ts';

test.each(['km', 'lo', 'my'] as const)(
  'a country in %s is said as by a browser that knows the language',
  (language) => {
    // Node knows all seven; of two names that it gives for one country, the first.
    const known = new Intl.DisplayNames(language, { type: 'region' });
    for (const code of Object.keys(ownRegions[language]))
      expect(known.of(code)!.startsWith(countryIn(code, language)), code).toBe(true);
  },
);

test('any code has a text in any language, and what is no country stays as it is', () => {
  for (const language of languages) {
    expect(countryIn('FJ', language)).not.toBe('');
    expect(countryIn('XKX', language)).toBe('XKX');
    expect(countryIn('902', language)).toBe('902');
  }
  expect(countryIn('kh', 'vi')).toBe('Campuchia');
});
