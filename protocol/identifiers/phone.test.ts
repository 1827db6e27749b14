import fc from 'fast-check';
import examples from 'libphonenumber-js/examples.mobile.json' with { type: 'json' };
import { getExampleNumber, parsePhoneNumberFromString } from 'libphonenumber-js/max';
import metadata from 'libphonenumber-js/metadata.max.json' with { type: 'json' };
import { describe, expect, test } from 'vitest';

import { isRefusal } from '../refusals.ts';
import { testConformance } from '../vectors/conformance.ts';
import { phone } from './phone.ts';

const codes = { CN: '86', KH: '855', LA: '856', MM: '95', TH: '66', VN: '84' } as const;
const countries = ['CN', 'KH', 'LA', 'MM', 'TH', 'VN'] as const;
type Country = (typeof countries)[number];

const anyDigits = fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 4, maxLength: 11 });
const national = fc
  .tuple(fc.integer({ min: 10, max: 99 }), anyDigits)
  .map(([lead, rest]) => `${lead}${rest}`.slice(0, 12));

/** Beginnings that are common or special in some plan, so that random numbers meet the rare rules too. */
const special = fc
  .tuple(
    fc.constantFrom(
      '138',
      '10800',
      '21800',
      '400',
      '010',
      '1800',
      '1900',
      '20',
      '30',
      '2055',
      '9',
      '95',
      '96',
      '199',
      '12',
      '168',
    ),
    anyDigits,
  )
  .map(([lead, rest]) => `${lead}${rest}`.slice(0, 12));

/** How people at home and abroad write a national number, for a reader in `reader`. */
function spellings(country: Country, number: string): [text: string, reader: Country | undefined][] {
  const code = codes[country];
  const spaced = number.replace(/(\d{2})(?=\d)/g, '$1 ');
  const list: [string, Country | undefined][] = [
    [`+${code}${number}`, undefined],
    [`+${code} (0)${number}`, undefined],
    [`+${code}-${spaced.replaceAll(' ', '-')}`, undefined],
    [`+${code} 0${number}`, undefined],
    [number, country],
    [`0${number}`, country],
    [`(0${spaced})`, country],
    [`tel:+${code}${number}`, undefined],
    [`${code}${number}`, country],
  ];
  for (const reader of countries) {
    if (reader === country) continue;
    // In Thailand and Cambodia a carrier's digit is part of the international prefix.
    const prefixes = reader === 'TH' ? ['001', '007', '008', '009'] : reader === 'KH' ? ['001', '007', '008'] : ['00'];
    for (const prefix of prefixes) list.push([`${prefix}${code}${number}`, reader]);
  }
  return list;
}

describe('phone', () => {
  testConformance(phone, [undefined, ...countries.map((country) => ({ country })), { country: 'GB' }]);

  test('whatever libphonenumber holds valid in the six countries has the same key here, in every spelling', () => {
    let valid = 0;
    fc.assert(
      fc.property(fc.constantFrom(...countries), fc.oneof(national, special), (country, number) => {
        for (const [text, reader] of spellings(country, number)) {
          const oracle = parsePhoneNumberFromString(text, reader);
          if (oracle?.isValid() !== true || !countries.some((each) => each === oracle.country)) continue;
          valid++;
          expect([text, phone.parse(text, reader && { country: reader })]).toEqual([text, `phone:${oracle.number}`]);
        }
      }),
      { numRuns: 5000 },
    );
    expect(valid).toBeGreaterThan(5000);
  });

  test('whatever is accepted here in the six countries is possible to libphonenumber', () => {
    let accepted = 0;
    fc.assert(
      fc.property(fc.constantFrom(...countries), fc.oneof(national, special), (country, number) => {
        for (const [text, reader] of spellings(country, number)) {
          const key = phone.parse(text, reader && { country: reader });
          if (isRefusal(key) || !countries.some((each) => key.startsWith(`phone:+${codes[each]}`))) continue;
          accepted++;
          const oracle = parsePhoneNumberFromString(key.slice('phone:'.length));
          expect([text, oracle?.isPossible(), oracle?.number]).toEqual([text, true, key.slice('phone:'.length)]);
        }
      }),
      { numRuns: 2000 },
    );
    expect(accepted).toBeGreaterThan(5000);
  });

  test('the shapes of the six plans are those of libphonenumber, but for the documented ones', () => {
    for (const country of countries) {
      const pattern = new RegExp(`^(?:${metadata.countries[country]?.[2]})$`);
      fc.assert(
        fc.property(fc.oneof(national, special), (number) => {
          // Renumbered or never assigned in Viet Nam; two toll-free services only in China.
          if (number.startsWith('0')) return;
          if (country === 'VN' && /^1\d{9}$/.test(number)) return;
          if (country === 'CN' && number.length === 12) return;
          expect([number, !isRefusal(phone.parse(`+${codes[country]}${number}`))]).toEqual([
            number,
            pattern.test(number),
          ]);
        }),
        { numRuns: 5000 },
      );
    }
  });

  test('the example mobile of every country in the world is accepted', () => {
    for (const country of Object.keys(metadata.countries)) {
      const example = getExampleNumber(country as Country, examples);
      if (example === undefined) continue;
      expect(phone.parse(example.number)).toBe(`phone:${example.number}`);
      expect(phone.parse(example.formatInternational())).toBe(`phone:${example.number}`);
    }
  });

  test("all of Viet Nam's mobiles of before 2018 become today's", () => {
    const table =
      '120:70 121:79 122:77 126:76 128:78 123:83 124:84 125:85 127:81 129:82 ' +
      '162:32 163:33 164:34 165:35 166:36 167:37 168:38 169:39 186:56 188:58 199:59';
    for (const [old, now] of table.split(' ').map((pair) => pair.split(':'))) {
      const present = `phone:+84${now}2345678`;
      for (const text of [
        `0${old}2345678`,
        `${old}2345678`,
        `84${old}2345678`,
        `+84${old}2345678`,
        `+84 0${old} 234 5678`,
      ]) {
        expect(phone.parse(text, { country: 'VN' })).toBe(present);
      }
      expect(parsePhoneNumberFromString(present.slice('phone:'.length))?.isPossible()).toBe(true);
    }
  });

  test('00 in Thailand and Cambodia: what the writer set apart is believed, then home and the members’ mobiles', () => {
    const inThailand = (text: string) => phone.parse(text, { country: 'TH' });
    expect(inThailand('0066 2 123 4567')).toBe('phone:+6621234567');
    expect(inThailand('0084912345678')).toBe('phone:+84912345678');
    expect(inThailand('008 49 30 123456')).toBe('phone:+4930123456');
    expect(inThailand('0085512345678')).toBe('phone:+85512345678');
    expect(inThailand('0018001234567')).toBe('phone:+660018001234567');
    expect(phone.parse('00855 12 345 678', { country: 'KH' })).toBe('phone:+85512345678');
  });

  test('a mask keeps the range and the last two digits', () => {
    expect(phone.mask('+66812345678')).toBe('+66 81 ••• ••78');
    expect(phone.caption('+66812345678')).toBe('+66 81 234 5678');
    expect(phone.caption('+8613812345678')).toBe('+86 138 1234 5678');
    expect(phone.caption('+442079460018')).toBe('+44 207 946 0018');
  });
});
