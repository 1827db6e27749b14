import type { Sql, Tx } from '../platform/db.ts';
import type { ExhibitRow } from './store.ts';

/** An exhibit as another member named it in a book that we read. */
export interface AbroadRow {
  readonly member: string;
  readonly id: string;
  readonly book: string;
  readonly number: number;
  readonly at: Date;
  readonly sha256: string;
  readonly bytes: number;
  readonly media_type: string;
  readonly title: string;
  /** The head of its chain at home at that moment. */
  readonly custody: string;
  readonly collected_at: Date;
  readonly handling: string;
  /** The exhibit here that was made of it, as long as it has its content. */
  readonly here: string | null;
  readonly withdrawn: boolean;
}

/** What was said later in the same book stands, in whatever order it comes. Another content under the same id does not. */
export async function putAbroad(tx: Tx, row: Omit<AbroadRow, 'here' | 'withdrawn'>): Promise<void> {
  await tx.query(
    `INSERT INTO evidence.abroad
       (member, id, book, number, at, sha256, bytes, media_type, title, custody, collected_at, handling)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
     ON CONFLICT (member, id, book) DO UPDATE
     SET number = $4, at = $5, title = $9, custody = $10, collected_at = $11, handling = $12
     WHERE abroad.number < $4 AND abroad.sha256 = $6 AND abroad.bytes = $7`,
    [
      row.member,
      row.id,
      row.book,
      row.number,
      row.at,
      row.sha256,
      row.bytes,
      row.media_type,
      row.title,
      row.custody,
      row.collected_at,
      row.handling,
    ],
  );
}

export async function putWithdrawal(
  tx: Tx,
  row: { member: string; id: string; book: string; number: number },
): Promise<void> {
  await tx.query(
    `INSERT INTO evidence.withdrawals (member, id, book, number) VALUES ($1, $2, $3, $4)
     ON CONFLICT (member, id, book) DO UPDATE SET number = greatest(withdrawals.number, $4)`,
    [row.member, row.id, row.book, row.number],
  );
}

/** Its author erased the statement: that we were given it is forgotten. */
export async function forgetAbroad(
  tx: Tx,
  { member, book, number }: { member: string; book: string; number: number },
): Promise<void> {
  await tx.query('DELETE FROM evidence.abroad WHERE number = $3 AND member = $1 AND book = $2', [member, book, number]);
}

const withdrawn = `EXISTS (SELECT 1 FROM evidence.withdrawals over
  WHERE over.member = abroad.member AND over.id = abroad.id AND over.book = abroad.book AND over.number > abroad.number)`;

/** An exhibit of that id, in each book in which a member gave it; those that are still given first. */
export function readAbroad(sql: Sql, id: string, member: string | undefined): Promise<AbroadRow[]> {
  return sql.query<AbroadRow>(
    `SELECT abroad.*, ${withdrawn} AS withdrawn FROM evidence.abroad abroad
     WHERE id = $1 AND ($2::text IS NULL OR member = $2) ORDER BY withdrawn, member, book LIMIT 100`,
    [id, member ?? null],
  );
}

export async function lockAbroad(
  tx: Tx,
  { member, id, book }: Pick<AbroadRow, 'member' | 'id' | 'book'>,
): Promise<AbroadRow | undefined> {
  const [row] = await tx.query<AbroadRow>(
    `SELECT abroad.*, ${withdrawn} AS withdrawn FROM evidence.abroad abroad
     WHERE member = $1 AND id = $2 AND book = $3 FOR UPDATE`,
    [member, id, book],
  );
  return row;
}

/** In every book in which the member named the same exhibit. */
export async function markHere(tx: Tx, row: Pick<AbroadRow, 'member' | 'id' | 'sha256'>, here: string): Promise<void> {
  await tx.query('UPDATE evidence.abroad SET here = $4 WHERE member = $1 AND id = $2 AND sha256 = $3', [
    row.member,
    row.id,
    row.sha256,
    here,
  ]);
}

export interface AbroadPlace {
  readonly at: Date;
  readonly member: string;
  readonly id: string;
  readonly book: string;
}

export function listAbroad(
  sql: Sql,
  member: string | undefined,
  after: AbroadPlace | undefined,
  limit: number,
): Promise<AbroadRow[]> {
  return sql.query<AbroadRow>(
    `SELECT abroad.*, ${withdrawn} AS withdrawn FROM evidence.abroad abroad
     WHERE ($1::text IS NULL OR member = $1)
       AND ($2::timestamptz IS NULL OR at < $2 OR (at = $2 AND (member, id, book) > ($3, $4::uuid, $5)))
     ORDER BY at DESC, member, id, book LIMIT $6`,
    [member ?? null, after?.at ?? null, after?.member ?? null, after?.id ?? null, after?.book ?? null, limit],
  );
}

/**
 * Whether an exhibit here came from a member who gives it no longer in the book from which it came; given anew, it is given.
 */
export async function isWithdrawnAbroad(
  sql: Sql,
  row: Pick<ExhibitRow, 'origin_member' | 'origin_exhibit' | 'origin_book' | 'origin_number'>,
): Promise<boolean> {
  if (row.origin_member === null) return false;
  const rows = await sql.query(
    `SELECT 1 FROM evidence.withdrawals over LEFT JOIN evidence.abroad abroad USING (member, id, book)
     WHERE member = $1 AND id = $2 AND book = $3 AND over.number > greatest($4, abroad.number)`,
    [row.origin_member, row.origin_exhibit, row.origin_book, row.origin_number],
  );
  return rows.length > 0;
}
