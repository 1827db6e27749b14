import type { Handling } from '@bronze-drum/protocol/handling';
import { tiers, type ListingBody, type Tier } from '@bronze-drum/protocol/statements/listing';
import { instantText } from '../kernel/clock.ts';
import { copyText, type Db, type Sql, type Tx } from '../platform/db.ts';
import { closedLabels, type ListedRow } from './listed.ts';
import { typologyNames, typologySet } from './rules.ts';

export interface ListingRow {
  readonly member: string;
  readonly id: string;
  readonly revision: number;
  readonly state: 'listed' | 'withdrawn' | 'released';
  readonly key: string;
  readonly tier: number;
  readonly typologies: number;
  readonly offence: string;
  readonly source_grade: string;
  readonly information_grade: number;
  readonly grounds: string;
  readonly source: string | null;
  readonly presented: boolean;
  readonly discreet: boolean;
  readonly book: string;
  readonly tlp: string;
  readonly conditions: string[];
  readonly restriction: string | null;
  readonly since: Date;
  readonly until: Date;
  readonly changed_at: Date;
  readonly office: string;
  readonly acted_by: string[];
  readonly import: string | null;
}

const columns = [
  'member',
  'id',
  'revision',
  'state',
  'key',
  'tier',
  'typologies',
  'offence',
  'source_grade',
  'information_grade',
  'grounds',
  'source',
  'presented',
  'discreet',
  'book',
  'tlp',
  'conditions',
  'restriction',
  'since',
  'until',
  'changed_at',
  'office',
  'acted_by',
  'import',
] as const;

/** What a listing statement says, as a row. */
export function rowOf(
  said: { member: string; book: string; office: string; atMs: number; handling: Handling; body: ListingBody },
  acted: { by: readonly string[]; import: string | null },
): ListingRow {
  const { body, handling } = said;
  return {
    member: said.member,
    id: body.id,
    revision: body.revision,
    state: 'listed',
    key: body.key,
    tier: tiers.indexOf(body.tier),
    typologies: typologySet(body.typologies),
    offence: body.offence,
    source_grade: body.grading.source,
    information_grade: body.grading.information,
    grounds: body.grounds,
    source: body.source ?? null,
    presented: body.sighting === 'presented',
    discreet: body.discreet,
    book: said.book,
    tlp: handling.tlp,
    conditions: [...handling.conditions],
    restriction: handling.restriction ?? null,
    since: new Date(body.since),
    until: new Date(body.until),
    changed_at: new Date(said.atMs),
    office: said.office,
    acted_by: [...acted.by],
    import: acted.import,
  };
}

/** Writes new listings, and new states of known ones. Of one listing the higher revision stays. */
export async function putListings(tx: Tx, rows: readonly ListingRow[]): Promise<void> {
  for (const row of rows) {
    const values = columns.map((column) => row[column]);
    await tx.query(
      `INSERT INTO registry.listings (${columns.join(', ')}) VALUES (${columns.map((_, at) => `$${at + 1}`).join(', ')})
       ON CONFLICT (id, member) DO UPDATE SET ${columns.map((column) => `${column} = excluded.${column}`).join(', ')}
       WHERE listings.revision < excluded.revision`,
      values,
    );
  }
}

/** Writes listings that are known to be new, many at once. */
export function copyListings(tx: Tx, rows: readonly ListingRow[]): Promise<void> {
  return tx.copyIn('registry.listings', columns, listingLines(rows));
}

