import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

import { isRefusal, type Refusal } from '../refusals.ts';
import type { Hints, IdentifierKind, Key } from '../identifiers/identifier.ts';

/** For tests only: what every type of identifier owes, so that each type's test says it in one line. */
interface Vectors {
  readonly type: string;
  readonly valid: readonly {
    readonly text: string;
    readonly hints?: Hints;
    readonly key: Key;
    readonly note?: string;
  }[];
  readonly invalid: readonly {
    readonly text: string;
    readonly hints?: Hints;
    readonly code: string;
    readonly note?: string;
  }[];
}

export function readVectors(kind: IdentifierKind): Vectors {
  const url = new URL(`./identifiers/${kind.type}.json`, import.meta.url);
  const vectors: Vectors = JSON.parse(readFileSync(url, 'utf8'));
  return vectors;
}

export function valueOf(key: Key): string {
  return key.slice(key.indexOf(':') + 1);
}

/** What must hold of any answer, whatever was asked. */
export function expectSound(kind: IdentifierKind, answer: Key | Refusal): void {
  if (isRefusal(answer)) {
    expect(answer.refused).toMatch(/^identifier(?:\.[a-z0-9]+(?:-[a-z0-9]+)*)+$/);
    return;
  }
  // A PromptPay proxy, for one, is answered with a key of another type, whose own parser is then responsible.
  if (!answer.startsWith(`${kind.type}:`)) return;
  const value = valueOf(answer);
  expect(kind.parse(value)).toBe(answer);
  expect(kind.caption(value)).not.toBe('');
  expect(kind.mask(value)).toContain('•');
}

const noise = fc.constantFrom('\u200b', '\u200e', '\u2069', '\ufeff', '\u00ad', '\ufe0f');
const zeros = [0x0966, 0x0e50, 0x0ed0, 0x1040, 0x1090, 0x17e0, 0xff10, 0x1d7ce];

/** The same text in the digits of other scripts, with invisible characters between. */
function disguised(text: string): fc.Arbitrary<string> {
  const parts = Array.from(text, (character) => {
    const digit = character >= '0' && character <= '9';
    const spelled = digit
      ? fc.constantFrom(48, ...zeros).map((zero) => String.fromCodePoint(zero + Number(character)))
      : fc.constant(character);
    return fc
      .tuple(spelled, fc.oneof({ weight: 6, arbitrary: fc.constant('') }, { weight: 1, arbitrary: noise }))
      .map((pair) => pair.join(''));
  });
  return fc.tuple(...parts).map((all) => all.join(''));
}

export function testConformance(kind: IdentifierKind, hints: readonly (Hints | undefined)[]): void {
  const vectors = readVectors(kind);

  test.each(vectors.valid)('$text is $key', ({ text, hints: known, key }) => {
    expect(kind.parse(text, known)).toBe(key);
    expectSound(kind, key);
  });

  test.each(vectors.invalid)('$text is refused with $code', ({ text, hints: known, code }) => {
    const answer = kind.parse(text, known);
    expect(answer).toMatchObject({ refused: code });
    // A refusal is logged and shown: what was typed must not be in it.
    if (isRefusal(answer) && /\d{4}/.test(text)) expect(JSON.stringify(answer)).not.toMatch(/\d{4}/);
  });

  test('the published vectors are many enough and of this type', () => {
    expect(vectors.type).toBe(kind.type);
    expect(vectors.valid.length).toBeGreaterThanOrEqual(30);
    expect(vectors.invalid.length).toBeGreaterThanOrEqual(20);
  });

  const own = vectors.valid.filter(({ key }) => key.startsWith(`${kind.type}:`));

  test('a caption is a spelling of its key, and a mask is not', () => {
    for (const { key } of own) {
      expect(kind.parse(kind.caption(valueOf(key)))).toBe(key);
      expect(isRefusal(kind.parse(kind.mask(valueOf(key))))).toBe(true);
    }
  });

  test('native digits and invisible characters never change a key', () => {
    // The bytes of a QR code are under a CRC, so nothing can be folded there.
    const plain = vectors.valid.filter(({ text }) => !text.startsWith('000201'));
    const spellings = fc
      .constantFrom(...plain)
      .chain((vector) => fc.tuple(fc.constant(vector), disguised(vector.text)));
    fc.assert(
      fc.property(spellings, ([{ key, hints: known }, text]) => {
        expect(kind.parse(text, known)).toBe(key);
      }),
      { numRuns: 1000 },
    );
  });

  test('any text gives a sound key or a coded refusal', () => {
    const mutated = fc
      .tuple(fc.constantFrom(...vectors.valid), fc.nat(), fc.string({ maxLength: 3 }))
      .map(([{ text }, at, piece]) => {
        const position = at % (text.length + 1);
        return text.slice(0, position) + piece + text.slice(position + (at % 3));
      });
    const numeric = fc.string({ unit: fc.constantFrom(...'0123456789+-.: ()/@ABFX'), maxLength: 40 });
    const anything = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.string({ unit: fc.nat(0xffff).map((unit) => String.fromCharCode(unit)) }),
      mutated,
      numeric,
    );
    fc.assert(
      fc.property(anything, fc.constantFrom(...hints), (text, known) => expectSound(kind, kind.parse(text, known))),
      { numRuns: 5000 },
    );
  });

  test('a hostile megabyte is refused at once', () => {
    for (const unit of ['1', ' ', '\ud800', '\u0000', '๑', '000201', 'A:', '(']) {
      expect(kind.parse(unit.repeat(1_000_000 / unit.length))).toMatchObject({ refused: 'identifier.too-long' });
    }
  });
}
