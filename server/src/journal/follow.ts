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

export interface Following {
  /** Resolves once everything numbered before this call has been handled. */
  caughtUp(): Promise<void>;
  close(): Promise<void>;
}

export interface FollowersParts {
  readonly db: Db;
  readonly member: string;
  books(): Promise<BookRow[]>;
  read(book: string, from: number, limit: number): Promise<Entry[]>;
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
    followInMemory(from: ReadonlyMap<string, number>, handle: (entries: readonly Entry[]) => void): Following {
      const positions = new Map(from);
      return start(() => followBooks(parts, positions, handle));
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
      const entries = await parts.read(book.name, next, Math.min(batchEntries, book.size - next));
      next += entries.length;
      const wanted = entries.filter((entry) => follower.kinds.includes(entry.statement?.envelope.kind ?? ''));
      await parts.db.tx(async (tx) => {
        await follower.handle(tx, wanted);
        await moveCursor(tx, follower.name, parts.member, book.name, next);
      });
    }
  }
}

async function followBooks(
  parts: FollowersParts,
  positions: Map<string, number>,
  handle: (entries: readonly Entry[]) => void,
): Promise<void> {
  for (const book of await parts.books()) {
    let next = positions.get(book.name) ?? 0;
    while (next < book.size) {
      const entries = await parts.read(book.name, next, Math.min(batchEntries, book.size - next));
      handle(entries);
      next += entries.length;
      positions.set(book.name, next);
    }
  }
}
