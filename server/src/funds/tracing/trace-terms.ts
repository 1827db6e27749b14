import type { NamedPayment } from '@bronze-drum/protocol/fields';
import type { MemberCode } from '@bronze-drum/protocol/members';
import type { PlaceEnd } from '@bronze-drum/protocol/statements/trace-report';
import type { PaymentChannel } from './told-payment.ts';
import type { TracingMethod } from './pools.ts';

/** Stolen money arrives: the victim's payment, or one that another member followed so far. */
export interface Origin {
  readonly from?: string;
  /** Null: cash. */
  readonly to: string | null;
  /** What of it was stolen, in minor units, and the currency in which the theft is counted. */
  readonly amount: bigint;
  readonly currency: string;
  readonly atMs: number;
  readonly reference?: string;
  /** How many steps from the victim `to` is: 1 is the account that the victim paid. */
  readonly hop: number;
}

/** An institution holds an amount from an instant on: what of the theft is in it stays there, whatever else comes and goes. */
export interface HeldAmount {
  readonly key: string;
  /** In minor units of the account's money. */
  readonly currency: string;
  readonly local: bigint;
  readonly atMs: number;
}

export interface TraceLimits {
  readonly method: TracingMethod;
  /** A place at so many steps is not followed. */
  readonly hopsMax: number;
  /** What happens later is not followed. */
  readonly untilMs: number;
  /** Minor units by the theft's currency: less at one place is not followed. */
  readonly smallest: Readonly<Record<string, bigint>>;
  /** Accounts. What would reach more ends in one place `too-far`. */
  readonly placesMax: number;
  /** Steps. When there are so many, the trace ends, and is not complete. */
  readonly edgesMax: number;
  /** An account that so many others paid between the first origin and `untilMs` is pooled. */
  readonly pooledPayersMin: number;
  readonly self: MemberCode;
  /** Where an account lives, if its key says so. */
  homeOf(key: string): MemberCode | undefined;
  isMerchant(key: string, channel: PaymentChannel): boolean;
  /** Whether somebody tells us of the account's payments. */
  reports(key: string): boolean;
  /** What is held now; none, unless some is said. */
  readonly held?: readonly HeldAmount[];
}

export interface TracedPlace {
  /** Names the place within what is stolen in its currency: the same whenever the trace is made anew. */
  readonly name: string;
  /** Null for what is no account. */
  readonly key: string | null;
  /** Of the money there. */
  readonly currency: string;
  readonly stolenCurrency: string;
  /** The fewest steps in which it was reached. */
  readonly hop: number;
  /** What of the theft reached it and what remains, in the stolen currency; and what remains in the place's own. */
  readonly reached: bigint;
  readonly remains: bigint;
  readonly local: bigint;
  /** As far as an institution told it; what remains is never more. */
  readonly balance?: bigint;
  readonly end: PlaceEnd;
  /** Where the end is `abroad`. */
  readonly member?: MemberCode;
  readonly firstAtMs: number;
}

export interface TracedEdge {
  /** Names of places; null: an origin. */
  readonly from: string | null;
  readonly to: string;
  readonly stolenCurrency: string;
  readonly stolen: bigint;
  /** In the currency of the place that it reached. */
  readonly local: bigint;
  readonly atMs: number;
  /** Absent where money left unseen. */
  readonly payment?: NamedPayment;
}

export interface Traced {
  /** In the order in which they were reached. */
  readonly places: readonly TracedPlace[];
  readonly edges: readonly TracedEdge[];
  /** For each stolen currency: what remains at all places is, to the last minor unit, what was stolen. */
  readonly totals: readonly {
    readonly currency: string;
    readonly stolen: bigint;
    readonly byEnd: Readonly<Partial<Record<PlaceEnd, bigint>>>;
  }[];
  /** Whether `edgesMax` sufficed. */
  readonly isComplete: boolean;
}

/** By what money came to a place: the place that it left, its steps, its payment. */
export interface Via {
  readonly from: string | null;
  readonly hop: number;
  readonly atMs: number;
  /** Undefined: an origin whose payment nobody told, or money that left unseen. */
  readonly place: number | undefined;
  readonly origin?: Origin;
}
