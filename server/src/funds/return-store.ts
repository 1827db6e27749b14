import type { ReturnMethod, ReturnState } from '@bronze-drum/protocol/statements/money-return';
import type { Sql, Tx } from '../platform/db.ts';

export interface ReturnRow {
  readonly id: string;
  readonly revision: number;
  readonly state: ReturnState;
  readonly traces: readonly string[];
  readonly opened_by: string;
  readonly opened_at: Date;
  readonly claims_until: Date;
  readonly method: ReturnMethod | null;
  readonly court: string | null;
  readonly decided_by: readonly string[] | null;
  readonly decided_at: Date | null;
}

export interface ClaimRow {
  readonly id: string;
  readonly return: string;
  readonly number: number;
  /** The account to which it goes back. */
  readonly key: string;
  readonly report: string | null;
  /** Minor units of the currency of the theft. */
  readonly amount: string;
  readonly currency: string;
  readonly claimed_at: Date;
  readonly reference: string | null;
  readonly paid_at: Date | null;
}

/** What a claim is paid out of a hold, in the currency of the hold. */
export interface PaymentRow {
  readonly claim: string;
  readonly hold: string;
  readonly amount: string;
  readonly currency: string;
}

export async function insertReturn(tx: Tx, row: ReturnRow): Promise<void> {
  await tx.query(
    `INSERT INTO funds.returns (id, revision, state, traces, opened_by, opened_at, claims_until)
     VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    [row.id, row.revision, row.state, row.traces, row.opened_by, row.opened_at, row.claims_until],
  );
}

export async function updateReturn(tx: Tx, row: ReturnRow): Promise<void> {
  await tx.query(
    `UPDATE funds.returns SET revision = $2, state = $3, method = $4, court = $5, decided_by = $6, decided_at = $7 WHERE id = $1`,
    [row.id, row.revision, row.state, row.method, row.court, row.decided_by, row.decided_at],
  );
}

export async function readReturn(sql: Sql, id: string): Promise<ReturnRow | undefined> {
  const [row] = await sql.query<ReturnRow>('SELECT * FROM funds.returns WHERE id = $1', [id]);
  return row;
}

/** The newest first. */
export function listReturns(
  sql: Sql,
  { state, trace }: { readonly state?: ReturnState | undefined; readonly trace?: string | undefined },
  after: { readonly at: Date; readonly id: string } | undefined,
  limit: number,
): Promise<ReturnRow[]> {
  const values: unknown[] = [];
  const bind = (value: unknown): string => `$${values.push(value)}`;
  const filters: string[] = [];
  if (state !== undefined) filters.push(`state = ${bind(state)}`);
  if (trace !== undefined) filters.push(`traces @> ARRAY[${bind(trace)}::uuid]`);
  if (after !== undefined) filters.push(`(opened_at, id) < (${bind(after.at)}, ${bind(after.id)}::uuid)`);
  return sql.query<ReturnRow>(
    `SELECT * FROM funds.returns ${filters.length === 0 ? '' : `WHERE ${filters.join(' AND ')}`}
     ORDER BY opened_at DESC, id DESC LIMIT ${bind(limit)}`,
    values,
  );
}

/** What is claimed of some returns, by currency. */
export interface ClaimedRow {
  readonly return: string;
  readonly currency: string;
  readonly amount: string;
  readonly claims: number;
  readonly paid: number;
}

export function sumClaims(sql: Sql, returns: readonly string[]): Promise<ClaimedRow[]> {
  return sql.query<ClaimedRow>(
    `SELECT return, currency, sum(amount) AS amount, count(*)::integer AS claims, count(paid_at)::integer AS paid
     FROM funds.return_claims WHERE return = ANY ($1::uuid[]) GROUP BY return, currency ORDER BY return, currency`,
    [returns],
  );
}

export async function lockReturn(tx: Tx, id: string): Promise<ReturnRow | undefined> {
  const [row] = await tx.query<ReturnRow>('SELECT * FROM funds.returns WHERE id = $1 FOR UPDATE', [id]);
  return row;
}

export async function insertClaims(tx: Tx, rows: readonly ClaimRow[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.query(
    `INSERT INTO funds.return_claims (id, return, number, key, report, amount, currency, claimed_at)
     SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::integer[], $4::text[], $5::uuid[], $6::numeric[], $7::text[], $8::timestamptz[])`,
    [
      rows.map(({ id }) => id),
      rows.map((row) => row.return),
      rows.map(({ number }) => number),
      rows.map(({ key }) => key),
      rows.map(({ report }) => report),
      rows.map(({ amount }) => amount),
      rows.map(({ currency }) => currency),
      rows.map(({ claimed_at }) => claimed_at),
    ],
  );
}

export function readClaims(sql: Sql, id: string): Promise<ClaimRow[]> {
  return sql.query<ClaimRow>('SELECT * FROM funds.return_claims WHERE return = $1 ORDER BY number', [id]);
}

export async function markPaid(tx: Tx, claim: string, reference: string, at: Date): Promise<void> {
  await tx.query('UPDATE funds.return_claims SET reference = $2, paid_at = $3 WHERE id = $1', [claim, reference, at]);
}

export async function insertPayments(tx: Tx, id: string, rows: readonly Omit<PaymentRow, 'currency'>[]): Promise<void> {
  await tx.query(
    `INSERT INTO funds.return_payments (return, claim, hold, amount)
     SELECT $1, * FROM unnest($2::uuid[], $3::uuid[], $4::numeric[])`,
    [id, rows.map(({ claim }) => claim), rows.map(({ hold }) => hold), rows.map(({ amount }) => amount)],
  );
}

export function readPayments(sql: Sql, id: string): Promise<PaymentRow[]> {
  return sql.query<PaymentRow>(
    `SELECT payments.claim, payments.hold, payments.amount, holds.currency
     FROM funds.return_payments payments JOIN funds.holds holds ON holds.id = payments.hold
     WHERE payments.return = $1 ORDER BY holds.number`,
    [id],
  );
}

/** What of some holds was promised by any return, paid or not. */
export async function readPromised(sql: Sql, holds: readonly string[]): Promise<Map<string, bigint>> {
  const rows = await sql.query<{ hold: string; amount: string }>(
    'SELECT hold, sum(amount) AS amount FROM funds.return_payments WHERE hold = ANY ($1::uuid[]) GROUP BY hold',
    [holds],
  );
  return new Map(rows.map(({ hold, amount }) => [hold, BigInt(amount)]));
}
