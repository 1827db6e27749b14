import { intoBins, type Matrix } from './binning.ts';
import type { Examples } from './boosting.ts';
import { openChance } from './chance.ts';

/** Rows of chance whose label hangs on the first two of four columns together, the third now and then unknown, the fourth noise. */
export function makeExamples(rows: number, seed: number): Examples {
  const chance = openChance(seed);
  const columns = 4;
  const values = new Float32Array(rows * columns);
  const labels = new Uint8Array(rows);
  for (let row = 0; row < rows; row += 1) {
    const [one, other, noise] = [chance(), chance(), chance()];
    const isPositive = one > 0.6 !== other > 0.6 ? chance() < 0.9 : chance() < 0.05;
    labels[row] = isPositive ? 1 : 0;
    values.set([one, other, isPositive && noise < 0.5 ? Number.NaN : noise, chance()], row * columns);
  }
  return examplesOf({ rows, columns, values }, labels);
}

export const examplesOf = (matrix: Matrix, labels: Uint8Array): Examples => ({
  matrix,
  binned: intoBins(matrix, rowsFrom(0, matrix.rows)),
  labels,
});

export const rowsFrom = (from: number, to: number): Int32Array<ArrayBuffer> =>
  Int32Array.from({ length: to - from }, (_, index) => from + index);
