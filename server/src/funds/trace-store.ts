import type { Author } from '@bronze-drum/protocol/statements/envelope';
import type { TraceReportBody } from '@bronze-drum/protocol/statements/trace-report';
import type { Typology } from '@bronze-drum/protocol/statements/listing';
import type { NamedPayment } from '@bronze-drum/protocol/fields';
import type { Sql, Tx } from '../platform/db.ts';
import type { TraceMethod } from './contract.ts';
import type { Followed } from './picture.ts';
import type { KeptSummary } from './kept-summary.ts';

/** A trace as it is stored. Amounts are decimal texts of minor units in the currency of the theft. */
export interface TraceRow {
  readonly id: string;
  readonly state: 'open' | 'closed';
  readonly opened_at: Date;
  readonly reported_at: Date;
  readonly typology: Typology;
  readonly method: TraceMethod;
  readonly currency: string;
  readonly debit_confirmed: boolean;
  readonly reported_by: 'institution' | 'officer' | 'public' | 'member';
  readonly from_member: string | null;
  readonly request: string | null;
  readonly result: Followed | null;
  readonly summary: KeptSummary | null;
  /** Of both, as they were written. */
  readonly digest: string | null;
  readonly first_hold_at: Date | null;
  readonly said_revision: number;
  readonly said_digest: string | null;
  readonly answered: Answered | null;
}

/** What was last answered to the member that asked. */
export interface Answered {
  readonly held: string;
  readonly gone: string;
}

export interface OriginRow {
  readonly trace: string;
  readonly number: number;
  readonly from_key: string | null;
  readonly to_key: string | null;
  readonly amount: string;
  readonly currency: string;
  readonly at: Date;
  readonly reference: string | null;
  readonly hop: number;
}

export interface AskedRow {
  readonly trace: string;
  readonly member: string;
  readonly request: string;
  readonly state: string;
  readonly amount: string;
  readonly revision: number;
  readonly report: TraceReportBody | null;
}

const traceColumns =
  'id, state, opened_at, reported_at, typology, method, currency, debit_confirmed, reported_by, from_member, request, result, summary, digest, first_hold_at, said_revision, said_digest, answered';
const originColumns = 'trace, number, from_key, to_key, amount, currency, at, reference, hop';

export type NewTrace = Pick<
  TraceRow,
  | 'id'
  | 'opened_at'
  | 'reported_at'
  | 'typology'
  | 'method'
  | 'currency'
  | 'debit_confirmed'
  | 'reported_by'
  | 'from_member'
  | 'request'
>;