function* listingLines(rows: readonly ListingRow[]): Generator<string> {
  const instants = new Map<number, string>();
  // A batch has few different instants, and formatting one costs more than the rest of a field.
  const instant = (date: Date): string => {
    const known = instants.get(date.getTime());
    if (known !== undefined) return known;
    const text = date.toISOString();
    instants.set(date.getTime(), text);
    return text;
  };
  for (const row of rows) {
    const claim = `${row.member}\t${row.id}\t${row.revision}\t${row.state}\t${copyText(row.key)}\t${row.tier}\t${row.typologies}`;
    const grading = `${row.offence}\t${row.source_grade}\t${row.information_grade}\t${copyText(row.grounds)}\t${copyText(row.source)}`;
    const handling = `${row.presented}\t${row.discreet}\t${row.book}\t${row.tlp}\t${arrayText(row.conditions)}\t${copyText(row.restriction)}`;
    const times = `${instant(row.since)}\t${instant(row.until)}\t${instant(row.changed_at)}`;
    yield `${claim}\t${grading}\t${handling}\t${times}\t${row.office}\t${arrayText(row.acted_by)}\t${row.import ?? '\\N'}\n`;
  }
}

// Every element is an id or a code of ours, so quoting is all that an array literal needs.
const arrayText = (items: readonly string[]): string => `{${items.map((item) => `"${item}"`).join(',')}}`;

/** Ends a listing if `revision` is its next one. */
export async function endListing(
  tx: Tx,
  end: { member: string; id: string; revision: number; state: 'withdrawn' | 'released'; at: Date },
): Promise<boolean> {
  const rows = await tx.query(
    `UPDATE registry.listings SET state = $3, revision = $4, changed_at = $5
     WHERE id = $1 AND member = $2 AND revision < $4 RETURNING 1`,
    [end.id, end.member, end.state, end.revision, end.at],
  );
  return rows.length === 1;
}

export async function readListing(sql: Sql, id: string, lock = false): Promise<ListingRow | undefined> {
  const [row] = await sql.query<ListingRow>(
    `SELECT * FROM registry.listings WHERE id = $1 ORDER BY member LIMIT 1 ${lock ? 'FOR UPDATE' : ''}`,
    [id],
  );
  return row;
}

export async function lockListing(tx: Tx, member: string, id: string): Promise<ListingRow | undefined> {
  const [row] = await tx.query<ListingRow>('SELECT * FROM registry.listings WHERE id = $1 AND member = $2 FOR UPDATE', [
    id,
    member,
  ]);
  return row;
}

export function readByKey(sql: Sql, key: string): Promise<ListingRow[]> {
  return sql.query<ListingRow>('SELECT * FROM registry.listings WHERE key = $1 ORDER BY id, member LIMIT 500', [key]);
}

export interface KnownListing {
  readonly id: string;
  readonly revision: number;
  readonly state: ListingRow['state'];
  readonly until: Date;
}

/** Which of these listings of one member exist already, locked until the transaction ends. */
export function lockKnown(tx: Tx, member: string, ids: readonly string[]): Promise<KnownListing[]> {
  return tx.query<KnownListing>(
    'SELECT id, revision, state, until FROM registry.listings WHERE member = $1 AND id = ANY ($2::uuid[]) FOR UPDATE',
    [member, ids],
  );
}

export function readImported(sql: Sql, importId: string, after: string, limit: number): Promise<ListingRow[]> {
  return sql.query<ListingRow>(
    `SELECT * FROM registry.listings WHERE import = $1 AND state = 'listed' AND id > $2 ORDER BY id LIMIT $3`,
    [importId, after, limit],
  );
}

/** One member's listings that ended before an instant, locked, in no order. */
export function lockEndedBefore(tx: Tx, member: string, endedBefore: Date, limit: number): Promise<ListingRow[]> {
  return tx.query<ListingRow>(
    `SELECT * FROM registry.listings
     WHERE member = $1 AND changed_at < $2 AND (until < $2 OR state <> 'listed') LIMIT $3 FOR UPDATE SKIP LOCKED`,
    [member, endedBefore, limit],
  );
}

export async function deleteListing(tx: Tx, member: string, id: string): Promise<void> {
  await tx.query('DELETE FROM registry.listings WHERE id = $1 AND member = $2', [id, member]);
}

export interface Search {
  readonly key?: string;
  readonly prefix?: string;
  readonly member?: string;
  readonly tier?: Tier;
  readonly typology?: string;
  readonly state?: string;
  readonly changedFrom?: string;
  readonly changedTo?: string;
  /** Whether discreet listings are shown as well. */
  readonly discreet: boolean;
  readonly nowMs: number;
  readonly limit: number;
}

