import type { Mark } from '../world/happening.ts';
import type { Nation } from '../world/nations.ts';
import type { Ring } from '../world/underworld.ts';

/** Tells what something really is, once; nothing if it was told before. */
export type Marking = (
  mark: Omit<Mark, 'scheme' | 'member'> & { readonly nation: Nation },
  ring: Ring,
) => readonly Mark[];

/** What the rings of a nation do for many frauds. */
export interface Trade {
  minute(minuteMs: number): void;
  /** What they did in the last hours before a world that begins in the middle of things. */
  before(fromMs: number): void;
}

/** So long a time before a world that begins in the middle of things is told. */
export const historyMs = 3 * 3_600_000;
