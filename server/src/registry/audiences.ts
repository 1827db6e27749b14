import { isWithin } from '@bronze-drum/protocol/handling';
import type { ListingBody, ListingWithdrawalBody } from '@bronze-drum/protocol/statements/listing';
import type { Entry } from '../journal/journal.ts';
import type { Actor, OfficerActor } from '../kernel/actor.ts';
import { Outage, refuse } from '../kernel/refusals.ts';
import type { Tx } from '../platform/db.ts';
import type { AudienceChange } from './contract.ts';
import { planAgain, refuseBeyond, type ListingOutcome, type Listings } from './listings.ts';
import { bookOf } from './rules.ts';
import { authorOf, end, refuseBarred, say, type ListingParts } from './saying.ts';
import * as store from './store.ts';

const statementsMax = 1000;

export function openAudiences(parts: ListingParts, listings: Pick<Listings, 'act' | 'own'>) {
  const { db, clock, policy, journal, access } = parts;

  /** Takes a listing back from whoever is no longer to read it, words and all, and goes on saying it to the others. */
  async function narrow(officer: OfficerActor, id: string, book: string, grounds: string): Promise<store.ListingRow> {
    return db.tx(async (tx) => {
      const row = (await store.lockListing(tx, journal.member, id)) ?? refuse('not-found.listing');
      if (row.state !== 'listed') refuse('conflict.listing-ended');
      if (!isNarrower(row.book, book)) refuse('conflict.revision', { newest: row.revision });
      refuseBarred(policy.at(clock.now()), row.key, book, store.handlingOf(row));
      const said = await statementsOf(row);
      const ended = await end(parts, tx, row, { reason: 'narrowed', grounds, author: authorOf(officer) });
      await eraseBeyond(tx, officer, row, said, book);
      const plan = planAgain({ ...row, revision: ended.revision }, {}, book);
      // The readers that remain were approved with those who go.
      return say(parts, tx, officer, plan, officer.officer);
    });
  }

  async function statementsOf(row: store.ListingRow): Promise<Entry[]> {
    const entries = (await journal.about(row.key, statementsMax)).filter(
      (entry) => entry.member === journal.member && bodyOf(entry)?.id === row.id,
    );
    // A statement has its number an instant after its transaction; without it, it cannot be erased.
    if (!entries.some((entry) => bodyOf(entry)?.revision === row.revision))
      throw new Outage('the listing is still being numbered', 1);
    return entries;
  }

  async function eraseBeyond(
    tx: Tx,
    officer: OfficerActor,
    row: store.ListingRow,
    said: readonly Entry[],
    book: string,
  ): Promise<void> {
    const author = authorOf(officer);
    const handling = store.handlingOf(row);
    for (const entry of said) {
      if (isWithin(entry.book, book)) continue;
      const ref = { member: journal.member, book: entry.book, number: entry.number };
      await journal.erase(tx, ref, { author, handling, basis: 'the audience was narrowed' });
    }
  }

  return {
    /** Says a listing to more readers, or to fewer. The grounds are what the readers are told. */
    async change(actor: Actor, id: string, input: AudienceChange): Promise<ListingOutcome> {
      const book = bookOf(journal.member, input.audience);
      const row = await readFor(actor, id);
      if (book === row.book) refuse('conflict.same-audience');
      if (isNarrower(row.book, book)) {
        const officer = access.requireOfficer(actor, 'registry.withdraw');
        if (row.discreet) access.requirePermission(officer, 'registry.discreet');
        return { listing: await narrow(officer, id, book, input.grounds) };
      }
      const officer = access.requireOfficer(actor, 'registry.list');
      if (!isWithin(row.book, book)) refuse('conflict.audience-crosses', { book: row.book });
      refuseBeyond(row.bound_to, book);
      refuseBarred(policy.at(clock.now()), row.key, book, store.handlingOf(row));
      return listings.act(officer, planAgain(row, { grounds: input.grounds }, book), row);
    },
  };

  async function readFor(actor: Actor, id: string): Promise<store.ListingRow> {
    access.requireOfficer(actor, 'registry.search');
    const row = await listings.own(id);
    if (row.state !== 'listed') refuse('conflict.listing-ended');
    return row;
  }
}

const bodyOf = (entry: Entry): ListingBody | ListingWithdrawalBody | undefined =>
  entry.statement?.body as ListingBody | undefined;

/** Whether the second book's readers are some of the first's. */
const isNarrower = (from: string, to: string): boolean => to !== from && isWithin(to, from);
