import type { Kept } from '../state/arrays.ts';

/** One payment as windows see it. */
export interface PaymentSight {
  readonly atMs: number;
  /** Slots of accounts, from 0; -1 is cash or outside. */
  readonly from: number;
  readonly to: number;
  readonly usd: number;
  /** The place in `paymentChannels`. */
  readonly channel: number;
  /** After the payment, in dollars; NaN if nobody said. */
  readonly fromBalance: number;
  readonly toBalance: number;
}

/** Some features of a payment, in a row beside those of others: windows, detectors' verdicts. */
export interface FeatureSource {
  readonly names: readonly string[];
  /** Writes what is known with this payment from `offset` on; what is not known is NaN. Each payment is read once, before it is noted. */
  read(payment: PaymentSight, row: Float32Array, offset: number): void;
}

/** A source with a memory of its own: each payment is read first and noted then. */
export interface FeaturePart extends FeatureSource, Kept {
  note(payment: PaymentSight): void;
  /** An account's slot is given to another account. */
  forget(slot: number): void;
}

export const dayMs = 86_400_000;

/** Days from then until now, NaN if it never was. Instants are after 1970, so that 0 says never. */
export const daysSince = (thenMs: number, nowMs: number): number =>
  thenMs === 0 ? Number.NaN : Math.max(0, nowMs - thenMs) / dayMs;
