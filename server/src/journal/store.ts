import type { Hash } from '@bronze-drum/protocol/proofs';
import { copyBytes, copyText, type Sql, type Tx } from '../platform/db.ts';
import { splitHashes, tileWidth, type Tile } from './tree.ts';

/** One transaction's statements in one book may not be more; a reader finds a number by looking this far back at the most. */
export const appendCountMax = 20_000;

export interface BookRow {
  readonly id: number;
  readonly member: string;
  readonly name: string;
  readonly size: number;
  readonly frontier: Uint8Array;
  readonly note: string | null;
}

export interface StatementRow {
  readonly number: number;
  readonly commitment: Uint8Array;
  readonly salt: Uint8Array | null;
  readonly bytes: string | null;
}

/** Salt, bytes and kind are null together: of a foreign statement whose body is not here. */
export interface NewStatement {
  readonly commitment: Uint8Array;
  readonly salt: Uint8Array | null;
  readonly bytes: string | null;
  readonly kind: string | null;
  readonly subject: string | null;
}

export interface PendingAppend {
  readonly id: number;
  readonly book: number;
  readonly count: number;
}

export async function bookId(sql: Sql, member: string, name: string): Promise<number> {
  const [known] = await sql.query<{ id: number }>('SELECT id FROM journal.books WHERE member = $1 AND name = $2', [
    member,
    name,
  ]);
  if (known !== undefined) return known.id;
  const [made] = await sql.query<{ id: number }>(
    `INSERT INTO journal.books (member, name) VALUES ($1, $2)
     ON CONFLICT (member, name) DO UPDATE SET name = excluded.name RETURNING id`,
    [member, name],
  );
  return made!.id;
}

/** Every book, or those of one member. */
export function readBooks(sql: Sql, member?: string): Promise<BookRow[]> {
  return sql.query<BookRow>(
    `SELECT id, member, name, size, frontier, note FROM journal.books
     WHERE $1::text IS NULL OR member = $1 ORDER BY member, name`,
    [member ?? null],
  );
}

export async function readBook(sql: Sql, member: string, name: string, lock = false): Promise<BookRow | undefined> {
  const [book] = await sql.query<BookRow>(
    `SELECT id, member, name, size, frontier, note FROM journal.books
     WHERE member = $1 AND name = $2 ${lock ? 'FOR UPDATE' : ''}`,
    [member, name],
  );
  return book;
}

// Below this many rows one INSERT beats the round trips of COPY (measured 1.5 to 2.3 times).
const copyFromRows = 200;

/** Unnumbered unless a first number is given: what another member said has its numbers already. */
export async function insertAppend(
  tx: Tx,
  book: number,
  statements: readonly NewStatement[],
  firstNumber: number | null = null,
): Promise<number> {
  if (statements.length >= copyFromRows) return copyAppend(tx, book, statements, firstNumber);
  const [append] = await tx.query<{ id: number }>(
    `WITH append AS (
       INSERT INTO journal.appends (book, count, first_number) VALUES ($1, $2, $3) RETURNING id
     ), inserted AS (
       INSERT INTO journal.statements (append, seq, commitment, salt, bytes, kind, subject)
       SELECT append.id, row.seq - 1, row.commitment, row.salt, row.bytes, row.kind, row.subject
       FROM append, unnest($4::bytea[], $5::bytea[], $6::text[], $7::text[], $8::text[])
         WITH ORDINALITY AS row (commitment, salt, bytes, kind, subject, seq)
     ) SELECT id FROM append`,
    [
      book,
      statements.length,
      firstNumber,
      statements.map((statement) => statement.commitment),
      statements.map((statement) => statement.salt),
      statements.map((statement) => statement.bytes),
      statements.map((statement) => statement.kind),
      statements.map((statement) => statement.subject),
    ],
  );
  return append!.id;
}

async function copyAppend(
  tx: Tx,
  book: number,
  statements: readonly NewStatement[],
  firstNumber: number | null,
): Promise<number> {
  const [append] = await tx.query<{ id: number }>(
    'INSERT INTO journal.appends (book, count, first_number) VALUES ($1, $2, $3) RETURNING id',
    [book, statements.length, firstNumber],
  );
  const columns = ['append', 'seq', 'commitment', 'salt', 'bytes', 'kind', 'subject'];
  await tx.copyIn('journal.statements', columns, statementLines(append!.id, statements));
  return append!.id;
}

