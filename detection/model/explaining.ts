import { contribute, type Forest } from './forest.ts';

export interface Explanation {
  /** What the margin is without any of the contributions. */
  base: number;
  /** By column; of the last one, the first opinion, it is 0. */
  readonly contributions: Float64Array;
}

/**
 * How much each column of the row moved the margin of the second forest. The first opinion is no reason that helps anybody: its part
 * goes to the columns that it was formed from, by the size of what they moved there. Base and contributions sum to the margin.
 * The answer is overwritten by the next.
 */
export function openExplainer(
  forests: { readonly first: Forest; readonly second: Forest },
  columns: number,
): (row: Float32Array) => Explanation {
  const formedFrom = new Float64Array(columns);
  const explanation: Explanation = { base: 0, contributions: new Float64Array(columns) };
  return (row) => {
    const { contributions } = explanation;
    contributions.fill(0);
    formedFrom.fill(0);
    contribute(forests.first, row, formedFrom);
    explanation.base = contribute(forests.second, row, contributions);
    const opinion = contributions[columns - 1]!;
    contributions[columns - 1] = 0;
    let whole = 0;
    for (const weight of formedFrom) whole += Math.abs(weight);
    if (whole === 0) explanation.base += opinion;
    else
      for (let column = 0; column < columns; column += 1)
        contributions[column] = contributions[column]! + (opinion * Math.abs(formedFrom[column]!)) / whole;
    return explanation;
  };
}
