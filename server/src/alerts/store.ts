import { instantText } from '../kernel/clock.ts';
import type { Sql, Tx } from '../platform/db.ts';
import { audienceOf } from './audiences.ts';
import { dueMsOf } from './rules.ts';
import type { AlertRecord, Rank, Reason, Told } from './record.ts';

export interface AlertRow {
  readonly id: string;
  readonly recipient: AlertRecord['recipient'];
  readonly subject: string;
  readonly discreet: boolean;
  readonly kind: AlertRecord['kind'];
  readonly priority: Rank;
  readonly base: Rank;
  readonly state: AlertRecord['state'];
  readonly owner: string | null;
  readonly outcome: AlertRecord['outcome'];
  readonly note: string | null;
  readonly snoozed_until: Date | null;
  readonly reasons: string;
  readonly count: number;
  readonly first_at: Date;
  readonly last_at: Date;
  readonly roles: string[];
  readonly offices: string[];
  readonly watchers: string[];
  readonly quiet: boolean;
  readonly escalated: number;
  readonly escalate_at: Date | null;
  readonly previous: string | null;
  readonly closed_at: Date | null;
  readonly told: string | null;
  readonly tell_at: Date | null;
  readonly waits: boolean;
  readonly hooked: string | null;
  readonly hook_at: Date | null;
  readonly change: number;
}

const msOf = (at: Date | null): number | null => (at === null ? null : at.getTime());
const textOf = (ms: number | null): string | null => (ms === null ? null : instantText(ms));
const toldOf = (text: string | null): Told | null => (text === null ? null : (JSON.parse(text) as Told));

export const recordOf = (row: AlertRow): AlertRecord => ({
  id: row.id,
  recipient: row.recipient,
  subject: row.subject,
  discreet: row.discreet,
  kind: row.kind,
  rank: row.priority,
  base: row.base,
  state: row.state,
  owner: row.owner,
  outcome: row.outcome,
  note: row.note,
  snoozedUntilMs: msOf(row.snoozed_until),
  reasons: JSON.parse(row.reasons) as Reason[],
  count: row.count,
  firstAtMs: row.first_at.getTime(),
  lastAtMs: row.last_at.getTime(),
  roles: row.roles,
  offices: row.offices,
  watchers: row.watchers,
  quiet: row.quiet,
  escalated: row.escalated,
  escalateAtMs: msOf(row.escalate_at),
  previous: row.previous,
  closedAtMs: msOf(row.closed_at),
  told: toldOf(row.told),
  tellAtMs: msOf(row.tell_at),
  waits: row.waits,
  hooked: toldOf(row.hooked),
  hookAtMs: msOf(row.hook_at),
  change: row.change,
});

const columnsOf = (record: AlertRecord): object => ({
  id: record.id,
  recipient: record.recipient,
  subject: record.subject,
  discreet: record.discreet,
  kind: record.kind,
  priority: record.rank,
  base: record.base,
  state: record.state,
  owner: record.owner,
  outcome: record.outcome,
  note: record.note,
  snoozed_until: textOf(record.snoozedUntilMs),
  reasons: JSON.stringify(record.reasons),
  count: record.count,
  first_at: textOf(record.firstAtMs),
  last_at: textOf(record.lastAtMs),
  roles: record.roles,
  offices: record.offices,
  watchers: record.watchers,
  quiet: record.quiet,
  escalated: record.escalated,
  escalate_at: textOf(record.escalateAtMs),
  previous: record.previous,
  closed_at: textOf(record.closedAtMs),
  told: record.told && JSON.stringify(record.told),
  tell_at: textOf(record.tellAtMs),
  waits: record.waits,
  hooked: record.hooked && JSON.stringify(record.hooked),
  hook_at: textOf(record.hookAtMs),
  due_at: textOf(dueMsOf(record)),
  change: record.change,
  audience: audienceOf(record),
});

/** "ALRT" in ASCII, in PostgreSQL's space of advisory locks. */
const changesLock = 0x414c5254;

/**
 * Until the transaction ends nobody else changes an alert: so numbers of changes become visible in their order, and what was
 * read stands still.
 */
export async function lockChanges(tx: Tx): Promise<void> {
  await tx.query('SELECT pg_advisory_xact_lock($1)', [changesLock]);
}

