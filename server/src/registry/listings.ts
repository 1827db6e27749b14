import { isRefusal } from '@bronze-drum/protocol/refusals';
import { parse } from '@bronze-drum/protocol/identifiers/identifiers';
import { isBound, isWithin, mayCorroborateTo, mayEvidence } from '@bronze-drum/protocol/handling';
import { audienceOf } from '@bronze-drum/protocol/members';
import type { Hints } from '@bronze-drum/protocol/identifiers/identifier';
import type { Author } from '@bronze-drum/protocol/statements/envelope';
import { tiers, type ListingBody } from '@bronze-drum/protocol/statements/listing';
import type { Actor, OfficerActor } from '../kernel/actor.ts';
import { instantMs, instantText } from '../kernel/clock.ts';
import { needsSecondPerson } from '../kernel/policy.ts';
import { refuse } from '../kernel/refusals.ts';
import type { Tx } from '../platform/db.ts';
import type { Corroboration, NewListing, Revision, Withdrawal } from './contract.ts';
import { keepExports, leavingPlan, openExports, type ExportOutcome } from './exports.ts';
import { refOf } from './presenting.ts';
import { anyListing } from './reading.ts';
import { bookOf, expiryMs, typologyNames } from './rules.ts';
import {
  authorOf,
  end,
  isAbroad,
  listingId,
  refuseBarred,
  say,
  variantOf,
  waitsToLeave,
  type ListingParts,
  type Plan,
} from './saying.ts';
import * as store from './store.ts';

export interface ListingOutcome {
  readonly listing?: store.ListingRow;
  readonly proposal?: string;
  readonly review?: string;
  readonly export?: ExportOutcome;
}

export type Listings = ReturnType<typeof openListings>;

