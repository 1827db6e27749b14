import type { ActivityKind } from '@bronze-drum/protocol/activity/kinds';
import type { Static, TObject } from 'typebox';
import type { Named, Verdict } from './detector.ts';
import type { Flat } from './state/arrays.ts';
import type { Listed } from './state/accounts.ts';
import type { Sight } from './sight.ts';

/** What is known of the network that an address belongs to. */
export interface Network {
  /** ISO 3166-1 alpha-2, upper case. */
  readonly country?: string;
  readonly kind?: 'hosting' | 'vpn' | 'mobile' | 'satellite';
}

/** What every watch stands on. */
export interface Ground {
  /** Of the nation: ISO 3166-1 alpha-2, upper case. */
  readonly country: string;
  /** Whether somebody lists a key, and how certain that is. */
  readonly listed: (key: string) => Listed;
  readonly networkOf: (ip: string) => Network | undefined;
  /** Whether findings about a key are made here, and not in another process. */
  readonly owns: (key: string) => boolean;
  /** What the member has set for a detector, and the defaults of its schema beside; the same object until something is set. */
  readonly limitsOf: <L extends TObject>(detector: Named<L>) => Static<L>;
}

/** Keeps what one family of detectors needs to know, and asks them about each record. */
export interface Watch {
  readonly on: readonly ActivityKind[];
  see(sight: Sight, found: Found): void;
  /** Limits were set: what `limitsOf` gave before is of no use. */
  rulesChanged?(): void;
  /** All of its state; written down and put back by whoever opened it. */
  arrays(): readonly Flat[];
  bytes(): number;
}

/** Called with what a detector says of a key. */
export type Found = (detector: Named, subject: string, verdict: Verdict) => void;
