import { isRefusal } from '@bronze-drum/protocol/refusals';
import { parse } from '@bronze-drum/protocol/identifiers/identifiers';
import type { Handling } from '@bronze-drum/protocol/handling';
import type { Hints } from '@bronze-drum/protocol/identifiers/identifier';
import type { Author } from '@bronze-drum/protocol/statements/envelope';
import {
  tiers,
  type ListingBody,
  type ListingWithdrawalBody,
  type Tier,
} from '@bronze-drum/protocol/statements/listing';
import type { Access } from '../access/access.ts';
import type { Journal } from '../journal/journal.ts';
import { actorId, type Actor, type OfficerActor } from '../kernel/actor.ts';
import { instantMs, instantText, type Clock } from '../kernel/clock.ts';
import { derivedId } from '../kernel/ids.ts';
import { needsSecondPerson, type Policy } from '../kernel/policy.ts';
import { refuse } from '../kernel/refusals.ts';
import type { Db, Tx } from '../platform/db.ts';
import type { Corroboration, NewListing, Revision, Withdrawal } from './contract.ts';
import { bookOf, expiryMs, listingBar, typologyNames } from './rules.ts';
import * as store from './store.ts';

export interface ListingParts {
  readonly db: Db;
  readonly clock: Clock;
  readonly policy: Policy;
  readonly journal: Journal;
  readonly access: Access;
}

/** A listing that was checked and is ready to be said; what a second person approves. */
interface Plan {
  readonly body: Omit<ListingBody, 'revision'>;
  readonly book: string;
  readonly handling: Handling;
  readonly import: string | null;
  /** The revision that this replaces, where it changes a listing that stands. */
  readonly replaces?: number;
}

type Outcome = { listing: store.ListingRow; review?: string } | { proposal: string };

/** The act that second-person rules name: a discreet listing counts as such whatever its tier. */
export const variantOf = (claim: { tier: Tier; discreet?: boolean }): string =>
  claim.discreet === true ? 'discreet' : claim.tier;

/** Who lists what from where is one listing, said once however often it is reported. */
export function listingId(member: string, source: string, key: string): string {
  return derivedId('listing', member, source, key);
}

export const authorOf = (officer: OfficerActor): Author => ({ office: officer.office, officer: officer.officer });

