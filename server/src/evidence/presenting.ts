import { instantText } from '../kernel/clock.ts';
import type { Sql } from '../platform/db.ts';
import { isWithdrawnAbroad, type AbroadRow } from './abroad-store.ts';
import type { Exhibit, ExhibitAbroad, ExhibitWithCustody } from './contract.ts';
import * as store from './store.ts';

const timeOf = (date: Date): string => instantText(date.getTime());

/** What everybody sees who may see an exhibit at all. */
const faceOf = (row: store.ExhibitRow): Exhibit => ({
  ...store.refOf(row),
  state: row.destroyed_at === null ? 'held' : 'destroyed',
  handling: store.handlingIn(row),
  collectedAt: timeOf(row.collected_at),
});

/**
 * For an institution: what it was given, and of what it brought itself what it said of it. Who else had it in their hands
 * would tell whom it is shown.
 */
export function forInstitution(row: store.ExhibitRow, institution: string): Exhibit {
  if (row.institution !== institution) return faceOf(row);
  const { collected_from: collectedFrom, means } = row;
  return { ...faceOf(row), collectedFrom, means, takenAt: timeOf(row.taken_at) };
}

export async function forOfficer(sql: Sql, row: store.ExhibitRow): Promise<Exhibit> {
  const { origin_member, origin_exhibit, origin_book, origin_number } = row;
  const received = origin_member !== null && {
    received: {
      member: origin_member,
      exhibit: origin_exhibit!,
      book: origin_book!,
      number: origin_number!,
      withdrawn: await isWithdrawnAbroad(sql, row),
    },
  };
  return {
    ...faceOf(row),
    collectedFrom: row.collected_from,
    means: row.means,
    takenAt: timeOf(row.taken_at),
    takenBy: store.takerOf(row),
    ...received,
    entries: row.entries,
    head: row.head,
  };
}

export const disclosuresOf = (rows: readonly store.DisclosureRow[]): NonNullable<ExhibitWithCustody['disclosures']> =>
  rows.map(({ book, institution, reference, at, withdrawn_at }) => ({
    ...(book !== null && { book }),
    ...(institution !== null && { institution }),
    reference,
    at: timeOf(at),
    ...(withdrawn_at !== null && { withdrawnAt: timeOf(withdrawn_at) }),
  }));

export const abroadOf = (row: AbroadRow): ExhibitAbroad => ({
  member: row.member,
  ...store.refOf(row),
  book: row.book,
  number: row.number,
  at: timeOf(row.at),
  collectedAt: timeOf(row.collected_at),
  handling: store.handlingIn(row),
  withdrawn: row.withdrawn,
  ...(row.here !== null && { here: row.here }),
});
