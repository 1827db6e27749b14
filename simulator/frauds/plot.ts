import type { Chance } from '../chance/chance.ts';
import type { Nation } from '../world/nations.ts';
import type { Ring } from '../world/underworld.ts';

/** One fraud on one victim, as it is told. */
export interface Plot {
  readonly chance: Chance;
  readonly ring: Ring;
  readonly nation: Nation;
  /** When the victim first pays. */
  readonly payAtMs: number;
  /** When the ring first writes or calls. */
  readonly beginsMs: number;
  readonly loss: number;
  readonly isLarge: boolean;
  lureCall(atMs: number, how: { readonly spoofed: boolean; readonly minutes: number }): void;
  lureMessage(
    atMs: number,
    how: { readonly channel: 'sms' | 'chat'; readonly link: boolean; readonly answered?: boolean },
  ): void;
  victimLogin(atMs: number, how: { readonly remoteAccess: boolean }): void;
  /** The victim pays so much, in minor units of its currency; what follows is the ring's way with such money. */
  pay(atMs: number, minor: number, way: 'chain' | 'pot' | 'seller'): void;
  /** The ring pays a little to the victim, so that it believes. */
  bait(atMs: number, minor: number): void;
}
