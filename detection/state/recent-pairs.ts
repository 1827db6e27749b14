import { bytesOf, type Flat, type Kept } from './arrays.ts';

/** No pair. */
export const noPair = -1;

/**
 * Who was seen with whom, and when last: pairs of slots (a, b), as many as fit; the least recently seen make way. Each side has
 * the list of its pairs, the newest first. A pair is named by the place where it lies.
 */
export interface RecentPairs extends Kept {
  /** Notes that a pair was seen; true if it was not known. `mark` is noted with it; 0 leaves what was noted before. */
  touch(a: number, b: number, atMs: number, mark?: number): boolean;
  firstOfA(a: number): number;
  nextOfA(pair: number): number;
  firstOfB(b: number): number;
  nextOfB(pair: number): number;
  a(pair: number): number;
  b(pair: number): number;
  atMs(pair: number): number;
  mark(pair: number): number;
  /** How many pairs a slot has here, however old. */
  knownOfA(a: number): number;
  /** How many were seen at `sinceMs` or later; it counts up to `most`. */
  countOfA(a: number, sinceMs: number, most: number): number;
  countOfB(b: number, sinceMs: number, most: number): number;
  /** A slot is given to another key: it has no pairs any more. */
  forgetA(a: number): void;
  forgetB(b: number): void;
  size(): number;
  bytes(): number;
}

/** How far back in a list a late pair is carried to where it belongs. */
const lateStepsMax = 64;
/** Of so many that come next, the one seen longest ago makes way. */
const candidates = 8;

/** Where the words of a pair stand: what is read together lies together. */
const words = 10;
const aAt = 0;
const bAt = 1;
const markAt = 2;
/** In one side's list: to the next older pair and to the next newer one, + 1. */
interface Chain {
  readonly owner: number;
  readonly older: number;
  readonly newer: number;
  /** Of each slot, its newest pair + 1. */
  readonly heads: Int32Array<ArrayBuffer>;
}
/** Of the doubles that lie over the words, the last of a pair is when it was seen. */
const doubles = words / 2;

