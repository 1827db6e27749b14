import type { Db, Sql, Tx } from '../platform/db.ts';
import { openLoop, pause, type Loop } from '../platform/loops.ts';
import { followedKind, type Entry } from './entry.ts';
import type { BookHead } from './heads.ts';
import * as store from './store.ts';

/** A room that reads every statement. What it does and how far it has read become durable together. */
export interface Follower {
  readonly name: string;
  /** The kinds it wants to see; the others are passed over. */
  readonly kinds: readonly string[];
  /** The kinds it wants of this member's own books, if others; what is redelivered comes by `kinds` all the same. */
  readonly ownKinds?: readonly string[];
  /** It draws its own conclusions: a statement counts as applied without it, and it waits so long for more to read at once. */
  readonly asideMs?: number;
  /**
   * Called with statements in order, each book's by itself. It may be called again with the same ones after a crash before
   * its commit, and is called again with those that are redelivered.
   */
  handle(tx: Tx, entries: readonly Entry[]): Promise<void>;
}

/** A view in memory, which remembers by itself what it has seen. */
export interface MemoryFollower {
  readonly name: string;
  /** Where the view begins, as `Journal.positions` gave it. */
  readonly from: Positions;
  readonly kinds: readonly string[];
  handle(entries: readonly Entry[]): void;
}

/** For each book, by `placeOf`, the first number that was not seen; 0 for a book that is not there. */
export type Positions = ReadonlyMap<string, number>;

export interface Following {
  /** Resolves once everything numbered before this call has been handled. */
  caughtUp(): Promise<void>;
  close(): Promise<void>;
}

export interface FollowersParts {
  readonly db: Db;
  readonly member: string;
  /** Every book as it is committed. */
  books(): readonly BookHead[];
  read(book: BookHead, from: number, limit: number, kinds: readonly string[]): Promise<Entry[]>;
  /** The number that the next redelivery will have. */
  nextRedelivery(): number;
  /** Statements that are handed on once more, in the order in which they were queued. */
  readRedelivered(from: number, limit: number): Promise<{ next: number; entries: Entry[] }>;
  readonly onError: (error: unknown) => void;
}

/** A follower with its places. */
interface Reader {
  readonly kinds: readonly string[];
  readonly ownKinds: readonly string[];
  readonly positions: Map<string, number>;
  pass(place: string, next: number, entries: readonly Entry[]): Promise<void>;
}

const batchEntries = 5000;
/** A durable cursor is moved over what its follower does not want to see only this often. */
const lazyEntries = 5000;

/** Statements that are handed on once more stand in a book of their own, which has no member. */
const redeliveries = '/redeliveries';

export const placeOf = (member: string, book: string): string => `${member}/${book}`;

export function openFollowers(parts: FollowersParts) {
  const loops = new Set<Loop>();
  const readers = new Map<string, Reader>();

  const start = (name: string, reader: Reader, load: () => Promise<void>, asideMs?: number): Following => {
    if (asideMs === undefined) readers.set(name, reader);
    let loaded = false;
    const loop = openLoop(
      async () => {
        if (!loaded) await load();
        loaded = true;
        if (asideMs !== undefined) await pause(asideMs);
        await readOn(parts, reader);
      },
      { onError: parts.onError },
    );
    loops.add(loop);
    loop.wake();
    return {
      caughtUp: loop.run,
      close: async () => {
        loops.delete(loop);
        readers.delete(name);
        await loop.close();
      },
    };
  };

  return {
    wake: () => loops.forEach((loop) => loop.wake()),
    follow(follower: Follower): Following {
      const reader = durableReader(parts.db, follower);
      const load = (): Promise<void> => loadCursors(parts.db, follower.name, reader.positions);
      return start(follower.name, reader, load, follower.asideMs);
    },
    followInMemory(view: MemoryFollower): Following {
      const positions = new Map(view.from);
      const pass: Reader['pass'] = async (place, next, entries) => {
        if (entries.length > 0) view.handle(entries);
        positions.set(place, next);
      };
      return start(view.name, { kinds: view.kinds, ownKinds: view.kinds, positions, pass }, async () => undefined);
    },
    /** The number up to which every follower that does not stand aside has handled a book. */
    applied(member: string, book: string): number {
      const place = placeOf(member, book);
      return Math.min(...[...readers.values()].map((reader) => reader.positions.get(place) ?? 0));
    },
    close: async () => {
      await Promise.all([...loops].map((loop) => loop.close()));
    },
  };
}

export async function loadCursors(sql: Sql, follower: string, positions: Map<string, number>): Promise<void> {
  for (const { member, book, next_number } of await store.readCursors(sql, follower)) {
    positions.set(placeOf(member, book), next_number);
  }
}

function durableReader(db: Db, follower: Follower): Reader {
  const positions = new Map<string, number>();
  const durable = new Map<string, number>();
  return {
    kinds: follower.kinds,
    ownKinds: follower.ownKinds ?? follower.kinds,
    positions,
    async pass(place, next, entries) {
      if (entries.length > 0 || next - (durable.get(place) ?? 0) >= lazyEntries) {
        const slash = place.indexOf('/');
        await db.tx(async (tx) => {
          if (entries.length > 0) await follower.handle(tx, entries);
          await store.moveCursor(tx, follower.name, place.slice(0, slash), place.slice(slash + 1), next);
        });
        durable.set(place, next);
      }
      positions.set(place, next);
    },
  };
}

async function readOn(parts: FollowersParts, reader: Reader): Promise<void> {
  // First, so that after a restore the outcome of what was said is known before what led to it is seen again.
  await readRedelivered(parts, reader);
  for (const book of parts.books()) {
    const place = placeOf(book.member, book.name);
    const kinds = book.member === parts.member ? reader.ownKinds : reader.kinds;
    let next = reader.positions.get(place) ?? 0;
    while (next < book.size) {
      const count = Math.min(batchEntries, book.size - next);
      const entries = await parts.read(book, next, count, kinds);
      next += count;
      await reader.pass(place, next, entries);
    }
  }
}

async function readRedelivered(parts: FollowersParts, reader: Reader): Promise<void> {
  for (;;) {
    const from = reader.positions.get(redeliveries) ?? 0;
    if (from >= parts.nextRedelivery()) return;
    const { next, entries } = await parts.readRedelivered(from, batchEntries);
    const wanted = entries.filter(
      ({ statement }) => statement !== null && reader.kinds.includes(followedKind(statement.envelope)),
    );
    await reader.pass(redeliveries, next, wanted);
  }
}
