import type { Hash } from '@bronze-drum/protocol/proofs';
import type { Envelope } from '@bronze-drum/protocol/statements/envelope';
import { assert } from '../kernel/assert.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Db, Tx } from '../platform/db.ts';
import { followedKind, type Entry } from './entry.ts';
import type { BookHead } from './heads.ts';
import { loadTree } from './proofs.ts';
import * as redeliveries from './redelivery-store.ts';
import * as store from './store.ts';
import { addLeaf, copyTree, hasher, rootOfTree, type Tile, type TreeState } from './tree.ts';

/** Consecutive entries of a book that somebody else keeps a copy of: another member's, or our own after a restore. */
export interface Received {
  readonly member: string;
  readonly book: string;
  /** In order from the book's size here on; at most 20,000. A null statement has no body here. */
  readonly entries: readonly Entry[];
  /**
   * Told the size and root that the book would have with these entries. Throws to refuse all of them, or returns the
   * signed note of exactly this size, if there is one.
   */
  accept(size: number, root: Hash): string | null;
  /** Hand them to the followers again although they are this member's own. */
  readonly redeliver?: boolean;
}

/** Adds entries to copies of books. Trees stay in memory; a transaction that does not commit leaves them as they were. */
export function openReceiver(clock: Clock, heard: (head: BookHead, entries: readonly Entry[]) => void) {
  const trees = new Map<number, TreeState>();

  return async function receive(tx: Tx, received: Received): Promise<void> {
    const { member, entries } = received;
    assert(entries.length <= store.appendCountMax, 'at most 20,000 entries are received at once');
    const book = await lockBook(tx, member, received.book);
    assert(entries[0]?.number === book.size, 'entries are received from the size of the book on');
    const known = trees.get(book.id);
    const tree = copyTree(known?.size === book.size ? known : await loadTree(tx, book));
    const tiles: Tile[] = [];
    for (const { commitment } of entries) addLeaf(tree, hasher.leaf(commitment), (tile) => tiles.push(tile));
    const note = received.accept(tree.size, rootOfTree(tree));
    if (received.redeliver === true) await replacePending(tx, book, entries);
    await store.insertAppend(tx, book.id, entries.map(newStatement), book.size);
    await store.insertTiles(tx, book.id, tiles);
    const frontier = Buffer.concat(tree.frontier);
    await store.saveCheckpoint(tx, book.id, { size: tree.size, frontier, note, atMs: clock.now() });
    if (received.redeliver === true)
      await redeliveries.insertRedeliveries(
        tx,
        book.id,
        entries.map((entry) => entry.number),
      );
    tx.afterCommit(() => {
      trees.set(book.id, tree);
      heard({ ...book, size: tree.size, note }, entries);
    });
  };
}

async function lockBook(tx: Tx, member: string, name: string): Promise<store.BookRow> {
  const known = await store.readBook(tx, member, name, true);
  if (known !== undefined) return known;
  await store.bookId(tx, member, name);
  return (await store.readBook(tx, member, name, true))!;
}

/** What was pending in a backup may have been numbered after it; then it is among what comes back. */
async function replacePending(tx: Tx, book: store.BookRow, entries: readonly Entry[]): Promise<void> {
  const pending = await store.pendingByCommitment(
    tx,
    book.id,
    entries.map((entry) => entry.commitment),
  );
  if (pending.length > 0)
    await store.deleteAppends(
      tx,
      pending.map((row) => row.append),
    );
}

function newStatement({ commitment, salt, bytes, statement }: Entry): store.NewStatement {
  if (statement === null || bytes === null) return { commitment, salt: null, bytes: null, kind: null, subject: null };
  const { envelope } = statement;
  return { commitment, salt, bytes, kind: followedKind(envelope), subject: subjectIn(envelope) };
}

/** Under what a statement is found; null for what PostgreSQL cannot keep, which is no subject of anything. */
export const subjectIn = ({ subject }: Pick<Envelope, 'subject'>): string | null =>
  subject === undefined || subject.includes('\0') ? null : subject;

/** Keeps a newer signature over exactly what a copy holds; undefined if it is of another size, or known. */
export async function confirmCheckpoint(
  tx: Tx,
  checkpoint: { readonly member: string; readonly book: string; readonly size: number; readonly note: string },
  nowMs: number,
): Promise<BookHead | undefined> {
  const { size, note } = checkpoint;
  const book = await store.readBook(tx, checkpoint.member, checkpoint.book, true);
  if (book?.size !== size || book.note === note) return undefined;
  await store.saveCheckpoint(tx, book.id, { size, frontier: book.frontier, note, atMs: nowMs });
  return { ...book, note };
}

/** Hands on what an earlier release kept unread because its version was too new. */
export async function takeUpReadable(db: Db): Promise<void> {
  await db.tx(async (tx) => {
    const readable = (await store.laterKinds(tx)).filter((stored) => {
      const [kind = '', version] = stored.split('@');
      return followedKind({ kind, version: Number(version) }) === kind;
    });
    if (readable.length === 0) return;
    const found = Map.groupBy(await store.renameKinds(tx, readable), (row) => row.book);
    for (const [book, rows] of found)
      await redeliveries.insertRedeliveries(
        tx,
        book,
        rows.map((row) => row.number).sort((a, b) => a - b),
      );
  });
}
