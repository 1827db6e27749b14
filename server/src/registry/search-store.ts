import { tiers, type Tier } from '@bronze-drum/protocol/statements/listing';
import { instantText } from '../kernel/clock.ts';
import type { Sql } from '../platform/db.ts';
import { typologySet } from './rules.ts';
import type { ListingRow } from './store.ts';

export interface Search {
  readonly key?: string;
  readonly prefix?: string;
  readonly member?: string;
  readonly tier?: Tier;
  readonly typology?: string;
  readonly state?: 'listed' | 'expired' | keyof typeof endedBy;
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
  after: readonly [string, string, string] | undefined,
): Promise<ListingRow[]> {
  const values: unknown[] = [];
  const where: string[] = [];
  const bind = (value: unknown): string => `$${values.push(value)}`;
  if (search.key !== undefined) where.push(`key = ${bind(search.key)}`);
  if (search.prefix !== undefined)
    where.push(`key >= ${bind(search.prefix)} AND key < ${bind(prefixEnd(search.prefix))}`);
  if (search.member !== undefined) where.push(`member = ${bind(search.member)}`);
  if (search.tier !== undefined) where.push(`tier = ${bind(tiers.indexOf(search.tier))}`);
  if (search.changedFrom !== undefined) where.push(`changed_at >= ${bind(search.changedFrom)}`);
  if (search.changedTo !== undefined) where.push(`changed_at < ${bind(search.changedTo)}`);
  if (search.state === 'expired') where.push(`state = 'listed' AND until <= ${bind(new Date(search.nowMs))}`);
  else if (search.state === 'listed') where.push(`state = 'listed' AND until > ${bind(new Date(search.nowMs))}`);
  else if (search.state !== undefined) where.push(`state = '${endedBy[search.state]}'`);
  if (!search.discreet) where.push('NOT discreet');
  const byKey = ordersByKey(search);
  if (after !== undefined) {
    where.push(
      byKey
        ? `(key, id, member) > (${bind(after[0])}, ${bind(after[1])}::uuid, ${bind(after[2])})`
        : `(changed_at, id, member) < (${bind(after[0])}::timestamptz, ${bind(after[1])}::uuid, ${bind(after[2])})`,
    );
  }
  const order = byKey ? 'key, id, member' : 'changed_at DESC, id DESC, member DESC';
  const rest = (limit: string): string => `ORDER BY ${order} LIMIT ${limit}`;
  if (search.typology === undefined)
    return sql.query<ListingRow>(
      `SELECT * FROM registry.listings ${where.length > 0 ? `WHERE ${where.join(' AND ')}` : ''} ${rest(bind(search.limit))}`,
      values,
    );
  const wanted = bind(typologySet([search.typology]));
  if (byKey)
    return sql.query<ListingRow>(
      `SELECT * FROM registry.listings WHERE ${[...where, `typologies & ${wanted} <> 0`].join(' AND ')} ${rest(bind(search.limit))}`,
      values,
    );
  const limit = bind(search.limit);
  return sql.query<ListingRow>(
    `${typologySets} SELECT listing.* FROM sets CROSS JOIN LATERAL (
       SELECT * FROM registry.listings WHERE ${['typologies = sets.typologies', ...where].join(' AND ')} ${rest(limit)}) listing
     WHERE sets.typologies & ${wanted} <> 0 ${rest(limit)}`,
    values,
  );
}

/** Few sets of typologies are ever listed together: each is one place in an index, found by leaping from one to the next. */
const typologySets = `WITH RECURSIVE sets AS (
  SELECT min(typologies) AS typologies FROM registry.listings
  UNION ALL SELECT (SELECT min(typologies) FROM registry.listings WHERE typologies > sets.typologies)
    FROM sets WHERE sets.typologies IS NOT NULL)`;

/** As it stands in the text of a query: few listings have ended so, and an index has them alone. */
const endedBy = { withdrawn: 'withdrawn', released: 'released' } as const;

/** The first text after every text with this beginning, in byte order. */
function prefixEnd(prefix: string): string {
  return `${prefix}\u{10FFFF}`;
}

/** Where a page ended, as the values of its order. */
export function placeOf(search: Pick<Search, 'key' | 'prefix'>, row: ListingRow): [string, string, string] {
  return [ordersByKey(search) ? row.key : instantText(row.changed_at.getTime()), row.id, row.member];
}
