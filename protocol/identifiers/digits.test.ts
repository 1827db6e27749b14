import fc from 'fast-check';
import { expect, test } from 'vitest';

import { foldDigits, foldNoise } from './digits.ts';

test('plain ASCII comes back as the same string', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary-ascii' }), (text) => foldDigits(text) === text));
});

test('the digits of the six countries become ASCII', () => {
  for (const digits of [
    '๐๑๒๓๔๕๖๗๘๙',
    '០១២៣៤៥៦៧៨៩',
    '໐໑໒໓໔໕໖໗໘໙',
    '၀၁၂၃၄၅၆၇၈၉',
    '႐႑႒႓႔႕႖႗႘႙',
    '０１２３４５６７８９',
    '𝟘𝟙𝟚𝟛𝟜𝟝𝟞𝟟𝟠𝟡',
  ]) {
    expect(foldDigits(digits)).toBe('0123456789');
  }
});

test('every decimal digit that Unicode knows becomes the ASCII digit of its value', () => {
  let seen = 0;
  for (let codePoint = 128; codePoint <= 0x10ffff; codePoint++) {
    const character = String.fromCodePoint(codePoint);
    if (!/\p{Nd}/u.test(character)) continue;
    // Runs are of ten and in order; checked against the runtime's own view of the neighbours.
    const folded = foldDigits(character);
    expect(folded).toMatch(/^[0-9]$/);
    if (folded !== '0') expect(Number(foldDigits(String.fromCodePoint(codePoint - 1)))).toBe(Number(folded) - 1);
    seen++;
  }
  expect(seen).toBeGreaterThan(600);
  expect(seen % 10).toBe(0);
});

test('folding twice changes nothing more, whatever the text', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.nat(0xffff).map((unit) => String.fromCharCode(unit)) }), (text) => {
      expect(foldDigits(foldDigits(text))).toBe(foldDigits(text));
    }),
  );
});

test('noise goes: marks of direction, zero-width spaces, odd dashes and blanks, keycaps', () => {
  expect(foldNoise('\u200e0\ufe0f\u20e38\u00a01\u20132\u200b3\u3000\u2069')).toBe('08 1-23');
  expect(foldNoise('\t08\n1 ')).toBe('08 1');
  expect(foldNoise('①²')).toBe('12');
});
