import fc from 'fast-check';
import { expect, test } from 'vitest';
import { binOf, intoBins } from './binning.ts';
import { boost, usualBoosting } from './boosting.ts';
import { chanceOf, contribute, firstTrees, marginOf, type Forest } from './forest.ts';
import { averagePrecision } from './precision.ts';
import { examplesOf, makeExamples, rowsFrom } from './test-examples.ts';

const examples = makeExamples(3000, 7);
const { matrix, labels } = examples;
const options = { ...usualBoosting, trees: 60, columnShare: 1, leaves: 8 };
const learnFrom = rowsFrom(0, 2000);
const heldOut = rowsFrom(2000, 3000);

const precisionOf = (forest: Forest, rows: Int32Array): number =>
  averagePrecision(
    Float64Array.from(rows, (row) => marginOf(forest, matrix.values, row * matrix.columns)),
    Uint8Array.from(rows, (row) => labels[row]!),
  );

test('a forest finds what hangs on two features together, in rows that it has not seen', () => {
  const forest = boost(examples, learnFrom, options);
  expect(precisionOf(forest, heldOut)).toBeGreaterThan(0.93);
});

test('the same rows and seed give the same forest, another seed another one', () => {
  const [one, same] = [boost(examples, learnFrom, options, heldOut), boost(examples, learnFrom, options, heldOut)];
  expect(same).toEqual(one);
  expect(boost(examples, learnFrom, { ...options, seed: 2 }, heldOut)).not.toEqual(one);
});

test('with held-out rows it keeps the trees that do best there', () => {
  const long = { ...options, trees: 400, patience: 20 };
  const kept = boost(examples, learnFrom, long, heldOut);
  expect(kept.roots.length).toBeLessThan(400);
  for (let trees = 5; trees < kept.roots.length; trees += 5)
    expect(precisionOf(firstTrees(kept, trees), heldOut)).toBeLessThanOrEqual(precisionOf(kept, heldOut));
});

test('that a value is not known can be what tells', () => {
  const rows = 400;
  const values = Float32Array.from({ length: rows }, (_, row) => (row % 4 === 0 ? Number.NaN : row));
  const unknown = Uint8Array.from({ length: rows }, (_, row) => (row % 4 === 0 ? 1 : 0));
  const forest = boost(examplesOf({ rows, columns: 1, values }, unknown), rowsFrom(0, rows), options);
  expect(chanceOf(marginOf(forest, Float32Array.of(Number.NaN)))).toBeGreaterThan(0.9);
  expect(chanceOf(marginOf(forest, Float32Array.of(33)))).toBeLessThan(0.1);
  expect(chanceOf(marginOf(forest, Float32Array.of(1e9)))).toBeLessThan(0.1);
});

test('where nothing tells the rows apart, the chance is their share', () => {
  const rows = 200;
  const quarter = Uint8Array.from({ length: rows }, (_, row) => (row % 4 === 0 ? 1 : 0));
  const flat = examplesOf({ rows, columns: 1, values: new Float32Array(rows) }, quarter);
  expect(chanceOf(marginOf(boost(flat, rowsFrom(0, rows), options), Float32Array.of(0)))).toBeCloseTo(0.25, 1);
});

test('contributions and base sum to the margin, of any row', () => {
  const forest = boost(examples, learnFrom, options);
  const value = fc.oneof(fc.float({ noDefaultInfinity: true }), fc.constant(Number.NaN));
  fc.assert(
    fc.property(fc.array(value, { minLength: 4, maxLength: 4 }), (values) => {
      const row = Float32Array.from(values);
      const contributions = new Float64Array(4);
      const base = contribute(forest, row, contributions);
      expect(contributions.reduce((sum, part) => sum + part, base)).toBeCloseTo(marginOf(forest, row), 9);
    }),
  );
});

test('bins keep the order of values, and part what the forest parts', () => {
  const Value = fc.oneof(fc.float(), fc.integer({ min: -3, max: 3 }), fc.constant(Number.NaN));
  fc.assert(
    fc.property(fc.array(Value, { minLength: 1, maxLength: 300 }), (list) => {
      const values = Float32Array.from(list);
      const { bins, edges } = intoBins({ rows: values.length, columns: 1, values }, rowsFrom(0, values.length));
      for (const [row, value] of values.entries()) {
        const bin = bins[row]!;
        expect(bin).toBe(binOf(value, edges[0]!));
        if (Number.isNaN(value)) expect(bin).toBe(0);
        for (const [index, edge] of edges[0]!.entries()) if (bin > 0) expect(bin <= index + 1).toBe(value <= edge);
      }
    }),
  );
});

test('average precision is the mean of the precision at each positive', () => {
  const labels = Uint8Array.of(1, 0, 1, 0, 1);
  expect(averagePrecision(Float64Array.of(5, 4, 3, 2, 1), labels)).toBeCloseTo((1 + 2 / 3 + 3 / 5) / 3);
  expect(averagePrecision(Float64Array.of(1, 1, 1, 1, 1), labels)).toBeCloseTo(3 / 5);
  expect(averagePrecision(Float64Array.of(1, 2), Uint8Array.of(0, 0))).toBe(0);
});
