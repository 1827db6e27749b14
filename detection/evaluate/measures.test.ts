import fc from 'fast-check';
import { expect, test } from 'vitest';
import { qualityOf, quantile, thresholdOfBestF1, thresholdOfBudget } from './measures.ts';

const scores = Float64Array.of(0.9, 0.8, 0.7, 0.6, 0.5, 0.4);
const labels = Uint8Array.of(1, 0, 1, 1, 0, 0);

test('precision, recall and F1 are those of a table worked out by hand', () => {
  const quality = qualityOf(scores, labels, 0.65);
  expect(quality).toMatchObject({
    rows: 6,
    positives: 3,
    precision: 2 / 3,
    recall: 2 / 3,
    f1: 2 / 3,
    precisionTop1: 1,
  });
  expect(quality.prAuc).toBeCloseTo((1 + 2 / 3 + 3 / 4) / 3);
  expect(qualityOf(scores, labels, 1)).toMatchObject({ precision: 0, recall: 0, f1: 0 });
});

test('the threshold of the best F1 is where no other does better', () => {
  expect(thresholdOfBestF1(scores, labels)).toBe(0.6);
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 1 })), {
        minLength: 1,
        maxLength: 40,
      }),
      (rows) => {
        const scores = Float64Array.from(rows, ([score]) => score);
        const labels = Uint8Array.from(rows, ([, label]) => label);
        const best = qualityOf(scores, labels, thresholdOfBestF1(scores, labels)).f1;
        for (const other of scores) expect(qualityOf(scores, labels, other).f1).toBeLessThanOrEqual(best + 1e-12);
      },
    ),
  );
});

test('a budget is never exceeded, and equal scores stay out together', () => {
  expect(thresholdOfBudget(scores, 2)).toBe(0.8);
  expect(thresholdOfBudget(scores, 6)).toBe(0.4);
  expect(thresholdOfBudget(Float64Array.of(1, 2, 2, 3), 2)).toBe(3);
  expect(thresholdOfBudget(scores, 0)).toBe(Number.POSITIVE_INFINITY);
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 40 }),
      fc.nat({ max: 50 }),
      (list, budget) => {
        const threshold = thresholdOfBudget(Float64Array.from(list), budget);
        expect(list.filter((score) => score >= threshold).length).toBeLessThanOrEqual(budget);
      },
    ),
  );
});

test('quantiles of few numbers', () => {
  expect(quantile([3, 1, 2], 0.5)).toBe(2);
  expect(quantile([3, 1, 2], 0.9)).toBe(3);
  expect(quantile([], 0.5)).toBeNaN();
});
