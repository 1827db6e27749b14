import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nameOfText, openRecent } from './recent.ts';

describe('what was noted last', () => {
  test('is known until there is no room, and never mistaken for another name', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 1, max: 2 ** 52 }), fc.nat(1000))),
        fc.boolean(),
        (notes, inSequence) => {
          const recent = openRecent(64, { inSequence });
          const model = new Map<number, number>();
          for (const [name, value] of notes) {
            recent.set(name, value);
            model.set(name, value);
            expect(recent.get(name)).toBe(value);
          }
          for (const [name, value] of model) expect([value, Number.NaN]).toContain(recent.get(name));
        },
      ),
    );
  });

  test('names of texts differ, and are the same each time', () => {
    const names = new Set<number>();
    for (let i = 0; i < 100_000; i += 1) names.add(nameOfText(`account:TH:014:${i}`));
    expect(names.size).toBe(100_000);
    expect(nameOfText('a', 1)).not.toBe(nameOfText('a', 2));
    for (const name of names) expect(Number.isSafeInteger(name) && name > 0).toBe(true);
  });
});
