import { exp, ln } from './arithmetic.ts';
import { mix, weighted } from './mix.ts';

/** One stream of chance. Streams of other names are independent: what one draws changes nothing for the others. */
export interface Chance {
  /** From 0 up to but without 1. */
  next(): number;
  /** A whole number from 0 up to but without `count`. */
  below(count: number): number;
  is(probability: number): boolean;
  between(from: number, to: number): number;
  pick<T>(list: readonly T[]): T;
  weighted(weights: readonly number[]): number;
  /** Log-normal: half of the draws are below the median. */
  around(median: number, spread: number): number;
  /** Exponential. */
  waiting(mean: number): number;
  /** Poisson. */
  count(mean: number): number;
}

/** The stream of a name, which is numbers: a hashed word, a nation, a minute. */
export function chanceOf(...name: readonly number[]): Chance {
  let state = 0x6d2b79f5;
  for (const part of name) state = mix(state, part >>> 0);
  let a = mix(state, 1);
  let b = mix(state, 2);
  let c = mix(state, 3);
  let d = mix(state, 4) | 1;

  /** xoshiro128**, of Blackman and Vigna. */
  function bits(): number {
    const five = Math.imul(b, 5);
    const result = Math.imul((five << 7) | (five >>> 25), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = (d << 11) | (d >>> 21);
    return result;
  }

  const next = (): number => bits() / 4294967296;
  const below = (count: number): number => Math.floor(next() * count);

  /** The sum of twelve: no tail beyond six deviations, and no function that engines compute differently. */
  function normal(): number {
    let sum = -6;
    for (let draw = 0; draw < 6; draw++) {
      const both = bits();
      sum += ((both & 0xffff) + (both >>> 16) + 1) / 65536;
    }
    return sum;
  }

  return {
    next,
    below,
    is: (probability) => next() < probability,
    between: (from, to) => from + (to - from) * next(),
    pick: (list) => list[below(list.length)]!,
    weighted: (weights) => weighted(weights, bits()),
    around: (median, spread) => median * exp(spread * normal()),
    waiting: (mean) => -mean * ln(1 - next()),
    count(mean) {
      if (mean > 40) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal()));
      const limit = exp(-mean);
      let drawn = 0;
      for (let product = next(); product > limit; product *= next()) drawn++;
      return drawn;
    },
  };
}
