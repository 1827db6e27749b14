/** Chance that repeats: everything random in a run comes from its seed. */
export interface Chance {
  /** An integer from 0 up to, but not including, the limit. */
  below(limit: number): number;
  /** An integer between the two, both included. */
  between(least: number, most: number): number;
  hits(probability: number): boolean;
  pick<T>(among: readonly T[]): T;
  shuffle<T>(items: readonly T[]): T[];
  bytes(count: number): Uint8Array;
}

/** Mulberry32: 32 bits of state, good enough to choose faults with. */
export function seededChance(seed: number): Chance {
  let state = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) >>> 0;
  const word = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  const below = (limit: number): number => Math.floor((word() / 2 ** 32) * limit);
  return {
    below,
    between: (least, most) => least + below(most - least + 1),
    hits: (probability) => word() / 2 ** 32 < probability,
    pick: (among) => among[below(among.length)]!,
    shuffle: (items) => {
      const mixed = [...items];
      for (let last = mixed.length - 1; last > 0; last -= 1) {
        const other = below(last + 1);
        [mixed[last], mixed[other]] = [mixed[other]!, mixed[last]!];
      }
      return mixed;
    },
    bytes(count) {
      const bytes = new Uint8Array(count);
      for (let index = 0; index < count; index += 1) bytes[index] = word();
      return bytes;
    },
  };
}
