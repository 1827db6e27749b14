import type { NamedPayment } from '@bronze-drum/protocol/fields';
import type { HoldDeed, HoldEnd } from '@bronze-drum/protocol/statements/hold';
import type { HoldState, PlaceEnd } from '@bronze-drum/protocol/statements/trace-report';
import type { Sql, Tx } from '../platform/db.ts';
import type { HoldProposal } from './hold-view.ts';

/** A hold as it is stored. Amounts are minor units of `currency`, `stolen` those of `stolenCurrency`. */
export interface HoldRow {
  readonly id: string;
  readonly trace: string;
  readonly place: string;
  readonly key: string;
  readonly institution: string | null;
  readonly hop: number;
  readonly placeEnd: PlaceEnd;
  readonly currency: string;
  readonly taint: bigint;
  readonly stolen: bigint;
  readonly stolenCurrency: string;
  readonly balance: bigint | null;
  readonly payment: NamedPayment;
  readonly debitConfirmed: boolean;
  readonly reportedBy: HoldProposal['reportedBy'];
  readonly request: string | null;
  readonly state: HoldState;
  readonly revision: number;
  readonly orderId: string | null;
  readonly ordered: bigint | null;
  readonly byRule: boolean;
  readonly held: bigint;
  readonly gone: bigint;
  readonly peak: bigint;
  readonly returned: bigint;
  readonly refusal: string | null;
  readonly stage: string | null;
  readonly stageTimes: number;
  readonly untilMs: number | null;
  readonly complaint: string | null;
  readonly court: string | null;
  readonly actedBy: readonly string[];
  readonly proposedAtMs: number;
  readonly orderedAtMs: number | null;
  readonly heldAtMs: number | null;
  readonly endedAtMs: number | null;
  readonly endedWhy: HoldEnd | null;
  readonly confirmedAtMs: number | null;
  readonly noticeMadeAtMs: number | null;
  readonly noticeDeferredUntilMs: number | null;
  readonly noticeDeliveredAtMs: number | null;
}

interface DbRow {
  readonly number: number;
  readonly id: string;
  readonly trace: string;
  readonly place: string;
  readonly key: string;
  readonly institution: string | null;
  readonly hop: number;
  readonly place_end: PlaceEnd;
  readonly currency: string;
  readonly taint: string;
  readonly stolen: string;
  readonly stolen_currency: string;
  readonly balance: string | null;
  readonly payment: string;
  readonly debit_confirmed: boolean;
  readonly reported_by: HoldRow['reportedBy'];
  readonly request: string | null;
  readonly state: HoldState;
  readonly revision: number;
  readonly order_id: string | null;
  readonly ordered: string | null;
  readonly by_rule: boolean;
  readonly held: string;
  readonly gone: string;
  readonly peak: string;
  readonly returned: string;
  readonly refusal: string | null;
  readonly stage: string | null;
  readonly stage_times: number;
  readonly until: Date | null;
  readonly complaint: string | null;
  readonly court: string | null;
  readonly acted_by: string[];
  readonly proposed_at: Date;
  readonly ordered_at: Date | null;
  readonly held_at: Date | null;
  readonly ended_at: Date | null;
  readonly ended_why: HoldEnd | null;
  readonly confirmed_at: Date | null;
  readonly notice_made_at: Date | null;
  readonly notice_deferred_until: Date | null;
  readonly notice_delivered_at: Date | null;
}

/** A hold with its number, by which pages go on. */
export type NumberedHold = HoldRow & { readonly number: number };

const bigOf = (text: string | null): bigint | null => (text === null ? null : BigInt(text));
const msOf = (at: Date | null): number | null => at?.getTime() ?? null;
const dateOf = (ms: number | null): Date | null => (ms === null ? null : new Date(ms));
const textOf = (minor: bigint | null): string | null => (minor === null ? null : String(minor));

function rowOf(row: DbRow): NumberedHold {
  return {
    number: row.number,
    id: row.id,
    trace: row.trace,
    place: row.place,
    key: row.key,
    institution: row.institution,
    hop: row.hop,
    placeEnd: row.place_end,
    currency: row.currency,
    taint: BigInt(row.taint),
    stolen: BigInt(row.stolen),
    stolenCurrency: row.stolen_currency,
    balance: bigOf(row.balance),
    payment: JSON.parse(row.payment) as NamedPayment,
    debitConfirmed: row.debit_confirmed,
    reportedBy: row.reported_by,
    request: row.request,
    state: row.state,
    revision: row.revision,
    orderId: row.order_id,
    ordered: bigOf(row.ordered),
    byRule: row.by_rule,
    held: BigInt(row.held),
    gone: BigInt(row.gone),
    peak: BigInt(row.peak),
    returned: BigInt(row.returned),
    refusal: row.refusal,
    stage: row.stage,
    stageTimes: row.stage_times,
    untilMs: msOf(row.until),
    complaint: row.complaint,
    court: row.court,
    actedBy: row.acted_by,
    proposedAtMs: row.proposed_at.getTime(),
    orderedAtMs: msOf(row.ordered_at),
    heldAtMs: msOf(row.held_at),
    endedAtMs: msOf(row.ended_at),
    endedWhy: row.ended_why,
    confirmedAtMs: msOf(row.confirmed_at),
    noticeMadeAtMs: msOf(row.notice_made_at),
    noticeDeferredUntilMs: msOf(row.notice_deferred_until),
    noticeDeliveredAtMs: msOf(row.notice_delivered_at),
  };
}

