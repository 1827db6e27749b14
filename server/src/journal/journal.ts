import type { NoteKey } from '@bronze-drum/protocol/checkpoints';
import { commitmentOf, originOf, saltBytes } from '@bronze-drum/protocol/commitments';
import { audienceOf, isMemberCode, type MemberCode } from '@bronze-drum/protocol/members';
import type { Statement, StatementRef } from '@bronze-drum/protocol/statements/envelope';
import { assert } from '../kernel/assert.ts';
import { instantText, type Clock } from '../kernel/clock.ts';
import { newSalt } from '../kernel/ids.ts';
import { Outage, refuse } from '../kernel/refusals.ts';
import type { Db, Sql, Tx } from '../platform/db.ts';
import { migrate } from '../platform/migrations.ts';
import type { Signer } from '../platform/signer.ts';
import { followedKind, type Draft, type Entry } from './entry.ts';
import {
  loadCursors,
  openFollowers,
  placeOf,
  type Follower,
  type Following,
  type MemoryFollower,
  type Positions,
} from './follow.ts';
import { openHeads, type BookHead } from './heads.ts';
import { openReading, readRedelivered, type Reading } from './reading.ts';
import { confirmCheckpoint, openReceiver, subjectIn, takeUpReadable, type Received } from './received.ts';
import { openRecent } from './recent.ts';
import { checkpointKey, openSequencer, type SequencerParts } from './sequencer.ts';
import * as redeliveries from './redelivery-store.ts';
import * as store from './store.ts';
import { sha256 } from './tree.ts';

export type { Book, Draft, Entry } from './entry.ts';
export { type Follower, type Following, type MemoryFollower, type Positions } from './follow.ts';
export type { DeskReader } from './readers.ts';
export type { Received } from './received.ts';
export { readEntryLine, writeEntryLine, type ReadEntry } from './audit/entry-lines.ts';
export { hasher, sha256 } from './tree.ts';

export interface Journal extends Reading {
  readonly member: MemberCode;
  /** The key that verifies the checkpoints of this member's book. */
  verifyingKey(book: string): NoteKey;
  /** Every key that has ever signed this member's book, the newest first. */
  keysOf(book: string): Promise<NoteKey[]>;
  /**
   * Adds statements to the room's transaction, unnumbered. The transaction's `db.tx` returns only once a durable, signed
   * checkpoint covers them. At most 20,000 a book and call. Returns the ids of the appends, one a book.
   */
  append(tx: Tx, drafts: readonly Draft[]): Promise<ReadonlyMap<string, number>>;
  /** Another member's statements, or this one's own that come back after a restore, as they stand in a copy. */
  receive(tx: Tx, received: Received): Promise<void>;
  /** The newest signed checkpoint of exactly the size that a copy has. */
  confirm(tx: Tx, checkpoint: { member: MemberCode; book: string; size: number; note: string }): Promise<void>;
  /** Forgets a statement's body and says so in the same book; all proofs still hold. */
  erase(tx: Tx, ref: StatementRef, erasure: Pick<Draft, 'author' | 'handling'> & { basis: string }): Promise<void>;
  /** Forgets the body of another member's statement in the copy here. False if there was none. */
  forget(tx: Tx, ref: StatementRef): Promise<boolean>;
  /** Gives a statement the body that was kept from it, and hands it to the followers. */
  admit(tx: Tx, ref: StatementRef, body: { salt: Uint8Array; bytes: string }): Promise<void>;
  /** Hands every statement, from the beginning and then as they come, to a follower with its own durable cursor. */
  follow(follower: Follower): Following;
  /** Hands statements on from given positions without a durable cursor; for views that live in memory. */
  followInMemory(view: MemoryFollower): Following;
  /** The number up to which every follower that does not stand aside has handled a book. */
  applied(member: MemberCode, book: string): number;
  /**
   * Where a view begins to follow that is rebuilt from what `projection`, a follower by name, has written: the books'
   * own sizes for this member, whose rooms write in the transaction of their append, and the follower's place elsewhere.
   */
  positions(sql: Sql, projection: string): Promise<Positions>;
  /** Calls back after each checkpoint of this member's books, and after what is received. */
  onGrowth(heard: () => void): void;
  /** Nothing may be appended or signed now: perhaps its readers know more of this journal than is here. */
  isHeld(): boolean;
  hold(): Promise<void>;
  /** Ends the hold. */
  release(): void;
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
  /** Begin without signing, until `release`. */
  readonly held?: boolean;
}

