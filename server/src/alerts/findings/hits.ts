import { isWithin } from '@bronze-drum/protocol/handling';
import { bookFor } from '@bronze-drum/protocol/members';
import type { Clock } from '../../kernel/clock.ts';
import { advices, type Advice } from '../../kernel/policy.ts';
import type { Db } from '../../platform/db.ts';
import { endsWithin, openLoop } from '../../platform/loops.ts';
import type { Screening, StoredHit } from '../../screening/screening.ts';
import type { Gathering } from '../gathering.ts';
import type { Finding } from '../record.ts';
import { rankOfAdvice } from '../rules.ts';
import * as store from '../store.ts';
import type { Telling } from '../telling.ts';
import { readBooksOf } from './listed-store.ts';
import type { Source } from './source.ts';
import type { Watched } from './watched.ts';

export interface HitsParts {
  readonly db: Db;
  readonly clock: Clock;
  readonly member: string;
  readonly screening: Pick<Screening, 'hitsAfter' | 'onHits'>;
  readonly gathering: Gathering;
  readonly watched: Watched;
  readonly telling: Pick<Telling, 'homeAbroad'>;
  /** Resolves once what members list is known here as far as it is numbered. */
  listingsCaughtUp(): Promise<void>;
  readonly onError: (error: unknown) => void;
}

const cursor = 'hits';
const batchHits = 2000;
const pollMs = 1000;
const listingsMsMax = 2000;
/** Stronger than `watch`. */
const alerting: readonly Advice[] = advices.slice(0, advices.indexOf('watch'));

/** What institutions asked about and were advised to challenge, hold or block, and what they asked about without knowing. */
export function followHits(parts: HitsParts): Source {
  const { db, screening } = parts;
  let read: number | undefined;

  async function step(): Promise<void> {
    read ??= (await store.readCursor(db, cursor))?.number ?? 0;
    for (;;) {
      const hits = await screening.hitsAfter(db, read, batchHits);
      const last = hits.at(-1);
      if (last === undefined) return;
      // A hit follows from a listing that may have come a moment ago. While millions of them are read, hits do not wait for
      // all: one whose listing is not known yet is not told abroad.
      await endsWithin(parts.listingsCaughtUp(), listingsMsMax);
      await db.tx(async (tx) => {
        const books = await readBooksOf(tx, [...new Set(hits.map((hit) => hit.listing))]);
        await parts.gathering.apply(
          tx,
          hits.flatMap((hit) => findingsOf(hit, books)),
        );
        await store.moveCursor(tx, cursor, last.number);
      });
      read = last.number;
    }
  }

  function findingsOf(hit: StoredHit, books: ReadonlyMap<string, readonly string[]>): Finding[] {
    const { institution, advice, discreet } = hit;
    const atMs = hit.at.getTime();
    const source = `institution:${institution}`;
    const params = { advice, match: hit.kind, institution };
    const rank = discreet ? 2 : rankOfAdvice(advice);
    const seen = { what: 'hit', params: { advice, institution }, rank, atMs, discreet, institution, source } as const;
    const keys = new Set([hit.key, hit.matched]);
    const watched = [...keys].flatMap((key) => parts.watched.findings({ ...seen, key }, parts.clock.now()));
    if (!discreet && !alerting.includes(advice)) return watched;
    const finding: Finding = {
      kind: 'screening-hit',
      subject: hit.matched,
      code: discreet ? 'screening-hit.discreet' : 'screening-hit.advised',
      params,
      rank,
      atMs,
      discreet,
      source,
      tellable: !discreet && isKnownAtHome(hit, books.get(hit.listing) ?? []),
      except: institution,
    };
    return [finding, ...watched];
  }

  /** To tell a member of the hit is to tell it of the listing: it must be in the audience of the one that was hit. */
  function isKnownAtHome(hit: StoredHit, books: readonly string[]): boolean {
    const home = parts.telling.homeAbroad(hit.matched);
    if (home === undefined) return false;
    const toHome = bookFor(parts.member, [home]);
    return books.length > 0 && books.every((book) => isWithin(toHome, book));
  }

  const loop = openLoop(step, { onError: parts.onError, pollMs });
  screening.onHits(loop.wake);
  loop.wake();
  return { caughtUp: loop.run, close: loop.close };
}
