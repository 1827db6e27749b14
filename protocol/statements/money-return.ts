import { Type, type Static } from 'typebox';
import { Amount } from '../activity/fields.ts';

const strict = { additionalProperties: false } as const;
const Uuid = Type.String({ pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' });

/** `open` for claims; `decided`: what each is paid stands; `paid`: all of it has been. */
export const returnStates = ['open', 'decided', 'paid'] as const;
export type ReturnState = (typeof returnStates)[number];

export const returnMethods = ['pro-rata', 'tracing'] as const;
export type ReturnMethod = (typeof returnMethods)[number];

export const returnClaimsMax = 500;
export const returnPaymentsMax = 2000;

/**
 * Kind `money-return`, version 1, in the book `domestic`: what was seized or confiscated goes back to those from whom it was
 * stolen. Claims are in the currency of the theft, payments in that in which the money was found. Of one return the highest
 * revision stands. Who claims stays out of the journal.
 */
export const MoneyReturnBody = Type.Object(
  {
    return: Uuid,
    revision: Type.Integer({ minimum: 1 }),
    state: Type.Enum([...returnStates]),
    traces: Type.Array(Uuid, { minItems: 1, maxItems: 100 }),
    method: Type.Optional(Type.Enum([...returnMethods])),
    /** The court or authority whose decision it is. */
    court: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
    claims: Type.Array(Type.Object({ claim: Uuid, amount: Amount }, strict), { maxItems: returnClaimsMax }),
    payments: Type.Array(
      Type.Object(
        {
          claim: Uuid,
          hold: Uuid,
          amount: Amount,
          reference: Type.Optional(Type.String({ maxLength: 64 })),
        },
        strict,
      ),
      { maxItems: returnPaymentsMax },
    ),
  },
  strict,
);
export type MoneyReturnBody = Static<typeof MoneyReturnBody>;
