import { parseVerifyingKey, type NoteKey } from '@bronze-drum/protocol/checkpoints';
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
  const own = await listOf(get);
  const copies = own.members.filter((member) => member !== own.member).map((member) => listOf(get, member));
  return [own, ...(await Promise.all(copies))].flatMap(({ member, books }) =>
    books.map(({ name, note, verifyingKeys }) => ({
      member,
      book: name,
      note,
      isCopy: member !== own.member,
      keys: verifyingKeys
        .map((text) => parseVerifyingKey(text, sha256))
        .filter((key): key is NoteKey => !isRefusal(key)),
      entries: () => entriesOf(get, { member, book: name }, sizeIn(note)),
    })),
  );
}

/** How many entries a checkpoint covers, as its note says; a copy that is catching up may hold more already. */
const sizeIn = (note: string | null): number => (note === null ? 0 : Number(note.split('\n')[1]));

async function listOf(get: Get, member?: string): Promise<BookList> {
  const of = member === undefined ? '' : `?member=${member}`;
  return (await (await get(`/federation/v1/books${of}`)).json()) as BookList;
}

async function* entriesOf(
  get: Get,
  of: { readonly member: string; readonly book: string },
  size: number,
): AsyncGenerator<ReadEntry | null> {
  for (let from = 0; from < size;) {
    const limit = Math.min(entriesLimitMax, size - from);
    const { body } = await get(
      `/federation/v1/entries?member=${of.member}&book=${encodeURIComponent(of.book)}&from=${from}&limit=${limit}`,
    );
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
