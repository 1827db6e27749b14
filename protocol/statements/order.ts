import { Type, type Static } from 'typebox';
import { orderEnds, OrderOutcome, OrderTerms } from '../orders.ts';
import { Instant } from './envelope.ts';

const strict = { additionalProperties: false } as const;
const Uuid = Type.String({ pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' });

/**
 * Kind `order`, version 1: that an institution was told to do something, or told anew. Of one order the highest revision stands.
 * `reference` is what it is for, such as `hold:<id>`.
 */
export const OrderBody = Type.Object(
  { order: OrderTerms, reference: Type.String({ minLength: 1, maxLength: 200 }) },
  strict,
);
export type OrderBody = Static<typeof OrderBody>;

/** Kind `order-outcome`, version 1: what the institution answered to a revision of an order. The last one stands. */
export const OrderOutcomeBody = Type.Object(
  {
    order: Uuid,
    revision: Type.Integer({ minimum: 1 }),
    institution: Type.String({ minLength: 1, maxLength: 64 }),
    outcome: OrderOutcome,
  },
  strict,
);
export type OrderOutcomeBody = Static<typeof OrderOutcomeBody>;

/** Kind `order-end`, version 1: that an order no longer binds, and later that the institution confirmed it. */
export const OrderEndBody = Type.Object(
  {
    order: Uuid,
    step: Type.Enum(['ended', 'confirmed']),
    why: Type.Enum([...orderEnds]),
    at: Instant,
    court: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
    /** Why an officer withdrew it, in their words. */
    grounds: Type.Optional(Type.String({ minLength: 1, maxLength: 2000 })),
  },
  strict,
);
export type OrderEndBody = Static<typeof OrderEndBody>;
