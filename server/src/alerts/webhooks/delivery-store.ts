import { instantText } from '../../kernel/clock.ts';
import type { Sql, Tx } from '../../platform/db.ts';
import type { WebhookEvent } from '@bronze-drum/protocol/webhooks';
import type { Delivery, DeliveryState } from './contract.ts';
import { deadKeptMs, deliveredKeptMs, replayMax, waitingMax } from './rules.ts';

interface DeliveryRow {
  readonly number: number;
  readonly id: string;
  readonly type: Delivery['type'];
  readonly state: DeliveryState;
  readonly attempts: number;
  readonly created_at: Date;
  readonly next_at: Date;
  readonly ended_at: Date | null;
  readonly last_status: number | null;
  readonly last_error: string | null;
}

const columns = 'number, id, type, state, attempts, created_at, next_at, ended_at, last_status, last_error';
const newId = "'msg_' || replace(gen_random_uuid()::text, '-', '')";

/** One for each active endpoint of the institution that asked for such events; returns their endpoints. */
export async function addDeliveries(sql: Sql, institution: string, event: WebhookEvent, now: Date): Promise<string[]> {
  const rows = await sql.query<{ endpoint: string }>(
    `INSERT INTO alerts.webhook_deliveries (id, endpoint, type, payload, next_at, created_at)
     SELECT ${newId}, e.id, $2, $4, $5, $5 FROM alerts.webhook_endpoints e
     WHERE e.institution = $1 AND e.disabled IS NULL AND (e.types IS NULL OR $2 = ANY (e.types))
       AND ($3::text[] IS NULL OR e.kinds IS NULL OR e.kinds && $3) ORDER BY e.id
     RETURNING endpoint`,
    [institution, event.type, kindsOf(event), JSON.stringify(event), now],
  );
  return rows.map(({ endpoint }) => endpoint);
}

/** The kinds of the alerts that an event tells; null if it tells none. */
function kindsOf(event: WebhookEvent): string[] | null {
  if (event.type === 'alert') return [event.data.kind];
  return event.type === 'digest' ? [...new Set(event.data.alerts.map(({ kind }) => kind))] : null;
}

export async function addTest(sql: Sql, endpoint: string, event: WebhookEvent, now: Date): Promise<Delivery> {
  const [row] = await sql.query<DeliveryRow>(
    `INSERT INTO alerts.webhook_deliveries (id, endpoint, type, payload, next_at, created_at)
     VALUES (${newId}, $1, $2, $3, $4, $4) RETURNING ${columns}`,
    [endpoint, event.type, JSON.stringify(event), now],
  );
  return deliveryOf(row!);
}

/** The newest first, below a number; of each the number as well. */
export async function readDeliveries(
  sql: Sql,
  endpoint: string,
  state: DeliveryState | undefined,
  below: number | null,
  limit: number,
): Promise<{ number: number; delivery: Delivery }[]> {
  const rows = await sql.query<DeliveryRow>(
    `SELECT ${columns} FROM alerts.webhook_deliveries
     WHERE endpoint = $1 AND state = ANY ($2) AND ($3::bigint IS NULL OR number < $3) ORDER BY number DESC LIMIT $4`,
    [endpoint, state === undefined ? ['waiting', 'delivered', 'dead'] : [state], below, limit],
  );
  return rows.map((row) => ({ number: row.number, delivery: deliveryOf(row) }));
}

