import { dayMs, instantText, type Clock } from '../kernel/clock.ts';
import type { Clocks } from './clocks.ts';
import type { Db, Sql, Tx } from './db.ts';

let lastDay = { number: Number.NaN, text: '' };

/** The UTC day of an instant as YYYYMMDD: the end of its partition's name. */
export function dayOf(atMs: number): string {
  const number = Math.floor(atMs / dayMs);
  if (number !== lastDay.number)
    lastDay = {
      number,
      text: instantText(number * dayMs)
        .slice(0, 10)
        .replaceAll('-', ''),
    };
  return lastDay.text;
}

/** The instant at which a day, as YYYYMMDD, begins. */
export const startOfDay = (day: string): number =>
  Date.parse(`${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}T00:00:00.000Z`);

/** The days of a table that is partitioned by range: one partition a UTC day, made when it is first needed, dropped whole. */
export interface DayPartitions {
  nameOf(day: string): string;
  ensure(tx: Tx, day: string): Promise<void>;
  /** Those that there are, oldest first. */
  days(sql: Sql): Promise<string[]>;
  /** Drops the days that ended before an instant. */
  drop(tx: Tx, beforeMs: number): Promise<void>;
}

/** `table` is `schema.name`; its partition key is a `timestamptz` or a `date`. */
export function dayPartitionsOf(table: string): DayPartitions {
  const nameOf = (day: string): string => `${table}_${day}`;
  const prefix = `${table.slice(table.indexOf('.') + 1)}_`;
  const days = async (sql: Sql): Promise<string[]> => {
    const rows = await sql.query<{ name: string }>(
      `SELECT c.relname AS name FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
       WHERE i.inhparent = $1::regclass ORDER BY c.relname`,
      [table],
    );
    return rows.map(({ name }) => name.slice(prefix.length));
  };
  return {
    nameOf,
    days,
    async ensure(tx, day) {
      const from = startOfDay(day);
      await tx.query(
        `CREATE TABLE IF NOT EXISTS ${nameOf(day)} PARTITION OF ${table}
         FOR VALUES FROM ('${instantText(from)}') TO ('${instantText(from + dayMs)}')`,
      );
    },
    async drop(tx, beforeMs) {
      for (const day of await days(tx))
        if (startOfDay(day) + dayMs <= beforeMs) await tx.query(`DROP TABLE ${nameOf(day)}`);
    },
  };
}

/** Each day, drops what may no longer be kept. `kind` and `subject` name the clock. */
export async function keepDays(parts: {
  readonly db: Db;
  readonly clock: Clock;
  readonly clocks: Clocks;
  readonly partitions: Pick<DayPartitions, 'drop'>;
  readonly kind: string;
  readonly subject: string;
  readonly keepMs: (nowMs: number) => number;
}): Promise<void> {
  const { db, clock, clocks, partitions, kind, subject, keepMs } = parts;
  const next = (tx: Tx, dueMs: number) => clocks.set(tx, { kind, subject, dueMs });
  clocks.on(kind, {
    async due(tx, _deadline, nowMs) {
      await partitions.drop(tx, nowMs - keepMs(nowMs));
      await next(tx, nowMs + dayMs);
    },
  });
  // Not set anew at each start: a server that is started every day would never come to it.
  if ((await clocks.upcoming(db, kind, 1)).length === 0) await db.tx((tx) => next(tx, clock.now()));
}