/** The order of a page: by key where keys are asked for, else the newest change first. */
const ordersByKey = (search: Pick<Search, 'key' | 'prefix'>): boolean =>
  search.key !== undefined || search.prefix !== undefined;

export function searchListings(
  sql: Sql,
  search: Search,
  after: readonly [string, string] | undefined,
): Promise<ListingRow[]> {
  const values: unknown[] = [];
  const where: string[] = [];
  const bind = (value: unknown): string => `$${values.push(value)}`;
  if (search.key !== undefined) where.push(`key = ${bind(search.key)}`);
  if (search.prefix !== undefined)
    where.push(`key >= ${bind(search.prefix)} AND key < ${bind(prefixEnd(search.prefix))}`);
  if (search.member !== undefined) where.push(`member = ${bind(search.member)}`);
  if (search.tier !== undefined) where.push(`tier = ${bind(tiers.indexOf(search.tier))}`);
  if (search.typology !== undefined) where.push(`typologies & ${bind(typologySet([search.typology]))} <> 0`);
  if (search.changedFrom !== undefined) where.push(`changed_at >= ${bind(search.changedFrom)}`);
  if (search.changedTo !== undefined) where.push(`changed_at < ${bind(search.changedTo)}`);
  if (search.state === 'expired') where.push(`state = 'listed' AND until <= ${bind(new Date(search.nowMs))}`);
  else if (search.state === 'listed') where.push(`state = 'listed' AND until > ${bind(new Date(search.nowMs))}`);
  else if (search.state !== undefined) where.push(`state = ${bind(search.state)}`);
  if (!search.discreet) where.push('NOT discreet');
  const byKey = ordersByKey(search);
  if (after !== undefined) {
    where.push(
      byKey
        ? `(key, id) > (${bind(after[0])}, ${bind(after[1])}::uuid)`
        : `(changed_at, id) < (${bind(after[0])}::timestamptz, ${bind(after[1])}::uuid)`,
    );
  }
  return sql.query<ListingRow>(
    `SELECT * FROM registry.listings ${where.length > 0 ? `WHERE ${where.join(' AND ')}` : ''}
     ORDER BY ${byKey ? 'key, id' : 'changed_at DESC, id DESC'} LIMIT ${bind(search.limit)}`,
    values,
  );
}

/** The first text after every text with this beginning, in byte order. */
function prefixEnd(prefix: string): string {
  return `${prefix}\u{10FFFF}`;
}

/** Every listing that is in force or will be, in batches, as one consistent read. */
export async function* streamListed(db: Db, nowMs: number): AsyncGenerator<ListedRow[]> {
  const text = `SELECT member, id, revision, key, tier, typologies, presented, discreet OR tlp = ANY ($2) AS discreet,
                       extract(epoch FROM since) * 1000 AS since_ms, extract(epoch FROM until) * 1000 AS until_ms
                FROM registry.listings WHERE state = 'listed' AND until > $1`;
  type Row = Pick<
    ListingRow,
    'member' | 'id' | 'revision' | 'key' | 'tier' | 'typologies' | 'presented' | 'discreet'
  > & {
    since_ms: string;
    until_ms: string;
  };
  for await (const rows of db.stream<Row>(text, [new Date(nowMs), closedLabels], 10_000)) {
    yield rows.map((row) => ({
      id: row.id,
      member: row.member,
      revision: row.revision,
      key: row.key,
      tier: tiers[row.tier]!,
      typologies: typologyNames(row.typologies),
      presented: row.presented,
      sinceMs: Number(row.since_ms),
      untilMs: Number(row.until_ms),
      discreet: row.discreet,
    }));
  }
}

/** Where a page ended, as the two values of its order. */
export function placeOf(search: Pick<Search, 'key' | 'prefix'>, row: ListingRow): [string, string] {
  return [ordersByKey(search) ? row.key : instantText(row.changed_at.getTime()), row.id];
}
