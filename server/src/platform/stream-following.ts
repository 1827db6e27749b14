import { assert } from '../kernel/assert.ts';
import type { Db, Sql, Tx } from './db.ts';
import { openLoop } from './loops.ts';
import type { Following, StoredRecord, StreamConsumer } from './stream.ts';

const batchMaxDefault = 1000;

export interface FollowingParts {
  readonly db: Db;
  /** The table of cursors. */
  readonly cursors: string;
  /** The last number that is visible. */
  readonly newest: () => Promise<number>;
  /** Records of some partitions after a number, and the number up to which there are no others. */
  readonly readOn: (
    after: number,
    limit: number,
    partitions: readonly number[] | undefined,
  ) => Promise<{ readonly records: readonly StoredRecord[]; readonly upTo: number }>;
  readonly onError: (error: unknown) => void;
}

/** One consumer's way through a stream in PostgreSQL. `wake` says that there is something new. */
export function followStream(parts: FollowingParts, consumer: StreamConsumer): Following & { wake(): void } {
  const { db, cursors, newest, readOn, onError } = parts;
  const { name, partitions, batchMax = batchMaxDefault } = consumer;
  let isClosed = false;
  /** How far it has looked, and how far it durably is; they differ when nothing in between was for it. */
  let position: { looked: number; durable: number } | undefined;

  async function take(records: readonly StoredRecord[], upTo: number, durable: number): Promise<void> {
    await db.tx(async (tx) => {
      await consumer.handle(tx, records);
      await move(tx, cursors, name, durable, upTo);
    });
  }

  async function step(): Promise<void> {
    try {
      position ??= await readCursor(db, cursors, name);
      for (const last = await newest(); position.looked < last && !isClosed;) {
        const { records, upTo } = await readOn(position.looked, batchMax, partitions);
        if (records.length > 0) await take(records, upTo, position.durable);
        position = { looked: upTo, durable: records.length > 0 ? upTo : position.durable };
      }
    } catch (error) {
      // Whether the cursor moved, only the table knows.
      position = undefined;
      throw error;
    }
  }

  const loop = openLoop(step, { onError });
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

async function readCursor(sql: Sql, cursors: string, name: string): Promise<{ looked: number; durable: number }> {
  await sql.query(`INSERT INTO ${cursors} (name, number) VALUES ($1, 0) ON CONFLICT DO NOTHING`, [name]);
  const [row] = await sql.query<{ number: number }>(`SELECT number FROM ${cursors} WHERE name = $1`, [name]);
  assert(row !== undefined, `the consumer ${name} has a cursor`);
  return { looked: row.number, durable: row.number };
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
