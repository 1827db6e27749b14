/** Eight bytes that nobody outside can guess. */
export type Seed = Uint8Array;

/**
 * Keyed fingerprints of texts by HalfSipHash-1-3 (Aumasson and Bernstein), 32 bits out of a 64-bit seed: what Linux hashes
 * its tables with on 32-bit machines, and all of it is 32-bit arithmetic, which JavaScript has. Whoever does not know the
 * seed cannot choose keys that meet in one place of a table; and no fingerprint leaves the process, so there is nothing to
 * learn the seed from. A fingerprint decides nothing: every hit is confirmed against the whole key.
 */
export interface Fingerprinter {
  /** Writes a text's UTF-8 bytes into `words`, and says how many they are; -1 when no key can be that long. */
  read(text: string): number;
  /** The fingerprint of the bytes that `read` has written. */
  fingerprint(byteLength: number): number;
  /** Four bytes to a word, the first one lowest; the last word is filled up with zeros. */
  readonly words: Int32Array;
}

/** A key has at most 2,300 characters (protocol), and a UTF-16 unit at most three bytes. */
const keyLengthMax = 2730;

export function openFingerprinter(seed: Seed): Fingerprinter {
  const view = new DataView(seed.buffer, seed.byteOffset, 8);
  const k0 = view.getInt32(0, true);
  const k1 = view.getInt32(4, true);
  const words = new Int32Array(Math.ceil((keyLengthMax * 3) / 4) + 1);
  const bytes = Buffer.from(words.buffer);
  return {
    read(text) {
      if (text.length > keyLengthMax) return -1;
      const length = bytes.write(text);
      const rest = length & 3;
      const last = length >> 2;
      if (rest !== 0) words[last] = words[last]! & ((1 << (rest << 3)) - 1);
      return length;
    },
    fingerprint: (byteLength) => halfSipHash(words, byteLength, k0, k1),
    words,
  };
}

/** Over little-endian words; what is left over of the text stands in the last word, below the length's lowest byte. */
export function halfSipHash(words: Int32Array, byteLength: number, k0: number, k1: number): number {
  let v0 = k0;
  let v1 = k1;
  let v2 = k0 ^ 0x6c796765;
  let v3 = k1 ^ 0x74656462;
  const end = byteLength >> 2;
  const last = ((byteLength & 3) === 0 ? 0 : words[end]!) | (byteLength << 24);
  // One round for each word, then three that close.
  for (let at = 0; at < end + 4; at += 1) {
    const word = at < end ? words[at]! : at === end ? last : 0;
    if (at === end + 1) v2 ^= 0xff;
    v3 ^= word;
    v0 = (v0 + v1) | 0;
    v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0;
    v0 = (v0 << 16) | (v0 >>> 16);
    v2 = (v2 + v3) | 0;
    v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2;
    v0 = (v0 + v3) | 0;
    v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0;
    v2 = (v2 + v1) | 0;
    v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2;
    v2 = (v2 << 16) | (v2 >>> 16);
    v0 ^= word;
  }
  return v1 ^ v3;
}
