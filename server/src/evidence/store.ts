import type { Handling } from '@bronze-drum/protocol/handling';
import type { Author } from '@bronze-drum/protocol/statements/envelope';
import type { ExhibitRef } from '@bronze-drum/protocol/statements/exhibit';
import type { Sql, Tx } from '../platform/db.ts';
import { canonicalText } from './chain.ts';
import type { CustodyEntry, Exhibit } from './contract.ts';

export interface ExhibitRow {
  readonly id: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly media_type: string;
  readonly title: string;
  readonly collected_at: Date;
  readonly collected_from: string;
  readonly means: NonNullable<Exhibit['means']>;
  /** JSON. */
  readonly handling: string;
  readonly taken_at: Date;
  /** JSON: an author. */
  readonly taken_by: string;
  /** The institution that brought it. */
  readonly institution: string | null;
  readonly origin_member: string | null;
  readonly origin_exhibit: string | null;
  readonly origin_book: string | null;
  readonly origin_number: number | null;
  readonly entries: number;
  readonly head: string;
  readonly destroyed_at: Date | null;
}

export const refOf = (row: Pick<ExhibitRow, 'id' | 'sha256' | 'bytes' | 'media_type' | 'title'>): ExhibitRef => ({
  id: row.id,
  sha256: row.sha256,
  bytes: row.bytes,
  mediaType: row.media_type,
  title: row.title,
});
export const handlingIn = ({ handling }: { readonly handling: string }): Handling => JSON.parse(handling) as Handling;
export const takerOf = ({ taken_by }: ExhibitRow): Author => JSON.parse(taken_by) as Author;

/** Whoever keeps, names or removes a content waits for whoever does the same, until their transaction ends. */
export async function lockContent(tx: Tx, sha256: string): Promise<void> {
  await tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`evidence.content:${sha256}`]);
}

/** Of some contents, those that an exhibit still has. */
export async function contentsInUse(sql: Sql, digests: readonly string[]): Promise<Set<string>> {
  const rows = await sql.query<{ sha256: string }>(
    'SELECT DISTINCT sha256 FROM evidence.exhibits WHERE sha256 = ANY ($1) AND destroyed_at IS NULL',
    [digests],
  );
  return new Set(rows.map(({ sha256 }) => sha256));
}

export async function insertExhibit(tx: Tx, row: Omit<ExhibitRow, 'destroyed_at'>): Promise<void> {
  await tx.query(
    `INSERT INTO evidence.exhibits
       (id, sha256, bytes, media_type, title, collected_at, collected_from, means, handling, taken_at, taken_by, institution,
        origin_member, origin_exhibit, origin_book, origin_number, entries, head)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)`,
    [
      row.id,
      row.sha256,
      row.bytes,
      row.media_type,
      row.title,
      row.collected_at,
      row.collected_from,
      row.means,
      row.handling,
      row.taken_at,
      row.taken_by,
      row.institution,
      row.origin_member,
      row.origin_exhibit,
      row.origin_book,
      row.origin_number,
      row.entries,
      row.head,
    ],
  );
}

export async function readExhibit(sql: Sql, id: string): Promise<ExhibitRow | undefined> {
  const [row] = await sql.query<ExhibitRow>('SELECT * FROM evidence.exhibits WHERE id = $1', [id]);
  return row;
}

export async function lockExhibit(tx: Tx, id: string): Promise<ExhibitRow | undefined> {
  const [row] = await tx.query<ExhibitRow>('SELECT * FROM evidence.exhibits WHERE id = $1 FOR UPDATE', [id]);
  return row;
}

export function listExhibits(
  sql: Sql,
  sha256: string | undefined,
  after: { at: Date; id: string } | undefined,
  limit: number,
): Promise<ExhibitRow[]> {
  return sql.query<ExhibitRow>(
    `SELECT * FROM evidence.exhibits
     WHERE ($1::text IS NULL OR sha256 = $1) AND ($2::timestamptz IS NULL OR (taken_at, id) < ($2, $3::uuid))
     ORDER BY taken_at DESC, id DESC LIMIT $4`,
    [sha256 ?? null, after?.at ?? null, after?.id ?? null, limit],
  );
}

/** What an institution has brought since an instant. */
export async function broughtSince(sql: Sql, institution: string, since: Date) {
  const [row] = await sql.query<{ count: number; bytes: number }>(
    `SELECT count(*) AS count, coalesce(sum(bytes), 0)::bigint AS bytes FROM evidence.exhibits
     WHERE institution = $1 AND taken_at > $2`,
    [institution, since],
  );
  return row!;
}

