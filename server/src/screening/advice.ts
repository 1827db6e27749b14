import { identifierTypes, type IdentifierType } from '@bronze-drum/protocol/identifiers/identifier';
import { tiers, type Tier } from '@bronze-drum/protocol/statements/listing';
import { advices, type Advice, type PolicyRules } from '../kernel/policy.ts';
import type { Listing } from './listing-table.ts';
import type { Match, MatchKind } from './match.ts';
import { memberNumber } from './member-numbers.ts';

/** A member's rules of screening, read into a table. A rank is a place in `advices`: the lower, the stronger. */
export interface AdviceRules {
  /** The rank of a listing of each tier, for each type of identifier. */
  readonly ranks: Readonly<Record<IdentifierType, Readonly<Record<Tier, number>>>>;
  readonly corroboratingMembers: number;
  readonly corroboratedRank: number;
  readonly presentedRank: number;
  readonly ancestorRank: number;
}

/** What is advised, and on what grounds. */
export interface Decision {
  readonly advice: Advice;
  /** The match and the listing from which the advice follows. */
  readonly kind: MatchKind;
  readonly matchedKey: string;
  readonly listing: Listing;
  /** Of all grounds, as sets of bits in the order of the protocol's tiers and typologies, and by members' numbers. */
  readonly tiers: number;
  readonly typologies: number;
  readonly members: number;
  /** Whether a discreet listing is among the grounds. */
  readonly discreet: boolean;
}

const rankOf = (advice: Advice): number => advices.indexOf(advice);
const clearRank = rankOf('clear');

export function readRules(screening: PolicyRules['screening']): AdviceRules {
  const { advice, byType, corroboration } = screening;
  const ranksOf = (type: IdentifierType) =>
    Object.fromEntries(tiers.map((tier) => [tier, rankOf(byType?.[type]?.[tier] ?? advice[tier])])) as Record<
      Tier,
      number
    >;
  return {
    ranks: Object.fromEntries(identifierTypes.map((type) => [type, ranksOf(type)])) as AdviceRules['ranks'],
    corroboratingMembers: corroboration.members,
    corroboratedRank: rankOf(corroboration.raiseTo),
    presentedRank: rankOf(screening.presentedAtMost),
    ancestorRank: rankOf(screening.ancestorAtMost),
  };
}

/**
 * The advice on everything that matched; undefined when nothing did. The strongest wins, and of equals the closest match.
 * Without `seesDiscreet` the answer is the one that would be given if no discreet listing existed.
 */
export function decide(rules: AdviceRules, matches: readonly Match[], seesDiscreet: boolean): Decision | undefined {
  let decided: { rank: number; match: Match; listing: Listing } | undefined;
  const sets = { tiers: 0, typologies: 0, members: 0, discreet: false };
  for (const match of matches) {
    const shown = seesDiscreet ? match.listings : openOnes(match.listings);
    if (shown.length === 0) continue;
    const found = strongest(rules, match, shown);
    if (decided === undefined || found.rank < decided.rank) decided = { ...found, match };
    for (const listing of shown) {
      sets.tiers |= 1 << tiers.indexOf(listing.tier);
      sets.typologies |= listing.typologies;
      sets.members |= 1 << memberNumber(listing.member);
      sets.discreet ||= listing.discreet;
    }
  }
  if (decided === undefined) return undefined;
  const { rank, match, listing } = decided;
  return { advice: advices[rank]!, kind: match.kind, matchedKey: match.key, listing, ...sets };
}

/** Almost always all of them. */
function openOnes(listings: readonly Listing[]): readonly Listing[] {
  return listings.some((listing) => listing.discreet) ? listings.filter((listing) => !listing.discreet) : listings;
}

function strongest(rules: AdviceRules, match: Match, shown: readonly Listing[]): { rank: number; listing: Listing } {
  const ranks = rules.ranks[match.key.slice(0, match.key.indexOf(':')) as IdentifierType];
  const capped = (rank: number): number => (match.kind === 'exact' ? rank : Math.max(rank, rules.ancestorRank));
  const rankOfListing = (listing: Listing): number =>
    capped(listing.presented ? Math.max(ranks[listing.tier], rules.presentedRank) : ranks[listing.tier]);
  let best = shown[0]!;
  let rank = rankOfListing(best);
  for (const listing of shown) {
    const other = rankOfListing(listing);
    if (other > rank || (other === rank && !precedes(listing, best))) continue;
    best = listing;
    rank = other;
  }
  return {
    rank: isCorroborated(rules, ranks, shown) ? Math.min(rank, capped(rules.corroboratedRank)) : rank,
    listing: best,
  };
}

/** Several members say the same. A spoofed number is seen in many countries without its holder's doing, so that does not count. */
function isCorroborated(rules: AdviceRules, ranks: Readonly<Record<Tier, number>>, shown: readonly Listing[]): boolean {
  if (shown.length < rules.corroboratingMembers) return false;
  const counted = shown.filter((listing) => !listing.presented && ranks[listing.tier] < clearRank);
  return new Set(counted.map((listing) => listing.member)).size >= rules.corroboratingMembers;
}

/** An order of equals that does not depend on which was heard of first. */
function precedes(one: Listing, other: Listing): boolean {
  const byTier = tiers.indexOf(one.tier) - tiers.indexOf(other.tier);
  if (byTier !== 0) return byTier < 0;
  if (one.untilMs !== other.untilMs) return one.untilMs > other.untilMs;
  if (one.member !== other.member) return one.member < other.member;
  return one.id < other.id;
}
