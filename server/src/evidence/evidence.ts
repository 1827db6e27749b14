import type { Author } from '@bronze-drum/protocol/statements/envelope';
import type { ExhibitRef } from '@bronze-drum/protocol/statements/exhibit';
import type { Access } from '../access/access.ts';
import type { Calls, Directory } from '../directory/directory.ts';
import type { Journal } from '../journal/journal.ts';
import type { Actor, OfficerActor } from '../kernel/actor.ts';
import { instantText, type Clock } from '../kernel/clock.ts';
import { cutPage, readPageToken } from '../kernel/pages.ts';
import { refuse } from '../kernel/refusals.ts';
import type { Blobs } from '../platform/blobs.ts';
import type { Db, Tx } from '../platform/db.ts';
import { migrate } from '../platform/migrations.ts';
import { listAbroad } from './abroad-store.ts';
import { followAbroad, openFetching } from './abroad.ts';
import { manifestOf, writeBundle, type Bundle } from './bundling.ts';
import { removeUnused, sweepUnused } from './content.ts';
import type {
  AbroadPage,
  AbroadQuery,
  CustodyNote,
  CustodyQuery,
  Destruction,
  Exhibit,
  ExhibitPage,
  ExhibitQuery,
  ExhibitWithCustody,
  TakeQuery,
  Withdrawal,
} from './contract.ts';
import { openCustody, subjectOf, type Deed } from './custody.ts';
import { openGiving, type Given } from './giving.ts';
import { abroadOf, disclosuresOf, forInstitution, forOfficer } from './presenting.ts';
import * as store from './store.ts';
import { authorOf, openTaking } from './taking.ts';

/** Exhibits as hashed blobs, each with a chain of custody. */
export interface Evidence {
  /**
   * Gives sealed exhibits to the readers of a book abroad or to an institution, as part of something (`request:<id>`,
   * `order:<id>`, `report:<id>`): an entry of their custody and, for a book, a statement that lets its readers fetch them.
   * Refuses `not-found.exhibit`, `gone.exhibit` once it was destroyed, and with a code of `handling.…` what may not leave.
   * The same again changes nothing.
   */
  attach(
    tx: Tx,
    by: Author,
    ids: readonly string[],
    to: { readonly book: string } | { readonly institution: string },
    reference: string,
  ): Promise<ExhibitRef[]>;
  /** Takes an exhibit in and seals it; durable, and in the journal, once this resolves. Its content is read to its end or not at all. */
  take(
    actor: Actor,
    asked: TakeQuery,
    content: AsyncIterable<Uint8Array>,
    contentType: string | undefined,
  ): Promise<Exhibit>;
  /** For officers, the newest first. */
  list(actor: Actor, query: ExhibitQuery): Promise<ExhibitPage>;
  /** An exhibit with a part of its chain; to an institution what it brought or was given, without the chain. */
  get(actor: Actor, id: string, query: CustodyQuery): Promise<ExhibitWithCustody>;
  /** Its content. That it was read stands in its chain and in the journal once this resolves. */
  read(actor: Actor, id: string): Promise<Given>;
  /** Writes down what was done with it outside of the server. */
  note(actor: Actor, id: string, note: CustodyNote): Promise<Exhibit>;
  /** What proves by itself, without any server, what it is and what was done with it. */
  bundle(actor: Actor, id: string): Promise<Bundle>;
  /** Those who were given it are given it no longer. */
  withdraw(actor: Actor, id: string, withdrawal: Withdrawal): Promise<Exhibit>;
  /** Its content is gone once this resolves; its chain and digests stay. */
  destroy(actor: Actor, id: string, destruction: Destruction): Promise<Exhibit>;
  /** What other members gave us, the newest first. */
  abroad(actor: Actor, query: AbroadQuery): Promise<AbroadPage>;
  /** Brings an exhibit of another member here, or says which one it is here. */
  fetch(actor: Actor, id: string, member: string | undefined): Promise<Exhibit>;
  /** A content for another member's server; whoever may not have it is refused `not-found.exhibit`. */
  serve(party: string, sha256: string): Promise<Given>;
}

