import { assert } from '../kernel/assert.ts';
import type { Db, Sql, Tx } from './db.ts';
import { openLoop } from './loops.ts';
import { maskOf, type Following, type ReadRecords, type StoredRecord, type StreamConsumer } from './stream.ts';

const batchMaxDefault = 1000;

export interface FollowingParts {
  readonly db: Db;
  /** The table of cursors. */
  readonly cursors: string;
  /** The last number that is visible. */
  readonly newest: () => Promise<number>;
  /** Records that reach the partitions of a mask after a number, and the number up to which there are no others. */
  readonly readOn: (after: number, limit: number, mask: number | undefined) => Promise<ReadRecords>;
  /** Looks by itself this often, where nobody wakes it. */
  readonly pollMs?: number | undefined;
  readonly onError: (error: unknown) => void;
}

/** One consumer's way through a stream. `wake` says that there is something new. */
export function followStream(parts: FollowingParts, consumer: StreamConsumer): Following & { wake(): void } {
  const { db, cursors, newest, readOn, pollMs, onError } = parts;
  const { name, batchMax = batchMaxDefault } = consumer;
  const mask = maskOf(consumer.partitions);
  let isClosed = false;
  /** How far it has looked, and the last that it has durably handled; they differ when nothing in between was for it. */
  let position: { looked: number; durable: number } | undefined;

  async function take(records: readonly StoredRecord[], from: number): Promise<number> {
    const to = records.at(-1)!.number;
    await db.tx(async (tx) => {
      await consumer.handle(tx, records);
      await move(tx, cursors, name, from, to);
    });
    return to;
  }

  async function step(): Promise<void> {
    try {
      position ??= await readCursor(db, cursors, consumer);
      for (const last = await newest(); position.looked < last && !isClosed;) {
        const { records, upTo } = await readOn(position.looked, batchMax, mask);
        const durable: number = records.length > 0 ? await take(records, position.durable) : position.durable;
        position = { looked: upTo, durable };
      }
    } catch (error) {
      // Whether the cursor moved, only the table knows.
      position = undefined;
      throw error;
    }
  }

  const loop = openLoop(step, { onError, ...(pollMs !== undefined && { pollMs }) });
  loop.wake();
  return {
    wake: loop.wake,
    async caughtUp() {
      try {
        await loop.run();
      } catch (error) {
        // The caller hears of it, but only a wake is tried again by itself.
        loop.wake();
        throw error;
      }
    },
    async close() {
      isClosed = true;
      await loop.close();
    },
  };
}

/** The last record that a consumer has durably handled; 0 before its first. */
export async function handledUpTo(sql: Sql, cursors: string, name: string): Promise<number> {
  const [row] = await sql.query<{ number: number }>(`SELECT number FROM ${cursors} WHERE name = $1`, [name]);
  return row?.number ?? 0;
}

async function readCursor(
  sql: Sql,
  cursors: string,
  { name, from = 0 }: Pick<StreamConsumer, 'name' | 'from'>,
): Promise<{ looked: number; durable: number }> {
  await sql.query(`INSERT INTO ${cursors} (name, number) VALUES ($1, $2) ON CONFLICT DO NOTHING`, [name, from]);
  const number = await handledUpTo(sql, cursors, name);
  return { looked: number, durable: number };
}

/** From where it was believed to be: two of the same name must not both do the work. */
async function move(tx: Tx, cursors: string, name: string, from: number, to: number): Promise<void> {
  const moved = await tx.query(`UPDATE ${cursors} SET number = $3 WHERE name = $1 AND number = $2 RETURNING name`, [
    name,
    from,
    to,
  ]);
  assert(moved.length === 1, `the consumer ${name} is followed once`);
}
