import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

import { isRefusal } from '../refusals.ts';
import { readVectors } from '../vectors/conformance.ts';
import { identifierTypes } from './identifier.ts';
import type { Hints, Key } from './identifier.ts';
import { caption, guess, mask, parse, typeOf, valueOf } from './identifiers.ts';
import { phone } from './phone.ts';

interface GuessVectors {
  readonly valid: readonly { readonly text: string; readonly hints?: Hints; readonly key: Key }[];
  readonly invalid: readonly { readonly text: string; readonly hints?: Hints; readonly code: string }[];
}

const vectors: GuessVectors = JSON.parse(
  readFileSync(new URL('../vectors/identifiers/guess.json', import.meta.url), 'utf8'),
);
const published = identifierTypes.map((type) => readVectors({ ...phone, type }));

describe('identifiers', () => {
  test.each(vectors.valid)('$text is $key', ({ text, hints, key }) => {
    expect(parse(text, hints)).toBe(key);
    expect(guess(text, hints)[0]).toBe(key);
  });

  test.each(vectors.invalid)('$text is refused with $code', ({ text, hints, code }) => {
    expect(parse(text, hints)).toMatchObject({ refused: code });
  });

  test('there are vectors for more than thirty texts and twenty refusals', () => {
    expect(vectors.valid.length).toBeGreaterThanOrEqual(30);
    expect(vectors.invalid.length).toBeGreaterThanOrEqual(20);
  });

  test('a key of any type parses to itself, and to the type and value that it names', () => {
    for (const { valid } of published) {
      for (const { key } of valid) {
        expect(parse(key)).toBe(key);
        expect(`${typeOf(key)}:${valueOf(key)}`).toBe(key);
        expect(guess(key)).toEqual([key]);
        expect(caption(key)).not.toBe('');
        expect(mask(key)).toContain('•');
        expect(mask(key)).not.toContain(valueOf(key));
      }
    }
  });

  test('the type in the hints or in front of the text asks that type alone', () => {
    for (const { type, valid, invalid } of published) {
      for (const { text, hints, key } of valid) {
        // A key that stands in the text already says its type.
        expect(
          parse(text, { ...hints, type: typeOf(key) === type ? typeOf(key) : (type as Hints['type'] & string) }),
        ).toBe(key);
      }
      for (const { text, hints, code } of invalid) {
        expect(parse(`${type}:${text}`, hints)).toMatchObject({ refused: code });
      }
    }
  });

  test('names from an object prototype are no types', () => {
    for (const name of Object.getOwnPropertyNames(Object.prototype)) {
      expect(parse(`${name}:x`)).toMatchObject({ refused: 'identifier.unrecognised' });
      expect(parse('x', { type: name as 'phone' })).toMatchObject({ refused: 'identifier.unknown-type' });
      expect(mask(`${name}:x` as Key)).toBe('•••');
    }
  });

  test('several readings are all offered, the best first', () => {
    expect(guess('1234567890', { country: 'TH', bank: '014' })).toEqual([
      'account:TH:014:1234567890',
      'phone:+661234567890',
    ]);
    expect(guess('t.me/Some_Name')).toEqual(['handle:telegram:some_name', 'url:t.me/Some_Name']);
    expect(guess('line up')).toEqual([]);
    expect(guess('line some_name')).toEqual(['handle:line:some_name']);
    expect(parse('line some_name')).toEqual({ refused: 'identifier.ambiguous', params: { candidates: 1 } });
    expect(guess('hello world')).toEqual([]);
    expect(guess('x'.repeat(10_000))).toEqual([]);
  });

  test('any text gives a key that parses to itself, or a coded refusal; each guess is a key', () => {
    const texts = [...vectors.valid, ...vectors.invalid, ...published.flatMap(({ valid }) => valid)].map(
      ({ text }) => text,
    );
    const mutated = fc
      .tuple(fc.constantFrom(...texts), fc.nat(), fc.string({ maxLength: 3 }))
      .map(([text, at, piece]) => {
        const position = at % (text.length + 1);
        return text.slice(0, position) + piece + text.slice(position + (at % 3));
      });
    const anything = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 100 }),
      fc.string({ unit: fc.nat(0xffff).map((unit) => String.fromCharCode(unit)) }),
      mutated,
    );
    const hints = fc.constantFrom<Hints | undefined>(
      undefined,
      { country: 'TH' },
      { country: 'MM' },
      { country: 'VN', bank: '970436' },
    );
    fc.assert(
      fc.property(anything, hints, (text, known) => {
        const answer = parse(text, known);
        if (isRefusal(answer)) expect(answer.refused).toMatch(/^identifier(?:\.[a-z0-9]+(?:-[a-z0-9]+)*)+$/);
        else expect(parse(answer)).toBe(answer);
        for (const key of guess(text, known)) expect(parse(key)).toBe(key);
      }),
      { numRuns: 5000 },
    );
  });

  test('a hostile text is refused soon', { timeout: 10_000 }, () => {
    const units = '1| |\ud800|\u0000|๑|[.]|a.|:|/|@|%2e|[|ဝ|ဝ |၁ဝ|ေ|(|+|0x|T|.|a|1 |xn--'.split('|');
    for (const unit of units) {
      for (const length of [8192, 1_000_000]) {
        const text = unit.repeat(length / unit.length);
        expect(isRefusal(parse(text, { country: 'MM', bank: 'KBZ' }))).toBe(true);
        expect(isRefusal(parse(`${text}x`, { country: 'MM' }))).toBe(true);
      }
    }
  });
});
