import fc from 'fast-check';
import type { Field, Form } from '../fields.ts';
import { languages } from '../languages.ts';

/** Random values of a form, hostile ones among them, and what of them a reader must find. */

export const someKeys = [
  'account:TH:014:1234567890',
  'account:KH:bakong:sok.dara@aba',
  'account:VN:970436:0123456789',
  'phone:+66812345678',
  'domain:example.com',
  'url:https://example.com/login?next=%2Fa',
  'wallet:tron:TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t',
  'handle:nobody:knows',
  'no key at all',
] as const;

/** From 1990 to 2099. */
const instant = fc.integer({ min: 631_152_000_000, max: 4_102_444_799_999 }).map((ms) => new Date(ms).toISOString());
const currency = fc.constantFrom('CNY', 'KHR', 'LAK', 'MMK', 'THB', 'USD', 'VND', 'XYZ');
const amount = fc.record({ value: fc.bigInt({ min: 1n, max: 10n ** 18n - 1n }).map(String), currency });
/** With an unseen mark now and then, and marks of HTML. */
const line = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }).filter((text) => text.trim() !== '');
export const freeText = fc.record({
  language: fc.constantFrom(...languages),
  text: fc.array(line, { minLength: 1, maxLength: 4 }).map((lines) => lines.join('\n')),
});
const key = fc.constantFrom(...someKeys);
const payment = fc.record(
  { from: key, to: key, amount, at: instant, reference: fc.stringMatching(/^[\x21-\x7e]{1,64}$/) },
  { requiredKeys: ['amount', 'at'] },
);

function valueOf({ type, codes = [] }: Field): fc.Arbitrary<unknown> {
  switch (type) {
    case 'key':
      return key;
    case 'keys':
      return fc.array(key, { minLength: 1, maxLength: 4 });
    case 'amount':
      return amount;
    case 'instant':
      return instant;
    case 'text':
      return freeText;
    case 'name':
      return line;
    case 'country':
      return fc.constantFrom('TH', 'CI', 'TR', 'ZZ', 'QQ', 'US');
    case 'code':
      return fc.constantFrom(...codes);
    case 'codes':
      return fc.uniqueArray(fc.constantFrom(...codes), { minLength: 1 });
    case 'count':
      return fc.nat(1_000_000_000);
    case 'flag':
      return fc.boolean();
    case 'id':
      return fc.uuid();
    case 'payments':
      return fc.array(payment, { minLength: 1, maxLength: 4 });
    default:
      return type satisfies never;
  }
}

export function valuesOf(form: Form): fc.Arbitrary<Record<string, unknown>> {
  const fields = Object.entries(form);
  return fc.record(Object.fromEntries(fields.map(([name, field]) => [name, valueOf(field)])), {
    requiredKeys: fields.filter(([, { required }]) => required).map(([name]) => name),
  });
}
