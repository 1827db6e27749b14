import type { FeedEntry, FeedItem, FeedRefusal, FeedSkip, FeedSkipReason } from './entry.ts';

/** Where readers put what they find. Batches are cut by count alone, so the sizes of input blocks never show. */
export interface Batches {
  readonly add: (entry: FeedItem | FeedRefusal) => void;
  readonly skip: (line: number, reason: FeedSkipReason) => void;
  /** The next full batch, if there is one. */
  readonly full: () => readonly FeedEntry[] | undefined;
  /** All that is left, with the counts of what was skipped. */
  readonly rest: () => readonly (readonly FeedEntry[])[];
}

const batchMax = 5000;

export function openBatches(): Batches {
  const ready: FeedEntry[][] = [];
  const skips = new Map<FeedSkipReason, { line: number; count: number }>();
  let filling: FeedEntry[] = [];

  function put(entry: FeedEntry): void {
    filling.push(entry);
    if (filling.length >= batchMax) {
      ready.push(filling);
      filling = [];
    }
  }

  return {
    add: put,
    skip(line, reason) {
      const known = skips.get(reason);
      if (known) known.count++;
      else skips.set(reason, { line, count: 1 });
    },
    full: () => ready.shift(),
    rest() {
      for (const [skipped, { line, count }] of skips) put({ line, skipped, count } satisfies FeedSkip);
      if (filling.length > 0) ready.push(filling);
      return ready;
    },
  };
}
