/** Hashes of small integers: attributes of the world that are computed whenever they are needed, and stored nowhere. */

/** 32 bits, each depending on every bit of both. */
export function mix(a: number, b: number): number {
  let h = Math.imul(a ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(b ^ 0x7f4a7c15, 0xc2b2ae35);
  h = Math.imul(h ^ (h >>> 16), 0x7feb352d);
  h = Math.imul(h ^ (h >>> 15) ^ b, 0x846ca68b);
  return (h ^ (h >>> 16)) >>> 0;
}

export const mix3 = (a: number, b: number, c: number): number => mix(mix(a, b), c);

/** 32 bits of a name. */
export function named(text: string): number {
  let h = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) h = Math.imul(h ^ text.charCodeAt(at), 0x01000193);
  return mix(h >>> 0, text.length);
}

/** A seed of up to 53 bits in 32. */
export const seedBits = (seed: number): number => mix(seed >>> 0, Math.floor(seed / 4294967296) >>> 0);

/** From 0 up to but without 1. */
export const share = (bits: number): number => bits / 4294967296;

/** The item of a list of weights that the bits fall on. */
export function weighted(weights: readonly number[], bits: number): number {
  let total = 0;
  for (const weight of weights) total += weight;
  let rest = share(bits) * total;
  for (let at = 0; at < weights.length; at++) {
    rest -= weights[at]!;
    if (rest < 0) return at;
  }
  return weights.length - 1;
}