export function openListings(parts: ListingParts) {
  const { db, clock, policy, journal, access } = parts;
  const { member } = journal;

  access.defineAct({
    act: 'registry.list',
    permission: 'registry.approve',
    perform: (tx, actor, payload, approval) => perform(parts, tx, actor, payload as Plan, approval?.approver),
    undo: async (tx, _payload, result) => {
      const { id } = result as store.ListingRow;
      const row = await store.lockListing(tx, member, id);
      if (row?.state === 'listed')
        await end(parts, tx, row, {
          reason: 'mistaken',
          grounds: 'a second person did not confirm it',
          author: { office: row.office, rule: 'second-person' },
        });
    },
  });

  async function act(officer: OfficerActor, plan: Plan): Promise<Outcome> {
    const rules = policy.at(clock.now());
    if (plan.body.discreet) access.requirePermission(officer, 'registry.discreet');
    const variant = variantOf(plan.body);
    if (needsSecondPerson(rules, `registry.list:${variant}`)) access.requireStepUp(officer);
    const outcome = await access.perform(officer, {
      act: 'registry.list',
      variant,
      payload: plan,
      subject: plan.body.key,
    });
    if ('proposal' in outcome) return outcome;
    const listing = outcome.done as store.ListingRow;
    return { listing, ...(outcome.review !== undefined && { review: outcome.review }) };
  }

  async function own(id: string): Promise<store.ListingRow> {
    const row = (await store.readListing(db, id)) ?? refuse('not-found.listing');
    if (row.member !== member) refuse('forbidden.foreign-listing', { member: row.member });
    return row;
  }

  return {
    /** Lists one identifier, or proposes to where policy asks for a second person. */
    async list(actor: Actor, input: NewListing): Promise<Outcome> {
      const officer = access.requireOfficer(actor, 'registry.list');
      const plan = planOf(parts, officer, input, null);
      const known = await store.readListing(db, plan.body.id);
      if (known !== undefined) refuseKnown(known, clock.now());
      return act(officer, known === undefined ? plan : { ...plan, replaces: known.revision });
    },

    /** Another office, or the same one from another source, claims the same of the same identifier. */
    async corroborate(actor: Actor, id: string, input: Corroboration): Promise<Outcome> {
      const officer = access.requireOfficer(actor, 'registry.list');
      const other = (await store.readListing(db, id)) ?? refuse('not-found.listing');
      if (other.state !== 'listed') refuse('conflict.listing-ended');
      if (other.member === member && other.office === officer.office && other.source === null)
        refuse('conflict.own-listing');
      const plan = planOf(
        parts,
        officer,
        { ...claimOf(other), ...input, audience: audienceOf(other.book), identifier: other.key },
        null,
      );
      const known = await store.readListing(db, plan.body.id);
      if (known !== undefined) refuseKnown(known, clock.now());
      return act(officer, known === undefined ? plan : { ...plan, replaces: known.revision });
    },

    /** Raises or lowers a tier, or changes what else is claimed, as a new revision. */
    async revise(actor: Actor, id: string, input: Revision): Promise<Outcome> {
      const officer = access.requireOfficer(actor, 'registry.list');
      const row = await own(id);
      if (row.state !== 'listed') refuse('conflict.listing-ended');
      if (row.revision !== input.revision) refuse('conflict.revision', { newest: row.revision });
      const claim = { ...claimOf(row), ...input };
      const rules = policy.at(clock.now());
      const untilMs = expiryMs(
        rules,
        claim.tier,
        clock.now(),
        input.until === undefined ? undefined : instantMs(input.until),
      );
      if (untilMs <= clock.now()) refuse('registry.until-past');
      const body: Plan['body'] = {
        id: row.id,
        key: row.key,
        tier: claim.tier,
        typologies: claim.typologies,
        offence: claim.offence,
        grading: claim.grading,
        grounds: input.grounds,
        ...(row.source !== null && { source: row.source }),
        ...(row.key.startsWith('phone:') && { sighting: row.presented ? 'presented' : 'originating' }),
        since: instantText(row.since.getTime()),
        until: instantText(untilMs),
        discreet: row.discreet,
      };
      return act(officer, {
        body,
        book: row.book,
        handling: claim.handling,
        import: row.import,
        replaces: row.revision,
      });
    },

    /** Ends a listing before its time, everywhere that it reached. */
    async withdraw(actor: Actor, id: string, input: Withdrawal): Promise<store.ListingRow> {
      const officer = access.requireOfficer(actor, 'registry.withdraw');
      await own(id);
      return db.tx(async (tx) => {
        const row = (await store.lockListing(tx, member, id)) ?? refuse('not-found.listing');
        if (row.state !== 'listed') refuse('conflict.listing-ended');
        return end(parts, tx, row, { ...input, author: authorOf(officer) });
      });
    },

    /** Ends a listing because an appeal against it was upheld or was not decided in time. */
    async release(tx: Tx, id: string, grounds: string, author: Author): Promise<void> {
      const row = await store.lockListing(tx, member, id);
      if (row?.state === 'listed') await end(parts, tx, row, { reason: 'released', grounds, author });
    },
  };
}

/** Checks what an officer wants to list and completes it by policy. Refuses what may not be listed. */
function planOf(
  parts: Pick<ListingParts, 'clock' | 'policy' | 'journal'>,
  officer: OfficerActor,
  input: NewListing,
  importId: string | null,
): Plan {
  const { member } = parts.journal;
  const nowMs = parts.clock.now();
  const rules = parts.policy.at(nowMs);
  const key = parse(input.identifier, hintsOf(input));
  if (isRefusal(key)) refuse(key.refused, key.params);
  const book = bookOf(member, input.audience);
  const bar = listingBar(rules, key, book);
  if (bar !== undefined) refuse(bar.refused, bar.params);
  if (key.startsWith('phone:') && input.sighting === undefined) refuse('registry.sighting-needed');
  const sinceMs = input.since === undefined ? nowMs : instantMs(input.since);
  const untilMs = expiryMs(
    rules,
    input.tier,
    Math.max(sinceMs, nowMs),
    input.until === undefined ? undefined : instantMs(input.until),
  );
  if (untilMs <= nowMs) refuse('registry.until-past');
  if (untilMs <= sinceMs) refuse('registry.until-before-since');
  const body: Plan['body'] = {
    id: listingId(member, input.source ?? `office:${officer.office}`, key),
    key,
    tier: input.tier,
    typologies: input.typologies,
    offence: input.offence,
    grading: input.grading,
    grounds: input.grounds,
    ...(input.source !== undefined && { source: input.source }),
    ...(key.startsWith('phone:') && input.sighting !== undefined && { sighting: input.sighting }),
    since: instantText(sinceMs),
    until: instantText(untilMs),
    discreet: input.discreet ?? false,
  };
  return { body, book, handling: input.handling, import: importId };
}

