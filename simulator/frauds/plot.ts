import type { Chance } from '../chance/chance.ts';
import type { Nation } from '../world/nations.ts';
import type { Ring } from '../world/underworld.ts';
import type { Caution } from './caution.ts';

/** The victim; the victim some time after the ring has let it go; or the ring in its name, from its own device. */
export type Payer = 'victim' | 'left-alone' | 'thief';

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
  readonly caution: Caution | undefined;
  lureCall(atMs: number, how: { readonly spoofed: boolean; readonly minutes: number }): void;
  lureMessage(
    atMs: number,
    how: { readonly channel: 'sms' | 'chat'; readonly link: boolean; readonly answered?: boolean },
  ): void;
  victimLogin(atMs: number, how: { readonly remoteAccess: boolean }): void;
  /** With the victim’s password, from where the ring is. */
  thiefLogin(atMs: number, how: { readonly isNew: boolean }): void;
  /** The victim’s number gets another card, which the ring has. */
  swapCard(atMs: number): void;
  /** The victim pays so much, in minor units of its currency; what follows is the ring's way with such money. */
  pay(atMs: number, minor: number, way: 'chain' | 'pot' | 'seller', by?: Payer): void;
  /** The ring pays a little to the victim, so that it believes. */
  bait(atMs: number, minor: number): void;
}
