/** Rows of features, one after the other. NaN is a value that is not known. */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly values: Float32Array;
}

/** A matrix with each value as the number of its bin: 0 is not known, bin n is what is at most `edges[n - 1]`. */
export interface Binned {
  readonly rows: number;
  readonly columns: number;
  readonly bins: Uint8Array;
  readonly edges: readonly Float32Array[];
}

export const binsMax = 64;
const cutsMax = binsMax - 2;

/** Rows from which the limits of bins are taken, spread evenly. */
const sampledMax = 20_000;

/** Puts all rows into bins; as limits, those that part the chosen rows into about equal bins, one for each value where there are few. */
export function intoBins({ rows, columns, values }: Matrix, chosen: Int32Array): Binned {
  const sampled = Math.min(sampledMax, chosen.length);
  const column = new Float32Array(sampled);
  const edges = Array.from({ length: columns }, (_, feature) => {
    let known = 0;
    for (let index = 0; index < sampled; index += 1) {
      const value = values[chosen[Math.floor((index * chosen.length) / sampled)]! * columns + feature]!;
      if (value === value) column[known++] = value;
    }
    return edgesOf(column.slice(0, known).sort());
  });
  const bins = new Uint8Array(new SharedArrayBuffer(rows * columns));
  for (let row = 0; row < rows; row += 1)
    for (let feature = 0; feature < columns; feature += 1)
      bins[row * columns + feature] = binOf(values[row * columns + feature]!, edges[feature]!);
  return { rows, columns, bins, edges };
}

/** Upper limits of all bins but the last, between values that there are. */
function edgesOf(sorted: Float32Array): Float32Array {
  const distinct: number[] = [];
  const counts: number[] = [];
  for (const value of sorted) {
    if (distinct.length > 0 && distinct[distinct.length - 1] === value) counts[counts.length - 1]! += 1;
    else {
      distinct.push(value);
      counts.push(1);
    }
  }
  const cuts: number[] = [];
  const perBin = distinct.length <= cutsMax ? 1 : sorted.length / cutsMax;
  let filled = 0;
  for (let index = 0; index + 1 < distinct.length; index += 1) {
    filled += counts[index]!;
    if (filled < perBin || cuts.length === cutsMax) continue;
    cuts.push(between(distinct[index]!, distinct[index + 1]!));
    filled = 0;
  }
  return Float32Array.from(cuts);
}

/** A limit that parts the two, also after it was rounded. */
function between(lower: number, upper: number): number {
  const middle = Math.fround(lower / 2 + upper / 2);
  return middle >= lower && middle < upper ? middle : lower;
}

export function binOf(value: number, edges: Float32Array): number {
  if (value !== value) return 0;
  let low = 0;
  let high = edges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (value <= edges[middle]!) high = middle;
    else low = middle + 1;
  }
  return low + 1;
}