/** The last of so many new numbers; the others are those before it. With the lock held. */
export async function takeChanges(tx: Tx, count: number): Promise<number> {
  const [row] = await tx.query<{ last: number }>(
    `SELECT setval('alerts.changes', nextval('alerts.changes') + $1 - 1) AS last`,
    [count],
  );
  return row!.last;
}

type Place = Pick<AlertRecord, 'recipient' | 'subject' | 'discreet'>;

const placesOf = (places: readonly Place[]): [string[], string[], boolean[]] => [
  places.map((place) => place.recipient),
  places.map((place) => place.subject),
  places.map((place) => place.discreet),
];

const atPlaces = 'unnest($1::text[], $2::text[], $3::boolean[]) AS place (recipient, subject, discreet)';

/** The alerts that are not closed at some places. */
export async function readOpen(tx: Tx, places: readonly Place[]): Promise<AlertRecord[]> {
  const rows = await tx.query<AlertRow>(
    `SELECT alert.* FROM ${atPlaces} JOIN alerts.alerts alert USING (recipient, subject, discreet)
     WHERE alert.state <> 'closed'`,
    placesOf(places),
  );
  return rows.map(recordOf);
}

/** The newest closed alerts at some places. */
export function readPrevious(tx: Tx, places: readonly Place[]): Promise<(Place & { id: string })[]> {
  return tx.query<Place & { id: string }>(
    `SELECT place.recipient, place.subject, place.discreet, last.id FROM ${atPlaces}
     CROSS JOIN LATERAL (
       SELECT id FROM alerts.alerts alert
       WHERE (alert.recipient, alert.subject, alert.discreet) = (place.recipient, place.subject, place.discreet)
         AND alert.state = 'closed'
       ORDER BY change DESC LIMIT 1) last`,
    placesOf(places),
  );
}

const columnNames = `id, recipient, subject, discreet, kind, priority, base, state, owner, outcome, note, snoozed_until,
  reasons, count, first_at, last_at, roles, offices, watchers, quiet, escalated, escalate_at, previous, closed_at, told,
  tell_at, waits, hooked, hook_at, due_at, change, audience`;
const changing = columnNames
  .split(/,\s*/)
  .slice(4)
  .map((name) => `${name} = excluded.${name}`)
  .join(', ');

/** Writes alerts as they stand now, new ones and known ones alike. */
export async function writeAlerts(tx: Tx, records: readonly AlertRecord[]): Promise<void> {
  await tx.query(
    `INSERT INTO alerts.alerts (${columnNames})
     SELECT ${columnNames} FROM json_populate_recordset(NULL::alerts.alerts, $1::json)
     ON CONFLICT (id) DO UPDATE SET ${changing}`,
    [JSON.stringify(records.map(columnsOf))],
  );
}

export async function readAlerts(sql: Sql, ids: readonly string[]): Promise<AlertRecord[]> {
  const rows = await sql.query<AlertRow>('SELECT * FROM alerts.alerts WHERE id = ANY ($1::uuid[])', [ids]);
  return rows.map(recordOf);
}

export async function readDue(tx: Tx, nowMs: number, limit: number): Promise<AlertRecord[]> {
  const rows = await tx.query<AlertRow>('SELECT * FROM alerts.alerts WHERE due_at <= $1 ORDER BY due_at LIMIT $2', [
    new Date(nowMs),
    limit,
  ]);
  return rows.map(recordOf);
}

export async function nextDueMs(sql: Sql): Promise<number | null> {
  const [row] = await sql.query<{ at: Date | null }>(
    'SELECT min(due_at) AS at FROM alerts.alerts WHERE due_at IS NOT NULL',
  );
  return msOf(row!.at);
}

export async function newestChange(sql: Sql): Promise<number> {
  const [row] = await sql.query<{ newest: number }>(
    `SELECT greatest((SELECT max(change) FROM alerts.alerts), (SELECT max(change) FROM alerts.digests), 0) AS newest`,
  );
  return row!.newest;
}

export async function readChanges(sql: Sql, after: number, limit: number): Promise<AlertRecord[]> {
  const rows = await sql.query<AlertRow>('SELECT * FROM alerts.alerts WHERE change > $1 ORDER BY change LIMIT $2', [
    after,
    limit,
  ]);
  return rows.map(recordOf);
}

