const chunkBits = 8192;

/** A set of whole numbers that lie close together: a bit for each, where an object for each would fill the memory. */
export interface NumberSet {
  add(number: number): void;
  has(number: number): boolean;
  /** Those that are not in the other set, in the order in which their neighbourhoods were first seen. */
  without(other: NumberSet): Iterable<number>;
}

export function openNumberSet(): NumberSet {
  const chunks = new Map<number, Uint8Array>();
  const byteOf = (number: number): number => Math.floor((number % chunkBits) / 8);
  const has = (number: number): boolean => {
    const chunk = chunks.get(Math.floor(number / chunkBits));
    return chunk !== undefined && (chunk[byteOf(number)]! & (1 << (number % 8))) !== 0;
  };
  return {
    has,
    add(number) {
      const at = Math.floor(number / chunkBits);
      let chunk = chunks.get(at);
      if (chunk === undefined) chunks.set(at, (chunk = new Uint8Array(chunkBits / 8)));
      chunk[byteOf(number)]! |= 1 << (number % 8);
    },
    *without(other) {
      for (const at of chunks.keys()) {
        for (let number = at * chunkBits; number < (at + 1) * chunkBits; number += 1) {
          if (has(number) && !other.has(number)) yield number;
        }
      }
    },
  };
}
