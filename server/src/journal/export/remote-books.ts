import { parseVerifyingKey } from '@bronze-drum/protocol/checkpoints';
import { isRefusal } from '@bronze-drum/protocol/refusals';
import { linesOf } from '../../platform/text-lines.ts';
import type { BookSource } from '../audit/audit.ts';
import { readEntryLine, type ReadEntry } from '../audit/entry-lines.ts';
import { entriesLimitMax, type BookList } from '../contract.ts';
import { sha256 } from '../tree.ts';

/** Answers a GET of one path of a server; throws when it is refused. */
type Get = (path: string) => Promise<Response>;

/** The books that a server shows us, each as it stood when they were listed. */
export async function remoteBooks(get: Get): Promise<BookSource[]> {
  const { member, books } = (await (await get('/federation/v1/books')).json()) as BookList;
  return books.map(({ name, size, note, verifyingKey }) => {
    const key = parseVerifyingKey(verifyingKey, sha256);
    return { member, book: name, note, keys: isRefusal(key) ? [] : [key], entries: () => entriesOf(get, name, size) };
  });
}

async function* entriesOf(get: Get, book: string, size: number): AsyncGenerator<ReadEntry | null> {
  for (let from = 0; from < size;) {
    const limit = Math.min(entriesLimitMax, size - from);
    const { body } = await get(`/federation/v1/entries?book=${encodeURIComponent(book)}&from=${from}&limit=${limit}`);
    let lines = 0;
    if (body !== null) {
      for await (const line of linesOf(body)) {
        yield line === null ? null : readEntryLine(line);
        lines += 1;
      }
    }
    // A server that sends nothing, or without end, is not asked again: the audit says what is missing.
    if (lines === 0 || lines > limit) return;
    from += lines;
  }
}
