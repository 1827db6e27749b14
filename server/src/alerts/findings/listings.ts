import type { ErasureBody } from '@bronze-drum/protocol/statements/erasure';
import type { Entry } from '../../journal/journal.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Tx } from '../../platform/db.ts';
import type { ListedChange, ListedRow } from '../../registry/registry.ts';
import { writable, type Finding } from '../record.ts';
import { rankOfTier } from '../rules.ts';
import type { Serving } from '../serving.ts';
import { readListed, readListedAt, readStanding, writeListed, type Listed } from './listed-store.ts';
import type { Watched } from './watched.ts';

export const listingKinds = ['listing', 'listing-withdrawal', 'erasure'] as const;

export interface ListingsParts {
  readonly clock: Clock;
  readonly serving: Pick<Serving, 'servedBy'>;
  readonly watched: Watched;
  /** What an entry changes, as the registry reads it. */
  readonly changeOf: (entry: Entry) => ListedChange | undefined;
  /** Whether an entry was there before this room was: nobody is alerted to what is old. */
  readonly isOld: (entry: Entry) => boolean;
}

const nameOf = ({ member, id }: Pick<Listed, 'member' | 'id'>): string => `${member}/${id}`;
const placeOf = ({ member, book, number }: Pick<Listed, 'member' | 'book' | 'number'>): string =>
  `${member}/${book}/${number}`;

/**
 * What members list, kept as a small table of the room's own: the registry answers officers one key at a time, and here
 * thousands of statements at once ask who else lists the same. A listing that is revised is not found again.
 */
export function openListings(parts: ListingsParts) {
  /** Applies statements in any order and however often they come; returns what they mean for alerts. */
  return async (tx: Tx, entries: readonly Entry[]): Promise<Finding[]> => {
    const nowMs = parts.clock.now();
    const page = await readPage(tx, entries, parts.changeOf);
    const fresh = new Map<string, { row: ListedRow; entry: Entry }>();
    for (const entry of entries) {
      const row = applyOne(page, entry, parts.changeOf);
      if (row === undefined || row.untilMs <= nowMs || parts.isOld(entry)) continue;
      fresh.set(nameOf(row), { row, entry });
    }
    await writeListed(
      tx,
      [...page.changed].map((name) => page.listed.get(name)!),
    );
    const rows = [...fresh.values()].filter(({ row }) => page.listed.get(nameOf(row))?.stands === true);
    if (rows.length === 0) return [];
    const standing = Map.groupBy(
      await readStanding(tx, [...new Set(rows.map(({ row }) => row.key))], new Date(nowMs)),
      ({ key }) => key,
    );
    return rows.flatMap(({ row }) => findingsOf(parts, row, standing.get(row.key) ?? [], nowMs));
  };
}

interface Page {
  /** By `nameOf`. */
  readonly listed: Map<string, Listed>;
  readonly byPlace: Map<string, Listed>;
  readonly changed: Set<string>;
}

async function readPage(tx: Tx, entries: readonly Entry[], changeOf: ListingsParts['changeOf']): Promise<Page> {
  const ids = new Set<string>();
  const erased: { member: string; book: string; number: number }[] = [];
  for (const entry of entries) {
    const { member, book } = entry;
    if (isErasure(entry)) erased.push({ member, book, number: (entry.statement!.body as ErasureBody).number });
    const change = changeOf(entry);
    if (change !== undefined) ids.add('put' in change ? change.put.id : change.end.id);
  }
  const known = [...(await readListed(tx, [...ids])), ...(await readListedAt(tx, erased))];
  return {
    listed: new Map(known.map((listed) => [nameOf(listed), listed])),
    byPlace: new Map(known.map((listed) => [placeOf(listed), listed])),
    changed: new Set(),
  };
}

const isErasure = (entry: Entry): boolean => entry.statement?.envelope.kind === 'erasure';

function keep(page: Page, listed: Listed): void {
  const name = nameOf(listed);
  page.listed.set(name, listed);
  page.byPlace.set(placeOf(listed), listed);
  page.changed.add(name);
}

/** The listing that an entry makes known, if it is news: it did not stand before, or was hidden from institutions. */
function applyOne(page: Page, entry: Entry, changeOf: ListingsParts['changeOf']): ListedRow | undefined {
  const { member, book, number } = entry;
  if (isErasure(entry)) {
    const at = page.byPlace.get(placeOf({ member, book, number: (entry.statement!.body as ErasureBody).number }));
    const known = at && page.listed.get(nameOf(at));
    if (known !== undefined && placeOf(known) === placeOf(at!)) keep(page, { ...known, key: '', stands: false });
    return undefined;
  }
  const change = changeOf(entry);
  if (change === undefined) return undefined;
  if ('end' in change) {
    const known = page.listed.get(nameOf(change.end));
    const { id, revision } = change.end;
    if (known !== undefined && (known.revision > revision || !(known.stands || known.revision < revision)))
      return undefined;
    const ended = { discreet: known?.discreet ?? true, untilMs: known?.untilMs ?? endedUntilMs(entry) };
    // What has ended is remembered, and not what it was about: its author may have had it erased.
    keep(page, { member: change.end.member, id, revision, key: '', stands: false, ...ended, book, number });
    return undefined;
  }
  const put = { ...change.put, key: writable(change.put.key) };
  const known = page.listed.get(nameOf(put));
  if (known !== undefined && known.revision >= put.revision) return undefined;
  const { id, revision, key, discreet, untilMs } = put;
  keep(page, { member: put.member, id, revision, key, stands: true, discreet, untilMs, book, number });
  const isNews = known?.stands !== true || known.key !== key || (known.discreet && !discreet);
  return isNews ? put : undefined;
}

/** Of a listing that ended before it was heard of, for how long it would have lasted is not known. */
const endedUntilMs = (entry: Entry): number => Date.parse(entry.statement!.envelope.at);

function findingsOf(
  { serving, watched }: ListingsParts,
  row: ListedRow,
  standing: readonly Listed[],
  nowMs: number,
): Finding[] {
  const { key, discreet, member: lister, tier, presented } = row;
  const about = { subject: key, atMs: nowMs, discreet, source: `member:${lister}`, tellable: false } as const;
  const found: Finding[] = watched.findings(
    { what: 'listing', key, params: { lister, tier }, rank: 3, atMs: nowMs, discreet, source: about.source },
    nowMs,
  );
  const corroboration = corroborationOf(row, standing);
  if (corroboration !== undefined) found.push({ ...about, ...corroboration });
  if (serving.servedBy(key).length > 0)
    found.push({
      ...about,
      kind: 'own-listing',
      code: 'own-listing.listed',
      params: { lister, tier, presented },
      rank: presented ? 4 : rankOfTier(tier),
    });
  return found;
}

/** That others list the same. What is known only of a discreet listing is for those who may know of it. */
function corroborationOf(
  { member: lister, tier, discreet }: ListedRow,
  standing: readonly Listed[],
): Pick<Finding, 'kind' | 'code' | 'params' | 'rank' | 'discreet'> | undefined {
  const others = standing.filter(({ member }) => member !== lister);
  if (others.length === 0) return undefined;
  const open = others.filter((other) => !other.discreet);
  const isOpen = !discreet && open.length > 0;
  const members = new Set((isOpen ? open : others).map(({ member }) => member)).size + 1;
  return {
    kind: 'corroboration',
    code: 'corroboration.listed',
    params: { lister, members, tier },
    rank: members > 2 ? 2 : 3,
    discreet: !isOpen,
  };
}
