import type { Fork } from '@bronze-drum/protocol/federation/reading';
import type { Sql, Tx } from '../platform/db.ts';

export interface BookRow {
  readonly member: string;
  readonly book: string;
  readonly shown_size: number;
  readonly shown_note: string | null;
  readonly shown_at: number | null;
  readonly shown_proof: string[] | null;
  readonly fork: Fork | null;
  readonly forked_at: Date | null;
}

export function readBooks(sql: Sql): Promise<BookRow[]> {
  return sql.query<BookRow>('SELECT * FROM federation.books');
}

export async function saveShown(
  sql: Sql,
  of: { member: string; book: string },
  shown: { size: number; note: string; at: number; proof: readonly string[] },
): Promise<void> {
  await sql.query(
    `INSERT INTO federation.books (member, book, shown_size, shown_note, shown_at, shown_proof) VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (member, book) DO UPDATE
     SET shown_size = excluded.shown_size, shown_note = excluded.shown_note, shown_at = excluded.shown_at,
         shown_proof = excluded.shown_proof`,
    [of.member, of.book, shown.size, shown.note, shown.at, shown.proof],
  );
}

/** Keeps the first proof of a fork. */
export async function saveFork(sql: Sql, fork: Fork, atMs: number): Promise<void> {
  await sql.query(
    `INSERT INTO federation.books (member, book, fork, forked_at) VALUES ($1, $2, $3, $4)
     ON CONFLICT (member, book) DO UPDATE SET fork = excluded.fork, forked_at = excluded.forked_at
     WHERE books.fork IS NULL`,
    [fork.member, fork.book, JSON.stringify(fork), new Date(atMs)],
  );
}

export interface HeldRow {
  readonly id: number;
  readonly member: string;
  readonly book: string;
  readonly number: number;
  readonly code: string;
  readonly salt: Uint8Array;
  readonly bytes: Uint8Array;
  readonly held_at: Date;
  readonly state: 'held' | 'released' | 'rejected' | 'erased';
  readonly decided_at: Date | null;
  readonly decided_by: string | null;
  readonly reason: string | null;
}

export type NewHeld = Pick<HeldRow, 'member' | 'book' | 'number' | 'code' | 'salt' | 'bytes'>;

/** Returns the ids, in the order given. */
export async function insertHeld(tx: Tx, rows: readonly NewHeld[], atMs: number): Promise<number[]> {
  const ids: number[] = [];
  for (const { member, book, number, code, salt, bytes } of rows) {
    const [row] = await tx.query<{ id: number }>(
      `INSERT INTO federation.quarantine (member, book, number, code, salt, bytes, held_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id`,
      [member, book, number, code, Buffer.from(salt), Buffer.from(bytes), new Date(atMs)],
    );
    ids.push(row!.id);
  }
  return ids;
}

export async function lockHeld(tx: Tx, id: number): Promise<HeldRow | undefined> {
  const [row] = await tx.query<HeldRow>('SELECT * FROM federation.quarantine WHERE id = $1 FOR UPDATE', [id]);
  return row;
}

export async function decideHeld(
  tx: Tx,
  id: number,
  decision: { state: 'released' | 'rejected'; by: string; reason: string; atMs: number },
): Promise<void> {
  await tx.query(
    'UPDATE federation.quarantine SET state = $2, decided_by = $3, reason = $4, decided_at = $5 WHERE id = $1',
    [id, decision.state, decision.by, decision.reason, new Date(decision.atMs)],
  );
}

/** Forgets what is held of a statement that its author has erased. */
export async function eraseHeld(
  tx: Tx,
  ref: { member: string; book: string; number: number },
  atMs: number,
): Promise<void> {
  await tx.query(
    `UPDATE federation.quarantine SET state = 'erased', salt = '', bytes = '', decided_at = $4
     WHERE member = $1 AND book = $2 AND number = $3`,
    [ref.member, ref.book, ref.number, new Date(atMs)],
  );
}

export interface HeldCount {
  readonly member: string;
  readonly count: number;
  readonly since: Date;
}

