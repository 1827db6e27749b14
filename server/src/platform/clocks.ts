import { assert } from '../kernel/assert.ts';
import { minuteMs, secondMs, type Clock } from '../kernel/clock.ts';
import type { Db, Sql, Tx } from './db.ts';
import { openLoop, type Loop } from './loops.ts';
import { migrate } from './migrations.ts';

/** One deadline: what falls due (`kind`, e.g. `redress.appeal`), for which thing, and when. */
export interface Deadline {
  readonly kind: string;
  readonly subject: string;
  readonly dueMs: number;
  /** When to warn, if at all. A warning whose deadline has passed as well is not given. */
  readonly warnMs?: number;
}

/** What a room does when a deadline of its kind comes. Both run in the transaction that ends the clock or its warning. */
export interface ClockHandler {
  due(tx: Tx, deadline: Deadline, nowMs: number): Promise<void>;
  warn?(tx: Tx, deadline: Deadline, nowMs: number): Promise<void>;
}

export interface Clocks {
  /** Sets or moves a deadline, in the room's own transaction. */
  set(tx: Tx, deadline: Deadline): Promise<void>;
  cancel(tx: Tx, kind: string, subject: string): Promise<void>;
  /** Registers what happens at deadlines of one kind; before `start`. */
  on(kind: string, handler: ClockHandler): void;
  /** Deadlines that lie ahead, soonest first. */
  upcoming(sql: Sql, kind: string, limit: number): Promise<Deadline[]>;
  /** Deals with everything that is due now, in the order of its time; returns how many it dealt with. */
  run(): Promise<number>;
  /** From now on deals with deadlines by itself, beginning with those that fell due while the server was down. */
  start(): void;
  close(): Promise<void>;
}

interface ClockRow {
  kind: string;
  subject: string;
  due_at: Date;
  warn_at: Date | null;
  failures: number;
}

const pollMs = 200;
const backoffMsMax = 10 * minuteMs;

export async function openClocks(parts: { db: Db; clock: Clock; onError: (error: unknown) => void }): Promise<Clocks> {
  const { db, clock, onError } = parts;
  await migrate(db, 'platform', new URL('migrations/', import.meta.url));
  const handlers = new Map<string, ClockHandler>();

  /** Deals with the one next event. A handler that fails is tried again later, and does not stop the others. */
  async function step(): Promise<boolean> {
    const nowMs = clock.now();
    let failed: { row: ClockRow; error: unknown } | undefined;
    const found = await db
      .tx(async (tx) => {
        const row = await nextRow(tx, nowMs, [...handlers.keys()]);
        if (row === undefined) return false;
        try {
          await deal(tx, row, nowMs);
        } catch (error) {
          failed = { row, error };
          throw error;
        }
        return true;
      })
      .catch((error: unknown) => {
        if (failed === undefined) throw error;
        return true;
      });
    if (failed !== undefined) {
      onError(failed.error);
      await postpone(db, failed.row, nowMs);
    }
    return found;
  }

  async function deal(tx: Tx, row: ClockRow, nowMs: number): Promise<void> {
    const handler = handlers.get(row.kind)!;
    const deadline = { kind: row.kind, subject: row.subject, dueMs: row.due_at.getTime() };
    if (deadline.dueMs <= nowMs) {
      // The row goes first: what the handler does may set the same clock anew.
      await tx.query('DELETE FROM platform.clocks WHERE kind = $1 AND subject = $2', [row.kind, row.subject]);
      await handler.due(tx, deadline, nowMs);
      return;
    }
    await tx.query('UPDATE platform.clocks SET warn_at = NULL WHERE kind = $1 AND subject = $2', [
      row.kind,
      row.subject,
    ]);
    await handler.warn?.(tx, deadline, nowMs);
  }

  async function run(): Promise<number> {
    let dealt = 0;
    while (await step()) dealt += 1;
    return dealt;
  }

  let loop: Loop | undefined;
  return {
    set: setClock(clock),
    cancel: async (tx, kind, subject) => {
      await tx.query('DELETE FROM platform.clocks WHERE kind = $1 AND subject = $2', [kind, subject]);
    },
    on(kind, handler) {
      assert(
        loop === undefined && !handlers.has(kind),
        `the clock ${kind} has one handler, registered before the start`,
      );
      handlers.set(kind, handler);
    },
    upcoming: async (sql, kind, limit) =>
      (
        await sql.query<ClockRow>('SELECT * FROM platform.clocks WHERE kind = $1 ORDER BY due_at, subject LIMIT $2', [
          kind,
          limit,
        ])
      ).map((row) => ({
        kind,
        subject: row.subject,
        dueMs: row.due_at.getTime(),
        ...(row.warn_at && { warnMs: row.warn_at.getTime() }),
      })),
    run,
    start() {
      loop = openLoop(async () => void (await run()), { onError, pollMs });
      loop.wake();
    },
    close: async () => loop?.close(),
  };
}

function setClock(clock: Clock): Clocks['set'] {
  return async (tx, { kind, subject, dueMs, warnMs }) => {
    const now = new Date(clock.now());
    await tx.query(
      `INSERT INTO platform.clocks (kind, subject, due_at, warn_at, set_at, not_before) VALUES ($1, $2, $3, $4, $5, $5)
       ON CONFLICT (kind, subject) DO UPDATE
       SET due_at = excluded.due_at, warn_at = excluded.warn_at, set_at = excluded.set_at, failures = 0, not_before = excluded.not_before`,
      [kind, subject, new Date(dueMs), warnMs === undefined ? null : new Date(warnMs), now],
    );
  };
}

async function nextRow(tx: Tx, nowMs: number, kinds: readonly string[]): Promise<ClockRow | undefined> {
  const [row] = await tx.query<ClockRow>(
    `SELECT kind, subject, due_at, warn_at, failures FROM platform.clocks
     WHERE least(due_at, coalesce(warn_at, due_at)) <= $1 AND not_before <= $1 AND kind = ANY ($2)
     ORDER BY least(due_at, coalesce(warn_at, due_at)), kind, subject
     LIMIT 1 FOR UPDATE SKIP LOCKED`,
    [new Date(nowMs), kinds],
  );
  return row;
}

async function postpone(db: Db, row: ClockRow, nowMs: number): Promise<void> {
  const waitMs = Math.min(secondMs * 2 ** row.failures, backoffMsMax);
  await db.query(
    'UPDATE platform.clocks SET failures = failures + 1, not_before = $3 WHERE kind = $1 AND subject = $2',
    [row.kind, row.subject, new Date(nowMs + waitMs)],
  );
}
