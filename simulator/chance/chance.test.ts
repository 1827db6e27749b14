import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { exp, ln } from './arithmetic.ts';
import { chanceOf } from './chance.ts';
import { permutationOf } from './permutation.ts';
import { instant, letters } from './spelling.ts';

describe('chance', () => {
  test('a stream is the same on every machine', () => {
    const chance = chanceOf(7, 1, 2);
    const drawn = [
      chance.below(1_000_000),
      chance.around(100, 1),
      chance.waiting(10),
      chance.count(3),
      chance.count(500),
    ];
    expect(drawn).toEqual([866_540, 140.84411430761662, 4.822550367378314, 3, 515]);
  });

  test('streams of other names have nothing to do with each other', () => {
    const draws = (...name: number[]) =>
      Array.from(
        { length: 8 },
        (
          (chance) => () =>
            chance.next()
        )(chanceOf(...name)),
      );
    const all = [draws(7, 1), draws(7, 2), draws(8, 1), draws(7, 1, 0)].flat();
    expect(new Set(all).size).toBe(all.length);
    expect(draws(7, 1)).toEqual(draws(7, 1));
  });

  test('draws have the means that they promise', () => {
    const chance = chanceOf(1);
    const mean = (draw: () => number) =>
      Array.from({ length: 40_000 }, draw).reduce((sum, each) => sum + each, 0) / 40_000;
    expect(mean(() => chance.next())).toBeCloseTo(0.5, 1);
    expect(mean(() => chance.waiting(10)) / 10).toBeCloseTo(1, 1);
    expect(mean(() => chance.count(3)) / 3).toBeCloseTo(1, 1);
    expect(mean(() => chance.count(90)) / 90).toBeCloseTo(1, 1);
    expect(mean(() => Math.log(chance.around(100, 0.8))) - Math.log(100)).toBeCloseTo(0, 1);
  });

  test('the exponential and the logarithm are those of the engine to twelve digits', () => {
    fc.assert(
      fc.property(fc.double({ min: -30, max: 30, noNaN: true }), (x) => {
        expect(exp(x) / Math.exp(x)).toBeCloseTo(1, 11);
        expect(ln(exp(x)) - x).toBeCloseTo(0, 11);
      }),
    );
  });

  test('a permutation gives every number once', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3000 }), fc.nat(), (size, bits) => {
        const numbers = Array.from({ length: size }, (_, place) => permutationOf(size, bits)(place));
        expect(new Set(numbers).size).toBe(size);
        expect(Math.max(...numbers)).toBe(size - 1);
      }),
    );
  });

  test('instants are spelt as RFC 3339 says, and bits as seven letters each its own', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 4e12 }), (ms) => instant(ms) === new Date(ms).toISOString()));
    const all = Array.from({ length: 5000 }, (_, at) => letters((at * 858_993) >>> 0));
    expect(new Set(all).size).toBe(5000);
    expect(all.every((text) => /^[0-9a-z]{7}$/.test(text))).toBe(true);
    expect(letters(4294967295)).toBe((4294967295).toString(36).padStart(7, '0'));
  });
});
