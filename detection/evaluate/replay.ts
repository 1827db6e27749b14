import type { FeatureSource, PaymentSight } from '../features/payment-sight.ts';
import { openWindowFeatures } from '../features/window-features.ts';
import type { Matrix } from '../model/binning.ts';
import { openScoreRows, type ScoreRows } from '../model/score-rows.ts';
import type { DataSet } from './data-set.ts';

/** The rows of all judged payments. */
export interface Table {
  readonly matrix: Matrix;
  readonly names: readonly string[];
  /** How many of the columns are there before there is an opinion. */
  readonly before: number;
}

/** Opens sources beside the windows, such as verdicts of detectors, anew for each pass. */
export type Further = () => readonly FeatureSource[];

const remembered = 2 ** 18;

/** Windows as large as the data want, and no larger than a live engine's. */
export const openWindowsFor = (data: DataSet) =>
  openWindowFeatures({ accounts: Math.max(1, data.accounts), pairs: Math.min(remembered, data.at.length + 1) });

/** A table with all columns but those of opinions filled, in one pass in order of time. */
export function replayWindows(data: DataSet, rows: number, further: Further): Table {
  const scored = openScoreRows(openWindowsFor(data), further());
  const columns = scored.names.length;
  const values = new Float32Array(new SharedArrayBuffer(rows * columns * Float32Array.BYTES_PER_ELEMENT));
  const row = new Float32Array(columns);
  pass(data, scored, (payment, number) => {
    scored.read(payment, row);
    values.set(row, number * columns);
    return 0;
  });
  return { matrix: { rows, columns, values }, names: scored.names, before: scored.before };
}

/** Fills the columns of opinions, in a second pass: what the first opinions of all earlier payments, and of this one, were. */
export function replayOpinions(
  data: DataSet,
  { matrix, before }: Table,
  opinions: Float32Array,
  further: Further,
): void {
  const scored = openScoreRows(openWindowsFor(data), further());
  const { columns, values } = matrix;
  const row = new Float32Array(columns);
  pass(data, scored, (payment, number) => {
    scored.read(payment, row);
    scored.readOpinions(payment, opinions[number]!, row);
    values.set(row.subarray(before), number * columns + before);
    return opinions[number]!;
  });
}

/** Shows each payment in turn, judged ones first to `judge`, which gives the opinion that they are noted with. */
function pass(data: DataSet, scored: ScoreRows, judge: (payment: PaymentSight, number: number) => number): void {
  const sight = openSight(data);
  let number = 0;
  for (let place = 0; place < data.at.length; place += 1) {
    const payment = sight(place);
    scored.note(payment, data.judged[place] === 1 ? judge(payment, number++) : 0);
  }
}

/** Shows one payment after the other, always in the same object. */
export function openSight(data: DataSet): (place: number) => PaymentSight {
  const sight = { atMs: 0, from: -1, to: -1, usd: 0, channel: 0, fromBalance: Number.NaN, toBalance: Number.NaN };
  return (place) => {
    sight.atMs = data.at[place]!;
    sight.from = data.from[place]!;
    sight.to = data.to[place]!;
    sight.usd = data.usd[place]!;
    sight.channel = data.channel[place]!;
    sight.fromBalance = data.fromBalance[place]!;
    sight.toBalance = data.toBalance[place]!;
    return sight;
  };
}
