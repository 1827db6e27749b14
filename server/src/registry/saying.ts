import { mayLeave, type Handling } from '@bronze-drum/protocol/handling';
import type { Author, Envelope } from '@bronze-drum/protocol/statements/envelope';
import type { ListingBody, ListingWithdrawalBody, Tier } from '@bronze-drum/protocol/statements/listing';
import type { Access } from '../access/access.ts';
import type { Journal } from '../journal/journal.ts';
import { actorId, type OfficerActor } from '../kernel/actor.ts';
import { hourMs, instantMs, instantText, type Clock } from '../kernel/clock.ts';
import { derivedId } from '../kernel/ids.ts';
import { needsExportApproval, type Policy, type PolicyRules } from '../kernel/policy.ts';
import { refuse } from '../kernel/refusals.ts';
import type { Db, Tx } from '../platform/db.ts';
import { listingBar } from './rules.ts';
import * as store from './store.ts';

export interface ListingParts {
  readonly db: Db;
  readonly clock: Clock;
  readonly policy: Policy;
  readonly journal: Journal;
  readonly access: Access;
}

/** A listing that was checked and is ready to be said; what a second person approves. */
export interface Plan {
  readonly body: Omit<ListingBody, 'revision'>;
  readonly book: string;
  readonly handling: Handling;
  readonly import: string | null;
  /** The book beyond which it may not go, since it repeats a claim that was said there. */
  readonly boundTo: string | null;
  /** The revision that this replaces, where it changes a listing that stands. */
  readonly replaces?: number;
  /** It leaves the country with whatever decision is made on this plan. */
  readonly exports?: true;
}

/** The act that second-person rules name: a discreet listing counts as such whatever its tier. */
export const variantOf = (claim: { tier: Tier; discreet?: boolean }): string =>
  claim.discreet === true ? 'discreet' : claim.tier;

/** Who lists what from where is one listing, said once however often it is reported. */
export function listingId(member: string, source: string, key: string): string {
  return derivedId('listing', member, source, key);
}

export const authorOf = (officer: OfficerActor): Author => ({ office: officer.office, officer: officer.officer });

export const typeOf = (key: string): string => key.slice(0, key.indexOf(':'));

/** How long readers may keep what is said of a listing: as long as this member keeps it itself. */
export const retentionOf = (rules: PolicyRules, untilMs: number): Required<Envelope>['retention'] => ({
  until: instantText(untilMs + rules.retention.listingBodyHours * hourMs),
});

/** Refuses what may not be listed in a book, or not under such handling. */
export function refuseBarred(rules: PolicyRules, key: string, book: string, handling: Handling): void {
  const bar = listingBar(rules, key, book) ?? mayLeave(handling, book, typeOf(key));
  if (bar !== undefined) refuse(bar.refused, bar.params);
}

/** What must wait for an approving officer before it leaves, and that officer did not decide yet. */
export const waitsToLeave = (rules: PolicyRules, plan: Pick<Plan, 'body' | 'book'>): boolean =>
  needsExportApproval(rules, typeOf(plan.body.key), plan.book);

/**
 * Says a listing, as its next revision. What needs approval to leave and has no approver is said at home instead; the
 * caller then proposes its export.
 */
export async function say(
  parts: ListingParts,
  tx: Tx,
  officer: OfficerActor,
  plan: Plan,
  approver: string | undefined,
): Promise<store.ListingRow> {
  const { journal, clock, policy } = parts;
  const nowMs = clock.now();
  const rules = policy.at(nowMs);
  refuseBarred(rules, plan.body.key, plan.book, plan.handling);
  if (instantMs(plan.body.until) <= nowMs) refuse('registry.until-past');
  const known = await store.lockListing(tx, journal.member, plan.body.id);
  // Between proposal and approval somebody else may have acted.
  if (known?.revision !== plan.replaces) refuse('conflict.revision', { newest: known?.revision ?? 0 });
  const staysHome = approver === undefined && waitsToLeave(rules, plan);
  // Its readers abroad would never hear how it goes on.
  if (staysHome && known !== undefined && isAbroad(known, nowMs)) refuse('conflict.nobody-to-approve');
  const book = staysHome ? 'domestic' : plan.book;
  const body: ListingBody = { ...plan.body, revision: (known?.revision ?? 0) + 1 };
  const author = authorOf(officer);
  const { handling } = plan;
  const retention = retentionOf(rules, instantMs(body.until));
  await journal.append(tx, [
    { book, kind: 'listing', version: 1, author, handling, retention, subject: body.key, body },
  ]);
  const by = new Set([...(known?.acted_by ?? []), actorId(officer)]);
  if (approver !== undefined) by.add(`officer:${approver}`);
  const row = store.rowOf(
    { member: journal.member, book, office: officer.office, atMs: nowMs, handling, body },
    { by: [...by], import: plan.import, boundTo: plan.boundTo },
  );
  await store.putListings(tx, [row]);
  return row;
}

/** Whether readers abroad hold a listing to be in force, or to come. */
export const isAbroad = (row: store.ListingRow, nowMs: number): boolean =>
  row.state === 'listed' && row.book !== 'domestic' && row.until.getTime() > nowMs;

/** Says that a listing has ended, to everyone to whom it was said. The caller holds the row's lock. */
export async function end(
  parts: Pick<ListingParts, 'journal' | 'clock' | 'policy'>,
  tx: Tx,
  row: store.ListingRow,
  withdrawal: Pick<ListingWithdrawalBody, 'reason' | 'grounds'> & { author: Author },
): Promise<store.ListingRow> {
  const { author, reason, grounds } = withdrawal;
  const nowMs = parts.clock.now();
  const revision = row.revision + 1;
  const body: ListingWithdrawalBody = { id: row.id, revision, key: row.key, reason, grounds };
  await parts.journal.append(tx, [
    {
      book: row.book,
      kind: 'listing-withdrawal',
      version: 1,
      author,
      handling: store.handlingOf(row),
      retention: retentionOf(parts.policy.at(nowMs), row.until.getTime()),
      subject: row.key,
      withdraws: row.id,
      body,
    },
  ]);
  const state = reason === 'released' ? 'released' : 'withdrawn';
  const at = new Date(nowMs);
  await store.endListing(tx, { member: row.member, id: row.id, revision, state, at });
  return { ...row, state, revision, changed_at: at };
}
