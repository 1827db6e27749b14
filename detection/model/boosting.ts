import type { Binned, Matrix } from './binning.ts';
import { draw, openChance } from './chance.ts';
import { chanceOf, firstTrees, plant, type Forest, type GrownTree } from './forest.ts';
import { openGrower, type Growth } from './growing.ts';
import { averagePrecision } from './precision.ts';

export interface Boosting extends Growth {
  readonly trees: number;
  /** Stops after so many trees that made the held-out rows no better, and keeps those before. */
  readonly patience: number;
  readonly rowShare: number;
  readonly columnShare: number;
  /** How much more a positive row weighs. */
  readonly positiveWeight: number;
  readonly seed: number;
}

export const usualBoosting: Boosting = {
  trees: 600,
  patience: 40,
  rate: 0.08,
  leaves: 24,
  weightMin: 4,
  lambda: 5,
  rowShare: 0.8,
  columnShare: 0.25,
  positiveWeight: 1,
  seed: 1,
};

export interface Examples {
  readonly matrix: Matrix;
  /** The same rows in bins, whose limits come from rows that may be learnt from. */
  readonly binned: Binned;
  /** 1 is positive. */
  readonly labels: Uint8Array;
}

/**
 * Gradient boosted trees for the log loss, over the chosen rows. With held-out rows, the number of trees is that of the best average
 * precision there; without, `trees`. The same input gives the same forest.
 */
export function boost(examples: Examples, chosen: Int32Array, options: Boosting, heldOut?: Int32Array): Forest {
  const { matrix, binned, labels } = examples;
  let positives = 0;
  for (const row of chosen) positives += labels[row]!;
  const bias = Math.log((positives * options.positiveWeight + 0.5) / (chosen.length - positives + 0.5));
  const chance = openChance(options.seed);
  const margins = new Float64Array(matrix.rows).fill(bias);
  const derivatives = { gradients: new Float64Array(matrix.rows), hessians: new Float64Array(matrix.rows) };
  const grower = openGrower(binned, derivatives, options);
  const watch = heldOut === undefined ? undefined : openWatch(labels, heldOut, margins);
  const grown: GrownTree[] = [];
  for (let number = 0; number < options.trees; number += 1) {
    const rows = draw(chosen.length, Math.max(1, Math.round(options.rowShare * chosen.length)), chance);
    for (let index = 0; index < rows.length; index += 1) {
      const row = chosen[rows[index]!]!;
      rows[index] = row;
      const guess = chanceOf(margins[row]!);
      const weight = labels[row] === 1 ? options.positiveWeight : 1;
      derivatives.gradients[row] = weight * (guess - labels[row]!);
      derivatives.hessians[row] = weight * guess * (1 - guess);
    }
    const features = draw(matrix.columns, Math.max(1, Math.round(options.columnShare * matrix.columns)), chance);
    const tree = grower.grow(rows, features);
    grown.push(tree);
    advance(tree, binned, chosen, margins);
    if (heldOut !== undefined && watch !== undefined) advance(tree, binned, heldOut, margins);
    if (watch !== undefined && watch.worseSince() >= options.patience) break;
  }
  const forest = plant(bias, grown);
  return watch === undefined ? forest : firstTrees(forest, watch.best());
}

/** Adds what the tree gives to the margins of these rows, from the bins. */
function advance(tree: GrownTree, { bins, columns, edges }: Binned, rows: Int32Array, margins: Float64Array): void {
  const { feature, threshold, unknownLeft, left, right, value } = tree;
  const cut = threshold.map((limit, node) => {
    const of = feature[node]!;
    if (of < 0) return 0;
    const place = edges[of]!.indexOf(limit);
    return place === -1 ? edges[of]!.length + 1 : place + 1;
  });
  for (const row of rows) {
    let node = 0;
    for (let asked = feature[node]!; asked >= 0; asked = feature[node]!) {
      const bin = bins[row * columns + asked]!;
      node = (bin === 0 ? unknownLeft[node] === 1 : bin <= cut[node]!) ? left[node]! : right[node]!;
    }
    margins[row] = margins[row]! + value[node]!;
  }
}

/** So many trees are added between two looks at the held-out rows. */
const lookEvery = 5;

/** Watches how well the held-out rows are told apart. */
function openWatch(labels: Uint8Array, heldOut: Int32Array, margins: Float64Array) {
  const wanted = Uint8Array.from(heldOut, (row) => labels[row]!);
  let trees = 0;
  let best = 0;
  let bestTrees = 0;
  return {
    /** After each tree: how many trees ago it was best. */
    worseSince(): number {
      trees += 1;
      if (trees % lookEvery !== 0) return trees - bestTrees;
      const precision = averagePrecision(
        Float64Array.from(heldOut, (row) => margins[row]!),
        wanted,
      );
      if (precision > best) {
        best = precision;
        bestTrees = trees;
      }
      return trees - bestTrees;
    },
    best: () => Math.max(1, bestTrees),
  };
}
