import type { ReadRecords, StoredRecord } from './stream.ts';

/** The newest records in memory, without gaps, for consumers that keep up. */
export interface StreamTail {
  /** Records after a number; undefined if they begin before what is held. */
  read(after: number, limit: number): ReadRecords | undefined;
  /** The next records: all those with numbers after `from` and up to `upTo`. What does not follow the last ones takes their place. */
  push(records: readonly StoredRecord[], from: number, upTo: number): void;
  clear(): void;
}

export function openStreamTail(bounds: { readonly recordsMax: number; readonly charactersMax: number }): StreamTail {
  let held: StoredRecord[] = [];
  let characters = 0;
  let covered: { from: number; upTo: number } | undefined;
  const clear = (): void => {
    held = [];
    characters = 0;
    covered = undefined;
  };
  /** Drops half at once: to drop each when its time comes would move all the others each time. */
  function trim(): void {
    while (held.length > bounds.recordsMax || characters > bounds.charactersMax) {
      const dropped = held.splice(0, Math.ceil(held.length / 2));
      for (const { text } of dropped) characters -= text.length;
      covered!.from = dropped.at(-1)!.number;
    }
  }
  /** Where the first record after a number is. */
  function placeAfter(after: number): number {
    let [low, high] = [0, held.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (held[middle]!.number <= after) low = middle + 1;
      else high = middle;
    }
    return low;
  }
  return {
    clear,
    read(after, limit) {
      if (covered === undefined || after < covered.from || after >= covered.upTo) return undefined;
      const from = placeAfter(after);
      const records = held.slice(from, from + limit);
      return { records, upTo: from + limit < held.length ? records.at(-1)!.number : covered.upTo };
    },
    push(records, from, upTo) {
      if (covered?.upTo !== from) clear();
      covered = { from: covered?.from ?? from, upTo };
      for (const record of records) {
        held.push(record);
        characters += record.text.length;
      }
      trim();
    },
  };
}
