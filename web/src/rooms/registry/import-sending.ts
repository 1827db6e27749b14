import type { BatchReport, ImportBatch, ImportItem } from '../../../../server/src/registry/contract.ts';
import { Refused } from '../../link/call.ts';
import type { LineRefusal } from './import-columns.ts';

/** SHA-256 that grows, as @noble/hashes has it. */
export interface Growing {
  update(text: Uint8Array): unknown;
  clone(): Growing;
  digest(): Uint8Array;
}

export interface Sending {
  /** What the server has: how many items, and the digest over them. */
  readonly from: { readonly items: number; readonly digest: string };
  readonly items: AsyncIterable<readonly (ImportItem | LineRefusal)[]>;
  readonly hash: Growing;
  readonly post: (batch: ImportBatch) => Promise<BatchReport>;
  /** Resolves once sending may go on; rejects if it is to stop. */
  readonly mayGoOn: () => Promise<void>;
  readonly onReport: (report: BatchReport, sent: ReadonlyMap<number, string>) => void;
  /** A row that never reaches the server. */
  readonly onUnread: (refusal: LineRefusal) => void;
}

const underWayMax = 2;
// The server takes 5,000 items and 8 MB at once; texts in other scripts are three bytes a character.
const batchItemsMax = 5000;
const batchCharsMax = 2_000_000;

/**
 * Sends items in batches, each of which is taken whole; the same protocol as the command line's. What the server has already is
 * passed over, if the file is still the one that it came from.
 */
export async function sendItems(sending: Sending): Promise<'sent' | 'another-feed'> {
  const { from, hash, post, mayGoOn } = sending;
  const encoder = new TextEncoder();
  let seen = 0;
  let batch: ImportItem[] = [];
  let chars = 0;
  const underWay: Promise<void>[] = [];
  const flush = async (): Promise<void> => {
    // Two batches travel while the next one is read: never more, so that memory stays flat.
    if (underWay.length === underWayMax) await underWay.shift();
    if (batch.length === 0) return;
    await mayGoOn();
    const body: ImportBatch = { after: seen - batch.length, digest: hexOf(hash.clone().digest()), items: batch };
    const sent = new Map(batch.map(({ line, identifier }) => [line, identifier]));
    [batch, chars] = [[], 0];
    const before = underWay.at(-1);
    const travelling = (async () => sending.onReport(await postInOrder(post, body, before), sent))();
    travelling.catch(() => undefined);
    underWay.push(travelling);
  };
  for await (const part of sending.items) {
    for (const item of part) {
      if ('refused' in item) {
        sending.onUnread(item);
        continue;
      }
      hash.update(encoder.encode(`${item.line}\t${item.identifier}\n`));
      seen += 1;
      if (seen > from.items) {
        batch.push(item);
        chars += item.identifier.length + (item.grounds?.length ?? 0) + 200;
      } else if (seen === from.items && hexOf(hash.clone().digest()) !== from.digest) return 'another-feed';
      if (batch.length === batchItemsMax || chars > batchCharsMax) await flush();
    }
  }
  if (seen < from.items) return 'another-feed';
  await flush();
  await Promise.all(underWay);
  return 'sent';
}

/** If a batch overtook the one before it, it is sent once more when that one has been taken. */
async function postInOrder(
  post: Sending['post'],
  body: ImportBatch,
  before: Promise<void> | undefined,
): Promise<BatchReport> {
  try {
    return await post(body);
  } catch (error) {
    if (before === undefined || !(error instanceof Refused) || error.code !== 'conflict.import-position') throw error;
    await before;
    return post(body);
  }
}

const hexOf = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
