import { assert } from '../kernel/assert.ts';

/**
 * Whole keys in flat memory, each with one number of the owner's. A record is [number, byte length, words of the key…]; its
 * place is never 0. The place of a removed key serves the next key of the same size.
 */
export interface KeyArena {
  add(words: Int32Array, byteLength: number): number;
  remove(place: number): void;
  /** Whether the key at a place is this one, byte for byte. */
  holds(place: number, words: Int32Array, byteLength: number): boolean;
  value(place: number): number;
  setValue(place: number, value: number): void;
  key(place: number): string;
  bytes(): number;
}

/** 4 MiB of words. A place is a word's number in 32 bits: 16 GiB of keys. */
const chunkBits = 20;
const chunkWords = 1 << chunkBits;
const inChunk = chunkWords - 1;
const headerWords = 2;

export function openKeyArena(): KeyArena {
  const chunks: Int32Array[] = [];
  /** By size in words: the free record of that size which was freed last; its number is the place of the one before. */
  const free: number[] = [];
  let nextWord = chunkWords;

  const chunkOf = (place: number): Int32Array => chunks[place >>> chunkBits]!;

  function allocate(size: number): number {
    const reused = free[size] ?? 0;
    if (reused !== 0) {
      free[size] = chunkOf(reused)[reused & inChunk]!;
      return reused;
    }
    if (nextWord + size > chunkWords) {
      assert(chunks.length < 2 ** (32 - chunkBits), 'the index of keys is full');
      chunks.push(new Int32Array(chunkWords));
      // Place 0 means "none".
      nextWord = chunks.length === 1 ? 1 : 0;
    }
    const place = ((chunks.length - 1) << chunkBits) | nextWord;
    nextWord += size;
    return place;
  }

  return {
    add(words, byteLength) {
      const keyWords = (byteLength + 3) >> 2;
      const place = allocate(headerWords + keyWords);
      const chunk = chunkOf(place);
      const at = place & inChunk;
      chunk[at] = 0;
      chunk[at + 1] = byteLength;
      for (let i = 0; i < keyWords; i += 1) chunk[at + headerWords + i] = words[i]!;
      return place;
    },
    remove(place) {
      const chunk = chunkOf(place);
      const at = place & inChunk;
      const size = headerWords + ((chunk[at + 1]! + 3) >> 2);
      chunk[at] = free[size] ?? 0;
      free[size] = place;
    },
    holds(place, words, byteLength) {
      const chunk = chunkOf(place);
      const at = place & inChunk;
      if (chunk[at + 1] !== byteLength) return false;
      const keyWords = (byteLength + 3) >> 2;
      for (let i = 0; i < keyWords; i += 1) if (chunk[at + headerWords + i] !== words[i]) return false;
      return true;
    },
    value: (place) => chunkOf(place)[place & inChunk]!,
    setValue(place, value) {
      chunkOf(place)[place & inChunk] = value;
    },
    key(place) {
      const chunk = chunkOf(place);
      const at = place & inChunk;
      return Buffer.from(chunk.buffer, (at + headerWords) * 4, chunk[at + 1]).toString('utf8');
    },
    bytes: () => chunks.length * chunkWords * 4,
  };
}