export interface EvidenceParts {
  readonly db: Db;
  readonly clock: Clock;
  readonly journal: Journal;
  readonly access: Access;
  readonly directory: Pick<Directory, 'mayRead'>;
  readonly calls: Pick<Calls, 'call'>;
  readonly blobs: Blobs;
  /** The database comes from a backup: contents that it does not know may be younger than it, and are left. */
  readonly restored: boolean;
  readonly fetchMsMax?: number;
}

/** Opens the room: contents that a stop left without an exhibit are removed. */
export async function openEvidence(parts: EvidenceParts): Promise<Evidence> {
  const { db, journal, access, blobs } = parts;
  await migrate(db, 'evidence', new URL('migrations/', import.meta.url));
  if (!parts.restored) await sweepUnused(db, blobs);
  const custody = openCustody(parts);
  const take = openTaking({ ...parts, custody });
  const giving = openGiving({ ...parts, custody });
  const fetch = openFetching({ ...parts, custody });
  followAbroad(journal);

  /** Adds an entry to the chain of an exhibit that has its content still. */
  const add = (id: string, deed: Deed, also?: (tx: Tx) => Promise<void>): Promise<store.ExhibitRow> =>
    db.tx(async (tx) => {
      const row = (await store.lockExhibit(tx, id)) ?? refuse('not-found.exhibit');
      if (row.destroyed_at !== null) refuse('gone.exhibit');
      await also?.(tx);
      return custody.add(tx, row, deed);
    });

  const recordRead = (tx: Db | Tx, officer: Actor, what: string, subject: string | null, count = 1): Promise<void> =>
    access.recordRead(tx, officer, { what, subject, count });

  async function find(actor: Actor, id: string): Promise<store.ExhibitRow> {
    const row = await store.readExhibit(db, id);
    if (row === undefined) return refuse('not-found.exhibit');
    if (actor.kind !== 'institution') return row;
    const { institution } = actor;
    if (row.institution === institution) return row;
    const { institutions } = await store.givenTo(db, id);
    return institutions.includes(institution) ? row : refuse('not-found.exhibit');
  }

  /** Who may look: officers who say why, and institutions. */
  const requireReader = (actor: Actor): void => {
    access.requirePermission(actor, actor.kind === 'institution' ? 'evidence.take' : 'evidence.read');
    access.requirePurpose(actor);
  };
  const requireDiscloser = (actor: Actor): OfficerActor => access.requireOfficer(actor, 'evidence.disclose');
  const shown = async (actor: Actor, row: store.ExhibitRow): Promise<Exhibit> =>
    actor.kind === 'institution' ? forInstitution(row, actor.institution) : forOfficer(db, row);

  return {
    attach: giving.attach,
    serve: giving.serve,
    take: async (actor, asked, content, contentType) => shown(actor, await take(actor, asked, content, contentType)),
    list: async (actor, { sha256, after, limit }) => {
      const officer = access.requireOfficer(actor, 'evidence.read');
      const rows = await store.listExhibits(db, sha256, placeIn(after), limit + 1);
      const { page, next } = cutPage(rows, limit, ({ taken_at, id }) => [instantText(taken_at.getTime()), id]);
      await recordRead(db, officer, 'evidence.exhibits', sha256 ?? null, page.length);
      return { exhibits: await Promise.all(page.map((row) => forOfficer(db, row))), ...next };
    },
    get: async (actor, id, { after, limit }) => {
      requireReader(actor);
      const row = await find(actor, id);
      if (actor.kind === 'institution') return forInstitution(row, actor.institution);
      const chain = await store.readCustody(db, id, after, limit);
      const given = disclosuresOf(await store.readDisclosures(db, id, 500));
      await recordRead(db, actor, 'evidence.exhibit', subjectOf(id));
      return { ...(await forOfficer(db, row)), custody: chain, disclosures: given };
    },
    read: async (actor, id) => {
      requireReader(actor);
      const row = await find(actor, id);
      const { sha256, bytes, media_type: mediaType } = row;
      if (row.destroyed_at !== null) refuse('gone.exhibit');
      if (!(await blobs.has(row))) refuse('gone.content');
      const details = actor.kind === 'officer' ? { purpose: actor.purpose! } : {};
      await add(id, { act: 'read', by: authorOf(actor), details }, (tx) =>
        recordRead(tx, actor, 'evidence.content', subjectOf(id)),
      );
      return { sha256, bytes, mediaType, content: blobs.read(row) };
    },
    note: async (actor, id, { act, place, text }) => {
      const officer = access.requireOfficer(actor, 'evidence.take');
      const said = text !== undefined && { text: text.text.toWellFormed(), language: text.language };
      const row = await add(id, { act, by: authorOf(officer), place: place.toWellFormed(), details: { ...said } });
      return forOfficer(db, row);
    },
    bundle: async (actor, id) => {
      const officer = access.requireOfficer(actor, 'evidence.read');
      access.requirePurpose(officer);
      const found = await find(officer, id);
      if (found.destroyed_at === null && !(await blobs.has(found))) refuse('gone.content');
      const details = { purpose: officer.purpose! };
      const row = await add(id, { act: 'bundled', by: authorOf(officer), details }, (tx) =>
        recordRead(tx, officer, 'evidence.bundle', subjectOf(id)),
      );
      return writeBundle(await manifestOf(db, journal, row), blobs.read(row));
    },
    withdraw: async (actor, id, withdrawal) => {
      const officer = requireDiscloser(actor);
      const { book, institution, basis } = withdrawal;
      if ((book === undefined) === (institution === undefined)) refuse('malformed.recipient');
      await db.tx(async (tx) => {
        const row = (await store.lockExhibit(tx, id)) ?? refuse('not-found.exhibit');
        const from = book === undefined ? { institution: institution! } : { book };
        await giving.withdraw(tx, authorOf(officer), row, from, basis.toWellFormed());
      });
      return forOfficer(db, await find(officer, id));
    },
    destroy: async (actor, id, { basis }) => {
      const officer = requireDiscloser(actor);
      access.requireStepUp(officer);
      const by = authorOf(officer);
      const { sha256 } = await find(officer, id);
      await add(id, { act: 'destroyed', by, details: { basis: basis.toWellFormed() } }, async (tx) => {
        await giving.withdrawAll(tx, by, (await store.readExhibit(tx, id))!);
        await store.markDestroyed(tx, id, new Date(parts.clock.now()));
      });
      await removeUnused(db, blobs, sha256);
      return forOfficer(db, await find(officer, id));
    },
    abroad: async (actor, { member, after, limit }) => {
      const officer = access.requireOfficer(actor, 'evidence.read');
      const rows = await listAbroad(db, member, placeAbroadIn(after), limit + 1);
      const { page, next } = cutPage(rows, limit, (last) => [
        instantText(last.at.getTime()),
        last.member,
        last.id,
        last.book,
      ]);
      await recordRead(db, officer, 'evidence.abroad', member ?? null, page.length);
      return { exhibits: page.map(abroadOf), ...next };
    },
    fetch: async (actor, id, member) => {
      const officer = access.requireOfficer(actor, 'evidence.read');
      access.requirePurpose(officer);
      const here = await fetch(authorOf(officer), id, member);
      await recordRead(db, officer, 'evidence.exhibit', subjectOf(here));
      return forOfficer(db, await find(officer, here));
    },
  };
}

const isId = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);

function placeIn(after: string | undefined): { at: Date; id: string } | undefined {
  if (after === undefined) return undefined;
  const [at, id] = readPageToken(after, 2) as [string, string];
  return isId(id) ? { at: dateOf(at), id } : refuse('malformed.page');
}

function placeAbroadIn(after: string | undefined) {
  if (after === undefined) return undefined;
  const [at, member, id, book] = readPageToken(after, 4) as [string, string, string, string];
  if (!isId(id) || `${member}${book}`.includes('\0')) refuse('malformed.page');
  return { at: dateOf(at), member, id, book };
}

function dateOf(text: string): Date {
  const at = new Date(text);
  return /^\d{4}-/.test(text) && !Number.isNaN(at.getTime()) ? at : refuse('malformed.page');
}