/** What is to be told in the next digest: changed since a number, the most urgent first. */
export async function readQuiet(tx: Tx, after: number, limit: number): Promise<AlertRecord[]> {
  const rows = await tx.query<AlertRow>(
    `SELECT * FROM alerts.alerts WHERE quiet AND state = 'new' AND change > $1 ORDER BY priority, last_at DESC LIMIT $2`,
    [after, limit],
  );
  return rows.map(recordOf);
}

export interface Deed {
  readonly alert: string;
  readonly actor: string;
  readonly what: string;
  readonly details?: object;
}

export async function writeHistory(tx: Tx, nowMs: number, deeds: readonly Deed[]): Promise<void> {
  if (deeds.length === 0) return;
  await tx.query(
    `INSERT INTO alerts.history (alert, at, actor, what, details)
     SELECT alert, $1, actor, what, details FROM unnest($2::uuid[], $3::text[], $4::text[], $5::text[])
       AS deed (alert, actor, what, details)`,
    [
      new Date(nowMs),
      deeds.map((deed) => deed.alert),
      deeds.map((deed) => deed.actor),
      deeds.map((deed) => deed.what),
      deeds.map((deed) => JSON.stringify(deed.details ?? {})),
    ],
  );
}

export interface HistoryRow {
  readonly at: Date;
  readonly actor: string;
  readonly what: string;
  readonly details: string;
}

export function readHistory(sql: Sql, alert: string, limit: number): Promise<HistoryRow[]> {
  return sql.query<HistoryRow>(
    'SELECT at, actor, what, details FROM alerts.history WHERE alert = $1 ORDER BY number LIMIT $2',
    [alert, limit],
  );
}

/**
 * Alerts that nobody closed and nothing was added to since an instant. They are among those that changed longest ago: what
 * was closed as long ago is gone already.
 */
export async function readStale(tx: Tx, before: Date, limit: number): Promise<AlertRecord[]> {
  const rows = await tx.query<AlertRow>(
    `SELECT * FROM (SELECT * FROM alerts.alerts ORDER BY change LIMIT $2) AS oldest
     WHERE state <> 'closed' AND last_at < $1`,
    [before, limit],
  );
  return rows.map(recordOf);
}

/** Forgets what was closed before an instant, and with it what was done about it; returns how many. */
export async function deleteClosed(tx: Tx, before: Date, limit: number): Promise<number> {
  const gone = await tx.query<{ id: string }>(
    `DELETE FROM alerts.alerts WHERE id IN (
       SELECT id FROM alerts.alerts WHERE state = 'closed' AND closed_at < $1 LIMIT $2) RETURNING id`,
    [before, limit],
  );
  if (gone.length > 0)
    await tx.query('DELETE FROM alerts.history WHERE alert = ANY ($1::uuid[])', [gone.map(({ id }) => id)]);
  return gone.length;
}

/** Others' rows of this room that nobody needs any longer. */
export async function deleteOver(tx: Tx, before: Date, now: Date, limit: number): Promise<void> {
  const over = [
    ['alerts.digests', 'change', 'to_at < $1', before],
    ['alerts.heard', 'ctid', 'at < $1', before],
    // An older state of an ended listing that arrives late must not revive it.
    ['alerts.listed', 'ctid', 'until < $1', before],
    ['alerts.watches', 'id', 'until < $1', now],
  ] as const;
  for (const [table, column, condition, at] of over) {
    await tx.query(
      `DELETE FROM ${table} WHERE ${column} IN (SELECT ${column} FROM ${table} WHERE ${condition} LIMIT $2)`,
      [at, limit],
    );
  }
}

export async function readCursor(sql: Sql, name: string): Promise<{ number: number; text: string | null } | undefined> {
  const [row] = await sql.query<{ number: number; text: string | null }>(
    'SELECT number, text FROM alerts.cursors WHERE name = $1',
    [name],
  );
  return row;
}

export async function moveCursor(sql: Sql, name: string, number: number, text: string | null = null): Promise<void> {
  await sql.query(
    `INSERT INTO alerts.cursors (name, number, text) VALUES ($1, $2, $3)
     ON CONFLICT (name) DO UPDATE SET number = excluded.number, text = excluded.text`,
    [name, number, text],
  );
}
