import type { StoredRecord } from './stream.ts';

/** The newest records in memory, without gaps, for consumers that keep up. */
export interface StreamTail {
  /** Records that follow one by its number; undefined if they begin before what is held. */
  read(after: number, limit: number): readonly StoredRecord[] | undefined;
  /** The next records; what does not follow the last ones takes their place. */
  push(records: readonly StoredRecord[]): void;
  clear(): void;
}

export function openStreamTail(bounds: { readonly recordsMax: number; readonly charactersMax: number }): StreamTail {
  let held: StoredRecord[] = [];
  let characters = 0;
  const clear = (): void => {
    held = [];
    characters = 0;
  };
  /** Drops half at once: to drop each when its time comes would move all the others each time. */
  function trim(): void {
    while (held.length > bounds.recordsMax || characters > bounds.charactersMax) {
      for (const { text } of held.splice(0, Math.ceil(held.length / 2))) characters -= text.length;
    }
  }
  return {
    clear,
    read(after, limit) {
      const first = held[0]?.number;
      if (first === undefined || after < first - 1) return undefined;
      const from = after - first + 1;
      return held.slice(from, from + limit);
    },
    push(records) {
      const [first] = records;
      if (first === undefined) return;
      if (held.length > 0 && held.at(-1)!.number + 1 !== first.number) clear();
      for (const record of records) {
        held.push(record);
        characters += record.text.length;
      }
      trim();
    },
  };
}