function* statementLines(append: number, statements: readonly NewStatement[]): Generator<string> {
  for (const [seq, row] of statements.entries()) {
    const hashes = `${copyBytes(row.commitment)}\t${row.salt === null ? '\\N' : copyBytes(row.salt)}`;
    yield `${append}\t${seq}\t${hashes}\t${copyText(row.bytes)}\t${row.kind ?? '\\N'}\t${copyText(row.subject)}\n`;
  }
}

export async function raiseEpoch(sql: Sql): Promise<number> {
  const [row] = await sql.query<{ epoch: number }>('UPDATE journal.sequencer SET epoch = epoch + 1 RETURNING epoch');
  return row!.epoch;
}

/**
 * The epoch, locked until the transaction ends, so that a newer sequencer waits for this one's last write; and the
 * appends that have no number yet, in the order of their ids.
 */
export async function lockPending(tx: Tx, limit: number): Promise<{ epoch: number; pending: PendingAppend[] }> {
  const rows = await tx.query<{ epoch: number; id: number | null; book: number; count: number }>(
    `WITH lock AS MATERIALIZED (SELECT epoch FROM journal.sequencer FOR UPDATE)
     SELECT lock.epoch, append.id, append.book, append.count
     FROM lock LEFT JOIN LATERAL (
       SELECT id, book, count FROM journal.appends WHERE first_number IS NULL ORDER BY id LIMIT $1
     ) append ON true`,
    [limit],
  );
  const pending = rows.flatMap(({ id, book, count }) => (id === null ? [] : [{ id, book, count }]));
  return { epoch: rows[0]!.epoch, pending };
}

export async function commitmentsOf(sql: Sql, append: number): Promise<Uint8Array[]> {
  const rows = await sql.query<{ commitment: Uint8Array }>(
    'SELECT commitment FROM journal.statements WHERE append = $1 ORDER BY seq',
    [append],
  );
  return rows.map((row) => row.commitment);
}

export async function insertTiles(tx: Tx, book: number, tiles: readonly Tile[]): Promise<void> {
  if (tiles.length === 0) return;
  await tx.query(
    `INSERT INTO journal.tiles (book, level, index, hashes)
     SELECT $1, tile.level, tile.index, tile.hashes
     FROM unnest($2::smallint[], $3::bigint[], $4::bytea[]) AS tile (level, index, hashes)`,
    [book, tiles.map((tile) => tile.level), tiles.map((tile) => tile.index), tiles.map((tile) => tile.hashes)],
  );
}

/**
 * How a book stands from now on, and the numbers that its appends have got; without a note, between two checkpoints of its
 * author.
 */
export async function saveCheckpoint(
  tx: Tx,
  book: number,
  checkpoint: { size: number; frontier: Uint8Array; note: string | null; atMs: number },
  numbered: readonly { id: number; firstNumber: number }[] = [],
): Promise<void> {
  const { size, frontier, note, atMs } = checkpoint;
  await tx.query(
    `WITH numbers AS (
       UPDATE journal.appends SET first_number = numbered.first
       FROM unnest($6::bigint[], $7::bigint[]) AS numbered (id, first) WHERE appends.id = numbered.id
     ), head AS (
       UPDATE journal.books SET size = $2, frontier = $3, note = coalesce($4, note) WHERE id = $1
     )
     INSERT INTO journal.checkpoints (book, size, note, signed_at)
     SELECT $1, $2, $4, $5 WHERE $4::text IS NOT NULL
     ON CONFLICT (book, size) DO UPDATE SET note = excluded.note, signed_at = excluded.signed_at`,
    [
      book,
      size,
      frontier,
      note,
      new Date(atMs),
      numbered.map((append) => append.id),
      numbered.map((append) => append.firstNumber),
    ],
  );
}

export async function readCheckpoint(sql: Sql, book: number, size: number): Promise<string | undefined> {
  const [row] = await sql.query<{ note: string }>(
    'SELECT note FROM journal.checkpoints WHERE book = $1 AND size = $2',
    [book, size],
  );
  return row?.note;
}

