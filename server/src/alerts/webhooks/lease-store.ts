import { secondMs } from '../../kernel/clock.ts';
import { newId } from '../../kernel/ids.ts';
import type { Db, Sql } from '../../platform/db.ts';
import type { Outcome } from './rules.ts';

/** An endpoint that this process alone delivers to, for as long as it renews its lease. */
export interface Lease {
  readonly id: string;
  readonly lease: string;
  readonly url: string;
  readonly generation: number;
  readonly renewedAtMs: number | null;
  failures: number;
  failingSinceMs: number | null;
}

export interface Due {
  readonly number: number;
  readonly id: string;
  readonly payload: string;
  readonly attempts: number;
}

/** Longer than one attempt may take; after a crash others wait as long. */
const leaseMs = 20 * secondMs;

/** Of the institutions' active endpoints that something is due for, the one that was served longest ago. */
export async function claimEndpoint(
  sql: Sql,
  institutions: readonly string[],
  nowMs: number,
): Promise<Lease | undefined> {
  const lease = newId();
  const [row] = await sql.query<{
    id: string;
    url: string;
    generation: number;
    renewed_at: Date | null;
    failures: number;
    failing_since: Date | null;
  }>(
    `UPDATE alerts.webhook_endpoints SET lease = $2, leased_until = $3, served_at = $1 WHERE id = (
       SELECT e.id FROM alerts.webhook_endpoints e
       WHERE e.disabled IS NULL AND e.institution = ANY ($4) AND (e.leased_until IS NULL OR e.leased_until <= $1)
         AND (e.not_before IS NULL OR e.not_before <= $1)
         AND EXISTS (SELECT 1 FROM alerts.webhook_deliveries d
                     WHERE d.endpoint = e.id AND d.state = 'waiting' AND d.next_at <= $1)
       ORDER BY e.served_at NULLS FIRST LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED)
     RETURNING id, url, generation, renewed_at, failures, failing_since`,
    [new Date(nowMs), lease, new Date(nowMs + leaseMs), institutions],
  );
  if (row === undefined) return undefined;
  const { id, url, generation, failures } = row;
  const renewedAtMs = row.renewed_at?.getTime() ?? null;
  return { id, lease, url, generation, renewedAtMs, failures, failingSinceMs: row.failing_since?.getTime() ?? null };
}

/** What is due at an endpoint, in the order in which it was made. */
export async function readDue(sql: Sql, endpoint: string, nowMs: number, limit: number): Promise<Due[]> {
  return sql.query<Due>(
    `SELECT number, id, payload, attempts FROM alerts.webhook_deliveries
     WHERE endpoint = $1 AND state = 'waiting' AND next_at <= $2 ORDER BY number LIMIT $3`,
    [endpoint, new Date(nowMs), limit],
  );
}

/** What became of an attempt, and of its endpoint. */
export interface Attempted {
  readonly outcome: Outcome;
  readonly state: 'waiting' | 'delivered' | 'dead';
  readonly nextMs: number;
  /** When the endpoint may be called again; null if nothing speaks against it. */
  readonly notBeforeMs: number | null;
  /** Why the endpoint is given up, or null. */
  readonly disabled: string | null;
}

/** Writes an attempt down and renews the lease; false if the lease was lost or the endpoint disabled: then go no further. */
export async function recordAttempt(
  db: Db,
  lease: Lease,
  due: Due,
  attempted: Attempted,
  nowMs: number,
): Promise<boolean> {
  const { outcome, state, nextMs, notBeforeMs, disabled } = attempted;
  const now = new Date(nowMs);
  return db.tx(async (tx) => {
    await tx.query(
      `UPDATE alerts.webhook_deliveries SET state = $2, attempts = attempts + 1, next_at = $3, last_status = $4,
         last_error = $5, ended_at = $6 WHERE number = $1 AND state = 'waiting'`,
      [due.number, state, new Date(nextMs), outcome.status, outcome.error, state === 'waiting' ? null : now],
    );
    const [held] = await tx.query<{ disabled: string | null }>(
      `UPDATE alerts.webhook_endpoints SET failures = $3, failing_since = $4, leased_until = $5,
         not_before = $6, delivered_at = CASE WHEN $7 THEN $8 ELSE delivered_at END, disabled = coalesce(disabled, $9)
       WHERE id = $1 AND lease = $2 RETURNING disabled`,
      [
        lease.id,
        lease.lease,
        lease.failures,
        lease.failingSinceMs === null ? null : new Date(lease.failingSinceMs),
        new Date(nowMs + leaseMs),
        notBeforeMs === null ? null : new Date(notBeforeMs),
        state === 'delivered',
        now,
        disabled,
      ],
    );
    return held !== undefined && held.disabled === null;
  });
}

export async function releaseEndpoint(sql: Sql, { id, lease }: Lease): Promise<void> {
  await sql.query(
    'UPDATE alerts.webhook_endpoints SET lease = NULL, leased_until = NULL WHERE id = $1 AND lease = $2',
    [id, lease],
  );
}
