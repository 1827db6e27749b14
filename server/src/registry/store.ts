import { closedConditions, closedLabels, type Handling } from '@bronze-drum/protocol/handling';
import { tiers, type ListingBody } from '@bronze-drum/protocol/statements/listing';
import { instantMs } from '../kernel/clock.ts';
import { copyText, type Db, type Sql, type Tx } from '../platform/db.ts';
import type { ListedRow } from './listed.ts';
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
  /** Where another member's stands in its book; null for our own. */
  readonly number: number | null;
  readonly keep_until: Date | null;
  /** Kept, but never acted on here. */
  readonly barred: boolean;
  readonly bound_to: string | null;
  /** `member/id` of the listing that this one repeats. */
  readonly corroborates: string | null;
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
  'number',
  'keep_until',
  'barred',
  'bound_to',
  'corroborates',
] as const;

/** What a listing statement says, as a row. */
export function rowOf(
  said: { member: string; book: string; office: string; atMs: number; handling: Handling; body: ListingBody },
  acted: { by: readonly string[]; import: string | null; boundTo?: string | null },
): ListingRow {
  const { body, handling } = said;
  const { corroborates } = body;
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
    since: new Date(instantMs(body.since)),
    until: new Date(instantMs(body.until)),
    changed_at: new Date(said.atMs),
    office: said.office,
    acted_by: [...acted.by],
    import: acted.import,
    number: null,
    keep_until: null,
    barred: false,
    bound_to: acted.boundTo ?? null,
    corroborates: corroborates === undefined ? null : `${corroborates.member}/${corroborates.id}`,
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
    const acted = `${copyText(row.office)}\t${arrayText(row.acted_by)}\t${row.import ?? '\\N'}`;
    const kept = row.keep_until === null ? '\\N' : instant(row.keep_until);
    const abroad = `${row.number ?? '\\N'}\t${kept}\t${row.barred}\t${row.bound_to ?? '\\N'}\t${copyText(row.corroborates)}`;
    yield `${claim}\t${grading}\t${handling}\t${times}\t${acted}\t${abroad}\n`;
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

export async function readListing(sql: Sql, member: string, id: string): Promise<ListingRow | undefined> {
  const [row] = await sql.query<ListingRow>('SELECT * FROM registry.listings WHERE id = $1 AND member = $2', [
    id,
    member,
  ]);
  return row;
}

/** The listings that bear one id: nothing keeps two members from giving the same. */
export function readById(sql: Sql, id: string): Promise<ListingRow[]> {
  return sql.query<ListingRow>('SELECT * FROM registry.listings WHERE id = $1 ORDER BY member LIMIT 100', [id]);
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

/**
 * Other members' listings that may not be kept any longer: their author's time is over, or they ended before an instant.
 * Locked, in no order.
 */
export function lockForeignOver(
  tx: Tx,
  over: { own: string; endedBefore: Date; now: Date; limit: number },
): Promise<ListingRow[]> {
  return tx.query<ListingRow>(
    `SELECT * FROM registry.listings
     WHERE member <> $1
       AND (keep_until <= $3 OR (changed_at < $2 AND (until < $2 OR state <> 'listed')))
     LIMIT $4 FOR UPDATE SKIP LOCKED`,
    [over.own, over.endedBefore, over.now, over.limit],
  );
}

export async function deleteListings(tx: Tx, rows: readonly Pick<ListingRow, 'id' | 'member'>[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.query('DELETE FROM registry.listings WHERE (id, member) IN (SELECT * FROM unnest($1::uuid[], $2::text[]))', [
    rows.map((row) => row.id),
    rows.map((row) => row.member),
  ]);
}

export function handlingOf(row: Pick<ListingRow, 'tlp' | 'conditions' | 'restriction'>): Handling {
  return {
    tlp: row.tlp as Handling['tlp'],
    conditions: row.conditions as Handling['conditions'],
    ...(row.restriction !== null && { restriction: row.restriction }),
  };
}

/** A row that is listed, as followers know it. */
export function listedOf(row: ListingRow): ListedRow {
  return {
    id: row.id,
    member: row.member,
    revision: row.revision,
    key: row.key,
    tier: tiers[row.tier]!,
    typologies: typologyNames(row.typologies),
    presented: row.presented,
    discreet: row.discreet,
    sinceMs: row.since.getTime(),
    untilMs: row.until.getTime(),
  };
}

const listedColumns = `member, id, revision, key, tier, typologies, presented,
  discreet OR tlp = ANY ($2) OR conditions && $3 AS discreet,
  extract(epoch FROM since) * 1000 AS since_ms, extract(epoch FROM until) * 1000 AS until_ms`;
const listedCondition = "state = 'listed' AND until > $1 AND NOT barred";
type ListedColumns = Pick<
  ListingRow,
  'member' | 'id' | 'revision' | 'key' | 'tier' | 'typologies' | 'presented' | 'discreet'
> & {
  since_ms: string;
  until_ms: string;
};

const listedIn = (row: ListedColumns): ListedRow => ({
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
});

/** Every listing that is in force or will be, in batches, as one consistent read. */
export async function* streamListed(db: Db, nowMs: number): AsyncGenerator<ListedRow[]> {
  const text = `SELECT ${listedColumns} FROM registry.listings WHERE ${listedCondition}`;
  const params = [new Date(nowMs), closedLabels, closedConditions];
  for await (const rows of db.stream<ListedColumns>(text, params, 10_000)) yield rows.map(listedIn);
}

/** The same of some keys alone. */
export async function readListedAmong(sql: Sql, keys: readonly string[], nowMs: number): Promise<ListedRow[]> {
  const rows = await sql.query<ListedColumns>(
    `SELECT ${listedColumns} FROM registry.listings WHERE key = ANY ($4) AND ${listedCondition}`,
    [new Date(nowMs), closedLabels, closedConditions, keys],
  );
  return rows.map(listedIn);
}
