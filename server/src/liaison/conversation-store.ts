import type { Handling } from '@bronze-drum/protocol/handling';
import type { Author } from '@bronze-drum/protocol/statements/envelope';
import type { RequestBody, RequestDeedBody } from '@bronze-drum/protocol/statements/request';
import type { Sql, Tx } from '../platform/db.ts';
import type { DeedRecord, RevisionRecord } from './store.ts';

/** Where a statement stands: its book, and its number there; null for our own until the journal numbered it. */
export interface Place {
  readonly member: string;
  readonly book: string;
  readonly number: number | null;
}

/**
 * Keeps a revision; of several statements of one, the first in the book stands. Whether it is new here: what only got its
 * number is not.
 */
export async function putRevision(
  tx: Tx,
  request: string,
  { member, book, number }: Place,
  said: Omit<RevisionRecord, 'member'>,
): Promise<boolean> {
  const [row] = await tx.query<{ fresh: boolean }>(
    `INSERT INTO liaison.revisions AS known (request, member, revision, at, author, handling, body, book, number)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
     ON CONFLICT (request, member, revision) DO UPDATE
     SET at = excluded.at, author = excluded.author, handling = excluded.handling, body = excluded.body,
       book = excluded.book, number = excluded.number
     WHERE known.book = excluded.book AND (known.number IS NULL OR known.number > excluded.number)
     RETURNING (xmax = 0) AS fresh`,
    [
      request,
      member,
      said.revision,
      new Date(said.atMs),
      JSON.stringify(said.author),
      JSON.stringify(said.handling),
      JSON.stringify(said.body),
      book,
      number,
    ],
  );
  return row?.fresh === true;
}

/** Keeps a deed, likewise. */
export async function putDeed(
  tx: Tx,
  { member, book, number }: Place,
  said: Omit<DeedRecord, 'member'>,
): Promise<boolean> {
  const { body } = said;
  const [row] = await tx.query<{ fresh: boolean }>(
    `INSERT INTO liaison.deeds AS known (request, member, deed_number, revision, deed, at, author, body, book, number)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
     ON CONFLICT (request, member, deed_number) DO UPDATE
     SET revision = excluded.revision, deed = excluded.deed, at = excluded.at, author = excluded.author,
       body = excluded.body, book = excluded.book, number = excluded.number
     WHERE known.book = excluded.book AND (known.number IS NULL OR known.number > excluded.number)
     RETURNING (xmax = 0) AS fresh`,
    [
      body.request,
      member,
      body.number,
      body.revision,
      body.deed,
      new Date(said.atMs),
      JSON.stringify(said.author),
      JSON.stringify(body),
      book,
      number,
    ],
  );
  return row?.fresh === true;
}

/** The number that this member's next deed on a request has. */
export async function nextDeed(tx: Tx, request: string, member: string): Promise<number> {
  const [row] = await tx.query<{ next: number }>(
    'SELECT coalesce(max(deed_number), 0) + 1 AS next FROM liaison.deeds WHERE request = $1 AND member = $2',
    [request, member],
  );
  return row!.next;
}

interface RevisionRow {
  readonly member: string;
  readonly revision: number;
  readonly at: Date;
  readonly author: string;
  readonly handling: string;
  readonly body: string;
}
type DeedRow = Omit<RevisionRow, 'revision' | 'handling'>;

export interface Conversation {
  readonly revisions: RevisionRecord[];
  readonly deeds: DeedRecord[];
}

/** What both members said about a request in their book, oldest first. Strangers who use its id are not heard. */
export async function readConversation(
  sql: Sql,
  { id, asking, asked, book }: { id: string; asking: string; asked: string; book: string },
): Promise<Conversation> {
  const revisions = await sql.query<RevisionRow>(
    `SELECT member, revision, at, author, handling, body FROM liaison.revisions
     WHERE request = $1 AND member = $2 AND book = $3 ORDER BY revision`,
    [id, asking, book],
  );
  const deeds = await sql.query<DeedRow>(
    `SELECT member, at, author, body FROM liaison.deeds
     WHERE request = $1 AND member = ANY ($2) AND book = $3 ORDER BY at, member, deed_number`,
    [id, [asking, asked], book],
  );
  return {
    revisions: revisions.map(({ member, revision, at, author, handling, body }) => ({
      member,
      revision,
      atMs: at.getTime(),
      author: JSON.parse(author) as Author,
      handling: JSON.parse(handling) as Handling,
      body: JSON.parse(body) as RequestBody,
    })),
    deeds: deeds.map(({ member, at, author, body }) => ({
      member,
      atMs: at.getTime(),
      author: JSON.parse(author) as Author,
      body: JSON.parse(body) as RequestDeedBody,
    })),
  };
}

