import type { Order, OrderOutcome, OrderTerms } from '@bronze-drum/protocol/orders';
import { instantText } from '../kernel/clock.ts';
import type { Sql, Tx } from '../platform/db.ts';
import type { Happened, IssuedOrder, OrderRow } from './record.ts';

export type NewRow = Pick<
  OrderRow,
  | 'id'
  | 'institution'
  | 'office'
  | 'kind'
  | 'subject'
  | 'reference'
  | 'state'
  | 'revision'
  | 'terms'
  | 'created_at'
  | 'answer_by'
  | 'until'
>;

export async function insertOrder(tx: Tx, row: NewRow): Promise<OrderRow> {
  const [stored] = await tx.query<OrderRow>(
    `INSERT INTO orders.orders (id, institution, office, kind, subject, reference, state, revision, terms, created_at, answer_by, until)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) RETURNING *`,
    [
      row.id,
      row.institution,
      row.office,
      row.kind,
      row.subject,
      row.reference,
      row.state,
      row.revision,
      row.terms,
      row.created_at,
      row.answer_by,
      row.until,
    ],
  );
  await tx.query('INSERT INTO orders.offices (office) VALUES ($1) ON CONFLICT DO NOTHING', [row.office]);
  return stored!;
}

/** Until the transaction ends nobody else changes it. */
export async function lockOrder(tx: Tx, id: string): Promise<OrderRow | undefined> {
  const [row] = await tx.query<OrderRow>('SELECT * FROM orders.orders WHERE id = $1 FOR UPDATE', [id]);
  return row;
}

export async function readOrder(sql: Sql, id: string): Promise<OrderRow | undefined> {
  const [row] = await sql.query<OrderRow>('SELECT * FROM orders.orders WHERE id = $1', [id]);
  return row;
}

/** Changes an order; it is then told anew on the live stream. The caller holds its lock. */
export async function changeOrder(tx: Tx, id: string, change: Partial<OrderRow>): Promise<OrderRow> {
  const columns = Object.keys(change);
  const sets = columns.map((column, index) => `${column} = $${index + 2}`);
  const [row] = await tx.query<OrderRow>(
    `UPDATE orders.orders SET ${[...sets, 'change = NULL'].join(', ')} WHERE id = $1 RETURNING *`,
    [id, ...Object.values(change)],
  );
  return row!;
}

export async function addHistory(tx: Tx, id: string, happened: Happened): Promise<void> {
  const { atMs, by, what, details } = happened;
  await tx.query('INSERT INTO orders.history (order_id, at, actor, what, details) VALUES ($1, $2, $3, $4, $5)', [
    id,
    new Date(atMs),
    by,
    what,
    JSON.stringify(details),
  ]);
}

/** The newest of them, oldest first. */
export async function readHistory(sql: Sql, id: string, limit: number): Promise<Happened[]> {
  const rows = await sql.query<{ at: Date; actor: string; what: Happened['what']; details: string }>(
    'SELECT at, actor, what, details FROM orders.history WHERE order_id = $1 ORDER BY number DESC LIMIT $2',
    [id, limit],
  );
  return rows.reverse().map(({ at, actor, what, details }) => ({
    atMs: at.getTime(),
    by: actor,
    what,
    details: JSON.parse(details) as Happened['details'],
  }));
}

export interface Wanted {
  readonly institution?: string | undefined;
  readonly state?: string | undefined;
  readonly kind?: string | undefined;
  readonly subject?: string | undefined;
  /** Not answered by then. */
  readonly overdueAt?: Date | undefined;
  /** The institution is to answer, or to confirm. */
  readonly waits?: boolean | undefined;
  /** Only those before this place. */
  readonly before?: { readonly at: Date; readonly id: string } | undefined;
}

/** The newest first. */
export async function listOrders(sql: Sql, wanted: Wanted, limit: number): Promise<OrderRow[]> {
  const values: unknown[] = [];
  const bind = (value: unknown): string => `$${values.push(value)}`;
  const { institution, state, kind, subject, overdueAt, waits, before } = wanted;
  const conditions = [
    institution === undefined ? undefined : `institution = ${bind(institution)}`,
    state === undefined ? undefined : `state = ${bind(state)}`,
    kind === undefined ? undefined : `kind = ${bind(kind)}`,
    subject === undefined ? undefined : `subject = ${bind(subject)}`,
    overdueAt === undefined ? undefined : `state = 'issued' AND answer_by < ${bind(overdueAt)}`,
    waits === true ? `(state = 'issued' OR (confirm_by IS NOT NULL AND confirmed_at IS NULL))` : undefined,
    before === undefined ? undefined : `(created_at, id) < (${bind(before.at)}, ${bind(before.id)}::uuid)`,
  ].filter((one) => one !== undefined);
  const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
  return sql.query<OrderRow>(
    `SELECT * FROM orders.orders ${where} ORDER BY created_at DESC, id DESC LIMIT ${bind(limit)}`,
    values,
  );
}

export async function readOffices(sql: Sql): Promise<string[]> {
  const rows = await sql.query<{ office: string }>('SELECT office FROM orders.offices ORDER BY office');
  return rows.map(({ office }) => office);
}

/** Numbers changes that were not told yet. Whoever calls it is the only one, so that numbers become visible in their order. */
export async function numberChanges(sql: Sql, limit: number): Promise<OrderRow[]> {
  const rows = await sql.query<OrderRow>(
    `UPDATE orders.orders SET change = nextval('orders.changes')
     WHERE id IN (SELECT id FROM orders.orders WHERE change IS NULL LIMIT $1 FOR UPDATE SKIP LOCKED) RETURNING *`,
    [limit],
  );
  return rows.sort((a, b) => a.change! - b.change!);
}

export function readChanges(sql: Sql, after: number, limit: number): Promise<OrderRow[]> {
  return sql.query<OrderRow>('SELECT * FROM orders.orders WHERE change > $1 ORDER BY change LIMIT $2', [after, limit]);
}

export async function newestChange(sql: Sql): Promise<number> {
  const [row] = await sql.query<{ change: number | null }>('SELECT max(change) AS change FROM orders.orders');
  return row!.change ?? 0;
}

export const termsOf = (row: OrderRow): OrderTerms => JSON.parse(row.terms) as OrderTerms;

export const outcomeOf = (row: OrderRow): OrderOutcome | undefined =>
  row.outcome === null ? undefined : (JSON.parse(row.outcome) as OrderOutcome);

export function orderOf(row: OrderRow): Order {
  const { ended_why, ended_at, ended_court, confirm_by, confirmed_at } = row;
  return {
    ...termsOf(row),
    state: row.state,
    ...(ended_why !== null && {
      ended: {
        why: ended_why,
        at: instantText(ended_at!.getTime()),
        ...(ended_court !== null && { court: ended_court }),
        ...(confirm_by !== null && { confirmBy: instantText(confirm_by.getTime()) }),
        ...(confirmed_at !== null && { confirmedAt: instantText(confirmed_at.getTime()) }),
      },
    }),
  };
}

export const issuedOf = (row: OrderRow): IssuedOrder => ({ ...orderOf(row), reference: row.reference });
