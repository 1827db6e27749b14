import { expect, test } from 'vitest';

import {
  passesCreditCodeCheck,
  passesMod97,
  passesThaiCheck,
  passesVietnameseTaxCheck,
  residentCheck,
} from './check-digits.ts';

test('each rule accepts its public example', () => {
  expect(passesThaiCheck('1101700230708')).toBe(true);
  // GB 11643-1999, annex.
  expect(residentCheck('11010519491231002')).toBe('X');
  expect(residentCheck('44052418800101001')).toBe('4');
  expect(passesMod97('GB82WEST12345698765432')).toBe(true);
});

test('each rule notices a wrong or malformed number', () => {
  expect(passesThaiCheck('1101700230709')).toBe(false);
  expect(passesThaiCheck('110170023070')).toBe(false);
  expect(passesCreditCodeCheck('91110000100000001I')).toBe(false);
  expect(passesCreditCodeCheck('')).toBe(false);
  expect(passesVietnameseTaxCheck('0123456789')).toBe(false);
  expect(passesMod97('GB82WEST12345698765433')).toBe(false);
  expect(passesMod97('GB82 WEST')).toBe(false);
});
