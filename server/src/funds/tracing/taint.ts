/** What came from a theft: in the money where it lies, and in the money in which it was stolen. */
export interface Taint {
  readonly local: bigint;
  readonly stolen: bigint;
}

export const nothing: Taint = { local: 0n, stolen: 0n };
export const plus = (a: Taint, b: Taint): Taint => ({ local: a.local + b.local, stolen: a.stolen + b.stolen });
export const minus = (a: Taint, b: Taint): Taint => ({ local: a.local - b.local, stolen: a.stolen - b.stolen });

export const min = (a: bigint, b: bigint): bigint => (a < b ? a : b);
export const max = (a: bigint, b: bigint): bigint => (a > b ? a : b);
export const atLeast0 = (amount: bigint): bigint => (amount > 0n ? amount : 0n);

/** Of a taint so much of its local money, with its share of what was stolen. As long as something stolen is left, local money is. */
export function shareOf(whole: Taint, local: bigint): Taint {
  if (local >= whole.local) return whole;
  return { local, stolen: (whole.stolen * local) / whole.local };
}
