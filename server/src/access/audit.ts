import { cutPage } from '../kernel/pages.ts';
import { actorId, type Actor } from '../kernel/actor.ts';
import { dayMs, hourMs, instantText, type Clock } from '../kernel/clock.ts';
import type { Policy } from '../kernel/policy.ts';
import type { Clocks } from '../platform/clocks.ts';
import type { Db, Sql, Tx } from '../platform/db.ts';
import type { Change, ChangePage, Page, Read, ReadPage, ReadQuery } from './contract.ts';
import { placeByNumber } from './pages.ts';
import { requireOfficer, requirePurpose } from './permissions.ts';

/** What was read: of what sort, about whom, and how many records of it. */
export interface ReadOfPersons {
  /** Such as `registry.listings`. */
  readonly what: string;
  readonly subject: string | null;
  readonly count: number;
}

export interface Audit {
  /** Newest first. */
  reads(actor: Actor, query: ReadQuery): Promise<ReadPage>;
  changes(actor: Actor, page: Page): Promise<ChangePage>;
}

const retentionClock = 'access.retention';
/** One transaction of the retention clock deletes at most this many of each. */
const deletedRowsMax = 50_000;

export function openAudit({ db }: { db: Db }): Audit {
  return {
    async reads(actor, query) {
      requireOfficer(actor, 'access.audit');
      const { limit } = query;
      const rows = await soughtReads(db, query);
      const { page, next } = cutPage(rows, limit, (last) => [String(last.number)]);
      return { reads: page.map((row) => ({ ...row, at: instantText(row.at.getTime()) })), ...next };
    },
    async changes(actor, { after, limit }) {
      requireOfficer(actor, 'access.audit');
      type Row = Omit<Change, 'at' | 'details'> & { at: Date; details: string };
      const rows = await db.query<Row>(
        'SELECT * FROM access.changes WHERE $1::bigint IS NULL OR number < $1 ORDER BY number DESC LIMIT $2',
        [placeByNumber(after), limit + 1],
      );
      const { page, next } = cutPage(rows, limit, (last) => [String(last.number)]);
      const changes = page.map((row) => ({
        ...row,
        at: instantText(row.at.getTime()),
        details: JSON.parse(row.details) as Change['details'],
      }));
      return { changes, ...next };
    },
  };
}

/** One more than the page holds. Each text of the query has its index, in the order of the page. */
async function soughtReads(
  sql: Sql,
  { after, limit, who, about, purpose }: ReadQuery,
): Promise<(Omit<Read, 'at'> & { at: Date })[]> {
  const values: unknown[] = [limit + 1];
  const add = (value: unknown): string => `$${values.push(value)}`;
  const conditions = ['true'];
  const before = placeByNumber(after);
  if (before !== null) conditions.push(`number < ${add(before)}`);
  if (who !== undefined) {
    const [office] = await sql.query('SELECT 1 FROM access.offices WHERE id = $1', [who]);
    conditions.push(
      office !== undefined ? `office = ${add(who)}` : `actor = ${add(who.includes(':') ? who : `officer:${who}`)}`,
    );
  }
  if (about !== undefined) {
    const subject = add(about);
    conditions.push(`md5(subject) = md5(${subject}) AND subject = ${subject}`);
  }
  if (purpose !== undefined) conditions.push(`purpose = ${add(purpose)}`);
  return sql.query(
    `SELECT * FROM access.reads WHERE ${conditions.join(' AND ')} ORDER BY number DESC LIMIT $1`,
    values,
  );
}

/** Records a read with the purpose that the officer gave; refuses an officer who gave none. */
export async function recordRead(sql: Sql, clock: Clock, actor: Actor, read: ReadOfPersons): Promise<void> {
  const purpose = requirePurpose(actor);
  await sql.query(
    'INSERT INTO access.reads (at, actor, office, purpose, what, subject, count) VALUES ($1, $2, $3, $4, $5, $6, $7)',
    [
      new Date(clock.now()),
      actorId(actor),
      actor.kind === 'officer' ? actor.office : null,
      purpose,
      read.what,
      read.subject,
      read.count,
    ],
  );
}

/** Records an administrative change in its own transaction. `details` never hold a secret. */
export async function recordChange(
  tx: Tx,
  clock: Clock,
  actor: Actor,
  change: { what: string; subject: string; details?: object },
): Promise<void> {
  await tx.query('INSERT INTO access.changes (at, actor, what, subject, details) VALUES ($1, $2, $3, $4, $5)', [
    new Date(clock.now()),
    actorId(actor),
    change.what,
    change.subject,
    JSON.stringify(change.details ?? {}),
  ]);
}

/** Each day, what the policy no longer lets us keep goes: the log of reads, decided proposals, and ended sessions. */
export async function keepRetention(parts: { db: Db; clock: Clock; clocks: Clocks; policy: Policy }): Promise<void> {
  const { db, clock, clocks, policy } = parts;
  const next = (tx: Tx, dueMs: number) => clocks.set(tx, { kind: retentionClock, subject: 'all', dueMs });
  clocks.on(retentionClock, {
    async due(tx, _deadline, nowMs) {
      const rules = policy.at(nowMs);
      const logBefore = new Date(nowMs - rules.retention.readLogHours * hourMs);
      // A session that has just expired is kept for a week, so that whoever had it hears why.
      const sessionsBefore = new Date(nowMs - rules.sessions.absoluteHours * hourMs - 7 * dayMs);
      const isMore = [
        await deleteBefore(tx, 'access.reads', 'at', logBefore),
        await deleteBefore(tx, 'access.proposals', 'decided_at', logBefore),
        await deleteBefore(tx, 'access.sessions', 'created_at', sessionsBefore),
        await deleteBefore(tx, 'access.institution_sessions', 'created_at', sessionsBefore),
        await deleteBefore(tx, 'access.attempts', 'last_at', new Date(nowMs - 2 * dayMs)),
      ].includes(deletedRowsMax);
      await next(tx, isMore ? nowMs : nowMs + dayMs);
    },
  });
  // Not set anew at each start: a server that is started every day would never come to it.
  if ((await clocks.upcoming(db, retentionClock, 1)).length === 0) await db.tx((tx) => next(tx, clock.now() + dayMs));
}

async function deleteBefore(tx: Tx, table: string, column: string, before: Date): Promise<number> {
  const rows = await tx.query(
    `DELETE FROM ${table} WHERE ctid IN (SELECT ctid FROM ${table} WHERE ${column} < $1 LIMIT ${deletedRowsMax}) RETURNING 1`,
    [before],
  );
  return rows.length;
}
