import { isRefusal } from '@bronze-drum/protocol/refusals';
import { caption, parse } from '@bronze-drum/protocol/identifiers/identifiers';
import type { Key } from '@bronze-drum/protocol/identifiers/identifier';
import { tiers, type ListingBody } from '@bronze-drum/protocol/statements/listing';
import type { AppealDecisionBody } from '@bronze-drum/protocol/statements/appeal';
import type { Access } from '../access/access.ts';
import type { Entry, Journal } from '../journal/journal.ts';
import type { Actor, OfficerActor } from '../kernel/actor.ts';
import { instantText, type Clock } from '../kernel/clock.ts';
import { cutPage, readPageToken } from '../kernel/pages.ts';
import type { Policy } from '../kernel/policy.ts';
import { refuse } from '../kernel/refusals.ts';
import type { Clocks } from '../platform/clocks.ts';
import type { Db } from '../platform/db.ts';
import { migrate } from '../platform/migrations.ts';
import type { Redress } from '../redress/redress.ts';
import type { History, Listing, ListingPage, ListingQuery, MergedView } from './contract.ts';
import { openImports } from './imports.ts';
import type { ListedRow } from './listed.ts';
import { handlingOf, openListings } from './listings.ts';
import { openRetention } from './retention.ts';
import { mergeViews, summarise, typologyNames, viewOf, type View } from './rules.ts';
import * as store from './store.ts';

export { listedChange, listedKinds, type ListedChange, type ListedRow } from './listed.ts';

export interface RegistryParts {
  readonly db: Db;
  readonly clock: Clock;
  readonly clocks: Clocks;
  readonly policy: Policy;
  readonly journal: Journal;
  readonly access: Access;
  readonly redress: Redress;
}

/** What a view in memory is rebuilt from: every listing that counts, and the place in each book to follow on from. */
export interface RegistrySnapshot {
  readonly positions: ReadonlyMap<string, number>;
  readonly rows: AsyncIterable<readonly ListedRow[]>;
}

export type Registry = Awaited<ReturnType<typeof openRegistry>>;

const historyMax = 1000;