const columns = `id, trace, place, key, institution, hop, place_end, currency, taint, stolen, stolen_currency, balance, payment,
  debit_confirmed, reported_by, request, state, revision, order_id, ordered, by_rule, held, gone, peak, returned, refusal, stage,
  stage_times, until, complaint, court, acted_by, proposed_at, ordered_at, held_at, ended_at, ended_why, confirmed_at,
  notice_made_at, notice_deferred_until, notice_delivered_at`;
const places = Array.from(columns.matchAll(/[a-z_]+/g), (_, index) => `$${index + 1}`).join(', ');

const valuesOf = (row: HoldRow): unknown[] => [
  row.id,
  row.trace,
  row.place,
  row.key,
  row.institution,
  row.hop,
  row.placeEnd,
  row.currency,
  textOf(row.taint),
  textOf(row.stolen),
  row.stolenCurrency,
  textOf(row.balance),
  JSON.stringify(row.payment),
  row.debitConfirmed,
  row.reportedBy,
  row.request,
  row.state,
  row.revision,
  row.orderId,
  textOf(row.ordered),
  row.byRule,
  textOf(row.held),
  textOf(row.gone),
  textOf(row.peak),
  textOf(row.returned),
  row.refusal,
  row.stage,
  row.stageTimes,
  dateOf(row.untilMs),
  row.complaint,
  row.court,
  row.actedBy,
  new Date(row.proposedAtMs),
  dateOf(row.orderedAtMs),
  dateOf(row.heldAtMs),
  dateOf(row.endedAtMs),
  row.endedWhy,
  dateOf(row.confirmedAtMs),
  dateOf(row.noticeMadeAtMs),
  dateOf(row.noticeDeferredUntilMs),
  dateOf(row.noticeDeliveredAtMs),
];

/** False if another hold for that place of the trace has not ended. */
export async function insertHold(tx: Tx, row: HoldRow): Promise<boolean> {
  const inserted = await tx.query(
    `INSERT INTO funds.holds (${columns}) VALUES (${places})
     ON CONFLICT (trace, place) WHERE ended_at IS NULL DO NOTHING RETURNING 1`,
    valuesOf(row),
  );
  return inserted.length === 1;
}

/** Changes a hold; it is then told anew on the live stream. */
export async function updateHold(tx: Tx, row: HoldRow): Promise<void> {
  await tx.query(`UPDATE funds.holds SET (${columns}) = ROW (${places}), change = NULL WHERE id = $1`, valuesOf(row));
}

export async function lockHold(tx: Tx, id: string): Promise<HoldRow | undefined> {
  const [row] = await tx.query<DbRow>('SELECT * FROM funds.holds WHERE id = $1 FOR UPDATE', [id]);
  return row && rowOf(row);
}

/** The newest hold for a place of a trace. */
export async function lockHoldOfPlace(tx: Tx, trace: string, place: string): Promise<HoldRow | undefined> {
  const [row] = await tx.query<DbRow>(
    'SELECT * FROM funds.holds WHERE trace = $1 AND place = $2 ORDER BY number DESC LIMIT 1 FOR UPDATE',
    [trace, place],
  );
  return row && rowOf(row);
}

export async function readHold(sql: Sql, id: string): Promise<HoldRow | undefined> {
  const [row] = await sql.query<DbRow>('SELECT * FROM funds.holds WHERE id = $1', [id]);
  return row && rowOf(row);
}

/** Of some traces, the oldest first. */
export async function readOfTraces(sql: Sql, traces: readonly string[]): Promise<HoldRow[]> {
  const rows = await sql.query<DbRow>('SELECT * FROM funds.holds WHERE trace = ANY ($1::uuid[]) ORDER BY number', [
    traces,
  ]);
  return rows.map(rowOf);
}

/** Traces at which a hold was first proposed in a period, the newest first. */
export async function tracesProposed(sql: Sql, fromMs: number, untilMs: number, most: number): Promise<string[]> {
  const rows = await sql.query<{ trace: string }>(
    `SELECT trace FROM funds.holds WHERE proposed_at >= $1 AND proposed_at < $2
       AND NOT EXISTS (SELECT 1 FROM funds.holds earlier WHERE earlier.trace = holds.trace AND earlier.proposed_at < $1)
     GROUP BY trace ORDER BY min(number) DESC LIMIT $3`,
    [new Date(fromMs), new Date(untilMs), most],
  );
  return rows.map(({ trace }) => trace);
}

/** What a court has of some traces, locked in one order for all who do so. */
export async function lockUnderCourt(tx: Tx, traces: readonly string[]): Promise<HoldRow[]> {
  const rows = await tx.query<DbRow>(
    `SELECT * FROM funds.holds WHERE trace = ANY ($1::uuid[]) AND state IN ('seized', 'confiscated') ORDER BY number FOR UPDATE`,
    [traces],
  );
  return rows.map(rowOf);
}

