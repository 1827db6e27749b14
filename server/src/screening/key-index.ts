import { assert } from '../kernel/assert.ts';
import { openFingerprinter, type Seed } from './fingerprint.ts';
import { openKeyArena } from './key-arena.ts';

/**
 * The keys that are listed, in flat memory. A key's place stays the same until the key is removed; 0 is no place. Each key
 * carries one number of the owner's.
 *
 * The layout is extendible hashing. A fingerprint's highest bits choose a segment, its lowest the slot where probing begins
 * (linear, up to an empty slot). A slot is two words: the fingerprint, and the key's place. A segment that is three quarters
 * full doubles while it is small, and then splits in two by the next bit of the fingerprints, which stand in the slots: no
 * growth ever touches more than one segment. A slot's 8 bytes at a load between 3/8 and 3/4 are 10.7 to 21.4 bytes a key at
 * every size. Three quarters is as full as lets a look-up in vain end, on average, within one or two cache lines.
 */
export interface KeyIndex {
  /** The place of a key, or 0. */
  find(key: string): number;
  /** The place of a key, which is added if it is not there, with the number 0. */
  add(key: string): number;
  remove(key: string): boolean;
  value(place: number): number;
  setValue(place: number, value: number): void;
  key(place: number): string;
  size(): number;
  /** Bytes held by the index itself, and by the whole keys. */
  bytes(): { index: number; keys: number };
}

interface Segment {
  readonly slots: Int32Array;
  /** How many of the highest bits all its fingerprints have in common. */
  readonly depth: number;
  count: number;
}

const slotsAtFirst = 64;
/** 1 MiB, which splits in about two milliseconds; the fewer segments there are, the sooner one is found. */
const slotsMax = 131_072;
const depthMax = 15;

const newSegment = (slots: number, depth: number): Segment => ({ slots: new Int32Array(slots * 2), depth, count: 0 });

export function openKeyIndex(seed: Seed): KeyIndex {
  const reader = openFingerprinter(seed);
  const { words } = reader;
  const arena = openKeyArena();
  let depth = 0;
  /** By the highest `depth` bits. A segment of a lesser depth stands in several places, side by side. */
  let directory: Segment[] = [newSegment(slotsAtFirst, 0)];
  let size = 0;

  // In two steps, because a shift by 32 is a shift by 0 in JavaScript.
  const segmentOf = (fingerprint: number): Segment => directory[(fingerprint >>> 1) >>> (31 - depth)]!;

  /** The slot of the key that was read, or the complement of the empty slot where it would go. */
  function locate(slots: Int32Array, fingerprint: number, byteLength: number): number {
    const mask = slots.length - 1;
    for (let at = (fingerprint << 1) & mask; ; at = (at + 2) & mask) {
      const place = slots[at + 1]!;
      if (place === 0) return ~at;
      if (slots[at] === fingerprint && arena.holds(place, words, byteLength)) return at;
    }
  }

  function grow(full: Segment): void {
    const parts = partsOf(full);
    if (parts.length > 1 && full.depth === depth) {
      assert(depth < depthMax, 'the index of keys is full');
      directory = directory.flatMap((segment) => [segment, segment]);
      depth += 1;
    }
    const first = directory.indexOf(full);
    const width = (1 << (depth - full.depth)) / parts.length;
    for (const [nth, part] of parts.entries()) directory.fill(part, first + nth * width, first + (nth + 1) * width);
  }

  return {
    find(key) {
      const byteLength = reader.read(key);
      if (byteLength < 0) return 0;
      const fingerprint = reader.fingerprint(byteLength);
      const { slots } = segmentOf(fingerprint);
      const at = locate(slots, fingerprint, byteLength);
      return at < 0 ? 0 : slots[at + 1]!;
    },
    add(key) {
      const byteLength = reader.read(key);
      assert(byteLength >= 0, 'a key is no longer than the protocol allows');
      const fingerprint = reader.fingerprint(byteLength);
      let segment = segmentOf(fingerprint);
      const at = locate(segment.slots, fingerprint, byteLength);
      if (at >= 0) return segment.slots[at + 1]!;
      if (segment.count * 8 >= segment.slots.length * 3) {
        grow(segment);
        segment = segmentOf(fingerprint);
      }
      const place = arena.add(words, byteLength);
      insert(segment, fingerprint, place);
      size += 1;
      return place;
    },
    remove(key) {
      const byteLength = reader.read(key);
      if (byteLength < 0) return false;
      const fingerprint = reader.fingerprint(byteLength);
      const segment = segmentOf(fingerprint);
      const at = locate(segment.slots, fingerprint, byteLength);
      if (at < 0) return false;
      arena.remove(segment.slots[at + 1]!);
      vacate(segment, at);
      size -= 1;
      return true;
    },
    value: arena.value,
    setValue: arena.setValue,
    key: arena.key,
    size: () => size,
    bytes() {
      let index = directory.length * 8;
      for (const segment of new Set(directory)) index += segment.slots.byteLength;
      return { index, keys: arena.bytes() };
    },
  };
}

/** A full segment's keys in one that is twice as large or, when that would be too large, in two. */
function partsOf(full: Segment): Segment[] {
  const slots = full.slots.length / 2;
  const parts =
    slots < slotsMax
      ? [newSegment(slots * 2, full.depth)]
      : [newSegment(slots, full.depth + 1), newSegment(slots, full.depth + 1)];
  for (let at = 0; at < full.slots.length; at += 2) {
    if (full.slots[at + 1] === 0) continue;
    const fingerprint = full.slots[at]!;
    const part = parts.length === 1 ? 0 : (fingerprint >>> (31 - full.depth)) & 1;
    insert(parts[part]!, fingerprint, full.slots[at + 1]!);
  }
  return parts;
}

function insert(segment: Segment, fingerprint: number, place: number): void {
  const { slots } = segment;
  const mask = slots.length - 1;
  let at = (fingerprint << 1) & mask;
  while (slots[at + 1] !== 0) at = (at + 2) & mask;
  slots[at] = fingerprint;
  slots[at + 1] = place;
  segment.count += 1;
}

/** Empties a slot and moves back what had been pushed past it, so that no marks of removed keys are left to slow probing. */
function vacate(segment: Segment, emptied: number): void {
  const { slots } = segment;
  const mask = slots.length - 1;
  let hole = emptied;
  for (let at = (hole + 2) & mask; slots[at + 1] !== 0; at = (at + 2) & mask) {
    const home = (slots[at]! << 1) & mask;
    if (((at - home) & mask) < ((at - hole) & mask)) continue;
    slots[hole] = slots[at]!;
    slots[hole + 1] = slots[at + 1]!;
    hole = at;
  }
  slots[hole] = 0;
  slots[hole + 1] = 0;
  segment.count -= 1;
}
