import { must } from '../../kernel/assert.ts';
import { byteaOf, type CopiedRow } from '../../platform/copy-text.ts';
import type { BookSource } from '../audit/audit.ts';
import { entryOf, type ReadEntry } from '../audit/entry-lines.ts';
import { keysOf } from './stored-books.ts';

/** The tables of a backup: the rows of one, from the beginning; null stands for what is no row. */
export type CopiedTables = (schema: string, name: string) => AsyncIterable<CopiedRow | null>;

/** Tables of the journal that a backup must write in the order of their keys, so that its books can be read as streams. */
export const tablesReadInOrder: ReadonlySet<string> = new Set(['journal.appends', 'journal.statements']);

/** The books of a backup, read from the very rows that a restore loads. */
export async function copiedBooks(tables: CopiedTables, member: string): Promise<BookSource[]> {
  const keys = [];
  for await (const row of tables('journal', 'keys')) {
    const publicKey = byteaOf(row?.['public_key'] ?? '');
    if (publicKey !== undefined) keys.push({ public_key: publicKey, algorithm: Number(row?.['algorithm']) });
  }
  const books: BookSource[] = [];
  for await (const row of tables('journal', 'books')) {
    if (row === null) throw new Error('the table journal.books of the backup cannot be read');
    const [id, book] = [must(row['id'], 'a book has an id'), must(row['name'], 'a book has a name')];
    // Copies of other members' books are theirs to answer for; a restored server compares them with their authors anew.
    if (row['member'] !== member) continue;
    books.push({
      member,
      book,
      note: row['note'] ?? null,
      keys: keysOf(member, book, keys),
      entries: () => entriesOf(tables, id),
    });
  }
  return books;
}

/**
 * Appends are written in the order of their ids, which is nearly that of their numbers: one that committed late has a
 * low id and high numbers, and waits here until its turn.
 */
async function* entriesOf(tables: CopiedTables, book: string): AsyncGenerator<ReadEntry | null> {
  const statements = peekable(tables('journal', 'statements'));
  const waiting = new Map<number, (ReadEntry | null)[]>();
  let next = 0;
  try {
    for await (const append of tables('journal', 'appends')) {
      if (append === null) {
        yield null;
        break;
      }
      const first = Number(append['first_number'] ?? Number.NaN);
      const entries = takeAppend(statements, append['id'] ?? '', first);
      if (append['book'] !== book || !Number.isSafeInteger(first)) await drain(entries);
      else if (first !== next) waiting.set(first, await Array.fromAsync(entries));
      else {
        for await (const entry of entries) {
          yield entry;
          next += 1;
        }
      }
      for (let ready = waiting.get(next); ready !== undefined && ready.length > 0; ready = waiting.get(next)) {
        yield* ready;
        waiting.delete(next);
        next += ready.length;
      }
    }
    for (const first of [...waiting.keys()].sort((a, b) => a - b)) yield* waiting.get(first)!;
    // A statement that belongs to no append, or a damaged line, has stopped the rows from being taken.
    if ((await statements.peek()) !== undefined) yield null;
  } finally {
    await statements.close();
  }
}

/** The statements of one append, as entries from `first` on. */
async function* takeAppend(
  statements: Peekable<CopiedRow | null>,
  append: string,
  first: number,
): AsyncGenerator<ReadEntry | null> {
  for (let row = await statements.peek(); row?.['append'] === append; row = await statements.peek()) {
    yield entryOfRow(row, first);
    await statements.take();
  }
}

async function drain(items: AsyncIterable<unknown>): Promise<void> {
  const iterator = items[Symbol.asyncIterator]();
  while ((await iterator.next()).done !== true);
}

function entryOfRow(row: CopiedRow, first: number): ReadEntry | null {
  const bytea = (value: string | null | undefined): Uint8Array | null | undefined =>
    value === null ? null : byteaOf(value ?? '');
  const text = row['bytes'] ?? null;
  const bytes = text === null ? null : Buffer.from(text);
  return entryOf(first + Number(row['seq']), bytea(row['commitment']), bytea(row['salt']), bytes);
}

interface Peekable<T> {
  peek(): Promise<T | undefined>;
  take(): Promise<void>;
  close(): Promise<unknown>;
}

function peekable<T>(items: AsyncIterable<T>): Peekable<T> {
  const iterator = items[Symbol.asyncIterator]();
  let head: IteratorResult<T> | undefined;
  return {
    async peek() {
      head ??= await iterator.next();
      return head.done === true ? undefined : head.value;
    },
    async take() {
      head = undefined;
    },
    close: async () => iterator.return?.(),
  };
}