/** Whether an account was let go on appeal, by whichever trace it was held. */
export async function wasReleasedOnAppeal(sql: Sql, key: string): Promise<boolean> {
  const rows = await sql.query(`SELECT 1 FROM funds.holds WHERE key = $1 AND ended_why = 'appeal' LIMIT 1`, [key]);
  return rows.length > 0;
}

/** Whether an earlier hold for the same place of the trace ended otherwise than because the money was elsewhere. */
export async function hadEarlier(sql: Sql, row: Pick<HoldRow, 'id' | 'trace' | 'place'>): Promise<boolean> {
  const rows = await sql.query(
    `SELECT 1 FROM funds.holds WHERE trace = $1 AND place = $2 AND id <> $3 AND ended_at IS NOT NULL
       AND ended_why <> 'nothing-left' LIMIT 1`,
    [row.trace, row.place, row.id],
  );
  return rows.length > 0;
}

export interface HoldSearch {
  readonly trace?: string;
  readonly key?: string;
  readonly institution?: string;
  readonly state?: HoldState;
  readonly nowMs: number;
  readonly endsBeforeMs?: number;
  readonly limit: number;
}

/** What is past its time is found as expired, as it is shown, whether or not its clock was dealt with. */
const isOverdue = (now: string): string =>
  `(ended_at IS NULL AND until IS NOT NULL AND until <= ${now} AND state NOT IN ('gone', 'refused'))`;

/** The newest first; with `endsBeforeMs` those that end by themselves until then, the soonest first. */
export async function searchHolds(
  sql: Sql,
  search: HoldSearch,
  after: { readonly atMs: number; readonly number: number } | undefined,
): Promise<NumberedHold[]> {
  const { trace, key, institution, state, nowMs, endsBeforeMs, limit } = search;
  const values: unknown[] = [];
  const given = (value: unknown): string => `$${values.push(value)}`;
  const filters: string[] = [];
  if (trace !== undefined) filters.push(`trace = ${given(trace)}`);
  if (key !== undefined) filters.push(`key = ${given(key)}`);
  if (institution !== undefined) filters.push(`institution = ${given(institution)}`);
  if (state === 'expired') filters.push(`(state = 'expired' OR ${isOverdue(given(new Date(nowMs)))})`);
  else if (state !== undefined) filters.push(`state = ${given(state)}`, `NOT ${isOverdue(given(new Date(nowMs)))}`);
  let order = 'number DESC';
  if (endsBeforeMs !== undefined) {
    filters.push(`until > ${given(new Date(nowMs))}`, `until <= ${given(new Date(endsBeforeMs))}`);
    if (after !== undefined) filters.push(`(until, number) > (${given(new Date(after.atMs))}, ${given(after.number)})`);
    order = 'until, number';
  } else if (after !== undefined) filters.push(`number < ${given(after.number)}`);
  const where = filters.length === 0 ? '' : `WHERE ${filters.join(' AND ')}`;
  const rows = await sql.query<DbRow>(
    `SELECT * FROM funds.holds ${where} ORDER BY ${order} LIMIT ${given(limit)}`,
    values,
  );
  return rows.map(rowOf);
}

/** Notices that an institution has to deliver, the oldest first: of money that is held or under a court. */
export async function readNoticesOf(sql: Sql, institution: string, limit: number): Promise<HoldRow[]> {
  const rows = await sql.query<DbRow>(
    `SELECT * FROM funds.holds
     WHERE institution = $1 AND notice_made_at IS NOT NULL AND notice_delivered_at IS NULL
       AND held > 0 AND state IN ('ordered', 'held', 'partly', 'seized', 'confiscated')
     ORDER BY number LIMIT $2`,
    [institution, limit],
  );
  return rows.map(rowOf);
}

export interface Deed {
  readonly revision: number;
  readonly atMs: number;
  readonly actor: string;
  readonly deed: HoldDeed;
  readonly details: Readonly<Record<string, unknown>>;
}

export async function insertDeed(tx: Tx, hold: string, { revision, atMs, actor, deed, details }: Deed): Promise<void> {
  await tx.query(
    'INSERT INTO funds.hold_deeds (hold, revision, at, actor, deed, details) VALUES ($1, $2, $3, $4, $5, $6)',
    [hold, revision, new Date(atMs), actor, deed, JSON.stringify(details)],
  );
}

/** The newest deeds of a hold, in the order in which they were done. */
export async function readDeeds(sql: Sql, hold: string, most: number): Promise<Deed[]> {
  const rows = await sql.query<{ revision: number; at: Date; actor: string; deed: HoldDeed; details: string }>(
    'SELECT revision, at, actor, deed, details FROM funds.hold_deeds WHERE hold = $1 ORDER BY revision DESC LIMIT $2',
    [hold, most],
  );
  return rows.reverse().map(({ at, details, ...deed }) => ({
    ...deed,
    atMs: at.getTime(),
    details: JSON.parse(details) as Deed['details'],
  }));
}
