import { expect, test } from 'vitest';
import { homeOf } from './home.ts';
import type { Key } from './identifier.ts';

test.each<[string, string | undefined]>([
  ['account:TH:014:1234567890', 'th'],
  ['account:KH:ABAAKHPP:000123456', 'kh'],
  ['account:DE:iban:DE89370400440532013000', 'de'],
  ['phone:+66812345678', 'th'],
  ['phone:+8562055512345', 'la'],
  ['phone:+14155550123', undefined],
  ['ip:203.0.113.7', undefined],
  ['person:TH:id:1234567890123', undefined],
  ['wallet:tron:TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t', undefined],
])('%s lives in %s', (key, home) => {
  expect(homeOf(key as Key)).toBe(home);
});
