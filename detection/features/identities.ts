import type { Flat, Kept } from '../state/arrays.ts';

/** Tells accounts apart that had the same slot, one after the other. */
export interface Identities extends Kept {
  /** The number of the account that has the slot now, from 1. */
  of(slot: number): number;
  /** The same, or 0 if nobody asked yet. */
  now(slot: number): number;
  forget(slot: number): void;
}

export function openIdentities(accounts: number): Identities {
  const born = new Uint32Array(accounts);
  const last = new Uint32Array(1);
  return {
    of(slot) {
      const known = born[slot]!;
      if (known !== 0) return known;
      const next = last[0]! + 1;
      last[0] = next;
      born[slot] = next;
      return next;
    },
    now: (slot) => born[slot]!,
    forget(slot) {
      born[slot] = 0;
    },
    arrays: (): readonly Flat[] => [born, last],
  };
}