/** Where each pair lies, by its two slots. */
function openPairTable(pairs: Int32Array, capacity: number) {
  const tableSize = 2 ** Math.ceil(Math.log2(capacity * 2));
  const mask = tableSize - 1;
  /** Pair + 1 at each place, or 0. */
  const table = new Int32Array(tableSize);

  const hashOf = (a: number, b: number): number => {
    let hash = Math.imul(a ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(b + 0x7f4a7c15, 0xc2b2ae35);
    hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
    return (hash ^ (hash >>> 13)) & mask;
  };

  function placeOf(a: number, b: number): number {
    let place = hashOf(a, b);
    for (let held = table[place]!; held !== 0; held = table[place]!) {
      const at = (held - 1) * words;
      if (pairs[at + aAt] === a && pairs[at + bAt] === b) return place;
      place = (place + 1) & mask;
    }
    return place;
  }

  /** Empties a place of the table, and moves up those that stand behind it because it was taken. */
  function unplace(pair: number): void {
    let hole = placeOf(pairs[pair * words + aAt]!, pairs[pair * words + bAt]!);
    for (let next = (hole + 1) & mask; table[next] !== 0; next = (next + 1) & mask) {
      const held = (table[next]! - 1) * words;
      const wanted = hashOf(pairs[held + aAt]!, pairs[held + bAt]!);
      if (((next - wanted) & mask) < ((next - hole) & mask)) continue;
      table[hole] = table[next]!;
      hole = next;
    }
    table[hole] = 0;
  }

  return { table, placeOf, unplace };
}

export function openRecentPairs(options: {
  readonly a: number;
  readonly b: number;
  readonly capacity: number;
}): RecentPairs {
  const { capacity } = options;
  const pairs = new Int32Array(capacity * words);
  const { table, placeOf, unplace } = openPairTable(pairs, capacity);
  const times = new Float64Array(pairs.buffer);
  const byA: Chain = { owner: aAt, older: 3, newer: 4, heads: new Int32Array(options.a) };
  const byB: Chain = { owner: bAt, older: 5, newer: 6, heads: new Int32Array(options.b) };
  const known = new Uint32Array(options.a);
  /** How many places were ever used; where to look for one to reuse; a free place + 1; how many are in use. */
  const counters = new Uint32Array(4);
  const timeOf = (pair: number): number => times[pair * doubles + doubles - 1]!;
  const setTime = (pair: number, atMs: number): void => {
    times[pair * doubles + doubles - 1] = atMs;
  };

  function link({ owner, older, newer, heads }: Chain, pair: number): void {
    const slot = pairs[pair * words + owner]!;
    const atMs = timeOf(pair);
    let next = heads[slot]! - 1;
    let previous = noPair;
    for (let steps = 0; next !== noPair && timeOf(next) > atMs && steps < lateStepsMax; steps += 1) {
      previous = next;
      next = pairs[next * words + older]! - 1;
    }
    pairs[pair * words + older] = next + 1;
    pairs[pair * words + newer] = previous + 1;
    if (next !== noPair) pairs[next * words + newer] = pair + 1;
    if (previous === noPair) heads[slot] = pair + 1;
    else pairs[previous * words + older] = pair + 1;
  }

  function unlink({ owner, older, newer, heads }: Chain, pair: number): void {
    const next = pairs[pair * words + older]! - 1;
    const previous = pairs[pair * words + newer]! - 1;
    if (next !== noPair) pairs[next * words + newer] = previous + 1;
    if (previous === noPair) heads[pairs[pair * words + owner]!] = next + 1;
    else pairs[previous * words + older] = next + 1;
  }

  /** It was seen later than it stands for. */
  function renew(chain: Chain, pair: number): void {
    const previous = pairs[pair * words + chain.newer]! - 1;
    if (previous === noPair || timeOf(previous) > timeOf(pair)) return;
    unlink(chain, pair);
    link(chain, pair);
  }

  /** The place becomes free; `older` of the first chain leads to the next free one. */
  function remove(pair: number): void {
    unplace(pair);
    unlink(byA, pair);
    unlink(byB, pair);
    known[pairs[pair * words + aAt]!]! -= 1;
    pairs[pair * words + aAt] = noPair;
    pairs[pair * words + byA.older] = counters[2]!;
    counters[2] = pair + 1;
    counters[3]! -= 1;
  }

  function freePlace(): number {
    if (counters[2] === 0 && counters[0]! < capacity) {
      counters[0]! += 1;
      return counters[0]! - 1;
    }
    if (counters[2] === 0) {
      let oldest = counters[1]!;
      for (let i = 1; i < candidates; i += 1) {
        const pair = (counters[1]! + i) % capacity;
        if (timeOf(pair) < timeOf(oldest)) oldest = pair;
      }
      counters[1] = (counters[1]! + candidates) % capacity;
      remove(oldest);
    }
    const pair = counters[2]! - 1;
    counters[2] = pairs[pair * words + byA.older]!;
    return pair;
  }

  function count({ older, heads }: Chain, slot: number, sinceMs: number, most: number): number {
    let counted = 0;
    for (let pair = heads[slot]! - 1; pair !== noPair && counted < most; pair = pairs[pair * words + older]! - 1) {
      if (timeOf(pair) < sinceMs) break;
      counted += 1;
    }
    return counted;
  }

  const arrays = (): readonly Flat[] => [table, pairs, byA.heads, byB.heads, known, counters];

  return {
    touch(a, b, atMs, mark = 0) {
      // Mostly it is the one that the slot was seen with last.
      const newest = byA.heads[a]! - 1;
      const held = newest !== noPair && pairs[newest * words + bAt] === b ? newest : table[placeOf(a, b)]! - 1;
      if (held !== noPair) {
        if (atMs < timeOf(held)) return false;
        setTime(held, atMs);
        if (mark !== 0) pairs[held * words + markAt] = mark;
        renew(byA, held);
        renew(byB, held);
        return false;
      }
      const pair = freePlace();
      pairs[pair * words + aAt] = a;
      pairs[pair * words + bAt] = b;
      pairs[pair * words + markAt] = mark;
      setTime(pair, atMs);
      link(byA, pair);
      link(byB, pair);
      known[a]! += 1;
      counters[3]! += 1;
      // Where it is put may have moved when another pair left.
      table[placeOf(a, b)] = pair + 1;
      return true;
    },
    firstOfA: (a) => byA.heads[a]! - 1,
    nextOfA: (pair) => pairs[pair * words + byA.older]! - 1,
    firstOfB: (b) => byB.heads[b]! - 1,
    nextOfB: (pair) => pairs[pair * words + byB.older]! - 1,
    a: (pair) => pairs[pair * words + aAt]!,
    b: (pair) => pairs[pair * words + bAt]!,
    atMs: timeOf,
    mark: (pair) => pairs[pair * words + markAt]!,
    knownOfA: (a) => known[a]!,
    countOfA: (a, sinceMs, most) => count(byA, a, sinceMs, most),
    countOfB: (b, sinceMs, most) => count(byB, b, sinceMs, most),
    forgetA(a) {
      while (byA.heads[a] !== 0) remove(byA.heads[a]! - 1);
    },
    forgetB(b) {
      while (byB.heads[b] !== 0) remove(byB.heads[b]! - 1);
    },
    size: () => counters[3]!,
    bytes: () => bytesOf(arrays()),
    arrays,
  };
}
