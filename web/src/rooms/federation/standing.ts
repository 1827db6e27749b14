import type { DirectoryView } from '../../../../server/src/directory/contract.ts';
import type { Links } from '../../../../server/src/federation/contract.ts';
import type { Tone } from '../../ui/mark.tsx';

export type LinkLine = Links['links'][number];
export type PartyLine = DirectoryView['parties'][number];

export const linkTones: Readonly<Record<LinkLine['state'], Tone>> = {
  connecting: 'ochre',
  live: 'patina',
  unreachable: 'cinnabar',
  refused: 'cinnabar',
  paused: 'ochre',
  isolated: 'ochre',
};

/** How many of a neighbour's statements are not here yet, or are here and not in the rooms. */
export function behindIn({ reads }: Pick<LinkLine, 'reads'>): { missing: number; waiting: number } {
  return {
    missing: sum(reads.map(({ size, here }) => Math.max(0, size - here))),
    waiting: sum(reads.map(({ here, applied }) => Math.max(0, here - applied))),
  };
}

/** The same of our statements there, as it says itself; and how many it holds back. */
export function behindOut({ read }: Pick<LinkLine, 'read'>): { missing: number; waiting: number; held: number } {
  return {
    missing: sum(read.map(({ size, received }) => Math.max(0, size - received))),
    waiting: sum(read.map(({ size, received, applied }) => Math.max(0, Math.min(size, received) - applied))),
    held: sum(read.map(({ held }) => held.length)),
  };
}

/** When it last said how far it is; undefined if it never did. */
export function lastReceipt({ read }: Pick<LinkLine, 'read'>): string | undefined {
  return read
    .flatMap(({ receiptAt }) => (receiptAt === null ? [] : [receiptAt]))
    .toSorted()
    .at(-1);
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);
