import { bytesOf, type Flat, type Kept } from './arrays.ts';

/** Gives keys numbers, their slots, so that what is known of them can lie in flat arrays. Bounded: the least active go first. */
export interface Interner extends Kept {
  readonly capacity: number;
  /** How many slots are in use. */
  size(): number;
  /** The slot of a key, taken from a key that was not seen for long if need be; `atMs` is when it was seen. */
  take(key: string, atMs: number): number;
  /** The slot of a key that has one, or -1. */
  find(key: string): number;
  /** Undefined for a key that was too long to keep: it is known by its hash alone. */
  keyOf(slot: number): string | undefined;
  seenAtMs(slot: number): number;
  bytes(): number;
}

/** Of 8 that come next, the one that was not seen for longest gives up its slot. */
const candidates = 8;
/** One line of a processor's cache a key: its length, its letters, and when it was seen. */
const cellBytes = 64;
const keptMax = 55;
const seenAtDouble = 7;
/** The length of a key of which the cell holds two more hashes in its place. */
const hashedOnly = 255;

/** `forget` is called before a slot is given to another key: whatever is known of it must go. */
export function openInterner(capacity: number, forget: (slot: number) => void): Interner {
  const tableSize = 2 ** Math.ceil(Math.log2(capacity * 2));
  const mask = tableSize - 1;
  /** At each place slot + 1, or 0, and the hash of its key. */
  const table = new Int32Array(tableSize * 2);
  const cells = new Uint8Array(capacity * cellBytes);
  const words = new Uint32Array(cells.buffer);
  const doubles = new Float64Array(cells.buffer);
  const counters = new Uint32Array(2);

  const hashOf = (key: string, seed = 0x811c9dc5): number => {
    let hash = seed;
    for (let i = 0; i < key.length; i += 1) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
    hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
    hash = Math.imul(hash ^ (hash >>> 12), 0x297a2d39);
    return hash ^ (hash >>> 15);
  };

  function isKey(slot: number, key: string): boolean {
    const cell = slot * cellBytes;
    const length = cells[cell]!;
    if (length === hashedOnly)
      return words[(cell >> 2) + 1] === hashOf(key, 1) >>> 0 && words[(cell >> 2) + 2] === hashOf(key, 2) >>> 0;
    if (length !== key.length) return false;
    for (let i = 0; i < length; i += 1) if (cells[cell + 1 + i] !== key.charCodeAt(i)) return false;
    return true;
  }

  function placeOf(key: string, hash: number): number {
    let place = (hash & mask) * 2;
    for (let held = table[place]!; held !== 0; held = table[place]!) {
      if (hash === table[place + 1] && isKey(held - 1, key)) return place;
      place = (place + 2) & (mask * 2 + 1);
    }
    return place;
  }

  function write(slot: number, key: string, hash: number): void {
    const cell = slot * cellBytes;
    let isPlain = key.length <= keptMax;
    for (let i = 0; isPlain && i < key.length; i += 1) {
      const code = key.charCodeAt(i);
      cells[cell + 1 + i] = code;
      isPlain = code < 128;
    }
    cells[cell] = isPlain ? key.length : hashedOnly;
    if (isPlain) return;
    words[(cell >> 2) + 1] = hashOf(key, 1);
    words[(cell >> 2) + 2] = hashOf(key, 2);
    words[(cell >> 2) + 3] = hash;
  }

  /** Empties a place, and moves up those that stand behind it because it was taken. */
  function unplace(slot: number): void {
    const wrap = mask * 2 + 1;
    let hole = placeOfSlot(slot);
    for (let next = (hole + 2) & wrap; table[next] !== 0; next = (next + 2) & wrap) {
      const wanted = (table[next + 1]! & mask) * 2;
      if (((next - wanted) & wrap) < ((next - hole) & wrap)) continue;
      table[hole] = table[next]!;
      table[hole + 1] = table[next + 1]!;
      hole = next;
    }
    table[hole] = 0;
  }

  function hashOfSlot(slot: number): number {
    const key = keyOf(slot);
    return key === undefined ? words[((slot * cellBytes) >> 2) + 3]! | 0 : hashOf(key);
  }

  function placeOfSlot(slot: number): number {
    let place = (hashOfSlot(slot) & mask) * 2;
    while (table[place] !== slot + 1) place = (place + 2) & (mask * 2 + 1);
    return place;
  }

  function freeSlot(): number {
    const size = counters[0]!;
    if (size < capacity) {
      counters[0] = size + 1;
      return size;
    }
    let oldest = counters[1]!;
    for (let i = 1; i < candidates; i += 1) {
      const slot = (counters[1]! + i) % capacity;
      if (seenAtMs(slot) < seenAtMs(oldest)) oldest = slot;
    }
    counters[1] = (counters[1]! + candidates) % capacity;
    forget(oldest);
    unplace(oldest);
    return oldest;
  }

  function newSlot(key: string, hash: number): number {
    const slot = freeSlot();
    write(slot, key, hash);
    // Where it is put may have moved when another key left.
    const place = placeOf(key, hash);
    table[place] = slot + 1;
    table[place + 1] = hash;
    return slot;
  }

  function keyOf(slot: number): string | undefined {
    const cell = slot * cellBytes;
    const length = cells[cell]!;
    if (length === hashedOnly) return undefined;
    let key = '';
    for (let i = 1; i <= length; i += 1) key += String.fromCharCode(cells[cell + i]!);
    return key;
  }

  const seenAtMs = (slot: number): number => doubles[slot * 8 + seenAtDouble]!;
  const arrays = (): readonly Flat[] => [table, cells, counters];
  return {
    capacity,
    size: () => counters[0]!,
    take(key, atMs) {
      const hash = hashOf(key);
      const held = table[placeOf(key, hash)]!;
      const slot = held !== 0 ? held - 1 : newSlot(key, hash);
      if (held === 0 || atMs > seenAtMs(slot)) doubles[slot * 8 + seenAtDouble] = atMs;
      return slot;
    },
    find: (key) => table[placeOf(key, hashOf(key))]! - 1,
    keyOf,
    seenAtMs,
    bytes: () => bytesOf(arrays()),
    arrays,
  };
}
