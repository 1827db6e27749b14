import { instantText } from '../../kernel/clock.ts';
import type { Sql, Tx } from '../../platform/db.ts';
import type { Webhook, WebhookChange } from './contract.ts';

export interface EndpointRow {
  readonly id: string;
  readonly institution: string;
  readonly url: string;
  readonly types: string[] | null;
  readonly kinds: string[] | null;
  readonly description: string;
  readonly created_at: Date;
  readonly generation: number;
  readonly disabled: string | null;
  readonly failures: number;
  readonly failing_since: Date | null;
  readonly delivered_at: Date | null;
}

const columns =
  'id, institution, url, types, kinds, description, created_at, generation, disabled, failures, failing_since, delivered_at';

/** Of one institution, or of all; by id. */
export async function readEndpoints(
  sql: Sql,
  institution: string | undefined,
  after: string | undefined,
  limit: number,
): Promise<EndpointRow[]> {
  return sql.query<EndpointRow>(
    `SELECT ${columns} FROM alerts.webhook_endpoints
     WHERE ($1::text IS NULL OR institution = $1) AND ($2::uuid IS NULL OR id > $2) ORDER BY id LIMIT $3`,
    [institution ?? null, after ?? null, limit],
  );
}

export async function readEndpoint(sql: Sql, id: string): Promise<EndpointRow | undefined> {
  const [row] = await sql.query<EndpointRow>(`SELECT ${columns} FROM alerts.webhook_endpoints WHERE id = $1`, [id]);
  return row;
}

/** How many an institution has. Registrations of one institution wait for each other until the transaction ends. */
export async function countEndpoints(tx: Tx, institution: string): Promise<number> {
  await tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`alerts.webhooks ${institution}`]);
  const [row] = await tx.query<{ count: number }>(
    'SELECT count(*) AS count FROM alerts.webhook_endpoints WHERE institution = $1',
    [institution],
  );
  return row!.count;
}

export async function addEndpoint(
  sql: Sql,
  endpoint: Pick<EndpointRow, 'id' | 'institution' | 'url' | 'types' | 'kinds' | 'description' | 'created_at'>,
): Promise<EndpointRow> {
  const { id, institution, url, types, kinds, description, created_at } = endpoint;
  const [row] = await sql.query<EndpointRow>(
    `INSERT INTO alerts.webhook_endpoints (id, institution, url, types, kinds, description, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING ${columns}`,
    [id, institution, url, types, kinds, description, created_at],
  );
  return row!;
}

/** To activate begins anew, as if it had never failed; what waits is due at once. */
export async function changeEndpoint(
  tx: Tx,
  id: string,
  change: WebhookChange,
  now: Date,
): Promise<EndpointRow | undefined> {
  if (change.active === true) {
    await tx.query(
      `UPDATE alerts.webhook_endpoints SET disabled = NULL, failures = 0, failing_since = NULL, not_before = NULL
       WHERE id = $1`,
      [id],
    );
    await tx.query(
      "UPDATE alerts.webhook_deliveries SET next_at = $2 WHERE endpoint = $1 AND state = 'waiting' AND next_at > $2",
      [id, now],
    );
  }
  const [row] = await tx.query<EndpointRow>(
    `UPDATE alerts.webhook_endpoints SET url = coalesce($2, url), description = coalesce($3, description),
       types = CASE WHEN $4 THEN $5 ELSE types END, kinds = CASE WHEN $6 THEN $7 ELSE kinds END,
       disabled = CASE WHEN $8 THEN coalesce(disabled, 'owner') ELSE disabled END
     WHERE id = $1 RETURNING ${columns}`,
    [
      id,
      change.url ?? null,
      change.description ?? null,
      change.types !== undefined,
      change.types ?? null,
      change.kinds !== undefined,
      change.kinds ?? null,
      change.active === false,
    ],
  );
  return row;
}

export async function renewGeneration(sql: Sql, id: string, now: Date): Promise<EndpointRow | undefined> {
  const [row] = await sql.query<EndpointRow>(
    `UPDATE alerts.webhook_endpoints SET generation = generation + 1, renewed_at = $2 WHERE id = $1 RETURNING ${columns}`,
    [id, now],
  );
  return row;
}

export async function removeEndpoint(sql: Sql, id: string): Promise<void> {
  await sql.query('DELETE FROM alerts.webhook_endpoints WHERE id = $1', [id]);
}

export function webhookOf(row: EndpointRow): Webhook {
  const { id, institution, url, types, kinds, description, failures } = row;
  return {
    id,
    institution,
    url,
    types: types as Webhook['types'],
    kinds: kinds as Webhook['kinds'],
    description,
    active: row.disabled === null,
    ...(row.disabled !== null && { disabled: row.disabled as NonNullable<Webhook['disabled']> }),
    failures,
    ...(row.failing_since && { failingSince: instantText(row.failing_since.getTime()) }),
    ...(row.delivered_at && { deliveredAt: instantText(row.delivered_at.getTime()) }),
    createdAt: instantText(row.created_at.getTime()),
  };
}
