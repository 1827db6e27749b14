import metadata from 'libphonenumber-js/metadata.max.json' with { type: 'json' };
import { expect, test } from 'vitest';

import { callingCode, keepsLeadingZero, nationalLengths } from './calling-codes.ts';

const members = new Set(['66', '84', '86', '95', '855', '856']);
const countries: Readonly<Record<string, readonly unknown[]>> = metadata.countries;
const shared: Readonly<Record<string, readonly string[]>> = metadata.country_calling_codes;
const global: Readonly<Record<string, readonly unknown[]>> = metadata.nonGeographic;

function lengthsOf(plans: readonly (readonly unknown[] | undefined)[]): number[] {
  return [...new Set(plans.flatMap((plan) => plan?.[3] as number[]))];
}

test('every calling code outside the six is known, and its possible lengths, up to the 15 digits of E.164', () => {
  const all: [string, number[]][] = [
    ...Object.entries(shared).map(([code, list]): [string, number[]] => [
      code,
      lengthsOf(list.map((each) => countries[each])),
    ]),
    ...Object.entries(global).map(([code, plan]): [string, number[]] => [code, lengthsOf([plan])]),
  ];
  for (const [code, lengths] of all) {
    if (members.has(code)) continue;
    expect(callingCode(`${code}123456789`)).toBe(code);
    for (const length of lengths) {
      // Seven digits in North America, fourteen in Kazakhstan: dialled locally only.
      const local = length + code.length > 15 || length + code.length < 7 || code === '1' || code === '7';
      if (!local) expect([code, length, nationalLengths(code) & (1 << length)]).toEqual([code, length, 1 << length]);
    }
  }
});

test('what no country has is unknown', () => {
  for (const digits of ['210123456', '0123', '999', '', '2', '21']) expect(callingCode(digits)).toBeUndefined();
});

test('Italian numbers keep their 0, British ones do not', () => {
  expect(keepsLeadingZero('39')).toBe(true);
  expect(keepsLeadingZero('44')).toBe(false);
});