export async function markDestroyed(tx: Tx, id: string, at: Date): Promise<void> {
  await tx.query('UPDATE evidence.exhibits SET destroyed_at = $2 WHERE id = $1', [id, at]);
  await tx.query('UPDATE evidence.abroad SET here = NULL WHERE here = $1', [id]);
}

export async function insertEntry(tx: Tx, { digest, ...entry }: CustodyEntry): Promise<void> {
  await tx.query('INSERT INTO evidence.custody (exhibit, number, text, digest) VALUES ($1, $2, $3, $4)', [
    entry.exhibit,
    entry.number,
    canonicalText(entry),
    digest,
  ]);
}

export async function moveHead(tx: Tx, { exhibit, number, digest }: CustodyEntry): Promise<void> {
  await tx.query('UPDATE evidence.exhibits SET entries = $2, head = $3 WHERE id = $1', [exhibit, number, digest]);
}

/** Entries of a chain behind a number, in order. */
export async function readCustody(sql: Sql, id: string, after: number, limit: number): Promise<CustodyEntry[]> {
  const rows = await sql.query<{ text: string; digest: string }>(
    'SELECT text, digest FROM evidence.custody WHERE exhibit = $1 AND number > $2 ORDER BY number LIMIT $3',
    [id, after, limit],
  );
  return rows.map(({ text, digest }) => ({ ...(JSON.parse(text) as Omit<CustodyEntry, 'digest'>), digest }));
}

export interface DisclosureRow {
  readonly exhibit: string;
  readonly book: string | null;
  readonly institution: string | null;
  readonly reference: string;
  readonly at: Date;
  readonly withdrawn_at: Date | null;
}

export function readDisclosures(sql: Sql, exhibit: string, limit: number): Promise<DisclosureRow[]> {
  return sql.query<DisclosureRow>('SELECT * FROM evidence.disclosures WHERE exhibit = $1 ORDER BY at DESC LIMIT $2', [
    exhibit,
    limit,
  ]);
}

/** Those to whom an exhibit is given now: books, institutions. */
export async function givenTo(sql: Sql, exhibit: string): Promise<{ books: string[]; institutions: string[] }> {
  const rows = await sql.query<{ book: string | null; institution: string | null }>(
    'SELECT DISTINCT book, institution FROM evidence.disclosures WHERE exhibit = $1 AND withdrawn_at IS NULL',
    [exhibit],
  );
  return {
    books: rows.flatMap(({ book }) => book ?? []),
    institutions: rows.flatMap(({ institution }) => institution ?? []),
  };
}

/** False if it is given to them as part of the same thing already. */
export async function putDisclosure(tx: Tx, row: Omit<DisclosureRow, 'withdrawn_at'>): Promise<boolean> {
  const rows = await tx.query(
    `INSERT INTO evidence.disclosures (exhibit, book, institution, reference, at) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT ON CONSTRAINT disclosures_once DO UPDATE SET at = $5, withdrawn_at = NULL
     WHERE disclosures.withdrawn_at IS NOT NULL RETURNING 1`,
    [row.exhibit, row.book, row.institution, row.reference, row.at],
  );
  return rows.length === 1;
}

/** False if they were given nothing, or no longer are. */
export async function endDisclosures(
  tx: Tx,
  exhibit: string,
  to: { readonly book?: string | undefined; readonly institution?: string | undefined },
  at: Date,
): Promise<boolean> {
  const rows = await tx.query(
    `UPDATE evidence.disclosures SET withdrawn_at = $4
     WHERE exhibit = $1 AND (book = $2 OR institution = $3) AND withdrawn_at IS NULL RETURNING 1`,
    [exhibit, to.book ?? null, to.institution ?? null, at],
  );
  return rows.length > 0;
}

/** Exhibits that are here with this content, each with a book in which it is given. */
export function givenByContent(sql: Sql, sha256: string): Promise<{ id: string; book: string }[]> {
  return sql.query(
    `SELECT DISTINCT exhibit.id, disclosure.book FROM evidence.exhibits exhibit
     JOIN evidence.disclosures disclosure ON disclosure.exhibit = exhibit.id
     WHERE exhibit.sha256 = $1 AND exhibit.destroyed_at IS NULL AND disclosure.withdrawn_at IS NULL
       AND disclosure.book IS NOT NULL AND disclosure.book <> 'domestic'
     ORDER BY exhibit.id, disclosure.book`,
    [sha256],
  );
}
