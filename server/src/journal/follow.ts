import type { Db, Tx } from '../platform/db.ts';
import { openLoop, type Loop } from '../platform/loops.ts';
import type { BookRow } from './store.ts';
import { moveCursor, readCursor } from './store.ts';
import type { Entry } from './entry.ts';

/** A room that reads every statement. What it does and how far it has read become durable together. */
export interface Follower {
  readonly name: string;
  /** The kinds it wants to see; the others are passed over. */
  readonly kinds: readonly string[];
  /** Called with statements in order. It may be called again with the same ones after a crash before its commit. */
  handle(tx: Tx, entries: readonly Entry[]): Promise<void>;
}

/** A view in memory, which remembers by itself what it has seen. */
export interface MemoryFollower {
  /** For each book the first number that it has not seen; 0 for a book that is not there. */
  readonly from: ReadonlyMap<string, number>;
  readonly kinds: readonly string[];
  handle(entries: readonly Entry[]): void;
}

export interface Following {
  /** Resolves once everything numbered before this call has been handled. */
  caughtUp(): Promise<void>;
  close(): Promise<void>;
}

export interface FollowersParts {
  readonly db: Db;
  readonly member: string;
  books(): Promise<BookRow[]>;
  read(book: string, from: number, limit: number, kinds: readonly string[]): Promise<Entry[]>;
  readonly onError: (error: unknown) => void;
}

const batchEntries = 5000;

export function openFollowers(parts: FollowersParts) {
  const loops = new Set<Loop>();
  const start = (step: () => Promise<void>): Following => {
    const loop = openLoop(step, { onError: parts.onError });
    loops.add(loop);
    loop.wake();
    return {
      caughtUp: loop.run,
      close: async () => {
        loops.delete(loop);
        await loop.close();
      },
    };
  };
  return {
    wake: () => loops.forEach((loop) => loop.wake()),
    follow: (follower: Follower): Following => start(() => followDurably(parts, follower)),
    followInMemory(follower: MemoryFollower): Following {
      const positions = new Map(follower.from);
      return start(() => followInMemory(parts, follower, positions));
    },
    close: async () => {
      await Promise.all([...loops].map((loop) => loop.close()));
    },
  };
}

async function followDurably(parts: FollowersParts, follower: Follower): Promise<void> {
  for (const book of await parts.books()) {
    let next = await readCursor(parts.db, follower.name, parts.member, book.name);
    while (next < book.size) {
      const count = Math.min(batchEntries, book.size - next);
      const entries = await parts.read(book.name, next, count, follower.kinds);
      next += count;
      await parts.db.tx(async (tx) => {
        if (entries.length > 0) await follower.handle(tx, entries);
        await moveCursor(tx, follower.name, parts.member, book.name, next);
      });
    }
  }
}

async function followInMemory(
  parts: FollowersParts,
  follower: MemoryFollower,
  positions: Map<string, number>,
): Promise<void> {
  for (const book of await parts.books()) {
    let next = positions.get(book.name) ?? 0;
    while (next < book.size) {
      const count = Math.min(batchEntries, book.size - next);
      follower.handle(await parts.read(book.name, next, count, follower.kinds));
      next += count;
      positions.set(book.name, next);
    }
  }
}
