import fc from 'fast-check';
import { expect, test } from 'vitest';

import { isRefusal } from '../refusals.ts';
import { expectSound, readVectors, valueOf } from './conformance.ts';
import type { Hints, IdentifierKind } from '../identifiers/identifier.ts';

/**
 * For tests only: what the types owe whose spellings are more than digits (addresses, sites, links, mail, wallets,
 * handles).
 */
export function testNetworkConformance(kind: IdentifierKind, alphabet: string): void {
  const vectors = readVectors(kind);

  test.each(vectors.valid)('$text is $key', ({ text, hints, key }) => {
    expect(kind.parse(text, hints)).toBe(key);
    expectSound(kind, key);
  });

  test.each(vectors.invalid)('$text is refused with $code', ({ text, hints, code }) => {
    const answer = kind.parse(text, hints);
    expect(answer).toMatchObject({ refused: code });
    // A refusal is logged and shown: what was typed must not be in it.
    if (isRefusal(answer))
      expect(Object.values(answer.params ?? {}).every((value) => typeof value === 'number')).toBe(true);
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

  test('blanks and invisible marks around a text never change its key', () => {
    const around = fc.string({
      unit: fc.constantFrom(' ', '\n', '\t', '\u00a0', '\u200b', '\u200e', '\u2066', '\u2069', '\ufeff'),
      maxLength: 6,
    });
    fc.assert(
      fc.property(around, fc.constantFrom(...vectors.valid), around, (before, { text, hints, key }, after) => {
        expect(kind.parse(before + text + after, hints)).toBe(key);
      }),
      { numRuns: 500 },
    );
  });

  test('any text gives a sound key or a coded refusal', () => {
    const mutated = fc
      .tuple(
        fc.constantFrom(...vectors.valid, ...vectors.invalid),
        fc.nat(),
        fc.string({ maxLength: 3, unit: 'binary' }),
      )
      .map(([{ text }, at, piece]) => {
        const position = at % (text.length + 1);
        return text.slice(0, position) + piece + text.slice(position + (at % 3));
      });
    const anything = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.string({ unit: fc.nat(0xffff).map((unit) => String.fromCharCode(unit)) }),
      fc.string({ unit: fc.constantFrom(...Array.from(alphabet)), maxLength: 60 }),
      mutated,
    );
    const hints = fc.constantFrom<Hints | undefined>(undefined, { country: 'TH' }, { country: 'VN', bank: '970436' });
    fc.assert(
      fc.property(anything, hints, (text, known) => expectSound(kind, kind.parse(text, known))),
      { numRuns: 5000 },
    );
  });

  test('a hostile megabyte is refused at once', () => {
    for (const unit of ['1', ' ', '\ud800', '\u0000', '๑', '[.]', 'a.', ':', '/', '@', '%2e', '[', 'xn--']) {
      expect(kind.parse(unit.repeat(1_000_000 / unit.length))).toMatchObject({ refused: 'identifier.too-long' });
    }
  });
}
