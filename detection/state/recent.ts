import { bytesOf, type Flat, type Kept } from './arrays.ts';

/** The last value noted under a name, as long as there is room: of eight names that share a row, the oldest makes way. */
export interface Recent extends Kept {
  /** NaN if nothing is known. */
  get(name: number): number;
  set(name: number, value: number): void;
  bytes(): number;
}

const rowLength = 8;

/** Names that come one after the other, as numbers of records do, lie together if they are `inSequence`. */
export function openRecent(capacity: number, { inSequence = false } = {}): Recent {
  const rows = 2 ** Math.ceil(Math.log2(Math.max(1, capacity / rowLength)));
  const names = new Float64Array(rows * rowLength);
  const values = new Float64Array(rows * rowLength);
  const turns = new Uint8Array(rows);
  const rowOf = (name: number): number =>
    inSequence
      ? Math.floor(name / rowLength) % rows
      : (Math.imul(name >>> 0, 0x9e3779b1) ^ Math.floor(name / 2 ** 32)) & (rows - 1);
  const arrays = (): readonly Flat[] => [names, values, turns];

  function placeOf(name: number): number {
    const from = rowOf(name) * rowLength;
    for (let place = from; place < from + rowLength; place += 1) if (names[place] === name) return place;
    return -1;
  }

  return {
    get(name) {
      const place = placeOf(name);
      return place === -1 ? Number.NaN : values[place]!;
    },
    set(name, value) {
      let place = placeOf(name);
      if (place === -1) {
        const row = rowOf(name);
        place = row * rowLength + turns[row]!;
        turns[row] = (turns[row]! + 1) % rowLength;
        names[place] = name;
      }
      values[place] = value;
    },
    bytes: () => bytesOf(arrays()),
    arrays,
  };
}

/** A name for a text: 52 bits of a hash, never 0. */
export function nameOfText(text: string, seed = 0): number {
  let a = 0x811c9dc5 ^ seed;
  let b = 0x1b873593 ^ seed;
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    a = Math.imul(a ^ code, 0x01000193);
    b = Math.imul(b ^ code, 0x85ebca6b) ^ (b >>> 13);
  }
  a ^= a >>> 15;
  b = Math.imul(b ^ (b >>> 16), 0xc2b2ae35);
  return (a >>> 0) * 2 ** 20 + ((b ^ (b >>> 15)) >>> 12) + 1;
}
