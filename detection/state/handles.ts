import { bytesOf, type Kept } from './arrays.ts';
import { openInterner } from './interner.ts';

/** No handle. */
export const noHandle = -1;

/**
 * Numbers that stand for keys in what is kept for a while. A handle names its key as long as that is known here, and nothing
 * after that: never another key.
 */
export interface Handles extends Kept {
  take(key: string, atMs: number): number;
  keyOf(handle: number): string | undefined;
  bytes(): number;
}

const slotsMax = 2 ** 26;

export function openHandles(capacity: number): Handles {
  /** How many keys a slot has had. */
  const turns = new Uint32Array(capacity);
  const interner = openInterner(capacity, (slot) => {
    turns[slot]! += 1;
  });
  const arrays = () => [turns, ...interner.arrays()];
  return {
    take(key, atMs) {
      const slot = interner.take(key, atMs);
      return turns[slot]! * slotsMax + slot;
    },
    keyOf(handle) {
      if (handle < 0) return undefined;
      const slot = handle % slotsMax;
      return turns[slot] === Math.floor(handle / slotsMax) ? interner.keyOf(slot) : undefined;
    },
    bytes: () => bytesOf(arrays()),
    arrays,
  };
}
