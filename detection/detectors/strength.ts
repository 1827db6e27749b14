/** How far a value is beyond its least: 0 at the limit, a half at twice as much, towards 1. */
export const above = (value: number, least: number): number => (value > least ? 1 - least / value : 0);

/** How far a value stays below its most: 0 at the limit, 1 at nothing. */
export const below = (value: number, most: number): number => (value < most ? 1 - Math.max(0, value) / most : 0);

/** Of what is left between a least part and the whole, how much. */
export const within = (part: number, least: number): number =>
  least < 1 ? Math.min(1, Math.max(0, (part - least) / (1 - least))) : 1;

/** Together: their mean. */
export const strengthOf = (...parts: readonly number[]): number =>
  parts.reduce((sum, part) => sum + part, 0) / parts.length;