/** Makes what has ended wait again, under its old id, the oldest first; as much of it as there is room for. */
export async function replayDeliveries(
  tx: Tx,
  endpoint: string,
  chosen: { readonly ids: readonly string[] | undefined; readonly since: Date | undefined },
  now: Date,
): Promise<{ replayed: number; more: boolean; lastAt: Date | undefined }> {
  // Replays of one endpoint wait for each other, so that together they do not take more room than there is.
  await tx.query('SELECT 1 FROM alerts.webhook_endpoints WHERE id = $1 FOR NO KEY UPDATE', [endpoint]);
  const [waiting] = await tx.query<{ count: number }>(
    "SELECT count(*) AS count FROM alerts.webhook_deliveries WHERE endpoint = $1 AND state = 'waiting'",
    [endpoint],
  );
  const room = Math.max(0, Math.min(replayMax, waitingMax - waiting!.count));
  const found = await tx.query<{ number: number; created_at: Date }>(
    `SELECT number, created_at FROM alerts.webhook_deliveries
     WHERE endpoint = $1 AND state <> 'waiting' AND ($2::text[] IS NULL OR id = ANY ($2))
       AND ($3::timestamptz IS NULL OR created_at >= $3) ORDER BY number LIMIT $4`,
    [endpoint, chosen.ids ?? null, chosen.since ?? null, room + 1],
  );
  const taken = found.slice(0, room);
  await tx.query(
    `UPDATE alerts.webhook_deliveries SET state = 'waiting', attempts = 0, next_at = $2, ended_at = NULL
     WHERE number = ANY ($1)`,
    [taken.map(({ number }) => number), now],
  );
  return { replayed: taken.length, more: found.length > room, lastAt: taken.at(-1)?.created_at };
}

function deliveryOf(row: DeliveryRow): Delivery {
  const { id, type, state, attempts } = row;
  return {
    id,
    type,
    state,
    attempts,
    createdAt: instantText(row.created_at.getTime()),
    ...(state === 'waiting' && { nextAt: instantText(row.next_at.getTime()) }),
    ...(row.ended_at && { endedAt: instantText(row.ended_at.getTime()) }),
    ...(row.last_status !== null && { lastStatus: row.last_status }),
    ...(row.last_error !== null && { lastError: row.last_error }),
  };
}

/** How many wait, by endpoint. */
export async function countWaiting(sql: Sql): Promise<ReadonlyMap<string, number>> {
  const rows = await sql.query<{ endpoint: string; count: number }>(
    "SELECT endpoint, count(*) AS count FROM alerts.webhook_deliveries WHERE state = 'waiting' GROUP BY endpoint",
  );
  return new Map(rows.map(({ endpoint, count }) => [endpoint, count]));
}

/** Gives up the oldest that wait for an endpoint beyond the most that may; returns how many. */
export async function dropOverflow(sql: Sql, endpoint: string, now: Date): Promise<number> {
  const dropped = await sql.query(
    `UPDATE alerts.webhook_deliveries SET state = 'dead', last_error = 'overflow', ended_at = $3
     WHERE endpoint = $1 AND state = 'waiting' AND number <= (
       SELECT number FROM alerts.webhook_deliveries WHERE endpoint = $1 AND state = 'waiting'
       ORDER BY number DESC OFFSET $2 LIMIT 1) RETURNING number`,
    [endpoint, waitingMax, now],
  );
  return dropped.length;
}

const cleanedAtOnce = 10_000;

/** Forgets what ended long ago, and gives up what waits for endpoints that stayed disabled; true if there may be more. */
export async function clean(sql: Sql, nowMs: number): Promise<boolean> {
  const old = await sql.query(
    `DELETE FROM alerts.webhook_deliveries WHERE number = ANY (ARRAY (
       SELECT number FROM alerts.webhook_deliveries
       WHERE ended_at < $1 AND (state = 'delivered' OR ended_at < $2) ORDER BY ended_at LIMIT $3)) RETURNING number`,
    [new Date(nowMs - deliveredKeptMs), new Date(nowMs - deadKeptMs), cleanedAtOnce],
  );
  const stranded = await sql.query(
    `UPDATE alerts.webhook_deliveries SET state = 'dead', last_error = 'disabled', ended_at = $2
     WHERE number = ANY (ARRAY (
       SELECT d.number FROM alerts.webhook_deliveries d JOIN alerts.webhook_endpoints e ON e.id = d.endpoint
       WHERE d.state = 'waiting' AND e.disabled IS NOT NULL AND d.created_at < $1 LIMIT $3)) RETURNING number`,
    [new Date(nowMs - deadKeptMs), new Date(nowMs), cleanedAtOnce],
  );
  return old.length === cleanedAtOnce || stranded.length === cleanedAtOnce;
}
