/**
 * Trees in flat arrays. A node asks whether `row[feature] <= threshold`, and goes left if so, or if the value is not known and
 * `unknownLeft` is 1. `left` and `right` are places; a leaf has feature -1. The margin is `bias` and the value of one leaf a tree.
 */
export interface Forest {
  readonly bias: number;
  readonly roots: Int32Array;
  readonly feature: Int16Array;
  readonly threshold: Float32Array;
  readonly unknownLeft: Uint8Array;
  readonly left: Int32Array;
  readonly right: Int32Array;
  /** Of a leaf what it adds; of another node the mean of what the training rows below it get. */
  readonly value: Float32Array;
}

/** The log of the odds that the row is positive. */
export function marginOf(forest: Forest, row: Float32Array, offset = 0): number {
  let margin = forest.bias;
  for (let tree = 0; tree < forest.roots.length; tree += 1) margin += valueOf(forest, tree, row, offset);
  return margin;
}

export function valueOf(forest: Forest, tree: number, row: Float32Array, offset: number): number {
  const { feature, threshold, unknownLeft, left, right } = forest;
  let node = forest.roots[tree]!;
  for (let asked = feature[node]!; asked >= 0; asked = feature[node]!) {
    const value = row[offset + asked]!;
    node = value <= threshold[node]! || (value !== value && unknownLeft[node] === 1) ? left[node]! : right[node]!;
  }
  return forest.value[node]!;
}

/**
 * How much each feature moved this margin, added into `contributions`; returns the margin without any of them. At every step down a
 * tree the change of the mean below goes to the feature that was asked (path contributions), so that base and contributions
 * sum to the margin.
 */
export function contribute(forest: Forest, row: Float32Array, contributions: Float64Array): number {
  const { feature, threshold, unknownLeft, left, right, value } = forest;
  let base = forest.bias;
  for (const root of forest.roots) {
    base += value[root]!;
    let node = root;
    for (let asked = feature[node]!; asked >= 0; asked = feature[node]!) {
      const seen = row[asked]!;
      const isLeft = seen <= threshold[node]! || (seen !== seen && unknownLeft[node] === 1);
      const next = isLeft ? left[node]! : right[node]!;
      contributions[asked] = contributions[asked]! + value[next]! - value[node]!;
      node = next;
    }
  }
  return base;
}

export const chanceOf = (margin: number): number => 1 / (1 + Math.exp(-margin));

/** The first so many trees. */
export const firstTrees = (forest: Forest, trees: number): Forest => ({
  ...forest,
  roots: forest.roots.slice(0, trees),
});

/** A tree as it is grown: nodes in arrays that grow. */
export interface GrownTree {
  readonly feature: number[];
  readonly threshold: number[];
  readonly unknownLeft: number[];
  readonly left: number[];
  readonly right: number[];
  readonly value: number[];
}

export function plant(bias: number, trees: readonly GrownTree[]): Forest {
  const sizes = trees.map(({ feature }) => feature.length);
  const nodes = sizes.reduce((sum, size) => sum + size, 0);
  const forest: Forest = {
    bias,
    roots: new Int32Array(trees.length),
    feature: new Int16Array(nodes),
    threshold: new Float32Array(nodes),
    unknownLeft: new Uint8Array(nodes),
    left: new Int32Array(nodes),
    right: new Int32Array(nodes),
    value: new Float32Array(nodes),
  };
  let from = 0;
  for (const [number, tree] of trees.entries()) {
    forest.roots[number] = from;
    forest.feature.set(tree.feature, from);
    forest.threshold.set(tree.threshold, from);
    forest.unknownLeft.set(tree.unknownLeft, from);
    forest.value.set(tree.value, from);
    for (const [node, left] of tree.left.entries()) {
      forest.left[from + node] = from + left;
      forest.right[from + node] = from + tree.right[node]!;
    }
    from += tree.feature.length;
  }
  return forest;
}