export async function readTile(sql: Sql, book: number, level: number, index: number): Promise<Hash[] | undefined> {
  const [row] = await sql.query<{ hashes: Uint8Array }>(
    'SELECT hashes FROM journal.tiles WHERE book = $1 AND level = $2 AND index = $3',
    [book, level, index],
  );
  return row && splitHashes(row.hashes);
}

/** Statements [from, from + limit) of a book, in order, or those of some kinds among them. Only numbered ones are seen. */
export function readStatements(
  sql: Sql,
  book: number,
  from: number,
  limit: number,
  kinds?: readonly string[],
): Promise<StatementRow[]> {
  return sql.query<StatementRow>(
    `SELECT append.first_number + statement.seq AS number, statement.commitment, statement.salt, statement.bytes
     FROM journal.appends append JOIN journal.statements statement ON statement.append = append.id
     WHERE append.book = $1
       AND append.first_number >= coalesce(
         (SELECT max(first_number) FROM journal.appends WHERE book = $1 AND first_number <= $2), 0)
       AND append.first_number < $2 + $3::bigint
       AND statement.seq >= $2 - append.first_number
       AND statement.seq < $2 + $3::bigint - append.first_number
       AND ($4::text[] IS NULL OR statement.kind = ANY ($4))
     ORDER BY append.first_number, statement.seq`,
    [book, from, limit, kinds ?? null],
  );
}

export type KindSearch = Readonly<{ kind: string; from: number; to: number; limit: number }>;

/** Statements of one kind among the numbers [from, to) of a book, in order. */
export function readOfKind(sql: Sql, book: number, { kind, from, to, limit }: KindSearch): Promise<StatementRow[]> {
  // Said twice: the index holds every kind but the one of which most statements are, which needs none.
  const isRare = kind === 'listing' ? '' : `AND statement.kind <> 'listing'`;
  return sql.query<StatementRow>(
    `SELECT append.first_number + statement.seq AS number, statement.commitment, statement.salt, statement.bytes
     FROM journal.appends append JOIN journal.statements statement ON statement.append = append.id
     WHERE append.book = $1 AND statement.kind = $2 ${isRare}
       AND append.first_number >= coalesce(
         (SELECT max(first_number) FROM journal.appends WHERE book = $1 AND first_number <= $3), 0)
       AND append.first_number < $4
       AND statement.seq >= $3 - append.first_number AND statement.seq < $4 - append.first_number
     ORDER BY append.first_number, statement.seq LIMIT $5`,
    [book, kind, from, to, limit],
  );
}

/** The leaf hashes' commitments of the tile that is being filled. */
export async function readTail(sql: Sql, book: number, size: number): Promise<Uint8Array[]> {
  const from = size - (size % tileWidth);
  const rows = await readStatements(sql, book, from, tileWidth);
  return rows.filter((row) => row.number < size).map((row) => row.commitment);
}

export interface AboutRow extends StatementRow {
  readonly member: string;
  readonly book: string;
}

/** Numbered statements about one subject, whoever made them, in the order in which they came to this server. */
export function readAbout(sql: Sql, subject: string, limit: number): Promise<AboutRow[]> {
  return sql.query<AboutRow>(
    `SELECT book.member, book.name AS book, append.first_number + statement.seq AS number,
            statement.commitment, statement.salt, statement.bytes
     FROM journal.statements statement
     JOIN journal.appends append ON append.id = statement.append
     JOIN journal.books book ON book.id = append.book
     WHERE hashtextextended(statement.subject, 0) = hashtextextended($1, 0) AND statement.subject = $1
       AND append.first_number IS NOT NULL
     ORDER BY statement.append, statement.seq LIMIT $2`,
    [subject, limit],
  );
}

/** Forgets a body; its commitment stays, and with it every proof. False if there was none to forget. */
export async function eraseStatement(tx: Tx, book: number, number: number): Promise<boolean> {
  const rows = await tx.query(
    `UPDATE journal.statements statement SET bytes = NULL, salt = NULL, kind = NULL, subject = NULL
     FROM journal.appends append
     WHERE append.id = statement.append AND append.book = $1
       AND append.first_number = (SELECT max(first_number) FROM journal.appends WHERE book = $1 AND first_number <= $2)
       AND statement.seq = $2 - append.first_number AND statement.bytes IS NOT NULL
     RETURNING 1`,
    [book, number],
  );
  return rows.length === 1;
}

