import { caption } from '@bronze-drum/protocol/identifiers/identifiers';
import type { Key } from '@bronze-drum/protocol/identifiers/identifier';
import { tiers, type ListingBody } from '@bronze-drum/protocol/statements/listing';
import type { AppealDecisionBody } from '@bronze-drum/protocol/statements/appeal';
import type { Entry } from '../journal/journal.ts';
import { instantText } from '../kernel/clock.ts';
import type { History, Listing } from './contract.ts';
import { mergeViews, typologyNames, viewOf, type View } from './rules.ts';
import { handlingOf, listedOf, type ListingRow } from './store.ts';

/** What counts of some rows: a barred one is shown, and nothing follows from it. */
export function viewOfRows(rows: readonly ListingRow[]): View {
  return rows
    .filter((row) => !row.barred)
    .map(viewOfRow)
    .reduce(mergeViews, new Map());
}

function viewOfRow(row: ListingRow): View {
  if (row.state === 'listed') return viewOf({ put: listedOf(row) });
  return viewOf({ end: { id: row.id, member: row.member, revision: row.revision, key: row.key } });
}

export function listingOf(row: ListingRow, nowMs: number): Listing {
  const since = row.since.getTime();
  const standing = row.until.getTime() <= nowMs ? 'expired' : since > nowMs ? 'pending' : 'listed';
  return {
    id: row.id,
    member: row.member,
    revision: row.revision,
    state: row.state === 'listed' ? standing : row.state,
    key: row.key,
    caption: caption(row.key as Key),
    tier: tiers[row.tier]!,
    typologies: typologyNames(row.typologies),
    offence: row.offence as Listing['offence'],
    grading: { source: row.source_grade, information: row.information_grade } as Listing['grading'],
    grounds: row.grounds,
    ...(row.source !== null && { source: row.source }),
    ...(row.key.startsWith('phone:') && { sighting: row.presented ? 'presented' : 'originating' }),
    discreet: row.discreet,
    book: row.book,
    handling: handlingOf(row),
    since: instantText(since),
    until: instantText(row.until.getTime()),
    changedAt: instantText(row.changed_at.getTime()),
    office: row.office,
    ...(row.barred && { barred: true }),
    ...(row.corroborates !== null && { corroborates: refOf(row.corroborates) }),
  };
}

export function listingIdOf(entry: Entry): string | undefined {
  const body = entry.statement?.body as Partial<ListingBody & AppealDecisionBody> | undefined;
  return body?.id ?? body?.act?.id;
}

export function historyEntry(entry: Entry): History['entries'][number] {
  return {
    member: entry.member,
    book: entry.book,
    number: entry.number,
    commitment: Buffer.from(entry.commitment).toString('base64'),
    statement: entry.statement,
  };
}

export function refOf(name: string): { member: string; id: string } {
  const slash = name.indexOf('/');
  return { member: name.slice(0, slash), id: name.slice(slash + 1) };
}
