/**
 * Listings as records of fourteen words in flat memory, so that one reads one or two cache lines. Row 0 is none. A freed row
 * serves the next listing.
 */
export interface ListingRows {
  allocate(): number;
  free(row: number): void;
  word(row: number, field: number): number;
  setWord(row: number, field: number, value: number): void;
  instant(row: number, field: number): number;
  setInstant(row: number, field: number, value: number): void;
  /** Rows that were ever in use are 1 to `end` - 1. */
  end(): number;
  bytes(): number;
}

/** What stands in which word. `place` is 0 in a free row. */
export const field = { next: 0, place: 1, id: 2, revision: 6, claim: 7, typologies: 8 } as const;
/** What stands in which double word. */
export const instant = { since: 5, until: 6 } as const;

const rowWords = 14;
const chunkBits = 16;
const chunkRows = 1 << chunkBits;
const inChunk = chunkRows - 1;

export function openListingRows(): ListingRows {
  const words: Int32Array[] = [];
  const instants: Float64Array[] = [];
  let end = 1;
  let lastFreed = 0;

  const word = (row: number, at: number): number => words[row >>> chunkBits]![(row & inChunk) * rowWords + at]!;
  const setWord = (row: number, at: number, value: number): void => {
    words[row >>> chunkBits]![(row & inChunk) * rowWords + at] = value;
  };
  return {
    allocate() {
      if (lastFreed !== 0) {
        const row = lastFreed;
        lastFreed = word(row, field.next);
        return row;
      }
      if (end >>> chunkBits === words.length) {
        const memory = new ArrayBuffer(chunkRows * rowWords * 4);
        words.push(new Int32Array(memory));
        instants.push(new Float64Array(memory));
      }
      return end++;
    },
    free(row) {
      setWord(row, field.next, lastFreed);
      setWord(row, field.place, 0);
      lastFreed = row;
    },
    word,
    setWord,
    instant: (row, at) => instants[row >>> chunkBits]![((row & inChunk) * rowWords) / 2 + at]!,
    setInstant(row, at, value) {
      instants[row >>> chunkBits]![((row & inChunk) * rowWords) / 2 + at] = value;
    },
    end: () => end,
    bytes: () => words.length * chunkRows * rowWords * 4,
  };
}
