import type { Author } from '@bronze-drum/protocol/statements/envelope';
import { exhibitsMax, type ExhibitBody, type ExhibitRef } from '@bronze-drum/protocol/statements/exhibit';
import type { ExhibitWithdrawalBody } from '@bronze-drum/protocol/statements/exhibit-withdrawal';
import type { Refusal } from '@bronze-drum/protocol/refusals';
import type { Directory } from '../directory/directory.ts';
import type { Journal } from '../journal/journal.ts';
import { instantText, type Clock } from '../kernel/clock.ts';
import { refuse } from '../kernel/refusals.ts';
import type { Blobs } from '../platform/blobs.ts';
import type { Db, Tx } from '../platform/db.ts';
import { isWithdrawnAbroad } from './abroad-store.ts';
import { subjectOf, type Custody } from './custody.ts';
import { bookBar, institutionBar } from './rules.ts';
import * as store from './store.ts';

export interface GivingParts {
  readonly db: Db;
  readonly clock: Clock;
  readonly journal: Journal;
  readonly directory: Pick<Directory, 'mayRead'>;
  readonly blobs: Blobs;
  readonly custody: Custody;
}

export type Recipient = { readonly book: string } | { readonly institution: string };

/** A content on its way to somebody. */
export interface Given {
  readonly sha256: string;
  readonly bytes: number;
  readonly mediaType: string;
  readonly content: AsyncGenerator<Uint8Array>;
}

const originIn = ({ origin_member, origin_book }: store.ExhibitRow) =>
  origin_member === null || origin_book === null ? undefined : { member: origin_member, book: origin_book };

/** Who else is given an exhibit, and what they get. */
export function openGiving(parts: GivingParts) {
  const { db, clock, journal, directory, blobs, custody } = parts;

  async function giveOne(tx: Tx, by: Author, id: string, to: Recipient, reference: string): Promise<ExhibitRef> {
    const row = (await store.lockExhibit(tx, id)) ?? refuse('not-found.exhibit');
    if (row.destroyed_at !== null) refuse('gone.exhibit');
    if (await isWithdrawnAbroad(tx, row)) refuse('handling.withdrawn');
    const book = 'book' in to ? to.book : null;
    const institution = 'institution' in to ? to.institution : null;
    const origin = originIn(row);
    const handling = store.handlingIn(row);
    const bar: Refusal | undefined = book === null ? institutionBar(handling, origin) : bookBar(handling, book, origin);
    if (bar !== undefined) refuse(bar.refused, bar.params);
    const isOpen = (await store.givenTo(tx, id)).books.includes(book ?? '');
    const at = new Date(clock.now());
    if (!(await store.putDisclosure(tx, { exhibit: id, book, institution, reference, at }))) return store.refOf(row);
    const details = { ...to, reference };
    const { head } = await custody.add(tx, row, { act: 'disclosed', by, details });
    // Its readers have heard of it once for all: another request that names it opens nothing new.
    if (book !== null && book !== 'domestic' && !isOpen) {
      const body: ExhibitBody = {
        exhibit: store.refOf(row),
        act: 'disclosed',
        custody: head,
        collectedAt: instantText(row.collected_at.getTime()),
      };
      await journal.append(tx, [
        { book, kind: 'exhibit', version: 1, author: by, handling, subject: subjectOf(id), body },
      ]);
    }
    return store.refOf(row);
  }

  /** Says to the readers of a book that they are given an exhibit no longer. */
  async function sayWithdrawn(
    tx: Tx,
    by: Author,
    row: store.ExhibitRow,
    book: string,
    reason: ExhibitWithdrawalBody['reason'],
  ): Promise<void> {
    if (book === 'domestic') return;
    const body: ExhibitWithdrawalBody = { exhibit: row.id, reason };
    await journal.append(tx, [
      {
        book,
        kind: 'exhibit-withdrawal',
        version: 1,
        author: by,
        handling: store.handlingIn(row),
        subject: subjectOf(row.id),
        withdraws: row.id,
        body,
      },
    ]);
  }

  return {
    async attach(tx: Tx, by: Author, ids: readonly string[], to: Recipient, reference: string): Promise<ExhibitRef[]> {
      const named = [...new Set(ids)];
      if (named.length > exhibitsMax) refuse('too-large.exhibits', { exhibitsMax });
      const refs = new Map<string, ExhibitRef>();
      // In one order, so that two who attach the same exhibits do not wait for each other.
      for (const id of named.toSorted()) refs.set(id, await giveOne(tx, by, id, to, reference));
      return named.map((id) => refs.get(id)!);
    },

    /** Ends what a book's readers or an institution are given. Refuses `not-found.disclosure`. */
    async withdraw(tx: Tx, by: Author, row: store.ExhibitRow, from: Recipient, basis: string): Promise<void> {
      if (!(await store.endDisclosures(tx, row.id, from, new Date(clock.now())))) refuse('not-found.disclosure');
      await custody.add(tx, row, { act: 'withdrawn', by, details: { ...from, basis } });
      if ('book' in from) await sayWithdrawn(tx, by, row, from.book, 'withdrawn');
    },

    /** Ends whatever anybody is given of an exhibit that is about to be destroyed. */
    async withdrawAll(tx: Tx, by: Author, row: store.ExhibitRow): Promise<void> {
      const { books, institutions } = await store.givenTo(tx, row.id);
      const at = new Date(clock.now());
      for (const institution of institutions) await store.endDisclosures(tx, row.id, { institution }, at);
      for (const book of books) {
        await store.endDisclosures(tx, row.id, { book }, at);
        await sayWithdrawn(tx, by, row, book, 'destroyed');
      }
    },

    /**
     * What another member's server asks for. Whoever may not have it gets the answer of what does not exist. The entry in
     * the chain is durable once this resolves.
     */
    async serve(party: string, sha256: string): Promise<Given> {
      const candidates = await store.givenByContent(db, sha256);
      const found = candidates.find(({ book }) => directory.mayRead(party, book));
      if (found === undefined) return refuse('not-found.exhibit');
      return db.tx(async (tx) => {
        const row = await store.lockExhibit(tx, found.id);
        // Between the look and the lock it may have been destroyed, or withdrawn.
        const isGiven = row?.destroyed_at === null && (await store.givenTo(tx, found.id)).books.includes(found.book);
        if (!isGiven || !(await blobs.has(row))) return refuse('not-found.exhibit');
        const details = { book: found.book };
        await custody.add(tx, row, { act: 'served', by: { member: party }, place: `server:${party}`, details });
        return { sha256, bytes: row.bytes, mediaType: row.media_type, content: blobs.read(row) };
      });
    },
  };
}
