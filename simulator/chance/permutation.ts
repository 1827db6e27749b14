import { mix3 } from './mix.ts';

const rounds = 4;

/**
 * Numbers without repetition that tell nothing of the order in which they were given, nor of each other: a permutation of
 * 0 … size − 1, for sizes up to 2^48. A Feistel network over the next power of four, walked until it is inside.
 */
export function permutationOf(size: number, bits: number): (place: number) => number {
  let half = 2;
  while (half * half < size) half *= 2;
  const low = half - 1;
  return (place) => {
    let number = place;
    do {
      let left = Math.floor(number / half) | 0;
      let right = (number - left * half) | 0;
      for (let round = 0; round < rounds; round++) {
        const next = (left + mix3(bits, right, round)) & low;
        left = right;
        right = next;
      }
      number = left * half + right;
    } while (number >= size);
    return number;
  };
}
