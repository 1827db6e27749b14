import {
  checkpointBody,
  openNote,
  signatureAlgorithms,
  writeNote,
  type NoteKey,
} from '@bronze-drum/protocol/checkpoints';
import { originOf } from '@bronze-drum/protocol/commitments';
import { equalHashes } from '@bronze-drum/protocol/proofs';
import { isRefusal } from '@bronze-drum/protocol/refusals';
import type { Clock } from '../kernel/clock.ts';
import { must } from '../kernel/assert.ts';
import { Outage } from '../kernel/refusals.ts';
import type { Db, Session, Tx } from '../platform/db.ts';
import { openLoop } from '../platform/loops.ts';
import { verifyEd25519, type Signer } from '../platform/signer.ts';
import type { BookHead } from './heads.ts';
import { loadTree } from './proofs.ts';
import * as store from './store.ts';
import { addLeaf, hasher, rootOfTree, sha256, type Tile, type TreeState } from './tree.ts';

// The number in PostgreSQL's space of advisory locks that the one sequencer of a database holds: "SEQ1" in ASCII.
const sequencerLock = 0x53455131;
const appendsAtOnce = 1000;
const cachedCommitmentsMax = 500_000;
/** How often it looks by itself for what another process, or a run before a crash, has appended. */
const pollMs = 1000;

export interface Sequencer {
  /** Prepares for an append of this process before it commits; what it commits to need then not be read back. */
  expect(append: number, commitments: readonly Uint8Array[]): Expected;
  /** Numbers everything that is pending now. */
  flush(): Promise<void>;
  /** Numbers and signs nothing from now on; resolves once what is under way has ended. */
  hold(): Promise<void>;
  /** From now on numbers and signs. */
  release(): void;
  close(): Promise<void>;
}

export interface Expected {
  /** Call after the commit. Resolves once a durable checkpoint covers the append; an Outage if the sequencer has ended. */
  sequenced(): Promise<void>;
  /** Call after a rollback. */
  forget(): void;
}

/** An append of this or an earlier process that has got its numbers. */
export interface Numbered {
  readonly id: number;
  readonly firstNumber: number;
}

interface Checkpointed {
  readonly head: BookHead;
  readonly numbered: readonly Numbered[];
}

export interface SequencerParts {
  readonly db: Db;
  readonly clock: Clock;
  readonly signer: Signer;
  readonly member: string;
  /** Called after each durable checkpoint. */
  readonly onCheckpoint: (head: BookHead, numbered: readonly Numbered[]) => void;
  /** Called when numbering fails; it goes on by itself at the next turn. */
  readonly onError: (error: unknown) => void;
  /** Nothing is numbered or signed until `release`. */
  readonly held: boolean;
}

/** The key that verifies this member's checkpoints of one book. */
export function checkpointKey(member: string, book: string, signer: Signer): NoteKey {
  return {
    name: originOf(member, book),
    algorithm: signatureAlgorithms.ed25519,
    publicKey: signer.publicKey('checkpoint'),
  };
}

/**
 * Gives every committed append its numbers, in the order of their ids, folds it into its book's tree and signs. Waits
 * for the lock of another sequencer on the same database; refuses at once if `lockWaitMs` passes without it.
 */
