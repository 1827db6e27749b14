import { averagePrecision, ranked } from '../model/precision.ts';

/** How well scores of rows tell the positive ones. */
export interface Quality {
  readonly rows: number;
  readonly positives: number;
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  readonly prAuc: number;
  /** Of the 1 % of rows with the highest scores, how many are positive. */
  readonly precisionTop1: number;
}

export function qualityOf(scores: Float64Array, labels: Uint8Array, threshold: number): Quality {
  let [flagged, hits, positives] = [0, 0, 0];
  for (const [row, label] of labels.entries()) {
    positives += label;
    if (scores[row]! < threshold) continue;
    flagged += 1;
    hits += label;
  }
  const top = ranked(scores).subarray(0, Math.max(1, Math.floor(labels.length / 100)));
  return {
    rows: labels.length,
    positives,
    precision: flagged === 0 ? 0 : hits / flagged,
    recall: positives === 0 ? 0 : hits / positives,
    f1: flagged + positives === 0 ? 0 : (2 * hits) / (flagged + positives),
    prAuc: averagePrecision(scores, labels),
    precisionTop1: top.reduce((sum, row) => sum + labels[row]!, 0) / top.length,
  };
}

/** The score from which on flagging gives the highest F1. */
export function thresholdOfBestF1(scores: Float64Array, labels: Uint8Array): number {
  const order = ranked(scores);
  const positives = labels.reduce((sum, label) => sum + label, 0);
  let [hits, best, threshold] = [0, -1, Number.POSITIVE_INFINITY];
  for (const [index, row] of order.entries()) {
    hits += labels[row]!;
    const next = order[index + 1];
    // Equal scores are flagged together or not at all.
    if (next !== undefined && scores[next] === scores[row]) continue;
    const f1 = (2 * hits) / (index + 1 + positives);
    if (f1 <= best) continue;
    best = f1;
    threshold = scores[row]!;
  }
  return threshold;
}

/** The lowest score from which on no more than so many rows are flagged. */
export function thresholdOfBudget(scores: Float64Array, flagsMax: number): number {
  const order = ranked(scores);
  if (order.length <= flagsMax) return scores[order[order.length - 1]!] ?? Number.POSITIVE_INFINITY;
  const over = scores[order[Math.floor(flagsMax)]!]!;
  // Those that score like the first one too many stay out with it.
  let threshold = Number.POSITIVE_INFINITY;
  for (let index = Math.floor(flagsMax) - 1; index >= 0; index -= 1) {
    if (scores[order[index]!]! > over) {
      threshold = scores[order[index]!]!;
      break;
    }
  }
  return threshold;
}

/** The value below which so large a share lies, of numbers in any order; NaN of none. */
export function quantile(numbers: readonly number[], share: number): number {
  if (numbers.length === 0) return Number.NaN;
  const sorted = [...numbers].sort((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? sorted[0]!;
}
