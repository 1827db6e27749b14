import { instantText } from '../../kernel/clock.ts';
import type { Sql, Tx } from '../../platform/db.ts';

/** One member's listing, as far as alerts need it. */
export interface Listed {
  readonly member: string;
  readonly id: string;
  readonly revision: number;
  readonly key: string;
  readonly stands: boolean;
  readonly discreet: boolean;
  readonly untilMs: number;
  /** The statement's place. */
  readonly book: string;
  readonly number: number;
}

interface ListedRow extends Omit<Listed, 'untilMs'> {
  readonly until: Date;
}

const listedOf = ({ until, ...row }: ListedRow): Listed => ({ ...row, untilMs: until.getTime() });

export async function readListed(tx: Tx, ids: readonly string[]): Promise<Listed[]> {
  const rows = await tx.query<ListedRow>('SELECT * FROM alerts.listed WHERE id = ANY ($1::uuid[])', [ids]);
  return rows.map(listedOf);
}

/** Listings by the places of their newest statements, as `member/book/number`. */
export async function readListedAt(
  tx: Tx,
  places: readonly { member: string; book: string; number: number }[],
): Promise<Listed[]> {
  if (places.length === 0) return [];
  const rows = await tx.query<ListedRow>(
    `SELECT listed.* FROM alerts.listed listed
     JOIN unnest($1::text[], $2::text[], $3::bigint[]) AS place (member, book, number) USING (member, book, number)`,
    [places.map(({ member }) => member), places.map(({ book }) => book), places.map(({ number }) => number)],
  );
  return rows.map(listedOf);
}

/** What stands of some keys. */
export async function readStanding(tx: Tx, keys: readonly string[], now: Date): Promise<Listed[]> {
  const rows = await tx.query<ListedRow>(
    'SELECT * FROM alerts.listed WHERE key = ANY ($1::text[]) AND stands AND until > $2',
    [keys, now],
  );
  return rows.map(listedOf);
}

export async function writeListed(tx: Tx, listed: readonly Listed[]): Promise<void> {
  if (listed.length === 0) return;
  const rows = listed.map(({ untilMs, ...row }) => ({ ...row, until: instantText(untilMs) }));
  await tx.query(
    `INSERT INTO alerts.listed (member, id, revision, key, stands, discreet, until, book, number)
     SELECT member, id, revision, key, stands, discreet, until, book, number
     FROM json_populate_recordset(NULL::alerts.listed, $1::json)
     ON CONFLICT (member, id) DO UPDATE SET revision = excluded.revision, key = excluded.key, stands = excluded.stands,
       discreet = excluded.discreet, until = excluded.until, book = excluded.book, number = excluded.number`,
    [JSON.stringify(rows)],
  );
}

/** In which books the listings of some ids stand, by id: nothing keeps two members from giving the same. */
export async function readBooksOf(sql: Sql, ids: readonly string[]): Promise<Map<string, string[]>> {
  const rows = await sql.query<{ id: string; books: string[] }>(
    'SELECT id, array_agg(book) AS books FROM alerts.listed WHERE id = ANY ($1::uuid[]) AND stands GROUP BY id',
    [ids],
  );
  return new Map(rows.map(({ id, books }) => [id, books]));
}
