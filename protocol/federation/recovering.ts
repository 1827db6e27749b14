/** What a reader answered about one of our books: the newest checkpoint of ours that it verified and cosigned. */
export interface Remembered {
  readonly reader: string;
  readonly size: number;
}

/** From whom to fetch what a book lacks: the reader that remembers most; undefined if nobody remembers more than we do. */
export function richest(ownSize: number, remembered: readonly Remembered[]): Remembered | undefined {
  const [most] = [...remembered].sort((a, b) => b.size - a.size || a.reader.localeCompare(b.reader));
  return most !== undefined && most.size > ownSize ? most : undefined;
}

/**
 * Whom a restored server still waits for before it may sign: every reader that has not answered since the restore, unless
 * an officer went on without it. To sign before all have answered could contradict what one of them holds.
 */
export function awaited(readers: readonly string[], settled: ReadonlySet<string>): string[] {
  return readers.filter((reader) => !settled.has(reader));
}
