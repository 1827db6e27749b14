import { parentDomains } from '@bronze-drum/protocol/identifiers/domain';
import { hostOf } from '@bronze-drum/protocol/identifiers/url';
import type { Listing, ListingTable } from './listing-table.ts';

export const matchKinds = ['exact', 'host', 'domain', 'prefix'] as const;
/** How a listed key concerns the one that was asked for: it is the same, its host, a domain above it, or a range around it. */
export type MatchKind = (typeof matchKinds)[number];

export interface Match {
  readonly kind: MatchKind;
  /** The listed key. */
  readonly key: string;
  readonly listings: readonly Listing[];
}

const none: readonly Match[] = [];

/** Everything in force at an instant that concerns a canonical key, the closest first. */
export function matchesOf(table: ListingTable, key: string, nowMs: number): readonly Match[] {
  const exact = table.inForce(key, nowMs);
  const found: readonly Match[] = exact.length === 0 ? none : [{ kind: 'exact', key, listings: exact }];
  const colon = key.indexOf(':');
  switch (key.slice(0, colon)) {
    case 'url':
      return [...found, ...ofHost(table, hostOf(key.slice(colon + 1)), nowMs)];
    case 'email':
      return [...found, ...ofDomains(table, parentDomains(key.slice(key.lastIndexOf('@') + 1)), nowMs)];
    case 'domain':
      return [...found, ...ofDomains(table, parentDomains(key.slice(colon + 1)).slice(1), nowMs)];
    case 'ip':
      return [...found, ...ofRanges(table, key.slice(colon + 1), nowMs)];
    default:
      return found;
  }
}

function ofHost(table: ListingTable, host: string, nowMs: number): Match[] {
  const isAddress = /^[\d.]+$|:/.test(host);
  const key = isAddress ? `ip:${host}` : `domain:${host}`;
  const above = isAddress ? ofRanges(table, host, nowMs) : ofDomains(table, parentDomains(host).slice(1), nowMs);
  const listings = table.inForce(key, nowMs);
  return listings.length === 0 ? above : [{ kind: 'host', key, listings }, ...above];
}

function ofDomains(table: ListingTable, domains: readonly string[], nowMs: number): Match[] {
  return domains.flatMap((domain) => {
    const key = `domain:${domain}`;
    const listings = table.inForce(key, nowMs);
    return listings.length === 0 ? [] : [{ kind: 'domain', key, listings }];
  });
}

/** The longest prefix stands for all wider ones. Only discreet listings do not hide, or show, what lies behind them. */
function ofRanges(table: ListingTable, address: string, nowMs: number): Match[] {
  const matches: Match[] = [];
  let hasOpen = false;
  for (const key of table.ranges.covering(address)) {
    const inForce = table.inForce(key, nowMs);
    const listings: readonly Listing[] = hasOpen ? inForce.filter((listing) => listing.discreet) : inForce;
    if (listings.length === 0) continue;
    matches.push({ kind: 'prefix', key, listings });
    hasOpen ||= listings.some((listing) => !listing.discreet);
  }
  return matches;
}
