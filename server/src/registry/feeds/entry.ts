import type { Hints, IdentifierType } from '@bronze-drum/protocol/identifiers/identifier';
import type { Refusal } from '@bronze-drum/protocol/refusals';

export const feedFormats = ['plain', 'hosts', 'csv', 'ndjson', 'misp', 'stix'] as const;

export type FeedFormat = (typeof feedFormats)[number];

/** One claim of a feed, as written: nothing is parsed, folded or judged here. */
export interface FeedItem {
  /** 1-based line of the source; in a JSON document the ordinal of the attribute (MISP) or object (STIX). */
  readonly line: number;
  readonly text: string;
  /** Only when the format itself says so. */
  readonly type?: IdentifierType;
  readonly hints?: Pick<Hints, 'country' | 'bank'>;
  readonly tier?: string;
  readonly typologies?: readonly string[];
  readonly offence?: string;
  readonly grounds?: string;
  readonly since?: string;
  readonly until?: string;
}

export interface FeedRefusal extends Refusal {
  readonly line: number;
}

/**
 * Why a sound part of a feed makes no claim: `type` is nothing that the nations exchange, `to-ids` is marked as context
 * by its author, `local` and `mapping` are a hosts file's own machinery, the others speak for themselves.
 */
export type FeedSkipReason = 'type' | 'to-ids' | 'deleted' | 'revoked' | 'benign' | 'victim' | 'local' | 'mapping';

/** What was passed over, counted over the whole feed: at most one for each reason, in the last batch. */
export interface FeedSkip {
  /** Where it happened first. */
  readonly line: number;
  readonly skipped: FeedSkipReason;
  readonly count: number;
}

export type FeedEntry = FeedItem | FeedRefusal | FeedSkip;

/** A format's reader: a machine that is fed bytes and fills batches, without waiting for anything. */
export interface FeedReader {
  /** Bytes after the byte-order mark, in blocks of any size. Never throws. */
  readonly push: (bytes: Uint8Array) => void;
  /** The feed is complete. Not called when it broke off, so that a half-read last line never becomes a claim. */
  readonly end: () => void | Promise<void>;
  /** The last line, attribute or object that was dealt with. */
  readonly line: number;
}

export const lineBytesMax = 8 * 1024;

/** NUL, the replacement character, or a surrogate, which may be a lone one: rare enough for one look at most texts. */
const suspect = /[\0\uFFFD\uD800-\uDFFF]/;

/** Why one field must not go further, or undefined. A replacement character means that bytes were lost in decoding. */
export function faultOf(text: string): string | undefined {
  if (text.length > lineBytesMax) return 'feed.line-too-long';
  if (!suspect.test(text)) return undefined;
  if (text.includes('\0')) return 'feed.nul';
  if (text.includes('\uFFFD') || !text.isWellFormed()) return 'feed.bad-utf8';
  return undefined;
}