export async function openJournal(parts: JournalParts): Promise<Journal> {
  const { db, clock, signer, member } = parts;
  await migrate(db, 'journal', new URL('migrations/', import.meta.url));
  const heard = new Set<() => void>();
  const wake = (): void => heard.forEach((hear) => hear());
  let held = parts.held ?? false;
  const recent = openRecent();
  const heads = openHeads([]);
  /** What was appended and has no number yet, if it is little enough to be kept for the followers. */
  const unnumbered = new Map<number, readonly SaidStatement[]>();
  const onCheckpoint: SequencerParts['onCheckpoint'] = (head, numbered) => {
    heads.put(head);
    for (const { id, firstNumber } of numbered) {
      const said = unnumbered.get(id);
      unnumbered.delete(id);
      if (said !== undefined)
        recent.keep(
          head.id,
          said.map((one, seq) => entryOf(head, firstNumber + seq, one)),
        );
    }
    wake();
  };
  const sequencer = await openSequencer({ ...parts, held, onCheckpoint }, parts.lockWaitMs ?? 5000);
  await store.rememberKey(db, checkpointKey(member, 'domestic', signer), clock.now());
  await takeUpReadable(db);
  for (const row of await store.readBooks(db)) heads.put(row);
  let nextRedelivery = await redeliveries.nextRedelivery(db);
  const redelivered = async (): Promise<void> => {
    nextRedelivery = await redeliveries.nextRedelivery(db);
    wake();
  };
  const reading = openReading({ db, member, heads, recent });
  const { bookOf, readBook } = reading;
  const receiveEntries = openReceiver(clock, (head, entries) => {
    heads.put(head);
    recent.keep(head.id, entries);
    wake();
  });
  const receive: Journal['receive'] = async (tx, received) => {
    await receiveEntries(tx, received);
    if (received.redeliver === true) tx.afterCommit(redelivered);
  };
  const append: Journal['append'] = async (tx, drafts) => {
    // The envelope names a nation: what another body says is no statement, and no reader could keep it.
    if (!isMemberCode(member)) refuse('forbidden.not-a-member');
    if (held) throw new Outage('the journal is being compared with what its readers hold', 2);
    const at = instantText(clock.now());
    const appends = new Map<string, number>();
    for (const [book, group] of Map.groupBy(drafts, (draft) => draft.book)) {
      assert(group.length <= store.appendCountMax, 'an append has at most 20,000 statements');
      const said = statementsOf(member, at, group);
      const statements = said.map((one) => one.row);
      const id = await store.insertAppend(
        tx,
        heads.of(member, book)?.id ?? (await store.bookId(tx, member, book)),
        statements,
      );
      appends.set(book, id);
      if (said.length <= keptAppendMax) {
        unnumbered.set(id, said);
        tx.afterRollback(() => void unnumbered.delete(id));
      }
      const expected = sequencer.expect(
        id,
        statements.map((statement) => statement.commitment),
      );
      tx.afterRollback(expected.forget);
      tx.afterCommit(expected.sequenced);
    }
    return appends;
  };
  const followers = openFollowers({
    db,
    member,
    books: heads.all,
    nextRedelivery: () => nextRedelivery,
    read: async (book, from, limit, kinds) =>
      recent.find(book.id, from, limit, kinds) ?? (await readBook(book, from, limit, kinds)),
    readRedelivered: (from, limit) => readRedelivered(db, readBook, from, limit),
    onError: parts.onError,
  });
  heard.add(followers.wake);
  return {
    member,
    verifyingKey: (book) => checkpointKey(member, book, signer),
    keysOf: async (book) =>
      (await store.readKeys(db)).map((key) => ({
        name: originOf(member, book),
        algorithm: key.algorithm,
        publicKey: key.public_key,
      })),
    append,
    receive,
    confirm: async (tx, checkpoint) => {
      const head = await confirmCheckpoint(tx, checkpoint, clock.now());
      if (head !== undefined) tx.afterCommit(() => heads.put(head));
    },
    ...reading.verbs,
    erase: async (tx, ref, erasure) => {
      const book = bookOf(ref.book);
      // What says that a body was erased must itself stay, or nobody could tell the erasure from a loss.
      const [entry] = await readBook(book, ref.number, 1);
      if (entry?.statement?.envelope.kind === 'erasure') refuse('conflict.erasure', { number: ref.number });
      if (!(await store.eraseStatement(tx, book.id, ref.number))) refuse('not-found.entry', { number: ref.number });
      tx.afterCommit(() => recent.forget(book.id));
      const { author, handling, basis } = erasure;
      const body = { number: ref.number, basis };
      await append(tx, [{ book: ref.book, kind: 'erasure', version: 1, author, handling, body }]);
    },
    forget: async (tx, ref) => {
      assert(ref.member !== member, 'what this member said itself is erased, and said to be');
      // The book may be new in this very transaction.
      const book = (await store.readBook(tx, ref.member, ref.book)) ?? refuse('not-found.book', { book: ref.book });
      tx.afterCommit(() => recent.forget(book.id));
      return store.eraseStatement(tx, book.id, ref.number);
    },
    admit: async (tx, ref, body) => {
      const book = bookOf(ref.book, ref.member);
      const { envelope } = JSON.parse(body.bytes) as Statement;
      const kind = followedKind(envelope);
      await store.restoreStatement(tx, book.id, ref.number, { ...body, kind, subject: subjectIn(envelope) });
      await redeliveries.insertRedeliveries(tx, book.id, [ref.number]);
      tx.afterCommit(() => {
        recent.forget(book.id);
        return redelivered();
      });
    },
    follow: followers.follow,
    followInMemory: followers.followInMemory,
    applied: followers.applied,
    positions: async (sql, projection) => {
      const positions = new Map<string, number>();
      await loadCursors(sql, projection, positions);
      for (const book of await store.readBooks(sql, member)) positions.set(placeOf(member, book.name), book.size);
      return positions;
    },
    onGrowth: (hear) => void heard.add(hear),
    isHeld: () => held,
    hold() {
      held = true;
      return sequencer.hold();
    },
    release() {
      held = false;
      sequencer.release();
    },
    flush: sequencer.flush,
    async close() {
      await followers.close();
      await sequencer.close();
    },
  };
}

