import type { Payment } from '@bronze-drum/protocol/activity/payment';
import type { Accounts } from './state/accounts.ts';
import type { Payments } from './state/payments.ts';
import type { Trail } from './state/trail.ts';
import type { Window } from './state/window.ts';

/** What a detector of accounts sees: one end of a payment, its window, and what lies behind. It is filled anew each time. */
export interface PaymentView {
  /** Whose window it is: it paid (`out`) or was paid (`in`). */
  end: 'in' | 'out';
  readonly own: Window;
  /** Where the payment lies in the ring, and when it happened. */
  place: number;
  atMs: number;
  dollars: number;
  /** As it was reported, with what one institution alone knows of its customer. */
  record: Payment;
  /** Whether the record speaks of this end as its reporter's customer. */
  isOwnCustomer: boolean;
  readonly accounts: Accounts;
  readonly payments: Payments;
  /** Since when this engine has seen payments: before, every account seems new. */
  beganMs: number;
  /** Where the money came from; computed when first asked for. */
  trail(): Trail;
  keyOf(account: number): string | undefined;
  /** How many accounts a controller has, as one institution told. */
  accountsOfController(account: number): number;
}
