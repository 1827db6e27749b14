import { hashOn, mixed, openHashTable } from './hash-table.ts';

/**
 * Gives accounts numbers, their slots. It grows with them and forgets none by itself: `release` gives a slot back. (The
 * interner of `detection/state` has a fixed size, makes room by itself, and knows long keys by their hash alone.)
 */
export interface AccountSlots {
  take(key: string): number;
  /** -1 for a key that has none. */
  find(key: string): number;
  keyOf(slot: number): string;
  release(slot: number): void;
  size(): number;
  bytes(): number;
}

/** A key lies in half a line of a processor's cache: its length and up to 31 letters. Longer ones lie apart. */
const cellBytes = 32;
const lettersMax = cellBytes - 1;
const apart = 255;
const chunkShift = 14;
const chunkSlots = 1 << chunkShift;

export function openAccountSlots(seed: number): AccountSlots {
  const table = openHashTable();
  const chunks: Buffer[] = [];
  const long = new Map<number, string>();
  const free: number[] = [];
  let next = 0;
  let longBytes = 0;
  let asked = '';

  const chunkOf = (slot: number): Buffer => chunks[slot >>> chunkShift]!;
  const cellOf = (slot: number): number => (slot & (chunkSlots - 1)) * cellBytes;
  const hashOf = (key: string): number => mixed(hashOn(seed, key));

  function isAsked(slot: number): boolean {
    const cells = chunkOf(slot);
    const cell = cellOf(slot);
    const length = cells[cell]!;
    if (length === apart) return long.get(slot) === asked;
    if (length !== asked.length) return false;
    for (let at = 0; at < length; at += 1) if (cells[cell + 1 + at] !== asked.charCodeAt(at)) return false;
    return true;
  }

  function write(slot: number, key: string): void {
    const cells = chunkOf(slot);
    const cell = cellOf(slot);
    let fits = key.length <= lettersMax;
    for (let at = 0; fits && at < key.length; at += 1) {
      const letter = key.charCodeAt(at);
      cells[cell + 1 + at] = letter;
      fits = letter < 128;
    }
    cells[cell] = fits ? key.length : apart;
    if (fits) return;
    long.set(slot, key);
    longBytes += key.length * 2 + 64;
  }

  function freeSlot(): number {
    const freed = free.pop();
    if (freed !== undefined) return freed;
    if (next >>> chunkShift === chunks.length) chunks.push(Buffer.alloc(chunkSlots * cellBytes));
    next += 1;
    return next - 1;
  }

  function find(key: string, hash: number): number {
    asked = key;
    return table.find(hash, isAsked);
  }

  function keyOf(slot: number): string {
    const cells = chunkOf(slot);
    const cell = cellOf(slot);
    const length = cells[cell]!;
    if (length === apart) return long.get(slot)!;
    return cells.toString('latin1', cell + 1, cell + 1 + length);
  }

  return {
    take(key) {
      const hash = hashOf(key);
      const found = find(key, hash);
      if (found !== -1) return found;
      const slot = freeSlot();
      write(slot, key);
      table.insert(hash, slot);
      return slot;
    },
    find: (key) => find(key, hashOf(key)),
    keyOf,
    release(slot) {
      const key = keyOf(slot);
      table.remove(hashOf(key), slot);
      if (long.delete(slot)) longBytes -= key.length * 2 + 64;
      free.push(slot);
    },
    size: () => next - free.length,
    bytes: () => table.bytes() + chunks.length * chunkSlots * cellBytes + longBytes,
  };
}
