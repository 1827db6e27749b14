/** Places from the highest score to the lowest; of equal scores the earlier place comes first. */
export function ranked(scores: Float64Array): Uint32Array {
  const order = Uint32Array.from(scores, (_, place) => place);
  return order.sort((one, other) => scores[other]! - scores[one]! || one - other);
}

/** The area under the curve of precision and recall, by steps: the mean precision at each positive. Equal scores share a step. */
export function averagePrecision(scores: Float64Array, labels: Uint8Array): number {
  const order = ranked(scores);
  let [found, seen, area, positives] = [0, 0, 0, 0];
  for (const label of labels) positives += label;
  for (let index = 0; index < order.length;) {
    const score = scores[order[index]!]!;
    let hits = 0;
    for (; index < order.length && scores[order[index]!] === score; index += 1) {
      hits += labels[order[index]!]!;
      seen += 1;
    }
    found += hits;
    area += (hits * found) / seen;
  }
  return positives === 0 ? 0 : area / positives;
}
