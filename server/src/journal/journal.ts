import type { NoteKey } from '@bronze-drum/protocol/checkpoints';
import { commitmentOf, saltBytes } from '@bronze-drum/protocol/commitments';
import { type MemberCode, memberCodes } from '@bronze-drum/protocol/members';
import type { Hash } from '@bronze-drum/protocol/proofs';
import type { Statement, StatementRef } from '@bronze-drum/protocol/statements/envelope';
import { assert } from '../kernel/assert.ts';
import { instantText, type Clock } from '../kernel/clock.ts';
import { newSalt } from '../kernel/ids.ts';
import { refuse } from '../kernel/refusals.ts';
import type { Db, Sql, Tx } from '../platform/db.ts';
import { migrate } from '../platform/migrations.ts';
import type { Signer } from '../platform/signer.ts';
import type { Book, Draft, Entry } from './entry.ts';
import { openFollowers, type Follower, type Following, type MemoryFollower } from './follow.ts';
import { proveConsistency, proveInclusion } from './proofs.ts';
import { checkpointKey, openSequencer } from './sequencer.ts';
import * as store from './store.ts';
import { sha256 } from './tree.ts';

export type { Book, Draft, Entry } from './entry.ts';
export type { Follower, Following, MemoryFollower } from './follow.ts';

export interface Journal {
  readonly member: MemberCode;
  /** The key that verifies a book's checkpoints. */
  verifyingKey(book: string): NoteKey;
  /**
   * Adds statements to the room's transaction, unnumbered. The transaction's `db.tx` returns only once a durable, signed
   * checkpoint covers them. At most 20,000 a book and call. Returns the ids of the appends, one a book.
   */
  append(tx: Tx, drafts: readonly Draft[]): Promise<ReadonlyMap<string, number>>;
  books(): Promise<Book[]>;
  /** Entries [from, from + limit) of a book, in order; fewer at its end. Refuses a book that does not exist. */
  read(book: string, from: number, limit: number): Promise<Entry[]>;
  /** What this member's books say about one subject, oldest first. */
  about(subject: string, limit: number): Promise<Entry[]>;
  checkpointAt(book: string, size: number): Promise<string>;
  inclusion(book: string, number: number, size: number): Promise<Hash[]>;
  consistency(book: string, from: number, to: number): Promise<Hash[]>;
  /** Forgets a statement's body and says so in the same book; all proofs still hold. */
  erase(tx: Tx, ref: StatementRef, erasure: Pick<Draft, 'author' | 'handling'> & { basis: string }): Promise<void>;
  /** Hands every statement, from the beginning and then as they come, to a follower with its own durable cursor. */
  follow(follower: Follower): Following;
  /** Hands statements on from given positions without a durable cursor; for views that live in memory. */
  followInMemory(view: MemoryFollower): Following;
  /** How many statements each book has now, as one consistent read; where a rebuilt view begins to follow. */
  positions(sql: Sql): Promise<Map<string, number>>;
  /** Numbers whatever is pending. For tests and for stopping. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

export interface JournalParts {
  readonly db: Db;
  readonly clock: Clock;
  readonly signer: Signer;
  readonly member: MemberCode;
  readonly onError: (error: unknown) => void;
  /** How long to wait for another server on the same database to let go. */
  readonly lockWaitMs?: number;
}

