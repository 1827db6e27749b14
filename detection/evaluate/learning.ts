import { intoBins, type Matrix } from '../model/binning.ts';
import { usualBoosting, type Boosting, type Examples } from '../model/boosting.ts';
import { chanceOf, marginOf, type Forest } from '../model/forest.ts';
import { draw, openChance } from '../model/chance.ts';
import type { BoostingJob } from './boosting-job.ts';
import { boostAll } from './boosting-pool.ts';
import type { DataSet } from './data-set.ts';
import { replayOpinions, replayWindows, type Further, type Table } from './replay.ts';
import type { Slices } from './slices.ts';

/** Two forests: the first from windows; the second also from what the first thought of the payments around, and of this one. */
export interface Learnt {
  readonly table: Table;
  readonly first: Forest;
  readonly second: Forest;
  /** Of every row, by the second forest. */
  readonly margins: Float64Array<ArrayBuffer>;
  /** By a forest that knows only what the payment says itself. */
  readonly rawMargins: Float64Array<ArrayBuffer>;
}

export interface LearningOptions {
  readonly seed: number;
  readonly say: (text: string) => void;
  readonly further?: Further;
  /** What is other than usual. */
  readonly boosting?: Partial<Boosting>;
}

const folds = 4;
/** Of more rows than these, all that are illicit are learnt from, and of the others a sample. */
const learntMax = 100_000;
/** The windows' first columns: `openPaymentFacts`. */
export const rawColumns = 6;

/**
 * Learns from the training slice. The number of trees is that which does best on the choosing slice. The second forest must meet
 * opinions in training as it will later, so those of the training slice are given by forests that did not see the row: the
 * slice is cut into runs of time, and each is judged by a forest that learnt from the others.
 */
export async function learn(data: DataSet, slices: Slices, options: LearningOptions): Promise<Learnt> {
  const { labels, training, choosing, reporting } = slices;
  const { seed, say, further = () => [] } = options;
  const boosting: Boosting = { ...usualBoosting, ...options.boosting, seed };
  say(`Windows of ${data.at.length.toLocaleString('en')} payments`);
  const table = replayWindows(data, slices.places.length, further);
  const narrow = examplesOf(firstColumns(table.matrix, table.before), slices);
  const raw = examplesOf(firstColumns(table.matrix, rawColumns), slices);

  say('The first forest, and one from raw fields to compare with');
  const sample = sampleOf(training, labels, seed);
  const held = { chosen: sample, options: boosting, heldOut: choosing };
  const [first, rawForest] = await boostAll([
    { examples: narrow, ...held },
    { examples: raw, ...held },
  ]);

  const parts = partsOf(training);
  say(`Opinions of what is learnt from, by ${parts.length} forests`);
  const trees = first!.roots.length;
  const jobs = parts.map((part): BoostingJob => ({
    examples: narrow,
    chosen: sample.filter((row) => row < part[0]! || row > part.at(-1)!),
    options: { ...boosting, trees },
  }));
  const opinions = new Float32Array(labels.length);
  for (const rows of [choosing, reporting]) judge(first!, narrow.matrix, rows, opinions);
  for (const [index, forest] of (await boostAll(jobs)).entries()) judge(forest, narrow.matrix, parts[index]!, opinions);
  replayOpinions(data, table, opinions, further);

  say('The second forest');
  const [second] = await boostAll([{ examples: examplesOf(table.matrix, slices), ...held }]);
  return {
    table,
    first: first!,
    second: second!,
    margins: marginsOf(second!, table.matrix),
    rawMargins: marginsOf(rawForest!, raw.matrix),
  };
}

const examplesOf = (matrix: Matrix, { labels, training }: Slices): Examples => ({
  matrix,
  binned: intoBins(matrix, training),
  labels,
});

const marginsOf = (forest: Forest, { rows, columns, values }: Matrix): Float64Array<ArrayBuffer> =>
  Float64Array.from({ length: rows }, (_, row) => marginOf(forest, values, row * columns));

function judge(forest: Forest, { columns, values }: Matrix, rows: Int32Array, opinions: Float32Array): void {
  for (const row of rows) opinions[row] = chanceOf(marginOf(forest, values, row * columns));
}

function sampleOf(rows: Int32Array<ArrayBuffer>, labels: Uint8Array, seed: number): Int32Array<ArrayBuffer> {
  if (rows.length <= learntMax) return rows;
  const licit = rows.filter((row) => labels[row] === 0);
  const wanted = Math.min(licit.length, Math.max(learntMax / 2, learntMax - (rows.length - licit.length)));
  const drawn = new Set(Array.from(draw(licit.length, wanted, openChance(seed)), (place) => licit[place]!));
  return rows.filter((row) => labels[row] === 1 || drawn.has(row));
}

/** Runs of about the same length, in order of time. */
function partsOf(rows: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer>[] {
  const size = Math.ceil(rows.length / folds);
  return Array.from({ length: folds }, (_, part) => rows.slice(part * size, (part + 1) * size)).filter(
    (part) => part.length > 0,
  );
}

function firstColumns({ rows, columns, values }: Matrix, kept: number): Matrix {
  const narrow = new Float32Array(new SharedArrayBuffer(rows * kept * Float32Array.BYTES_PER_ELEMENT));
  for (let row = 0; row < rows; row += 1) narrow.set(values.subarray(row * columns, row * columns + kept), row * kept);
  return { rows, columns: kept, values: narrow };
}
