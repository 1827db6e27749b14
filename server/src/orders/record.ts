import type { Amount } from '@bronze-drum/protocol/activity/fields';
import type { Money, NamedPayment } from '@bronze-drum/protocol/fields';
import type { FreeText } from '@bronze-drum/protocol/languages';
import type { Order, OrderEnd, OrderKind, OrderState } from '@bronze-drum/protocol/orders';
import type { Author } from '@bronze-drum/protocol/statements/envelope';

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
  /** Always given for what lasts: an amount held, a number blocked, records preserved. */
  readonly untilMs?: number;
  /** What it is for, such as `hold:<id>`: `onOutcome` listens by what stands before the colon. */
  readonly reference: string;
}

export type IssuedOrder = Order & { readonly reference: string };

/** An order as it is stored. */
export interface OrderRow {
  readonly id: string;
  readonly institution: string;
  readonly office: string;
  readonly kind: OrderKind;
  readonly subject: string;
  readonly reference: string;
  readonly state: OrderState;
  readonly revision: number;
  /** `OrderTerms`, as JSON. */
  readonly terms: string;
  readonly created_at: Date;
  readonly answer_by: Date;
  readonly until: Date | null;
  readonly reminders: number;
  readonly late_at: Date | null;
  /** `OrderOutcome`, as JSON. */
  readonly outcome: string | null;
  readonly answered_revision: number | null;
  readonly answered_at: Date | null;
  readonly ended_why: OrderEnd | null;
  readonly ended_at: Date | null;
  readonly ended_court: string | null;
  readonly confirm_by: Date | null;
  readonly confirmed_at: Date | null;
  readonly change: number | null;
}

export const deeds = [
  'issued',
  'approved',
  'changed',
  'reminded',
  'late',
  'answered',
  'ended',
  'unconfirmed',
  'confirmed',
] as const;
export type Deed = (typeof deeds)[number];

/** One line of an order's history. `by` is an actor's id. */
export interface Happened {
  readonly atMs: number;
  readonly by: string;
  readonly what: Deed;
  readonly details: Readonly<Record<string, unknown>>;
}

/** The actor's id of whoever made a statement. */
export function idOfAuthor({ officer, institution, rule, office }: Author): string {
  if (officer !== undefined) return `officer:${officer}`;
  if (institution !== undefined) return `institution:${institution}`;
  return rule === undefined ? `office:${office}` : `rule:${rule}`;
}
