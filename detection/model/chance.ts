/** A seeded generator of numbers in [0, 1): the same seed gives the same numbers on every machine (mulberry32). */
export function openChance(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let word = Math.imul(state ^ (state >>> 15), state | 1);
    word ^= word + Math.imul(word ^ (word >>> 7), word | 61);
    return ((word ^ (word >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** So many of the numbers 0 … from-1, each at most once, in growing order. */
export function draw(from: number, count: number, chance: () => number): Int32Array<ArrayBuffer> {
  const drawn = new Int32Array(count);
  let taken = 0;
  for (let number = 0; number < from && taken < count; number += 1)
    if (chance() * (from - number) < count - taken) drawn[taken++] = number;
  return drawn;
}
