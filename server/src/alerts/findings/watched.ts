import type { Finding, Params } from '../record.ts';
import { officers } from '../record.ts';
import type { Serving } from '../serving.ts';
import type { IndexedWatch, WatchIndex } from '../watch-index.ts';

/** Something that a watch may concern. */
export interface Seen {
  readonly what: 'listing' | 'hit' | 'activity';
  readonly key: string;
  readonly params: Params;
  readonly rank: Finding['rank'];
  readonly atMs: number;
  /** No institution may know of it. */
  readonly discreet: boolean;
  /** Who asked or reported. */
  readonly institution?: string;
  readonly source?: string;
}

export interface Watched {
  findings(seen: Seen, nowMs: number): Finding[];
}

export function openWatched(index: Pick<WatchIndex, 'matching'>, serving: Pick<Serving, 'servedBy'>): Watched {
  /**
   * What an institution may learn by a watch. Of a listing: whatever is open to institutions, as its own question would tell
   * it. Of others' questions: only about its own customers, because that somebody asks about a third person is that person's
   * and the asker's business. Of others' activity: nothing, not even about its own customers, because a record says who paid
   * or called whom; what is suspected of a customer it is told as the one that serves them. Its own it may watch for
   * anything.
   */
  function mayLearn(institution: string, seen: Seen): boolean {
    if (seen.discreet) return false;
    if (seen.what === 'listing' || seen.institution === institution) return true;
    return seen.what === 'hit' && serving.servedBy(seen.key).includes(institution);
  }

  function findingOf(watch: IndexedWatch, seen: Seen): Finding | undefined {
    const colon = watch.owner.indexOf(':');
    const owner = watch.owner.slice(colon + 1);
    const isOfficer = watch.owner.startsWith('officer:');
    if (!isOfficer && !mayLearn(owner, seen)) return undefined;
    return {
      kind: 'watch',
      subject: seen.key,
      code: `watch.${seen.what}`,
      params: { watch: watch.id, ...seen.params },
      rank: seen.rank,
      atMs: seen.atMs,
      discreet: seen.discreet,
      ...(seen.source !== undefined && { source: seen.source }),
      tellable: false,
      only: isOfficer ? officers : `institution:${owner}`,
      ...(isOfficer && { watchers: [owner] }),
      quiet: watch.isDigest,
    };
  }

  return {
    findings: (seen, nowMs) => index.matching(seen.key, nowMs).flatMap((watch) => findingOf(watch, seen) ?? []),
  };
}
