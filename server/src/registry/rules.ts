import { tiers, typologies, type Tier, type Typology } from '@bronze-drum/protocol/statements/listing';
import { bookFor } from '@bronze-drum/protocol/members';
import { refusal, type Refusal } from '@bronze-drum/protocol/refusals';
import { isReserved, prefixBits, rangeContains } from '@bronze-drum/protocol/identifiers/ip';
import { hourMs } from '../kernel/clock.ts';
import type { PolicyRules } from '../kernel/policy.ts';
import { allowListOf } from './allow-list.ts';
import type { ListedChange, ListedRow } from './listed.ts';

/** The newest state of one member's listing; `row` is null once it has ended. */
export interface ListingState {
  readonly revision: number;
  readonly row: ListedRow | null;
}

/** What is known of some identifiers: for each member's listing, its newest state. Keys are `member/id`. */
export type View = ReadonlyMap<string, ListingState>;

/** The view that one statement makes by itself. */
export function viewOf(change: ListedChange): View {
  if ('put' in change) {
    const { put } = change;
    return new Map([[`${put.member}/${put.id}`, { revision: put.revision, row: put }]]);
  }
  const { member, id, revision } = change.end;
  return new Map([[`${member}/${id}`, { revision, row: null }]]);
}

/**
 * Joins what two servers know. Commutative, associative and idempotent, with the empty map as its unit: servers that
 * have seen the same statements hold the same view, in whatever order and however often they came.
 */
export function mergeViews(a: View, b: View): View {
  const merged = new Map(a);
  for (const [listing, state] of b) {
    const known = merged.get(listing);
    if (known === undefined || stands(state, known)) merged.set(listing, state);
  }
  return merged;
}

/** Whether the first state stands over the second. A member that says two things under one revision is read cautiously: an end stands, else the greater text. */
export function stands(a: ListingState, b: ListingState): boolean {
  if (a.revision !== b.revision) return a.revision > b.revision;
  if (a.row === null || b.row === null) return a.row === null && b.row !== null;
  return canonical(a.row) > canonical(b.row);
}

/** Texts of two rows are equal only if the rows are: the order of typologies decides last. */
function canonical(row: ListedRow): string {
  const { tier, key, typologies, presented, discreet, sinceMs, untilMs } = row;
  return JSON.stringify([key, tier, typologies.toSorted(), presented, discreet, sinceMs, untilMs, typologies]);
}

export interface Summary {
  readonly tier: Tier;
  readonly members: readonly string[];
  readonly typologies: readonly string[];
  readonly sinceMs: number;
  readonly untilMs: number;
}

/** What the listings in force at `nowMs` come to together; null if none is. Digests that compare servers name this `now`. */
export function summarise(view: View, nowMs: number): Summary | null {
  const rows = [...view.values()].flatMap(({ row }) => (row !== null && inForce(row, nowMs) ? [row] : []));
  if (rows.length === 0) return null;
  const strongest = Math.min(...rows.map((row) => tiers.indexOf(row.tier)));
  return {
    tier: tiers[strongest]!,
    members: [...new Set(rows.map((row) => row.member))].sort(),
    typologies: [...new Set(rows.flatMap((row) => row.typologies))].sort(),
    sinceMs: Math.min(...rows.map((row) => row.sinceMs)),
    untilMs: Math.max(...rows.map((row) => row.untilMs)),
  };
}

function inForce(row: Pick<ListedRow, 'sinceMs' | 'untilMs'>, nowMs: number): boolean {
  return row.sinceMs <= nowMs && nowMs < row.untilMs;
}

/** When a listing ends by itself: at the author's wish, but never later than the policy allows its tier. */
export function expiryMs(rules: PolicyRules, tier: Tier, sinceMs: number, wishedMs: number | undefined): number {
  const latest = sinceMs + rules.listings.expiryHours[tier] * hourMs;
  return wishedMs === undefined ? latest : Math.min(wishedMs, latest);
}

/** Why an identifier may not be listed at all under the policy, or undefined if it may. */
export function listingBar(rules: PolicyRules, key: string, book: string): Refusal | undefined {
  const colon = key.indexOf(':');
  const type = key.slice(0, colon);
  const value = key.slice(colon + 1);
  // Matching persons across borders comes by another way than a shared number (design, words).
  if (type === 'person' && book !== 'domestic') return refusal('registry.person-stays-home');
  if (allowListOf(rules).holds(key)) return refusal('registry.allow-listed');
  if (type === 'ip') return addressBar(rules, value);
  return undefined;
}

// Addresses for examples (RFC 5737, RFC 3849) belong to nobody: exercises may list them.
const documentationRanges = ['192.0.2.0/24', '198.51.100.0/24', '203.0.113.0/24', '2001:db8::/32'];

function addressBar(rules: PolicyRules, value: string): Refusal | undefined {
  if (isReserved(value) && !documentationRanges.some((range) => rangeContains(range, value))) {
    return refusal('registry.reserved-address');
  }
  if (!value.includes('/')) return undefined;
  const least = value.includes(':') ? rules.listings.minimumPrefixBits.v6 : rules.listings.minimumPrefixBits.v4;
  if (prefixBits(value) < least) return refusal('registry.range-too-wide', { minimumBits: least });
  return undefined;
}

export const typologySet = (names: readonly string[]): number =>
  names.reduce((bits, name) => bits | (1 << typologies.indexOf(name as Typology)), 0);

export const typologyNames = (bits: number): Typology[] => typologies.filter((_, bit) => (bits & (1 << bit)) !== 0);

/** The book for an audience as listings name it. */
export function bookOf(member: string, audience: 'domestic' | 'alliance' | readonly string[]): string {
  if (audience === 'domestic') return audience;
  return bookFor(member, audience === 'alliance' ? [audience] : audience);
}