export async function openRegistry(parts: RegistryParts) {
  const { db, clock, journal, access, redress } = parts;
  await migrate(db, 'registry', new URL('migrations/', import.meta.url));
  const listings = openListings(parts);
  const imports = openImports(parts);
  await openRetention(parts);

  redress.contestable('listing', async (sql, id) => {
    const row = await store.readListing(sql, id);
    // Another member's listing is contested with that member.
    if (row === undefined || row.member !== journal.member || row.state !== 'listed') return null;
    return {
      actedBy: row.acted_by,
      subject: row.key,
      book: row.book,
      handling: handlingOf(row),
      discreet: row.discreet,
    };
  });

  const following = journal.follow({
    name: 'registry',
    kinds: ['appeal-decision'],
    async handle(tx, entries) {
      for (const entry of entries) {
        const { act, releases, grounds } = entry.statement!.body as AppealDecisionBody;
        if (!releases || act.kind !== 'listing') continue;
        await listings.release(tx, act.id, grounds, { office: 'redress', rule: 'appeal-released' });
      }
    },
  });

  const present = (row: store.ListingRow): Listing => listingOf(row, clock.now());
  const presentOutcome = (outcome: { listing: store.ListingRow; review?: string } | { proposal: string }) =>
    'listing' in outcome ? { ...outcome, listing: present(outcome.listing) } : outcome;
  const seesDiscreet = (officer: OfficerActor): boolean => officer.permissions.has('registry.discreet');

  async function search(actor: Actor, query: ListingQuery): Promise<ListingPage> {
    const officer = access.requireOfficer(actor, 'registry.search');
    const { key, after, limit, ...filters } = query;
    const found = { ...filters, ...(key !== undefined && { key: canonicalKey(key) }) };
    const place = after === undefined ? undefined : readPlace(after);
    const discreet = seesDiscreet(officer);
    const rows = await store.searchListings(db, { ...found, discreet, nowMs: clock.now(), limit: limit + 1 }, place);
    const { page, next } = cutPage(rows, limit, (last) => store.placeOf(found, last));
    await access.recordRead(db, officer, {
      what: 'listings',
      subject: found.key ?? found.prefix ?? 'search',
      count: page.length,
    });
    return { listings: page.map(present), ...next };
  }

  async function merged(actor: Actor, text: string): Promise<MergedView> {
    const officer = access.requireOfficer(actor, 'registry.search');
    const key = canonicalKey(text);
    const nowMs = clock.now();
    const rows = (await store.readByKey(db, key)).filter((row) => !row.discreet || seesDiscreet(officer));
    const summary = summarise(viewOfRows(rows), nowMs);
    const appeals = await redress.against(
      'listing',
      rows.map((row) => row.id),
    );
    await access.recordRead(db, officer, { what: 'identifier', subject: key, count: rows.length });
    return {
      key,
      caption: caption(key),
      now: instantText(nowMs),
      ...(summary && {
        tier: summary.tier,
        since: instantText(summary.sinceMs),
        until: instantText(summary.untilMs),
      }),
      members: [...(summary?.members ?? [])],
      typologies: [...(summary?.typologies ?? [])],
      listings: rows.map(present),
      appeals: appeals.map(({ id, act, state, lodgedAt, decideBy }) => ({
        id,
        listing: act.id,
        state,
        lodgedAt,
        decideBy,
      })),
    };
  }

  async function history(actor: Actor, text: string): Promise<History> {
    const officer = access.requireOfficer(actor, 'registry.search');
    const key = canonicalKey(text);
    const entries = await journal.about(key, historyMax + 1);
    const hidden = seesDiscreet(officer) ? new Set<string>() : await discreetIds(key);
    const shown = entries.slice(0, historyMax).filter((entry) => !hidden.has(listingIdOf(entry) ?? ''));
    await access.recordRead(db, officer, { what: 'history', subject: key, count: shown.length });
    return { key, entries: shown.map(historyEntry), complete: entries.length <= historyMax };
  }

  async function discreetIds(key: string): Promise<Set<string>> {
    return new Set((await store.readByKey(db, key)).flatMap((row) => (row.discreet ? [row.id] : [])));
  }

  return {
    list: async (...args: Parameters<typeof listings.list>) => presentOutcome(await listings.list(...args)),
    corroborate: async (...args: Parameters<typeof listings.corroborate>) =>
      presentOutcome(await listings.corroborate(...args)),
    revise: async (...args: Parameters<typeof listings.revise>) => presentOutcome(await listings.revise(...args)),
    withdraw: async (...args: Parameters<typeof listings.withdraw>) => present(await listings.withdraw(...args)),
    imports,
    search,
    merged,
    history,
    async get(actor: Actor, id: string): Promise<Listing> {
      const officer = access.requireOfficer(actor, 'registry.search');
      const row = (await store.readListing(db, id)) ?? refuse('not-found.listing');
      if (row.discreet && !seesDiscreet(officer)) refuse('not-found.listing');
      await access.recordRead(db, officer, { what: 'listing', subject: row.key, count: 1 });
      return present(row);
    },
    /** Positions are read first: what is said in between is seen twice, and the higher revision stands. */
    async snapshot(): Promise<RegistrySnapshot> {
      const positions = await journal.positions(db);
      return { positions, rows: store.streamListed(db, clock.now()) };
    },
    /** Resolves once every decision of redress that stands in the journal now has been carried out. */
    caughtUp: following.caughtUp,
  };
}

function canonicalKey(text: string): Key {
  const key = parse(text);
  return isRefusal(key) ? refuse(key.refused, key.params) : key;
}

function readPlace(after: string): readonly [string, string] {
  const [place, id] = readPageToken(after, 2) as [string, string];
  if (!/^[0-9a-f-]{36}$/.test(id) || (!place.includes(':') && Number.isNaN(Date.parse(place))))
    refuse('malformed.page');
  return [place, id];
}

function viewOfRows(rows: readonly store.ListingRow[]): View {
  return rows.map(viewOfRow).reduce(mergeViews, new Map());
}

function viewOfRow(row: store.ListingRow): View {
  if (row.state !== 'listed')
    return viewOf({ end: { id: row.id, member: row.member, revision: row.revision, key: row.key } });
  return viewOf({
    put: {
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
    },
  });
}

function listingOf(row: store.ListingRow, nowMs: number): Listing {
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
  };
}

function listingIdOf(entry: Entry): string | undefined {
  const body = entry.statement?.body as Partial<ListingBody & AppealDecisionBody> | undefined;
  return body?.id ?? body?.act?.id;
}

function historyEntry(entry: Entry): History['entries'][number] {
  return {
    member: entry.member,
    book: entry.book,
    number: entry.number,
    commitment: Buffer.from(entry.commitment).toString('base64'),
    statement: entry.statement,
  };
}
