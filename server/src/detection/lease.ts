import type { Db, Tx } from '../platform/db.ts';
import { openLoop, pause, type Loop } from '../platform/loops.ts';

/** Somebody else watches the partitions now: what this process found since is theirs to find. */
export class LeaseLost extends Error {}

/** The right of one process to watch some partitions. It ends a while after the process stops to renew it. */
export interface Lease {
  /** Up to which record each of the partitions was watched when the lease was taken. */
  readonly watchedTo: ReadonlyMap<number, number>;
  /** In the transaction that stores what was found up to a record. Throws `LeaseLost`. */
  confirm(tx: Tx, number: number): Promise<void>;
  /** Gives it back at once. */
  close(): Promise<void>;
}

export interface LeaseParts {
  readonly db: Db;
  readonly partitions: readonly number[];
  /** Who watches: nobody else has this name. */
  readonly watcher: string;
  readonly onError: (error: unknown) => void;
  /** Whether to go on waiting while somebody else has it. */
  readonly isWanted: () => boolean;
}

const leaseSeconds = 10;
const renewMs = 2500;
const waitMs = 500;

/** Waits until nobody else watches any of the partitions; undefined if it is no longer wanted. */
export async function takeLease(parts: LeaseParts): Promise<Lease | undefined> {
  const { db, partitions, watcher, onError, isWanted } = parts;
  const renew = async (): Promise<void> => {
    const renewed = await db.query(
      `UPDATE detection.partitions SET until = now() + $3::float8 * interval '1 second'
       WHERE partition = ANY ($1) AND watcher = $2 RETURNING partition`,
      [partitions, watcher, leaseSeconds],
    );
    if (renewed.length !== partitions.length) throw new LeaseLost('somebody else watches these partitions');
  };
  for (;;) {
    if (!isWanted()) return undefined;
    const watchedTo = await take(db, partitions, watcher);
    if (watchedTo !== undefined)
      return held({ db, partitions, watcher, watchedTo }, openLoop(renew, { onError, pollMs: renewMs }));
    await pause(waitMs);
  }
}

function held(
  { db, partitions, watcher, watchedTo }: Pick<LeaseParts, 'db' | 'partitions' | 'watcher'> & Pick<Lease, 'watchedTo'>,
  renewing: Loop,
): Lease {
  return {
    watchedTo,
    async confirm(tx, number) {
      const confirmed = await tx.query(
        `UPDATE detection.partitions SET number = GREATEST(number, $3) WHERE partition = ANY ($1) AND watcher = $2
         RETURNING partition`,
        [partitions, watcher, number],
      );
      if (confirmed.length !== partitions.length) throw new LeaseLost('somebody else watches these partitions');
    },
    async close() {
      await renewing.close();
      await db.query(
        `UPDATE detection.partitions SET until = '-infinity', watcher = NULL WHERE partition = ANY ($1) AND watcher = $2`,
        [partitions, watcher],
      );
    },
  };
}

/** Up to which record each was watched; undefined while somebody else has one of them. */
function take(db: Db, partitions: readonly number[], watcher: string): Promise<Map<number, number> | undefined> {
  return db.tx(async (tx) => {
    const rows = await tx.query<{ partition: number; number: number; free: boolean }>(
      `SELECT partition, number, until < now() OR watcher IS NOT DISTINCT FROM $2 AS free FROM detection.partitions
       WHERE partition = ANY ($1) ORDER BY partition FOR UPDATE`,
      [partitions, watcher],
    );
    if (rows.some(({ free }) => !free)) return undefined;
    await tx.query(
      `UPDATE detection.partitions SET watcher = $2, until = now() + $3::float8 * interval '1 second' WHERE partition = ANY ($1)`,
      [partitions, watcher, leaseSeconds],
    );
    return new Map(rows.map(({ partition, number }) => [partition, number]));
  });
}