export async function insertTrace(tx: Tx, trace: NewTrace): Promise<void> {
  await tx.query(
    `INSERT INTO funds.traces (id, state, opened_at, reported_at, typology, method, currency, debit_confirmed, reported_by, from_member, request)
     VALUES ($1, 'open', $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [
      trace.id,
      trace.opened_at,
      trace.reported_at,
      trace.typology,
      trace.method,
      trace.currency,
      trace.debit_confirmed,
      trace.reported_by,
      trace.from_member,
      trace.request,
    ],
  );
}

export async function lockTrace(tx: Tx, id: string): Promise<TraceRow | undefined> {
  return (await tx.query<TraceRow>(`SELECT ${traceColumns} FROM funds.traces WHERE id = $1 FOR UPDATE`, [id]))[0];
}

export async function readTrace(sql: Sql, id: string): Promise<TraceRow | undefined> {
  return (await sql.query<TraceRow>(`SELECT ${traceColumns} FROM funds.traces WHERE id = $1`, [id]))[0];
}

export async function traceOfRequest(sql: Sql, member: string, request: string): Promise<TraceRow | undefined> {
  const rows = await sql.query<TraceRow>(
    `SELECT ${traceColumns} FROM funds.traces WHERE from_member = $1 AND request = $2`,
    [member, request],
  );
  return rows[0];
}

export interface TracePlaceInList {
  readonly at: Date;
  readonly id: string;
}

/** What is looked for; `text`: the beginning of a trace's or request's id, or of a payment's or report's reference. */
export interface TraceSearch {
  readonly state?: string | undefined;
  readonly key?: string | undefined;
  readonly since?: Date | undefined;
  readonly text?: string | undefined;
}

export type ListedTrace = Pick<TraceRow, 'id' | 'opened_at'> & { readonly summary: KeptSummary };

/** The newest first. */
export async function listTraces(
  sql: Sql,
  { state, key, since, text }: TraceSearch,
  after: TracePlaceInList | undefined,
  limit: number,
): Promise<ListedTrace[]> {
  const values: unknown[] = [];
  const bind = (value: unknown): string => `$${values.push(value)}`;
  const filters = ['summary IS NOT NULL'];
  if (state !== undefined) filters.push(`state = ${bind(state)}`);
  if (key !== undefined) filters.push(`id IN (SELECT trace FROM funds.reached WHERE key = ${bind(key)})`);
  if (since !== undefined) filters.push(`opened_at >= ${bind(since)}`);
  if (text !== undefined) {
    const named = await tracesNamed(sql, text);
    filters.push(named.length > namedMax ? isNamed(text, bind) : `id = ANY (${bind(named)}::uuid[])`);
  }
  if (after !== undefined) filters.push(`(opened_at, id) < (${bind(after.at)}, ${bind(after.id)}::uuid)`);
  return sql.query<ListedTrace>(
    `SELECT id, opened_at, summary FROM funds.traces WHERE ${filters.join(' AND ')}
     ORDER BY opened_at DESC, id DESC LIMIT ${bind(limit)}`,
    values,
  );
}

/** What more traces bear than this is looked for by going through the newest. */
const namedMax = 1000;

const isReference = (column: string, from: string, until: string): string =>
  `${column} COLLATE "C" >= ${from} AND ${column} COLLATE "C" < ${until}`;
const endOf = (text: string): string => `${text}\u{10FFFF}`;

/** The traces that a text names by its beginning; more than `namedMax`, and not all, if there are more. */
async function tracesNamed(sql: Sql, text: string): Promise<string[]> {
  const most = `LIMIT ${namedMax + 1}`;
  const [first, last] = idsFrom(text) ?? [null, null];
  const rows = await sql.query<{ id: string }>(
    `(SELECT trace AS id FROM funds.origins WHERE ${isReference('reference', '$1', '$2')} ${most})
     UNION (SELECT told.trace FROM funds.reports report JOIN funds.trace_reports told ON told.report = report.id
            WHERE ${isReference('report.reference', '$1', '$2')} ${most})
     UNION (SELECT id FROM funds.traces WHERE id BETWEEN $3::uuid AND $4::uuid ${most})
     UNION (SELECT id FROM funds.traces WHERE request BETWEEN $3::uuid AND $4::uuid ${most})`,
    [text, endOf(text), first, last],
  );
  return rows.map(({ id }) => id);
}

/** The same, asked of one trace after the other: each SELECT is a value, which the planner does not turn into a join. */
function isNamed(text: string, bind: (value: unknown) => string): string {
  const [from, until] = [bind(text), bind(endOf(text))];
  const [first, last] = (idsFrom(text) ?? [null, null]).map(bind);
  return `(id BETWEEN ${first}::uuid AND ${last}::uuid OR request BETWEEN ${first}::uuid AND ${last}::uuid
    OR (SELECT true FROM funds.origins origin
        WHERE origin.trace = traces.id AND ${isReference('origin.reference', from, until)} LIMIT 1)
    OR (SELECT true FROM funds.trace_reports told JOIN funds.reports report ON report.id = told.report
        WHERE told.trace = traces.id AND ${isReference('report.reference', from, until)} LIMIT 1))`;
}

/** The first and the last id with such a beginning. */
function idsFrom(text: string): readonly [string, string] | undefined {
  const digits = text.toLowerCase().replaceAll('-', '');
  return /^[0-9a-f]{4,32}$/.test(digits) ? [digits.padEnd(32, '0'), digits.padEnd(32, 'f')] : undefined;
}

export async function saveFollowed(
  tx: Tx,
  id: string,
  saved: {
    readonly result: string;
    readonly summary: string;
    readonly digest: string;
    readonly firstHoldAt: Date | null;
  },
): Promise<void> {
  await tx.query(
    `UPDATE funds.traces SET result = $2, summary = $3, digest = $4, first_hold_at = $5, change = NULL WHERE id = $1`,
    [id, saved.result, saved.summary, saved.digest, saved.firstHoldAt],
  );
}

export async function addReached(tx: Tx, trace: string, keys: readonly string[]): Promise<void> {
  await tx.query(
    'INSERT INTO funds.reached (trace, key) SELECT $1, key FROM unnest($2::text[]) AS one (key) ON CONFLICT DO NOTHING',
    [trace, keys],
  );
}

/** What every open trace has reached, to hear what these accounts pay next; null of one that was never followed. */
export function readReached(sql: Sql): Promise<{ trace: string; key: string | null }[]> {
  return sql.query(
    `SELECT traces.id AS trace, reached.key FROM funds.traces traces
     LEFT JOIN funds.reached reached ON reached.trace = traces.id WHERE traces.state = 'open'`,
  );
}

/** Traces that are followed no more and whose holds went on since then: their figures may be older than that. */
export function readClosedWithHolds(sql: Sql, since: Date): Promise<{ id: string }[]> {
  return sql.query(
    `SELECT id FROM funds.traces WHERE state = 'closed' AND id IN
       (SELECT trace FROM funds.holds WHERE ended_at IS NULL OR ended_at > $1)`,
    [since],
  );
}

export async function closeTrace(tx: Tx, id: string): Promise<void> {
  await tx.query(
    `UPDATE funds.traces SET state = 'closed', summary = jsonb_set(summary, '{state}', '"closed"'), change = NULL WHERE id = $1`,
    [id],
  );
}

export async function setMethod(tx: Tx, id: string, method: TraceMethod): Promise<void> {
  await tx.query('UPDATE funds.traces SET method = $2 WHERE id = $1', [id, method]);
}

/** What is known better of a trace: that the debit is confirmed, or that an institution reports it too. */
export async function confirmDebit(tx: Tx, id: string, by: TraceRow['reported_by']): Promise<void> {
  await tx.query('UPDATE funds.traces SET debit_confirmed = true, reported_by = $2 WHERE id = $1', [id, by]);
}

export async function markSaid(tx: Tx, id: string, revision: number, digest: string): Promise<void> {
  await tx.query('UPDATE funds.traces SET said_revision = $2, said_digest = $3 WHERE id = $1', [id, revision, digest]);
}

export async function markAnswered(tx: Tx, id: string, answered: Answered): Promise<void> {
  await tx.query('UPDATE funds.traces SET answered = $2 WHERE id = $1', [id, JSON.stringify(answered)]);
}

export function readOrigins(sql: Sql, traces: readonly string[]): Promise<OriginRow[]> {
  return sql.query<OriginRow>(
    `SELECT ${originColumns} FROM funds.origins WHERE trace = ANY ($1::uuid[]) ORDER BY trace, number`,
    [traces],
  );
}

/** Origins of traces from here that may be one of these payments. */
export function readLikeOrigins(
  sql: Sql,
  references: readonly string[],
  payees: readonly string[],
): Promise<OriginRow[]> {
  return sql.query<OriginRow>(
    `SELECT ${originColumns} FROM funds.origins
     WHERE (reference = ANY ($1::text[]) OR to_key = ANY ($2::text[]))
       AND trace IN (SELECT id FROM funds.traces WHERE request IS NULL)
     ORDER BY trace, number LIMIT 1000`,
    [references, payees],
  );
}

export type NewOrigin = Omit<OriginRow, 'trace' | 'number'>;

export async function addOrigins(tx: Tx, trace: string, origins: readonly NewOrigin[]): Promise<void> {
  await tx.query(
    `INSERT INTO funds.origins (trace, number, from_key, to_key, amount, currency, at, reference, hop)
     SELECT $1, (SELECT coalesce(max(number), 0) FROM funds.origins WHERE trace = $1) + number, from_key, to_key, amount, currency, at, reference, hop
     FROM unnest($2::text[], $3::text[], $4::numeric[], $5::text[], $6::timestamptz[], $7::text[], $8::integer[]) WITH ORDINALITY
       AS one (from_key, to_key, amount, currency, at, reference, hop, number)`,
    [
      trace,
      origins.map((one) => one.from_key),
      origins.map((one) => one.to_key),
      origins.map((one) => one.amount),
      origins.map((one) => one.currency),
      origins.map((one) => one.at),
      origins.map((one) => one.reference),
      origins.map((one) => one.hop),
    ],
  );
}

/** Another revision of what we were asked to follow. */
export async function replaceOrigins(tx: Tx, trace: string, origins: readonly NewOrigin[]): Promise<void> {
  await tx.query('DELETE FROM funds.origins WHERE trace = $1', [trace]);
  await addOrigins(tx, trace, origins);
}

export function readAsked(sql: Sql, traces: readonly string[]): Promise<AskedRow[]> {
  return sql.query<AskedRow>(
    'SELECT trace, member, request, state, amount, revision, report FROM funds.asked WHERE trace = ANY ($1::uuid[]) ORDER BY trace, member',
    [traces],
  );
}

export async function putAsked(tx: Tx, asked: Omit<AskedRow, 'revision' | 'report'>): Promise<void> {
  await tx.query(
    `INSERT INTO funds.asked (trace, member, request, state, amount) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (trace, member) DO UPDATE SET state = excluded.state, amount = excluded.amount`,
    [asked.trace, asked.member, asked.request, asked.state, asked.amount],
  );
}

/** Of one request the highest revision stands. Returns the trace that has learnt something. */
export async function hearReport(tx: Tx, member: string, body: TraceReportBody): Promise<string | undefined> {
  const rows = await tx.query<{ trace: string }>(
    `UPDATE funds.asked SET revision = $3, report = $4 WHERE member = $1 AND request = $2 AND revision < $3 RETURNING trace`,
    [member, body.request, body.revision, JSON.stringify(body)],
  );
  return rows[0]?.trace;
}

export async function markAsked(tx: Tx, request: string, state: string): Promise<string | undefined> {
  const rows = await tx.query<{ trace: string }>(
    'UPDATE funds.asked SET state = $2 WHERE request = $1 RETURNING trace',
    [request, state],
  );
  return rows[0]?.trace;
}

export async function readOnwardOrders(sql: Sql, trace: string): Promise<ReadonlySet<string>> {
  const rows = await sql.query<{ key: string }>('SELECT key FROM funds.onward_orders WHERE trace = $1', [trace]);
  return new Set(rows.map(({ key }) => key));
}

export async function addOnwardOrder(tx: Tx, trace: string, key: string, order: string): Promise<void> {
  await tx.query('INSERT INTO funds.onward_orders (trace, key, order_id) VALUES ($1, $2, $3)', [trace, key, order]);
}

export interface ToldPayment {
  readonly institution: string;
  readonly id: string;
  readonly payment: NamedPayment;
}

/** Keeps payments that an institution told; answers those that are news. */
export async function addToldPayments(tx: Tx, told: readonly ToldPayment[], at: Date): Promise<ToldPayment[]> {
  const rows = await tx.query<{ institution: string; id: string }>(
    `INSERT INTO funds.told_payments (institution, id, payment, told_at)
     SELECT institution, id, payment, $4 FROM unnest($1::text[], $2::text[], $3::jsonb[]) AS one (institution, id, payment)
     ON CONFLICT DO NOTHING RETURNING institution, id`,
    [
      told.map(({ institution }) => institution),
      told.map(({ id }) => id),
      told.map(({ payment }) => JSON.stringify(payment)),
      at,
    ],
  );
  const fresh = new Set(rows.map(({ institution, id }) => `${institution}/${id}`));
  return told.filter(({ institution, id }) => fresh.has(`${institution}/${id}`));
}

export function readToldPayments(
  sql: Sql,
  after: number,
  limit: number,
): Promise<(ToldPayment & { number: number })[]> {
  return sql.query(
    'SELECT number, institution, id, payment FROM funds.told_payments WHERE number > $1 ORDER BY number LIMIT $2',
    [after, limit],
  );
}

/** Who speaks where a standing rule acts. */
export const traceRule: Author = { office: 'funds', rule: 'trace' };
