import { isRefusal, refusal } from '@bronze-drum/protocol/refusals';
import type { Refusal } from '@bronze-drum/protocol/refusals';

import { openBatches } from './batches.ts';
import type { Batches } from './batches.ts';
import { columnNames } from './columns.ts';
import { openCsv } from './csv.ts';
import { BrokenGzip, decompress } from './decompress.ts';
import type { FeedEntry, FeedFormat, FeedReader } from './entry.ts';
import { openHosts } from './hosts.ts';
import { openMisp } from './misp.ts';
import { openNdjson } from './ndjson.ts';
import { peek } from './peek.ts';
import { openPlain } from './plain.ts';
import { encodingFault, sniffBytesMax, sniffHead } from './sniff.ts';
import { openStix } from './stix.ts';

export { columnRoles } from './columns.ts';
export { feedFormats } from './entry.ts';
export type { FeedEntry, FeedFormat, FeedItem } from './entry.ts';
export { sniff } from './sniff.ts';

export interface FeedOptions {
  readonly format: FeedFormat | 'auto';
  /** Helps `auto` to tell a spreadsheet. */
  readonly fileName?: string | undefined;
  /** CSV and NDJSON: role (`columnRoles`) to the feed's own column name. With a map, columns outside it are not read. */
  readonly columns?: Readonly<Record<string, string>> | undefined;
  /** CSV: one character. By default the header line decides. */
  readonly delimiter?: string | undefined;
  /** Plain: whether a space ends the identifier. By default only where it cannot be part of one. */
  readonly firstColumn?: boolean | undefined;
  /** MISP: also attributes that their author did not mark `to_ids`. */
  readonly includeAll?: boolean | undefined;
}

/** Bytes are worked through in blocks of at most this size, so that one huge chunk is no different from many. */
const blockBytesMax = 64 * 1024;

/**
 * Reads a feed, gzipped or not, in flat memory. Whatever is wrong with it comes as a FeedRefusal, and the entries are
 * the same however its bytes were cut into chunks. Throws only what `bytes` throws. Texts of one batch may share
 * memory with the block they came from: whoever keeps a few of them for long should copy them.
 */
export async function* readFeed(
  bytes: AsyncIterable<Uint8Array>,
  options: FeedOptions,
): AsyncGenerator<readonly FeedEntry[], void, undefined> {
  const out = openBatches();
  let reader: FeedReader | undefined;
  try {
    const { head, whole, close } = await peek(decompress(bytes), options.format === 'auto' ? sniffBytesMax : 3);
    const opened = openReader(out, head, options);
    if (isRefusal(opened)) {
      await close();
      out.add({ line: 1, ...opened });
    } else {
      reader = opened;
      for await (const block of blocks(whole(), markLength(head))) {
        opened.push(block);
        for (let batch = out.full(); batch !== undefined; batch = out.full()) yield batch;
      }
      await opened.end();
    }
  } catch (error) {
    if (!(error instanceof BrokenGzip)) throw error;
    out.add({ line: (reader?.line ?? 0) + 1, refused: 'feed.gzip' });
  }
  yield* out.rest();
}

function openReader(out: Batches, head: Uint8Array, options: FeedOptions): FeedReader | Refusal {
  const encoding = encodingFault(head);
  if (encoding !== undefined) return encoding;
  const columns = columnNames(options.columns);
  if (isRefusal(columns)) return columns;
  if (options.delimiter !== undefined && !/^[^"#\r\n]$/.test(options.delimiter)) return refusal('feed.csv.delimiter');
  const format = formatOf(head, options);
  switch (format) {
    case 'plain':
      return openPlain(out, options.firstColumn);
    case 'hosts':
      return openHosts(out);
    case 'csv':
      return openCsv(out, columns, options.delimiter);
    case 'ndjson':
      return openNdjson(out, columns);
    case 'misp':
      return openMisp(out, options.includeAll);
    case 'stix':
      return openStix(out);
    default:
      return format;
  }
}

function formatOf(head: Uint8Array, options: FeedOptions): FeedFormat | Refusal {
  if (options.format !== 'auto') return options.format;
  const format = sniffHead(head.subarray(0, sniffBytesMax), options.fileName);
  // Who tells us the columns tells us that there are some.
  return format === 'plain' && options.columns !== undefined ? 'csv' : format;
}

function markLength(head: Uint8Array): number {
  return head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? 3 : 0;
}

async function* blocks(bytes: AsyncIterable<Uint8Array>, skip: number): AsyncGenerator<Uint8Array, void, undefined> {
  let from = skip;
  for await (const chunk of bytes) {
    for (; from < chunk.length; from += blockBytesMax) yield chunk.subarray(from, from + blockBytesMax);
    from = 0;
  }
}
