import { bookFor, foundingMembers } from '@bronze-drum/protocol/members';
import type { Chance } from './chance.ts';

/** Where a server may fall over by itself: between two commits. */
export type CrashPoint = 'committed' | 'stored' | 'applied';

export interface Plan {
  readonly members: readonly string[];
  readonly observer: string | null;
  /** Who is not honest, and how. */
  readonly rogue: { readonly member: string; readonly nature: 'forks' | 'misfits' } | null;
  readonly books: ReadonlyMap<string, readonly string[]>;
  readonly durationMs: number;
  readonly statements: number;
  readonly pageEntries: number;
  readonly pagesAtOnce: number;
  readonly pollMs: number;
  readonly faults: Faults;
}

export interface Faults {
  readonly loss: number;
  readonly duplicate: number;
  readonly delay: number;
  readonly alter: number;
  readonly crashAt: Readonly<Record<CrashPoint, number>>;
  readonly partitions: number;
  readonly crashes: number;
  readonly restores: number;
  /** How often a disk is lost when something is half done. */
  readonly restoreHalfDone: number;
  readonly rotations: number;
  readonly pauses: number;
  readonly probes: number;
  /** How often a statement is dated ahead. */
  readonly ahead: number;
  readonly skewed: boolean;
}

/** What a seed stands for. Each fault is absent from some seeds, so that every pair of faults meets alone in others. */
export function planOf(chance: Chance): Plan {
  const members = chance
    .shuffle(foundingMembers)
    .slice(0, chance.pick([3, 3, 3, 3, 4, 4, 5, 6]))
    .sort();
  const observer = chance.hits(0.3) ? 'unodc' : null;
  const nature = chance.pick(['forks', 'misfits', null, null, null, null, null] as const);
  const some = (probability: number, most: number): number => (chance.hits(probability) ? chance.between(1, most) : 0);
  const often = (probability: number, percentMax: number): number => some(probability, percentMax) / 100;
  return {
    members,
    observer,
    rogue: nature === null ? null : { member: chance.pick(members), nature },
    books: new Map(members.map((member) => [member, booksFor(chance, member, members, observer)])),
    durationMs: chance.between(80, 200) * 1000,
    statements: chance.between(10, 24),
    pageEntries: chance.between(1, 6),
    pagesAtOnce: chance.between(2, 8),
    pollMs: chance.between(40, 65) * 1000,
    faults: {
      loss: often(0.6, 25),
      duplicate: often(0.5, 20),
      delay: often(0.6, 30),
      alter: often(0.25, 20),
      crashAt: { committed: often(0.25, 12), stored: often(0.25, 8), applied: often(0.25, 8) },
      partitions: some(0.5, 3),
      crashes: some(0.5, 4),
      restores: some(0.55, 3),
      restoreHalfDone: often(0.7, 60),
      rotations: some(0.3, 2),
      pauses: some(0.4, 2),
      probes: some(0.5, 4),
      ahead: often(0.3, 20),
      skewed: chance.hits(0.4),
    },
  };
}

function booksFor(chance: Chance, member: string, members: readonly string[], observer: string | null): string[] {
  const books = ['domestic', 'alliance', bookFor(member, [chance.pick(members.filter((other) => other !== member))])];
  if (observer !== null) books.push(bookFor(member, ['alliance', observer]));
  return books;
}
