import { Buffer } from 'node:buffer';

import { readFeed } from './feeds.ts';
import type { FeedEntry, FeedOptions } from './feeds.ts';

/** For tests: a whole feed's entries, its bytes handed over in chunks that end at `cuts`. */
export async function readAll(
  source: string | Uint8Array,
  options: FeedOptions,
  cuts: readonly number[] = [],
): Promise<readonly FeedEntry[]> {
  const entries: FeedEntry[] = [];
  for await (const batch of readFeed(chunksOf(Buffer.from(source), cuts), options)) entries.push(...batch);
  return entries;
}

async function* chunksOf(bytes: Uint8Array, cuts: readonly number[]): AsyncGenerator<Uint8Array, void, undefined> {
  let from = 0;
  for (const to of cuts.toSorted((a, b) => a - b)) {
    yield bytes.subarray(from, Math.max(from, Math.min(to, bytes.length)));
    from = Math.max(from, Math.min(to, bytes.length));
  }
  yield bytes.subarray(from);
}
