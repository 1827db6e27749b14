import type { LinkView } from './links.ts';
import type { HeldCount } from './store.ts';

/** What is wrong between this server and a neighbour; for rooms that tell officers of it. */
export interface Trouble {
  readonly party: string;
  /** `unreachable`, `refused` (its answer, or what it sent, was no use), `fork` (two histories), `held` (statements kept back). */
  readonly code: 'unreachable' | 'refused' | 'fork' | 'held';
  readonly sinceMs: number;
  /** How many books or statements; 1 for a link. */
  readonly count: number;
}

/** A pause or isolation is a decision and no trouble, and whoever is being connected to has not failed yet. */
export function troublesOf(
  views: readonly LinkView[],
  forks: readonly { member: string; forked_at: Date | null }[],
  held: readonly HeldCount[],
): Trouble[] {
  const links = views.flatMap(({ party, state, sinceMs }): Trouble[] =>
    state === 'unreachable' || state === 'refused' ? [{ party, code: state, sinceMs, count: 1 }] : [],
  );
  const forked = Map.groupBy(
    forks.flatMap(({ member, forked_at }) => (forked_at === null ? [] : [{ member, atMs: forked_at.getTime() }])),
    ({ member }) => member,
  );
  return [
    ...links,
    ...[...forked].map(([party, books]): Trouble => ({
      party,
      code: 'fork',
      sinceMs: Math.min(...books.map(({ atMs }) => atMs)),
      count: books.length,
    })),
    ...held.map(({ member, count, since }): Trouble => ({
      party: member,
      code: 'held',
      sinceMs: since.getTime(),
      count,
    })),
  ];
}