/** Gives a body back to a statement whose body is not here. */
export async function restoreStatement(
  tx: Tx,
  book: number,
  number: number,
  body: { salt: Uint8Array; bytes: string; kind: string; subject: string | null },
): Promise<void> {
  await tx.query(
    `UPDATE journal.statements statement SET bytes = $3, salt = $4, kind = $5, subject = $6
     FROM journal.appends append
     WHERE append.id = statement.append AND append.book = $1
       AND append.first_number = (SELECT max(first_number) FROM journal.appends WHERE book = $1 AND first_number <= $2)
       AND statement.seq = $2 - append.first_number AND statement.bytes IS NULL`,
    [book, number, body.bytes, body.salt, body.kind, body.subject],
  );
}

/** The names under which statements are kept whose version is too new for the release that received them. */
export async function laterKinds(sql: Sql): Promise<string[]> {
  const rows = await sql.query<{ kind: string }>(`SELECT DISTINCT kind FROM journal.statements WHERE kind LIKE '%@%'`);
  return rows.map((row) => row.kind);
}

/** Gives such statements the name of their kind, and says which they are. */
export function renameKinds(tx: Tx, kinds: readonly string[]): Promise<{ book: number; number: number }[]> {
  return tx.query(
    `UPDATE journal.statements statement SET kind = split_part(kind, '@', 1)
     FROM journal.appends append
     WHERE append.id = statement.append AND statement.kind LIKE '%@%' AND statement.kind = ANY ($1)
     RETURNING append.book, append.first_number + statement.seq AS number`,
    [kinds],
  );
}

/** Appends of a book that have no number yet, by the commitment of their first statement. */
export function pendingByCommitment(
  tx: Tx,
  book: number,
  commitments: readonly Uint8Array[],
): Promise<{ append: number }[]> {
  return tx.query<{ append: number }>(
    `SELECT append.id AS append FROM journal.appends append
     JOIN journal.statements statement ON statement.append = append.id AND statement.seq = 0
     WHERE append.book = $1 AND append.first_number IS NULL AND statement.commitment = ANY ($2)`,
    [book, commitments],
  );
}

export async function deleteAppends(tx: Tx, appends: readonly number[]): Promise<void> {
  await tx.query('DELETE FROM journal.statements WHERE append = ANY ($1)', [appends]);
  await tx.query('DELETE FROM journal.appends WHERE id = ANY ($1)', [appends]);
}

export function readCursors(
  sql: Sql,
  follower: string,
): Promise<{ member: string; book: string; next_number: number }[]> {
  return sql.query('SELECT member, book, next_number FROM journal.cursors WHERE follower = $1', [follower]);
}

export async function moveCursor(tx: Tx, follower: string, member: string, book: string, next: number): Promise<void> {
  await tx.query(
    `INSERT INTO journal.cursors (follower, member, book, next_number) VALUES ($1, $2, $3, $4)
     ON CONFLICT (follower, member, book) DO UPDATE SET next_number = excluded.next_number`,
    [follower, member, book, next],
  );
}

export interface KeyRow {
  readonly public_key: Uint8Array;
  readonly algorithm: number;
}

/** Keeps a key that signs checkpoints from now on. */
export async function rememberKey(
  sql: Sql,
  key: { publicKey: Uint8Array; algorithm: number },
  atMs: number,
): Promise<void> {
  await sql.query(
    'INSERT INTO journal.keys (public_key, algorithm, first_used_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING',
    [Buffer.from(key.publicKey), key.algorithm, new Date(atMs)],
  );
}

/** Every key that has signed, the newest first. */
export function readKeys(sql: Sql): Promise<KeyRow[]> {
  return sql.query<KeyRow>('SELECT public_key, algorithm FROM journal.keys ORDER BY first_used_at DESC, public_key');
}

/** Whether an erasure was made whose statement has no number yet: a body is gone and nothing says so for a moment. */
export async function hasPendingErasure(sql: Sql): Promise<boolean> {
  const rows = await sql.query(
    `SELECT 1 FROM journal.appends append JOIN journal.statements statement ON statement.append = append.id
     WHERE append.first_number IS NULL AND statement.kind = 'erasure' LIMIT 1`,
  );
  return rows.length > 0;
}
