import fc from 'fast-check';
import { expect, test } from 'vitest';

import { luhnDigit, passesLuhn } from './luhn.ts';

test('the published example has check digit 3', () => {
  expect(luhnDigit('7992739871')).toBe('3');
  expect(passesLuhn('79927398713')).toBe(true);
});

test('any single wrong digit is noticed', () => {
  const digits = fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(digits, fc.nat(), fc.integer({ min: 1, max: 9 }), (number, at, change) => {
      const full = number + luhnDigit(number);
      const position = at % full.length;
      const wrong = (Number(full.charAt(position)) + change) % 10;
      expect(passesLuhn(full)).toBe(true);
      expect(passesLuhn(full.slice(0, position) + String(wrong) + full.slice(position + 1))).toBe(false);
    }),
  );
});