export async function openJournal(parts: JournalParts): Promise<Journal> {
  const { db, clock, signer, member } = parts;
  await migrate(db, 'journal', new URL('migrations/', import.meta.url));
  const heard = new Set<() => void>();
  const sequencer = await openSequencer(
    { ...parts, onCheckpoint: () => heard.forEach((wake) => wake()) },
    parts.lockWaitMs ?? 5000,
  );
  await store.rememberKey(db, checkpointKey(member, 'domestic', signer), clock.now());
  const bookOf = async (name: string): Promise<store.BookRow> =>
    (await store.readBook(db, name)) ?? refuse('not-found.book', { book: name });
  const read = async (name: string, from: number, limit: number, kinds?: readonly string[]): Promise<Entry[]> =>
    readEntries(member, name, await store.readStatements(db, (await bookOf(name)).id, from, limit, kinds));
  const append: Journal['append'] = async (tx, drafts) => {
    const at = instantText(clock.now());
    const appends = new Map<string, number>();
    for (const [book, group] of Map.groupBy(drafts, (draft) => draft.book)) {
      assert(group.length <= store.appendCountMax, 'an append has at most 20,000 statements');
      const statements = statementsOf(member, at, group);
      const id = await store.insertAppend(tx, await store.bookId(tx, book), statements);
      appends.set(book, id);
      const expected = sequencer.expect(
        id,
        statements.map((statement) => statement.commitment),
      );
      tx.afterRollback(expected.forget);
      tx.afterCommit(expected.sequenced);
    }
    return appends;
  };
  const followers = openFollowers({ db, member, books: () => store.readBooks(db), read, onError: parts.onError });
  heard.add(followers.wake);
  return {
    member,
    verifyingKey: (book) => checkpointKey(member, book, signer),
    append,
    read,
    books: () => store.readBooks(db),
    about: async (subject, limit) =>
      (await store.readAbout(db, subject, limit)).flatMap((row) => readEntries(member, row.book, [row])),
    checkpointAt: async (name, size) =>
      (await store.readCheckpoint(db, (await bookOf(name)).id, size)) ?? refuse('not-found.checkpoint', { size }),
    inclusion: async (name, number, size) => {
      const book = await bookOf(name);
      if (size > book.size || number >= size || number < 0) refuse('not-found.entry', { number });
      return proveInclusion(db, book, number, size);
    },
    consistency: async (name, from, to) => {
      const book = await bookOf(name);
      if (from > to || to > book.size || from < 0) refuse('not-found.checkpoint', { size: to });
      return proveConsistency(db, book, from, to);
    },
    erase: async (tx, ref, erasure) => {
      const book = await bookOf(ref.book);
      // What says that a body was erased must itself stay, or nobody could tell the erasure from a loss.
      const [entry] = await read(ref.book, ref.number, 1);
      if (entry?.statement?.envelope.kind === 'erasure') refuse('conflict.erasure', { number: ref.number });
      if (!(await store.eraseStatement(tx, book.id, ref.number))) refuse('not-found.entry', { number: ref.number });
      const { author, handling, basis } = erasure;
      const body = { number: ref.number, basis };
      await append(tx, [{ book: ref.book, kind: 'erasure', version: 1, author, handling, body }]);
    },
    follow: followers.follow,
    followInMemory: followers.followInMemory,
    positions: async (sql) => new Map((await store.readBooks(sql)).map((book) => [book.name, book.size])),
    flush: sequencer.flush,
    async close() {
      await followers.close();
      await sequencer.close();
    },
  };
}

/** Who may read a book, by its name; nobody abroad reads `domestic`. */
function audienceOf(book: string): string[] {
  if (book === 'domestic') return [];
  return book === 'alliance' ? [...memberCodes] : book.split('+');
}

function statementsOf(member: MemberCode, at: string, drafts: readonly Draft[]): store.NewStatement[] {
  const audiences = new Map<string, string[]>();
  return drafts.map((draft) => {
    const { body, book, kind, version, author, handling, retention, subject, withdraws } = draft;
    const audience = audiences.get(book) ?? audienceOf(book);
    audiences.set(book, audience);
    // A key whose value is undefined is not written.
    const envelope = { member, book, kind, version, at, author, audience, handling, retention, subject, withdraws };
    const bytes = JSON.stringify({ envelope, body });
    const salt = newSalt(saltBytes);
    return { commitment: commitmentOf(sha256, salt, Buffer.from(bytes)), salt, bytes, kind, subject: subject ?? null };
  });
}

function readEntries(member: string, book: string, rows: readonly store.StatementRow[]): Entry[] {
  return rows.map((row) => ({
    member,
    book,
    ...row,
    statement: row.bytes === null ? null : (JSON.parse(row.bytes) as Statement),
  }));
}