/** How many statements of each member wait for somebody to let them in. */
export function countHeldByMember(sql: Sql): Promise<HeldCount[]> {
  return sql.query<HeldCount>(
    `SELECT member, count(*) AS count, min(held_at) AS since FROM federation.quarantine
     WHERE state = 'held' GROUP BY member ORDER BY member`,
  );
}

export function listHeld(sql: Sql, state: string, after: number, limit: number): Promise<HeldRow[]> {
  return sql.query<HeldRow>('SELECT * FROM federation.quarantine WHERE state = $1 AND id > $2 ORDER BY id LIMIT $3', [
    state,
    after,
    limit,
  ]);
}

/** What is held of one member's statements, as its receipts tell it. */
export function heldOf(
  sql: Sql,
  member: string,
  book: string,
  limit: number,
): Promise<{ number: number; code: string }[]> {
  return sql.query(
    `SELECT number, code FROM federation.quarantine
     WHERE member = $1 AND book = $2 AND state IN ('held', 'rejected') ORDER BY number LIMIT $3`,
    [member, book, limit],
  );
}

export async function countHeld(sql: Sql): Promise<number> {
  const [row] = await sql.query<{ count: number }>(
    `SELECT count(*) AS count FROM federation.quarantine WHERE state = 'held'`,
  );
  return row!.count;
}

export interface ReceiptRow {
  readonly reader: string;
  readonly book: string;
  readonly size: number;
  readonly applied: number;
  readonly cosigned: string | null;
  readonly held: readonly { readonly number: number; readonly code: string }[];
  readonly reader_at: Date;
  readonly received_at: Date;
}

/** Keeps a reader's newest receipt. What it once said that it holds and has applied, an older receipt does not take back. */
export async function saveReceipt(sql: Sql, row: ReceiptRow): Promise<void> {
  await sql.query(
    `INSERT INTO federation.receipts (reader, book, size, applied, cosigned, held, reader_at, received_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
     ON CONFLICT (reader, book) DO UPDATE
     SET size = greatest(receipts.size, excluded.size), applied = greatest(receipts.applied, excluded.applied),
         cosigned = CASE WHEN excluded.size >= receipts.size THEN coalesce(excluded.cosigned, receipts.cosigned) ELSE receipts.cosigned END,
         held = excluded.held, reader_at = excluded.reader_at, received_at = excluded.received_at`,
    [
      row.reader,
      row.book,
      row.size,
      row.applied,
      row.cosigned,
      JSON.stringify(row.held),
      row.reader_at,
      row.received_at,
    ],
  );
}

export function readReceipts(sql: Sql, reader?: string): Promise<ReceiptRow[]> {
  return sql.query<ReceiptRow>(
    'SELECT * FROM federation.receipts WHERE $1::text IS NULL OR reader = $1 ORDER BY reader, book',
    [reader ?? null],
  );
}

export interface DeliveryRow {
  readonly id: number;
  readonly reader: string;
  readonly book: string;
  readonly first: number;
  readonly next: number;
  readonly first_at: Date;
  readonly last_at: Date;
}

export type Delivery = Omit<DeliveryRow, 'id'>;

/** Adds runs; one that goes on where the reader's last one ended, within the same hour, becomes part of it. */
export async function saveDeliveries(tx: Tx, deliveries: readonly Delivery[]): Promise<void> {
  for (const { reader, book, first, next, first_at, last_at } of deliveries) {
    const extended = await tx.query(
      `UPDATE federation.deliveries SET next = greatest(next, $4), last_at = $6
       WHERE id = (SELECT id FROM federation.deliveries WHERE reader = $1 AND book = $2 ORDER BY next DESC LIMIT 1)
         AND next = $3 AND first_at > $5::timestamptz - interval '1 hour' RETURNING 1`,
      [reader, book, first, next, first_at, last_at],
    );
    if (extended.length > 0) continue;
    await tx.query(
      `INSERT INTO federation.deliveries (reader, book, first, next, first_at, last_at) VALUES ($1, $2, $3, $4, $5, $6)`,
      [reader, book, first, next, first_at, last_at],
    );
  }
}

