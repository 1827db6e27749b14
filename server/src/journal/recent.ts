import { followedKind, type Entry } from './entry.ts';

const entriesMax = 20_000;

/** The entries that were received last, as they were read then: their followers need not read them back. */
export function openRecent() {
  const runs: { readonly book: number; readonly from: number; readonly entries: readonly Entry[] }[] = [];
  let count = 0;
  return {
    keep(book: number, entries: readonly Entry[]): void {
      runs.push({ book, from: entries[0]!.number, entries });
      count += entries.length;
      while (count > entriesMax) count -= runs.shift()!.entries.length;
    },
    /** A body of the book was forgotten, or came back: what is here is not what stands there. */
    forget(book: number): void {
      for (let at = runs.length - 1; at >= 0; at -= 1) {
        if (runs[at]!.book === book) count -= runs.splice(at, 1)[0]!.entries.length;
      }
    },
    /** Entries [from, from + limit), or those of some kinds among them, if all of them are here. */
    find(book: number, from: number, limit: number, kinds?: readonly string[]): Entry[] | undefined {
      const found: Entry[] = [];
      let next = from;
      for (const run of runs) {
        if (run.book !== book || next < run.from || next >= run.from + run.entries.length) continue;
        const until = Math.min(run.entries.length, from + limit - run.from);
        for (let at = next - run.from; at < until; at += 1) {
          const entry = run.entries[at]!;
          if (kinds === undefined || isOf(kinds, entry)) found.push(entry);
        }
        next = run.from + until;
        if (next === from + limit) return found;
      }
      return undefined;
    },
  };
}

function isOf(kinds: readonly string[], { statement }: Entry): boolean {
  return statement !== null && kinds.includes(followedKind(statement.envelope));
}