export function hintsOf(input: { type?: Hints['type']; country?: string; bank?: string }): Hints {
  return {
    ...(input.type !== undefined && { type: input.type }),
    ...(input.country !== undefined && { country: input.country }),
    ...(input.bank !== undefined && { bank: input.bank }),
  };
}

/** A listing that stands cannot be made again, and one that an appeal ended is not brought back by its own source. */
function refuseKnown(known: store.ListingRow, nowMs: number): void {
  if (known.state === 'released') refuse('conflict.released', { id: known.id });
  if (known.state === 'listed' && known.until.getTime() > nowMs) refuse('conflict.listed', { id: known.id });
}

async function perform(
  parts: ListingParts,
  tx: Tx,
  officer: OfficerActor,
  plan: Plan,
  approver: string | undefined,
): Promise<store.ListingRow> {
  const { journal, clock, policy } = parts;
  const nowMs = clock.now();
  const bar = listingBar(policy.at(nowMs), plan.body.key, plan.book);
  if (bar !== undefined) refuse(bar.refused, bar.params);
  if (instantMs(plan.body.until) <= nowMs) refuse('registry.until-past');
  const known = await store.lockListing(tx, journal.member, plan.body.id);
  // Between proposal and approval somebody else may have acted.
  if (known?.revision !== plan.replaces) refuse('conflict.revision', { newest: known?.revision ?? 0 });
  const body: ListingBody = { ...plan.body, revision: (known?.revision ?? 0) + 1 };
  const author = authorOf(officer);
  const { book, handling } = plan;
  await journal.append(tx, [{ book, kind: 'listing', version: 1, author, handling, subject: body.key, body }]);
  const by = [
    ...new Set([
      ...(known?.acted_by ?? []),
      actorId(officer),
      ...(approver === undefined ? [] : [`officer:${approver}`]),
    ]),
  ];
  const row = store.rowOf(
    { member: journal.member, book, office: officer.office, atMs: nowMs, handling, body },
    { by, import: plan.import },
  );
  await store.putListings(tx, [row]);
  return row;
}

/** Says that a listing has ended, to everyone to whom it was said. The caller holds the row's lock. */
export async function end(
  parts: Pick<ListingParts, 'journal' | 'clock'>,
  tx: Tx,
  row: store.ListingRow,
  withdrawal: Pick<ListingWithdrawalBody, 'reason' | 'grounds'> & { author: Author },
): Promise<store.ListingRow> {
  const { author, reason, grounds } = withdrawal;
  const revision = row.revision + 1;
  const body: ListingWithdrawalBody = { id: row.id, revision, key: row.key, reason, grounds };
  await parts.journal.append(tx, [
    {
      book: row.book,
      kind: 'listing-withdrawal',
      version: 1,
      author,
      handling: handlingOf(row),
      subject: row.key,
      withdraws: row.id,
      body,
    },
  ]);
  const state = reason === 'released' ? 'released' : 'withdrawn';
  const at = new Date(parts.clock.now());
  await store.endListing(tx, { member: row.member, id: row.id, revision, state, at });
  return { ...row, state, revision, changed_at: at };
}

export function handlingOf(row: store.ListingRow): Handling {
  return {
    tlp: row.tlp as Handling['tlp'],
    conditions: row.conditions as Handling['conditions'],
    ...(row.restriction !== null && { restriction: row.restriction }),
  };
}

function claimOf(row: store.ListingRow) {
  return {
    tier: tiers[row.tier]!,
    typologies: typologyNames(row.typologies),
    offence: row.offence as ListingBody['offence'],
    grading: { source: row.source_grade, information: row.information_grade } as ListingBody['grading'],
    handling: handlingOf(row),
    discreet: row.discreet,
    ...(row.key.startsWith('phone:') && {
      sighting: row.presented ? ('presented' as const) : ('originating' as const),
    }),
  };
}

function audienceOf(book: string): NewListing['audience'] {
  return book === 'domestic' || book === 'alliance' ? book : (book.split('+') as NewListing['audience']);
}
