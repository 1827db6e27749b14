import type { Sql, Tx } from '../platform/db.ts';
import { nameOf, rowOfStanding, type End, type Standing } from './standing.ts';
import { copyListings, type ListingRow } from './store.ts';

/** What is known of some listings, by `member/id`. Rows stay locked until the transaction ends. */
export async function readStandings(
  tx: Tx,
  ids: readonly string[],
  places: readonly Place[],
): Promise<Map<string, Standing>> {
  const known = new Map<string, Standing>();
  const rows = await tx.query<ListingRow>(
    'SELECT * FROM registry.listings WHERE id = ANY ($1::uuid[]) ORDER BY id, member FOR UPDATE',
    [ids],
  );
  const placed = places.length === 0 ? [] : await readPlaced(tx, places);
  for (const row of [...rows, ...placed]) known.set(nameOf(row.member, row.id), standingOf(row));
  interface Tombstone {
    member: string;
    id: string;
    revision: number;
    state: End;
    key: string | null;
    at: Date;
  }
  const tombstones = await tx.query<Tombstone>('SELECT * FROM registry.tombstones WHERE id = ANY ($1::uuid[])', [ids]);
  for (const { member, id, revision, state, key, at } of tombstones) {
    const end = { state, at };
    known.set(nameOf(member, id), { member, id, revision, row: null, end, key, stored: 'tombstone', changed: false });
  }
  return known;
}

function standingOf(row: ListingRow): Standing {
  const { member, id, revision, key, state } = row;
  const end = state === 'listed' ? null : { state, at: row.changed_at };
  return { member, id, revision, row, end, key, stored: 'row', changed: false };
}

/** A statement of another member, by its place. */
export interface Place {
  readonly member: string;
  readonly book: string;
  readonly number: number;
}

function readPlaced(tx: Tx, places: readonly Place[]): Promise<ListingRow[]> {
  return tx.query<ListingRow>(
    `SELECT listing.* FROM registry.listings listing
     WHERE number = ANY ($3) AND (member, book, number) IN (SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[]))
     FOR UPDATE`,
    columnsOf(places),
  );
}

const columnsOf = (places: readonly Place[]): unknown[] => [
  places.map(({ member }) => member),
  places.map(({ book }) => book),
  places.map(({ number }) => number),
];

export async function insertErased(tx: Tx, places: readonly Place[]): Promise<void> {
  if (places.length === 0) return;
  await tx.query(
    `INSERT INTO registry.erased (member, book, number) SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[])
     ON CONFLICT DO NOTHING`,
    columnsOf(places),
  );
}

export function readErased(sql: Sql, places: readonly Place[]): Promise<Place[]> {
  return sql.query<Place>(
    `SELECT erased.* FROM registry.erased erased
     JOIN unnest($1::text[], $2::text[], $3::bigint[]) AS place (member, book, number) USING (member, book, number)`,
    columnsOf(places),
  );
}

/** Writes what has changed, many at once: rows are copied anew, in place of those that were there. */
export async function writeStandings(tx: Tx, standings: Iterable<Standing>): Promise<void> {
  const changed = [...standings].filter((standing) => standing.changed);
  await remove(
    tx,
    'registry.listings',
    changed.filter(({ stored }) => stored === 'row'),
  );
  await remove(
    tx,
    'registry.tombstones',
    changed.filter(({ stored }) => stored === 'tombstone'),
  );
  const rows = changed.flatMap((standing) => rowOfStanding(standing) ?? []);
  if (rows.length > 0) await copyListings(tx, rows);
  const gone = changed.filter(({ row }) => row === null);
  if (gone.length === 0) return;
  await tx.query(
    `INSERT INTO registry.tombstones (member, id, revision, state, key, at)
     SELECT * FROM unnest($1::text[], $2::uuid[], $3::integer[], $4::text[], $5::text[], $6::timestamptz[])`,
    [
      gone.map(({ member }) => member),
      gone.map(({ id }) => id),
      gone.map(({ revision }) => revision),
      gone.map(({ end }) => end!.state),
      gone.map(({ key }) => key),
      gone.map(({ end }) => end!.at),
    ],
  );
}

async function remove(tx: Tx, table: string, gone: readonly Standing[]): Promise<void> {
  if (gone.length === 0) return;
  await tx.query(`DELETE FROM ${table} WHERE (id, member) IN (SELECT * FROM unnest($1::uuid[], $2::text[]))`, [
    gone.map(({ id }) => id),
    gone.map(({ member }) => member),
  ]);
}

/** Lets go of the keys of what ended before an instant: until then they tell whether later statements contradict. */
export async function forgetTombstoneKeys(tx: Tx, before: Date): Promise<void> {
  await tx.query('UPDATE registry.tombstones SET key = NULL WHERE key IS NOT NULL AND at < $1', [before]);
}
