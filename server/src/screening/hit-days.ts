import { dayMs, hourMs, instantText, type Clock } from '../kernel/clock.ts';
import type { Policy } from '../kernel/policy.ts';
import type { Clocks } from '../platform/clocks.ts';
import type { Db, Sql, Tx } from '../platform/db.ts';

const retentionClock = 'screening.retention';

let lastDay = { number: Number.NaN, text: '' };

/** The UTC day of an instant as YYYYMMDD: its partition's name. */
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

const startOf = (day: string): number =>
  Date.parse(`${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}T00:00:00.000Z`);

export async function ensureDay(tx: Tx, day: string): Promise<void> {
  const from = startOf(day);
  await tx.query(
    `CREATE TABLE IF NOT EXISTS screening.hits_${day} PARTITION OF screening.hits
     FOR VALUES FROM ('${instantText(from)}') TO ('${instantText(from + dayMs)}')`,
  );
}

/** Drops the days that ended before an instant. */
async function dropDays(tx: Tx, beforeMs: number): Promise<void> {
  for (const day of await readDays(tx)) {
    if (startOf(day) + dayMs <= beforeMs) await tx.query(`DROP TABLE screening.hits_${day}`);
  }
}

async function readDays(sql: Sql): Promise<string[]> {
  const rows = await sql.query<{ name: string }>(
    `SELECT c.relname AS name FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
     WHERE i.inhparent = 'screening.hits'::regclass ORDER BY c.relname`,
  );
  return rows.map(({ name }) => name.slice('hits_'.length));
}

/** Each day, what the policy no longer lets us keep goes. */
export async function keepHitRetention(parts: { db: Db; clock: Clock; clocks: Clocks; policy: Policy }): Promise<void> {
  const { db, clock, clocks, policy } = parts;
  const next = (tx: Tx, dueMs: number) => clocks.set(tx, { kind: retentionClock, subject: 'hits', dueMs });
  clocks.on(retentionClock, {
    async due(tx, _deadline, nowMs) {
      await dropDays(tx, nowMs - policy.at(nowMs).retention.screeningHitHours * hourMs);
      await next(tx, nowMs + dayMs);
    },
  });
  // Not set anew at each start: a server that is started every day would never come to it.
  if ((await clocks.upcoming(db, retentionClock, 1)).length === 0) await db.tx((tx) => next(tx, clock.now()));
}