export function openListings(parts: ListingParts, exports: ReturnType<typeof openExports>) {
  const { db, clock, policy, journal, access } = parts;
  const { member } = journal;

  access.defineAct({
    act: 'registry.list',
    permission: 'registry.approve',
    perform: (tx, actor, payload, approval) => say(parts, tx, actor, payload as Plan, approval?.approver),
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
    ...keepExports(leavingPlan),
  });

  /**
   * Says what was planned, or proposes to. What needs approval to leave is said at home at once and its export is
   * proposed; if it stands abroad already, or is said to more readers, all of it waits.
   */
  async function act(officer: OfficerActor, plan: Plan, standing?: store.ListingRow): Promise<ListingOutcome> {
    const rules = policy.at(clock.now());
    if (plan.body.discreet) access.requirePermission(officer, 'registry.discreet');
    const variant = variantOf(plan.body);
    const needsSecond = needsSecondPerson(rules, `registry.list:${variant}`);
    if (needsSecond) access.requireStepUp(officer);
    const waits = waitsToLeave(rules, plan);
    if (waits && standing !== undefined) return { listing: standing, export: await exports.propose(officer, plan) };
    const outcome = await access.perform(officer, {
      act: 'registry.list',
      variant,
      // Whoever approves the listing as a second person approves that it leaves.
      payload: { ...plan, ...(waits && { exports: true }) } satisfies Plan,
      subject: plan.body.key,
    });
    if ('proposal' in outcome) return outcome;
    const listing = outcome.done as store.ListingRow;
    return {
      listing,
      ...(outcome.review !== undefined && { review: outcome.review }),
      ...(waits && { export: await exports.propose(officer, { ...plan, replaces: listing.revision }) }),
    };
  }

  async function own(id: string): Promise<store.ListingRow> {
    const row = (await anyListing(db, member, id, undefined)) ?? refuse('not-found.listing');
    if (row.member !== member) refuse('forbidden.foreign-listing', { member: row.member });
    return row;
  }

  /** Says a plan as a new listing, or anew what ended. */
  async function actAnew(officer: OfficerActor, plan: Plan): Promise<ListingOutcome> {
    const known = await store.readListing(db, member, plan.body.id);
    if (known === undefined) return act(officer, plan);
    refuseKnown(known, clock.now());
    return act(officer, { ...plan, replaces: known.revision });
  }

  return {
    act,
    own,
    /** Lists one identifier, or proposes to where policy asks for a second person. */
    async list(actor: Actor, input: NewListing): Promise<ListingOutcome> {
      const officer = access.requireOfficer(actor, 'registry.list');
      return actAnew(officer, planOf(parts, officer, input));
    },

    /** Another office, or the same one from another source, claims the same of the same identifier. */
    async corroborate(actor: Actor, id: string, input: Corroboration, of?: string): Promise<ListingOutcome> {
      const officer = access.requireOfficer(actor, 'registry.list');
      const other = await anyListing(db, member, id, of);
      if (other === undefined || (other.discreet && !officer.permissions.has('registry.discreet')))
        return refuse('not-found.listing');
      if (other.state !== 'listed') refuse('conflict.listing-ended');
      if (other.member === member && other.office === officer.office && other.source === null)
        refuse('conflict.own-listing');
      const { audience = audienceInput(other.book), ...claim } = input;
      const plan = planOf(parts, officer, { ...claimOf(other), ...claim, audience, identifier: other.key });
      if (other.member !== member) refuseMisuse(other, plan);
      const body = { ...plan.body, corroborates: { member: other.member, id: other.id } };
      return actAnew(officer, { ...plan, body, boundTo: boundBy(other, member) });
    },

    /** Raises or lowers a tier, or changes what else is claimed, as a new revision. */
    async revise(actor: Actor, id: string, input: Revision): Promise<ListingOutcome> {
      const officer = access.requireOfficer(actor, 'registry.list');
      const row = await own(id);
      if (row.state !== 'listed') refuse('conflict.listing-ended');
      if (row.revision !== input.revision) refuse('conflict.revision', { newest: row.revision });
      const nowMs = clock.now();
      const claim = { ...claimOf(row), ...input };
      if (row.corroborates !== null && input.tier === 'court' && !mayEvidence(claim.handling))
        refuse('handling.not-evidence');
      const wishedMs = input.until === undefined ? undefined : instantMs(input.until);
      const untilMs = expiryMs(policy.at(nowMs), claim.tier, nowMs, wishedMs);
      if (untilMs <= nowMs) refuse('registry.until-past');
      const until = instantText(untilMs);
      const { tier, typologies, grading } = claim;
      const changed = planAgain(row, { tier, typologies, grading, grounds: input.grounds, until });
      return act(officer, changed, isAbroad(row, nowMs) ? row : undefined);
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
): Plan {
  const { member } = parts.journal;
  const nowMs = parts.clock.now();
  const rules = parts.policy.at(nowMs);
  const key = parse(input.identifier, hintsOf(input));
  if (isRefusal(key)) refuse(key.refused, key.params);
  const book = bookOf(member, input.audience);
  refuseBarred(rules, key, book, input.handling);
  if (key.startsWith('phone:') && input.sighting === undefined) refuse('registry.sighting-needed');
  const sinceMs = input.since === undefined ? nowMs : instantMs(input.since);
  const wishedMs = input.until === undefined ? undefined : instantMs(input.until);
  const untilMs = expiryMs(rules, input.tier, Math.max(sinceMs, nowMs), wishedMs);
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
  return { body, book, handling: input.handling, import: null, boundTo: null };
}

/** A listing that stands, to be said once more with some of its claim changed. */
export function planAgain(row: store.ListingRow, change: Partial<ListingBody>, book = row.book): Plan {
  const { tier, typologies, offence, grading, handling } = claimOf(row);
  const body: Plan['body'] = {
    id: row.id,
    key: row.key,
    tier,
    typologies,
    offence,
    grading,
    grounds: row.grounds,
    ...(row.source !== null && { source: row.source }),
    ...(row.key.startsWith('phone:') && { sighting: row.presented ? 'presented' : 'originating' }),
    since: instantText(row.since.getTime()),
    until: instantText(row.until.getTime()),
    discreet: row.discreet,
    ...(row.corroborates !== null && { corroborates: refOf(row.corroborates) }),
    ...change,
  };
  return { body, book, handling, import: row.import, boundTo: row.bound_to, replaces: row.revision };
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

/** Another member's claim is used as its author allows. */
function refuseMisuse(other: store.ListingRow, plan: Plan): void {
  const handling = store.handlingOf(other);
  if (!mayCorroborateTo(handling, other.book, plan.book)) refuse('handling.no-onward', { book: other.book });
  if (plan.body.tier === 'court' && !mayEvidence(handling)) refuse('handling.not-evidence');
}

function boundBy(other: store.ListingRow, member: string): string | null {
  if (other.member === member) return other.bound_to;
  return isBound(store.handlingOf(other)) ? other.book : null;
}

/** Refuses a book in which somebody would read what its first author did not say to them. */
export function refuseBeyond(boundTo: string | null, book: string): void {
  if (boundTo !== null && !isWithin(book, boundTo)) refuse('handling.no-onward', { book: boundTo });
}

function claimOf(row: store.ListingRow) {
  return {
    tier: tiers[row.tier]!,
    typologies: typologyNames(row.typologies),
    offence: row.offence as ListingBody['offence'],
    grading: { source: row.source_grade, information: row.information_grade } as ListingBody['grading'],
    handling: store.handlingOf(row),
    discreet: row.discreet,
    ...(row.key.startsWith('phone:') && {
      sighting: row.presented ? ('presented' as const) : ('originating' as const),
    }),
  };
}

function audienceInput(book: string): NewListing['audience'] {
  return book === 'domestic' || book === 'alliance' ? book : audienceOf(book);
}