/** The requests whose statement at a place was erased; of a deed only its coded part is left, a revision is gone. */
export async function forgetAt(
  tx: Tx,
  { member, book, number }: { member: string; book: string; number: number },
): Promise<string[]> {
  const revisions = await tx.query<{ request: string }>(
    'DELETE FROM liaison.revisions WHERE number = $3 AND member = $1 AND book = $2 RETURNING request',
    [member, book, number],
  );
  const deeds = await tx.query<{ request: string; body: string; deed_number: number }>(
    'SELECT request, body, deed_number FROM liaison.deeds WHERE number = $3 AND member = $1 AND book = $2',
    [member, book, number],
  );
  for (const { request, body, deed_number } of deeds) {
    const { facts: _facts, text: _text, ...left } = JSON.parse(body) as RequestDeedBody;
    await tx.query('UPDATE liaison.deeds SET body = $4 WHERE request = $1 AND member = $2 AND deed_number = $3', [
      request,
      member,
      deed_number,
      JSON.stringify({ ...left, exhibits: [] }),
    ]);
  }
  return [...new Set([...revisions, ...deeds].map(({ request }) => request))];
}

/** Nothing is left of a request whose last revision was erased but that there was one. */
export async function dropRequest(tx: Tx, id: string): Promise<void> {
  for (const table of ['touches', 'links', 'moves', 'deeds'])
    await tx.query(`DELETE FROM liaison.${table} WHERE request = $1`, [id]);
  await tx.query('DELETE FROM liaison.joined WHERE earlier = $1 OR later = $1', [id]);
  await tx.query('DELETE FROM liaison.requests WHERE id = $1', [id]);
}

const joinedMax = 50;

/**
 * Notes what a request is about, and joins it to those that touch the same, are open and go the same way. Returns them,
 * the earliest first.
 */
export async function joinOverlapping(
  tx: Tx,
  request: { readonly id: string; readonly asking: string; readonly asked: string },
  touches: readonly string[],
  openStates: readonly string[],
): Promise<string[]> {
  if (touches.length === 0) return [];
  const found = await overlapping(tx, request, touches, openStates);
  await tx.query('INSERT INTO liaison.touches (request, touch) SELECT $1, unnest($2::uuid[]) ON CONFLICT DO NOTHING', [
    request.id,
    touches,
  ]);
  await tx.query(
    `INSERT INTO liaison.joined (earlier, later)
     SELECT one, $2 FROM unnest($1::uuid[]) one
     WHERE NOT EXISTS (SELECT FROM liaison.joined WHERE earlier = $2 AND later = one) ON CONFLICT DO NOTHING`,
    [found, request.id],
  );
  return found;
}

/** Open requests that touch the same: of a request to us, all to us; of one of ours, all of ours. */
export async function overlapping(
  sql: Sql,
  request: { readonly id: string; readonly asking: string; readonly asked: string },
  touches: readonly string[],
  openStates: readonly string[],
): Promise<string[]> {
  const rows = await sql.query<{ id: string }>(
    `SELECT id FROM liaison.requests
     WHERE id IN (SELECT request FROM liaison.touches WHERE touch = ANY ($1)) AND id <> $2 AND state = ANY ($3)
       AND (asking = $4 OR asked = $5)
     ORDER BY opened_at, id LIMIT ${joinedMax}`,
    [touches, request.id, openStates, request.asking, request.asked],
  );
  return rows.map(({ id }) => id);
}

export async function readJoined(sql: Sql, id: string): Promise<string[]> {
  const rows = await sql.query<{ id: string }>(
    `SELECT CASE WHEN earlier = $1 THEN later ELSE earlier END AS id FROM liaison.joined
     WHERE earlier = $1 OR later = $1 ORDER BY 1 LIMIT ${joinedMax}`,
    [id],
  );
  return rows.map(({ id }) => id);
}
