import type { Amount } from '@bronze-drum/protocol/activity/fields';
import type { Money, NamedPayment } from '@bronze-drum/protocol/fields';
import type { FreeText } from '@bronze-drum/protocol/languages';
import type { Order, OrderEnd, OrderKind, OrderOutcome } from '@bronze-drum/protocol/orders';
import type { Author } from '@bronze-drum/protocol/statements/envelope';
import type { Tx } from '../platform/db.ts';

/** What a room has an institution told to do; who may have it told, the room has checked. */
export interface NewOrder {
  readonly kind: OrderKind;
  readonly institution: string;
  readonly subject: string;
  readonly amount?: Amount;
  readonly leave?: Money;
  readonly payment?: NamedPayment;
  readonly text?: FreeText;
  /** Ids of exhibits here. */
  readonly exhibits?: readonly string[];
  readonly untilMs?: number;
  /** What it is for, such as `hold:<id>`: `onOutcome` listens by what stands before the colon. */
  readonly reference: string;
}

export type IssuedOrder = Order & { readonly reference: string };

/** What institutions are told to carry out, and what they answered. */
export interface Orders {
  /** Issues an order in the room's transaction; the institution is told once it commits. `by.office` is the issuing office. */
  issue(tx: Tx, by: Author, order: NewOrder): Promise<IssuedOrder>;
  /** A new revision, signed anew; to be answered anew. Refuses `conflict.order-ended`. */
  change(
    tx: Tx,
    by: Author,
    id: string,
    change: { readonly amount?: Amount; readonly untilMs?: number },
  ): Promise<IssuedOrder>;
  /** It no longer binds: the institution is told, and asked to confirm. Nothing happens if it has ended. */
  end(tx: Tx, by: Author, id: string, end: { readonly why: OrderEnd; readonly court?: string }): Promise<void>;
  /** Hears each outcome of orders with such a reference, in the transaction that keeps it. Before the house starts. */
  onOutcome(prefix: string, hear: (tx: Tx, order: IssuedOrder, outcome: OrderOutcome) => Promise<void>): void;
  /** Hears that an institution confirmed the end of an order, in the transaction that keeps it. */
  onConfirmed(prefix: string, hear: (tx: Tx, order: IssuedOrder) => Promise<void>): void;
  /** Which active institution keeps an account or number; undefined if none here does. */
  keeperOf(key: string): string | undefined;
}
