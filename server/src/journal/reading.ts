import type { MemberCode } from '@bronze-drum/protocol/members';
import type { Hash } from '@bronze-drum/protocol/proofs';
import type { Statement } from '@bronze-drum/protocol/statements/envelope';
import { refuse } from '../kernel/refusals.ts';
import type { Db } from '../platform/db.ts';
import type { Book, Entry } from './entry.ts';
import type { BookHead, openHeads } from './heads.ts';
import { openProofs } from './proofs.ts';
import type { openRecent } from './recent.ts';
import * as redeliveries from './redelivery-store.ts';
import * as store from './store.ts';

export interface ReadingParts {
  readonly db: Db;
  readonly member: MemberCode;
  readonly heads: ReturnType<typeof openHeads>;
  readonly recent: ReturnType<typeof openRecent>;
}

/** Reading and proving books: this member's own, or the copy of another's. */
export interface Reading {
  /** The books of a member; this one's own unless said. */
  books(of?: MemberCode): Promise<Book[]>;
  /** Every book that is kept here, whoever's it is. */
  allBooks(): Promise<Book[]>;
  /** Entries [from, from + limit) of a book, in order; fewer at its end. Refuses a book that does not exist. */
  read(book: string, from: number, limit: number, of?: MemberCode): Promise<Entry[]>;
  /** Of this member's own book, entries of one kind among the numbers [from, to), in order, so many at the most. */
  ofKind(book: string, search: store.KindSearch): Promise<Entry[]>;
  /** What the books here say about one subject, whoever said it, in the order in which it came. */
  about(subject: string, limit: number): Promise<Entry[]>;
  checkpointAt(book: string, size: number, of?: MemberCode): Promise<string>;
  inclusion(book: string, number: number, size: number, of?: MemberCode): Promise<Hash[]>;
  consistency(book: string, from: number, to: number, of?: MemberCode): Promise<Hash[]>;
  /** The root over a book's first `size` statements. */
  root(book: string, size: number, of?: MemberCode): Promise<Hash>;
}

/** What is asked of the books as they are committed. */
export function openReading({ db, member, heads, recent }: ReadingParts) {
  const proofs = openProofs(db);
  const bookOf = (name: string, of: MemberCode = member): BookHead =>
    heads.of(of, name) ?? refuse('not-found.book', { book: name });
  const readBook = async (book: BookHead, from: number, limit: number, kinds?: readonly string[]) =>
    readEntries(book.member, book.name, await store.readStatements(db, book.id, from, limit, kinds));
  const verbs: Reading = {
    read: async (name, from, limit, of) => {
      const book = bookOf(name, of);
      const count = Math.min(limit, book.size - from);
      return (count > 0 ? recent.find(book.id, from, count) : undefined) ?? readBook(book, from, limit);
    },
    ofKind: async (name, search) => readEntries(member, name, await store.readOfKind(db, bookOf(name).id, search)),
    books: async (of = member) => heads.all().filter((book) => book.member === of),
    allBooks: async () => [...heads.all()],
    about: async (subject, limit) =>
      (await store.readAbout(db, subject, limit)).flatMap((row) => readEntries(row.member, row.book, [row])),
    checkpointAt: async (name, size, of) =>
      (await store.readCheckpoint(db, bookOf(name, of).id, size)) ?? refuse('not-found.checkpoint', { size }),
    inclusion: async (name, number, size, of) => {
      const book = bookOf(name, of);
      if (size > book.size || number >= size || number < 0) refuse('not-found.entry', { number });
      return proofs.inclusion(book, number, size);
    },
    consistency: async (name, from, to, of) => {
      const book = bookOf(name, of);
      if (from > to || to > book.size || from < 0) refuse('not-found.checkpoint', { size: to });
      return proofs.consistency(book, from, to);
    },
    root: async (name, size, of) => {
      const book = bookOf(name, of);
      if (size > book.size || size < 0) refuse('not-found.checkpoint', { size });
      return proofs.root(book, size);
    },
  };
  return { bookOf, readBook, verbs };
}

function readEntries(member: string, book: string, rows: readonly store.StatementRow[]): Entry[] {
  return rows.map((row) => {
    let statement: Statement | null | undefined;
    return {
      member,
      book,
      ...row,
      // Whoever only hands entries on never looks into them.
      get statement() {
        return (statement ??= row.bytes === null ? null : (JSON.parse(row.bytes) as Statement));
      },
    };
  });
}

type ReadBook = (book: BookHead, from: number, limit: number) => Promise<Entry[]>;

/** Statements that are to be handed on once more, each as it stands now. */
export async function readRedelivered(db: Db, read: ReadBook, from: number, limit: number) {
  const rows = await redeliveries.readRedeliveries(db, from, limit);
  const books = new Map((await store.readBooks(db)).map((book) => [book.id, book]));
  const entries: Entry[] = [];
  for (let at = 0; at < rows.length;) {
    const first = rows[at]!;
    let count = 1;
    while (rows[at + count]?.book === first.book && rows[at + count]?.statement === first.statement + count) count += 1;
    const run = await read(books.get(first.book)!, first.statement, count);
    entries.push(...run.map((entry) => ({ ...entry, redelivered: true })));
    at += count;
  }
  return { next: (rows.at(-1)?.number ?? from - 1) + 1, entries };
}