/** Larger appends are read back by those who follow: in memory they would push out everything else. */
const keptAppendMax = 5000;

/** A statement of this member that has no number yet: as it was made, and as it is kept. */
interface SaidStatement {
  readonly statement: Statement;
  readonly row: store.NewStatement & { readonly salt: Uint8Array; readonly bytes: string };
}

function statementsOf(member: MemberCode, at: string, drafts: readonly Draft[]): SaidStatement[] {
  const audiences = new Map<string, string[]>();
  return drafts.map((draft) => {
    const { body, book, kind, version, author, handling, retention, subject, withdraws } = draft;
    const audience = audiences.get(book) ?? audienceOf(book);
    audiences.set(book, audience);
    const envelope = {
      member,
      book,
      kind,
      version,
      at,
      author,
      audience,
      handling,
      ...(retention !== undefined && { retention }),
      ...(subject !== undefined && { subject }),
      ...(withdraws !== undefined && { withdraws }),
    };
    const statement = { envelope, body };
    const bytes = JSON.stringify(statement);
    const salt = newSalt(saltBytes);
    const commitment = commitmentOf(sha256, salt, Buffer.from(bytes));
    return { statement, row: { commitment, salt, bytes, kind, subject: subject ?? null } };
  });
}

function entryOf({ member, name }: BookHead, number: number, { statement, row }: SaidStatement): Entry {
  const { commitment, salt, bytes } = row;
  return { member, book: name, number, commitment, salt, bytes, statement };
}
