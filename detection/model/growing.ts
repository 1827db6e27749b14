import { binsMax, type Binned } from './binning.ts';
import type { GrownTree } from './forest.ts';

export interface Growth {
  readonly leaves: number;
  /** The least sum of hessians in a leaf. */
  readonly weightMin: number;
  readonly lambda: number;
  readonly rate: number;
}

/** Rows of a leaf are `order[from … to)`; its histogram is in the pool. */
interface Leaf {
  readonly node: number;
  readonly from: number;
  readonly to: number;
  readonly gradient: number;
  readonly hessian: number;
  readonly pool: number;
  readonly split: Split;
}

interface Split {
  readonly gain: number;
  readonly feature: number;
  readonly bin: number;
  readonly isUnknownLeft: boolean;
  readonly gradientLeft: number;
  readonly hessianLeft: number;
}

const noSplit: Split = { gain: 0, feature: -1, bin: 0, isUnknownLeft: false, gradientLeft: 0, hessianLeft: 0 };

export interface Grower {
  /** Grows one tree, the leaf that gains most first, over these rows and features. */
  grow(rows: Int32Array, features: Int32Array): GrownTree;
}

/** Grows trees over binned rows from first and second derivatives, by histograms: a child's is its parent's less its sibling's. */
export function openGrower(binned: Binned, derivatives: Derivatives, growth: Growth): Grower {
  const { bins, rows: allRows, columns, edges } = binned;
  const { gradients, hessians } = derivatives;
  const { leaves, weightMin, lambda } = growth;
  const order = new Int32Array(allRows);
  const side = new Int32Array(allRows);
  const histograms = Array.from({ length: leaves + 1 }, () => new Float64Array(binned.columns * binsMax * 2));
  let chosen = new Int32Array();

  /** Row by row, so that one addition need not wait for the one before. */
  function fill(pool: number, from: number, to: number): void {
    const histogram = histograms[pool]!;
    const asked = chosen;
    const count = asked.length;
    histogram.fill(0, 0, count * binsMax * 2);
    for (let index = from; index < to; index += 1) {
      const row = order[index]!;
      const start = row * columns;
      const gradient = gradients[row]!;
      const hessian = hessians[row]!;
      for (let which = 0; which < count; which += 1) {
        const place = (which * binsMax + bins[start + asked[which]!]!) * 2;
        histogram[place] = histogram[place]! + gradient;
        histogram[place + 1] = histogram[place + 1]! + hessian;
      }
    }
  }

  function subtract(parent: number, child: number): void {
    const [of, minus] = [histograms[parent]!, histograms[child]!];
    const length = chosen.length * binsMax * 2;
    for (let index = 0; index < length; index += 1) of[index] = of[index]! - minus[index]!;
  }

  const worth = (gradient: number, hessian: number): number => (gradient * gradient) / (hessian + lambda);

  function bestSplit(pool: number, gradient: number, hessian: number): Split {
    const histogram = histograms[pool]!;
    const whole = worth(gradient, hessian);
    let best = noSplit;
    let bestGain = 1e-6;
    for (let which = 0; which < chosen.length; which += 1) {
      const base = which * binsMax * 2;
      const cuts = edges[chosen[which]!]!.length;
      const [unknownGradient, unknownHessian] = [histogram[base]!, histogram[base + 1]!];
      for (let way = 0; way < (unknownHessian > 0 ? 2 : 1); way += 1) {
        const isUnknownLeft = way === 1;
        let left = isUnknownLeft ? unknownGradient : 0;
        let weight = isUnknownLeft ? unknownHessian : 0;
        // The last step parts what is known from what is not.
        const last = cuts + (unknownHessian > 0 && !isUnknownLeft ? 1 : 0);
        for (let bin = 1; bin <= last; bin += 1) {
          left += histogram[base + bin * 2]!;
          weight += histogram[base + bin * 2 + 1]!;
          if (weight < weightMin) continue;
          if (hessian - weight < weightMin) break;
          const gain = worth(left, weight) + worth(gradient - left, hessian - weight) - whole;
          if (gain <= bestGain) continue;
          bestGain = gain;
          best = { gain, feature: chosen[which]!, bin, isUnknownLeft, gradientLeft: left, hessianLeft: weight };
        }
      }
    }
    return best;
  }

  /** Puts the rows that go left first; returns where those that go right begin. */
  function part(from: number, to: number, { feature, bin, isUnknownLeft }: Split): number {
    let left = from;
    let right = 0;
    for (let index = from; index < to; index += 1) {
      const row = order[index]!;
      const at = bins[row * columns + feature]!;
      if (at === 0 ? isUnknownLeft : at <= bin) order[left++] = row;
      else side[right++] = row;
    }
    order.set(side.subarray(0, right), left);
    return left;
  }

  return {
    grow(rows, features) {
      chosen = Int32Array.from(features);
      order.set(rows);
      const tree: GrownTree = { feature: [], threshold: [], unknownLeft: [], left: [], right: [], value: [] };
      const addNode = (gradient: number, hessian: number): number => {
        tree.feature.push(-1);
        tree.threshold.push(0);
        tree.unknownLeft.push(0);
        tree.left.push(0);
        tree.right.push(0);
        return tree.value.push((-growth.rate * gradient) / (hessian + lambda)) - 1;
      };
      let [gradient, hessian] = [0, 0];
      for (const row of rows) {
        gradient += gradients[row]!;
        hessian += hessians[row]!;
      }
      fill(0, 0, rows.length);
      const split = bestSplit(0, gradient, hessian);
      const open: Leaf[] = [
        { node: addNode(gradient, hessian), from: 0, to: rows.length, gradient, hessian, pool: 0, split },
      ];
      for (let count = 1; count < leaves; count += 1) {
        const next = open.reduce((best, leaf, index) => (leaf.split.gain > open[best]!.split.gain ? index : best), 0);
        const leaf = open[next]!;
        if (leaf.split.gain <= 0) break;
        const { feature, bin, isUnknownLeft, gradientLeft, hessianLeft } = leaf.split;
        const middle = part(leaf.from, leaf.to, leaf.split);
        const [gradientRight, hessianRight] = [leaf.gradient - gradientLeft, leaf.hessian - hessianLeft];
        const isLeftSmall = middle - leaf.from <= leaf.to - middle;
        fill(count, isLeftSmall ? leaf.from : middle, isLeftSmall ? middle : leaf.to);
        subtract(leaf.pool, count);
        const [poolLeft, poolRight] = isLeftSmall ? [count, leaf.pool] : [leaf.pool, count];
        const left = addNode(gradientLeft, hessianLeft);
        const right = addNode(gradientRight, hessianRight);
        tree.feature[leaf.node] = feature;
        tree.threshold[leaf.node] = edges[feature]![bin - 1] ?? Number.POSITIVE_INFINITY;
        tree.unknownLeft[leaf.node] = isUnknownLeft ? 1 : 0;
        tree.left[leaf.node] = left;
        tree.right[leaf.node] = right;
        open[next] = {
          node: left,
          from: leaf.from,
          to: middle,
          gradient: gradientLeft,
          hessian: hessianLeft,
          pool: poolLeft,
          split: bestSplit(poolLeft, gradientLeft, hessianLeft),
        };
        open.push({
          node: right,
          from: middle,
          to: leaf.to,
          gradient: gradientRight,
          hessian: hessianRight,
          pool: poolRight,
          split: bestSplit(poolRight, gradientRight, hessianRight),
        });
      }
      return tree;
    },
  };
}

/** Of the loss by the margin of each row. */
export interface Derivatives {
  readonly gradients: Float64Array;
  readonly hessians: Float64Array;
}
