import type { Hints, IdentifierType } from '@bronze-drum/protocol/identifiers/identifier';

import type { FeedItem, FeedRefusal } from './entry.ts';
import { faultOf, lineBytesMax } from './entry.ts';

/** What a MISP attribute or a STIX object claims, as far as it says it. */
export interface Claim {
  readonly type: IdentifierType;
  readonly text: string;
  readonly hints?: Pick<Hints, 'country' | 'bank'> | undefined;
  readonly grounds?: string | undefined;
  readonly since?: string | undefined;
  readonly until?: string | undefined;
}

/** The claim as an item. A description may be an essay: it is cut, where any other overlong field is refused. */
export function itemOfClaim(line: number, claim: Claim): FeedItem | FeedRefusal {
  const text = claim.text.trim();
  if (text === '') return { line, refused: 'feed.no-identifier' };
  const item: { -readonly [field in keyof FeedItem]: FeedItem[field] } = { line, text, type: claim.type };
  if (claim.hints !== undefined) item.hints = claim.hints;
  if (claim.grounds !== undefined) item.grounds = cut(claim.grounds);
  if (claim.since !== undefined) item.since = claim.since;
  if (claim.until !== undefined) item.until = claim.until;
  for (const field of [item.text, item.grounds, item.since, item.until]) {
    const fault = field === undefined ? undefined : faultOf(field);
    if (fault !== undefined) return { line, refused: fault };
  }
  return item;
}

function cut(text: string): string {
  if (text.length <= lineBytesMax) return text;
  const start = text.slice(0, lineBytesMax - 1);
  return `${start.isWellFormed() ? start : start.slice(0, -1)}…`;
}
