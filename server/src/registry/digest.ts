import { createHash } from 'node:crypto';
import { tiers } from '@bronze-drum/protocol/statements/listing';
import { instantText } from '../kernel/clock.ts';
import type { Db } from '../platform/db.ts';
import { typologyNames } from './rules.ts';

/** What two servers compare to see whether they know the same listings of a book. */
export interface Digest {
  readonly book: string;
  readonly now: string;
  /** How many listings it covers: those in force at `now`, and those that will be. */
  readonly count: number;
  readonly sha256: string;
}

/**
 * Of every member's listings in a book that have not ended by `nowMs`, from one instant of the database. It does not
 * cover what has ended: each member forgets that by its own rule, and what one has ended another shows as a difference.
 */
export async function digestOf(db: Db, nowMs: number, book: string): Promise<Digest> {
  const hash = createHash('sha256');
  let count = 0;
  interface Row {
    member: string;
    id: string;
    revision: number;
    key: string;
    tier: number;
    typologies: number;
    presented: boolean;
    discreet: boolean;
    since: Date;
    until: Date;
  }
  const text = `SELECT member, id, revision, key, tier, typologies, presented, discreet, since, until
                FROM registry.listings WHERE book = $1 AND state = 'listed' AND until > $2
                ORDER BY id, member COLLATE "C"`;
  for await (const rows of db.stream<Row>(text, [book, new Date(nowMs)], 5000)) {
    for (const row of rows) hash.update(lineOf(row, nowMs));
    count += rows.length;
  }
  return { book, now: instantText(nowMs), count, sha256: hash.digest('hex') };

  function lineOf(row: Row, nowMs: number): string {
    const since = row.since.getTime();
    const state = since > nowMs ? 'pending' : 'listed';
    const claim = [row.key, tiers[row.tier], typologyNames(row.typologies).sort(), row.presented, row.discreet];
    return `${JSON.stringify([row.member, row.id, row.revision, state, ...claim, since, row.until.getTime()])}\n`;
  }
}
