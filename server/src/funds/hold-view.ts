import type { Money, NamedPayment } from '@bronze-drum/protocol/fields';
import type { HoldState, PlaceEnd } from '@bronze-drum/protocol/statements/trace-report';
import type { Sql, Tx } from '../platform/db.ts';

/** Money that a trace found at an account here. Amounts are in the account's currency, `stolen` in that of the theft. */
export interface HoldProposal {
  readonly trace: string;
  readonly place: string;
  readonly key: string;
  /** Who can stop it there; by default who keeps the account. */
  readonly institution?: string;
  /** Steps from the victim's account: 1 is the account that the victim paid. */
  readonly hop: number;
  readonly end: PlaceEnd;
  /** What of the theft is there now: a hold is never more than this. */
  readonly taint: Money;
  readonly stolen: Money;
  /** As far as the institution said it. */
  readonly balance?: Money;
  /** The payment by which it came. */
  readonly payment: NamedPayment;
  /** The victim's institution confirmed the debit. */
  readonly debitConfirmed: boolean;
  /** Whether an institution, not only the public, reported it. */
  readonly reportedBy: 'institution' | 'officer' | 'public' | 'member';
  /** Which request of another member it follows from, if any. */
  readonly request?: string;
}

export interface HoldView {
  readonly id: string;
  readonly trace: string;
  readonly place: string;
  readonly key: string;
  readonly institution: string | null;
  readonly state: HoldState;
  readonly taint: Money;
  readonly stolen: Money;
  /** Ordered, and what the institution says that it holds and that was gone. */
  readonly ordered: Money | null;
  readonly held: Money;
  readonly gone: Money;
  readonly refusal: string | null;
  readonly stage: string | null;
  readonly untilMs: number | null;
  readonly request: string | null;
  readonly orderedAtMs: number | null;
  readonly heldAtMs: number | null;
}

/** Time-limited stops on amounts. */
export interface Holds {
  /**
   * Proposes a hold for a place of a trace, or adapts the one that is there: what a trace now knows better. Where the
   * standing rule allows it, it is ordered at once. One hold a trace and place that has not ended.
   */
  propose(tx: Tx, proposal: HoldProposal): Promise<HoldView>;
  /** Hears each change of a hold, in its transaction. */
  onChange(hear: (tx: Tx, hold: HoldView) => Promise<void>): void;
  ofTraces(sql: Sql, traces: readonly string[]): Promise<HoldView[]>;
}
