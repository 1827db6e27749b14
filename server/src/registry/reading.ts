import { isRefusal } from '@bronze-drum/protocol/refusals';
import { caption, parse } from '@bronze-drum/protocol/identifiers/identifiers';
import type { Key } from '@bronze-drum/protocol/identifiers/identifier';
import type { ListingBody } from '@bronze-drum/protocol/statements/listing';
import type { Access } from '../access/access.ts';
import type { Entry, Journal } from '../journal/journal.ts';
import type { Actor, OfficerActor } from '../kernel/actor.ts';
import { instantMs, instantText, type Clock } from '../kernel/clock.ts';
import { cutPage, readPageToken } from '../kernel/pages.ts';
import { refuse } from '../kernel/refusals.ts';
import type { Db } from '../platform/db.ts';
import type { Redress } from '../redress/redress.ts';
import type { DigestQuery, History, Listing, ListingPage, ListingQuery, MergedView } from './contract.ts';
import { digestOf, type Digest } from './digest.ts';
import { historyEntry, listingIdOf, listingOf, viewOfRows } from './presenting.ts';
import { summarise } from './rules.ts';
import * as searching from './search-store.ts';
import * as store from './store.ts';

export interface ReadingParts {
  readonly db: Db;
  readonly clock: Clock;
  readonly journal: Journal;
  readonly access: Access;
  readonly redress: Redress;
}

const historyMax = 1000;

/** What officers read of listings; each reading is recorded. */
export function openReading({ db, clock, journal, access, redress }: ReadingParts) {
  const seesDiscreet = (officer: OfficerActor): boolean => officer.permissions.has('registry.discreet');

  async function discreetIds(key: string, entries: readonly Entry[]): Promise<Set<string>> {
    const rows = (await store.readByKey(db, key)).filter((row) => row.discreet);
    const said = entries.filter((entry) => (entry.statement?.body as Partial<ListingBody> | undefined)?.discreet);
    return new Set([...rows.map((row) => row.id), ...said.map((entry) => listingIdOf(entry)!)]);
  }

  return {
    async search(actor: Actor, query: ListingQuery): Promise<ListingPage> {
      const officer = access.requireOfficer(actor, 'registry.search');
      const { key, after, limit, ...filters } = query;
      const found = { ...filters, ...(key !== undefined && { key: canonicalKey(key) }) };
      const place = after === undefined ? undefined : readPlace(after);
      const asked = { ...found, discreet: seesDiscreet(officer), nowMs: clock.now(), limit: limit + 1 };
      const rows = await searching.searchListings(db, asked, place);
      const { page, next } = cutPage(rows, limit, (last) => searching.placeOf(found, last));
      await access.recordRead(db, officer, {
        what: 'listings',
        subject: found.key ?? found.prefix ?? 'search',
        count: page.length,
      });
      return { listings: page.map((row) => listingOf(row, clock.now())), ...next };
    },

    async merged(actor: Actor, text: string): Promise<MergedView> {
      const officer = access.requireOfficer(actor, 'registry.search');
      const key = canonicalKey(text);
      const nowMs = clock.now();
      const rows = (await store.readByKey(db, key)).filter((row) => !row.discreet || seesDiscreet(officer));
      const summary = summarise(viewOfRows(rows), nowMs);
      const own = rows.filter((row) => row.member === journal.member).map((row) => row.id);
      const appeals = await redress.against('listing', own);
      const decisions = await redress.decidedAbroad('listing', rows);
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
        listings: rows.map((row) => listingOf(row, nowMs)),
        appeals: appeals.map(({ id, act, state, lodgedAt, decideBy }) => ({
          id,
          listing: act.id,
          state,
          lodgedAt,
          decideBy,
        })),
        decisions: decisions.map(({ act, ...decision }) => ({ ...decision, listing: act.id })),
      };
    },

    async history(actor: Actor, text: string): Promise<History> {
      const officer = access.requireOfficer(actor, 'registry.search');
      const key = canonicalKey(text);
      const entries = await journal.about(key, historyMax + 1);
      const hidden = seesDiscreet(officer) ? new Set<string>() : await discreetIds(key, entries);
      const shown = entries.slice(0, historyMax).filter((entry) => !hidden.has(listingIdOf(entry) ?? ''));
      await access.recordRead(db, officer, { what: 'history', subject: key, count: shown.length });
      return { key, entries: shown.map(historyEntry), complete: entries.length <= historyMax };
    },

    async get(actor: Actor, id: string, member?: string): Promise<Listing> {
      const officer = access.requireOfficer(actor, 'registry.search');
      const row = await anyListing(db, journal.member, id, member);
      if (row === undefined || (row.discreet && !seesDiscreet(officer))) return refuse('not-found.listing');
      await access.recordRead(db, officer, { what: 'listing', subject: row.key, count: 1 });
      return listingOf(row, clock.now());
    },

    /** What two servers compare. It tells how much is known and nothing of what, so no reading is recorded. */
    async digest(actor: Actor, query: DigestQuery): Promise<Digest> {
      access.requireOfficer(actor, 'registry.search');
      return digestOf(db, query.now === undefined ? clock.now() : instantMs(query.now), query.book);
    },
  };
}

/** The listing of an id: the member's own where several have given it the same, unless another is named. */
export async function anyListing(
  db: Db,
  own: string,
  id: string,
  member: string | undefined,
): Promise<store.ListingRow | undefined> {
  if (member !== undefined) return store.readListing(db, member, id);
  const rows = await store.readById(db, id);
  return rows.find((row) => row.member === own) ?? rows[0];
}

function canonicalKey(text: string): Key {
  const key = parse(text);
  return isRefusal(key) ? refuse(key.refused, key.params) : key;
}

function readPlace(after: string): readonly [string, string, string] {
  const [place, id, member] = readPageToken(after, 3) as [string, string, string];
  if (!/^[0-9a-f-]{36}$/.test(id) || (!place.includes(':') && Number.isNaN(Date.parse(place))))
    refuse('malformed.page');
  return [place, id, member];
}