export async function openSequencer(parts: SequencerParts, lockWaitMs: number): Promise<Sequencer> {
  const session = await acquire(parts.db, lockWaitMs);
  const epoch = await store.raiseEpoch(session);
  const expected = new Map<number, Expectation>();
  let cached = 0;
  const trees = new Map<number, { name: string; tree: TreeState }>();
  let ended: Error | undefined;
  let held = parts.held;
  let signedWith: Uint8Array = parts.signer.publicKey('checkpoint');
  /** The key that is known to be kept for those who verify. */
  let remembered: Uint8Array = new Uint8Array(0);

  async function turn(): Promise<number> {
    const done: number[] = [];
    const checkpoints: Checkpointed[] = [];
    try {
      await parts.db.tx(async (tx) => {
        const { epoch: current, pending } = await store.lockPending(tx, appendsAtOnce);
        if (current !== epoch) throw end('another sequencer has taken over');
        if (!equalHashes(parts.signer.publicKey('checkpoint'), signedWith)) checkpoints.push(...(await signAnew(tx)));
        const byBook = Map.groupBy(pending, (append) => append.book);
        for (const [book, appends] of byBook) {
          checkpoints.push(await fold(tx, book, appends));
          done.push(...appends.map((append) => append.id));
        }
      });
    } catch (error) {
      trees.clear();
      throw error;
    }
    for (const { head, numbered } of checkpoints) parts.onCheckpoint(head, numbered);
    for (const id of done) take(id)?.covered.resolve();
    return done.length;
  }

  /** After a change of the key whoever comes new must be able to verify books in which nothing is said any more. */
  async function signAnew(tx: Tx): Promise<Checkpointed[]> {
    const signed: Checkpointed[] = [];
    for (const book of await store.readBooks(tx, parts.member)) {
      if (book.size === 0 || isSigned(parts.signer, book)) continue;
      const known = trees.get(book.id) ?? (await load(tx, book.id));
      signed.push(await sign(tx, book.id, known.name, known.tree, []));
    }
    const publicKey = parts.signer.publicKey('checkpoint');
    tx.afterCommit(() => {
      signedWith = publicKey;
    });
    return signed;
  }

  async function fold(tx: Tx, book: number, appends: readonly store.PendingAppend[]): Promise<Checkpointed> {
    const known = trees.get(book) ?? (await load(tx, book));
    trees.set(book, known);
    const tiles: Tile[] = [];
    const numbered = [];
    for (const append of appends) {
      numbered.push({ id: append.id, firstNumber: known.tree.size });
      const leaves = expected.get(append.id)?.commitments ?? (await store.commitmentsOf(tx, append.id));
      for (const leaf of leaves) addLeaf(known.tree, hasher.leaf(leaf), (tile) => tiles.push(tile));
    }
    await store.insertTiles(tx, book, tiles);
    return sign(tx, book, known.name, known.tree, numbered);
  }

  async function sign(
    tx: Tx,
    book: number,
    name: string,
    tree: TreeState,
    numbered: readonly Numbered[],
  ): Promise<Checkpointed> {
    const key = checkpointKey(parts.member, name, parts.signer);
    if (!equalHashes(key.publicKey, remembered)) await store.rememberKey(tx, key, parts.clock.now());
    const body = checkpointBody({ origin: key.name, size: tree.size, root: rootOfTree(tree) });
    const note = writeNote(body, key, parts.signer.sign('checkpoint', Buffer.from(body)), sha256);
    const frontier = Buffer.concat(tree.frontier);
    const { size } = tree;
    await store.saveCheckpoint(tx, book, { size, frontier, note, atMs: parts.clock.now() }, numbered);
    tx.afterCommit(() => {
      remembered = key.publicKey;
    });
    return { head: { id: book, member: parts.member, name, size, note }, numbered };
  }

  async function load(tx: Tx, id: number): Promise<{ name: string; tree: TreeState }> {
    const row = must(
      (await store.readBooks(tx)).find((book) => book.id === id),
      'an append names a book that exists',
    );
    return { name: row.name, tree: await loadTree(tx, row) };
  }

  function take(append: number): Expectation | undefined {
    const expectation = expected.get(append);
    cached -= expectation?.commitments?.length ?? 0;
    expected.delete(append);
    return expectation;
  }

  function end(reason: string): Error {
    ended ??= new Outage(`statements cannot be numbered: ${reason}`, 5);
    for (const append of expected.keys()) take(append)?.covered.reject(ended);
    return ended;
  }

  const loop = openLoop(
    async () => {
      while (ended === undefined && !held && (await turn()) === appendsAtOnce);
    },
    { onError: parts.onError, pollMs },
  );
  void session.lost.then(() => end('the database connection was lost'));
  await loop.run();
  return {
    expect(append, commitments) {
      const covered = Promise.withResolvers<void>();
      covered.promise.catch(() => undefined);
      const keep = cached + commitments.length <= cachedCommitmentsMax;
      if (keep) cached += commitments.length;
      expected.set(append, { commitments: keep ? commitments : undefined, covered });
      return {
        sequenced: () => {
          if (ended !== undefined) return Promise.reject(ended);
          loop.wake();
          return covered.promise;
        },
        forget: () => void take(append),
      };
    },
    flush: loop.run,
    hold() {
      held = true;
      return loop.run();
    },
    release() {
      held = false;
      trees.clear();
      // What came back may end between two checkpoints.
      signedWith = new Uint8Array(0);
      loop.wake();
    },
    async close() {
      await loop.close();
      end('the server is stopping');
      await session.close();
    },
  };
}

/** Whether a book's newest checkpoint is of its size, and by the key of now. */
function isSigned(signer: Signer, { member, name, size, note }: store.BookRow): boolean {
  if (note === null || Number(note.split('\n')[1]) !== size) return false;
  const verify = (key: NoteKey, message: Uint8Array, signature: Uint8Array): boolean =>
    verifyEd25519(key.publicKey, message, signature);
  return !isRefusal(openNote(note, [checkpointKey(member, name, signer)], verify, sha256));
}

interface Expectation {
  readonly commitments: readonly Uint8Array[] | undefined;
  readonly covered: PromiseWithResolvers<void>;
}

async function acquire(db: Db, lockWaitMs: number): Promise<Session> {
  const session = await db.session();
  try {
    await session.query(`SET lock_timeout = ${lockWaitMs}`);
    await session.query('SELECT pg_advisory_lock($1)', [sequencerLock]);
    return session;
  } catch (error) {
    await session.close();
    throw new Error('another server is already running on this database', { cause: error });
  }
}
