import type { FeatureSource, PaymentSight } from '../features/payment-sight.ts';
import type { WindowFeatures } from '../features/window-features.ts';

/**
 * The row of a payment as forests see it: windows, then further sources (verdicts of detectors), then what was thought of the payments
 * around, then the first opinion of this one. The first forest sees the first two parts, the second all.
 */
export interface ScoreRows {
  readonly names: readonly string[];
  /** How many columns there are before there is an opinion. */
  readonly before: number;
  read(payment: PaymentSight, row: Float32Array): void;
  readOpinions(payment: PaymentSight, opinion: number, row: Float32Array): void;
  /** The payment becomes history. The opinion of a payment with an end outside is 0. */
  note(payment: PaymentSight, opinion: number): void;
}

export function openScoreRows(windows: WindowFeatures, further: readonly FeatureSource[] = []): ScoreRows {
  const offsets: number[] = [];
  let before = windows.names.length;
  for (const { names } of further) {
    offsets.push(before);
    before += names.length;
  }
  const last = before + windows.opinionNames.length;
  return {
    names: [...windows.names, ...further.flatMap(({ names }) => names), ...windows.opinionNames, 'opinion.first'],
    before,
    read(payment, row) {
      windows.read(payment, row);
      for (let index = 0; index < further.length; index += 1) further[index]!.read(payment, row, offsets[index]!);
    },
    readOpinions(payment, opinion, row) {
      windows.readOpinions(payment, row, before);
      row[last] = opinion;
    },
    note: windows.note,
  };
}