/** Up to which number of each book each reader has been given something. */
export function deliveredTo(sql: Sql): Promise<{ reader: string; book: string; next: number }[]> {
  return sql.query('SELECT reader, book, max(next) AS next FROM federation.deliveries GROUP BY reader, book');
}

export interface DeliverySearch {
  readonly reader?: string | undefined;
  readonly book?: string | undefined;
  /** Only runs that hold this number. */
  readonly number?: number | undefined;
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
}

export function searchDeliveries(
  sql: Sql,
  { reader, book, number, from, to }: DeliverySearch,
  after: number,
  limit: number,
): Promise<DeliveryRow[]> {
  const values: unknown[] = [after];
  const given = (value: unknown, condition: (place: string) => string): string[] =>
    value === undefined ? [] : [condition(`$${values.push(value)}`)];
  const conditions = [
    'id > $1',
    ...given(reader, (place) => `reader = ${place}`),
    ...given(book, (place) => `book = ${place}`),
    ...given(number, (place) => `int8range(first, next) @> ${place}::bigint`),
    ...given(from, (place) => `last_at >= ${place}`),
    ...given(to, (place) => `first_at < ${place}`),
  ];
  // The limit as a number in the text: of a parameter the planner would think that it is a tenth of all.
  return sql.query<DeliveryRow>(
    `SELECT * FROM federation.deliveries WHERE ${conditions.join(' AND ')} ORDER BY id LIMIT ${Math.trunc(limit)}`,
    values,
  );
}

export async function saveRefusals(
  tx: Tx,
  rows: readonly { party: string; code: string; minute: Date; count: number }[],
): Promise<void> {
  for (const { party, code, minute, count } of rows) {
    await tx.query(
      `INSERT INTO federation.refusals (party, code, minute, count) VALUES ($1, $2, $3, $4)
       ON CONFLICT (party, code, minute) DO UPDATE SET count = refusals.count + excluded.count`,
      [party, code, minute, count],
    );
  }
}

export interface RefusalSearch {
  readonly reader?: string | undefined;
  readonly from: Date;
  readonly to?: Date | undefined;
  /** The place of the last one that is known: what follows it is read. */
  readonly after?: { readonly minute: Date; readonly party: string; readonly code: string } | undefined;
  readonly limit: number;
}

/** What was refused, the newest minute first. */
export function readRefusals(
  sql: Sql,
  { reader, from, to, after, limit }: RefusalSearch,
): Promise<{ party: string; code: string; minute: Date; count: number }[]> {
  return sql.query(
    `SELECT party, code, minute, count FROM federation.refusals
     WHERE minute >= $1 AND ($2::timestamptz IS NULL OR minute < $2) AND ($3::text IS NULL OR party = $3)
       AND ($5::timestamptz IS NULL OR minute < $5 OR (minute = $5 AND (party, code) > ($6, $7)))
     ORDER BY minute DESC, party, code LIMIT $4`,
    [from, to ?? null, reader ?? null, limit, after?.minute ?? null, after?.party ?? null, after?.code ?? null],
  );
}

export function readRecoveries(sql: Sql): Promise<{ reader: string; waived_by: string | null }[]> {
  return sql.query('SELECT reader, waived_by FROM federation.recoveries ORDER BY reader');
}

export async function saveRecovery(
  sql: Sql,
  row: { reader: string; atMs: number; waivedBy: string | null; reason: string | null },
): Promise<void> {
  await sql.query(
    `INSERT INTO federation.recoveries (reader, done_at, waived_by, reason) VALUES ($1, $2, $3, $4)
     ON CONFLICT (reader) DO NOTHING`,
    [row.reader, new Date(row.atMs), row.waivedBy, row.reason],
  );
}

export async function clearRecoveries(sql: Sql): Promise<void> {
  await sql.query('DELETE FROM federation.recoveries');
}
