import { Type, type Static } from 'typebox';
import { Money } from '@bronze-drum/protocol/fields';
import { paymentChannels } from '@bronze-drum/protocol/activity/payment';
import { Instant } from '@bronze-drum/protocol/statements/envelope';

const strict = { additionalProperties: false } as const;
const Counterpart = Type.Union([Type.String(), Type.Null()], { description: 'The other account; null for cash' });
const Direction = Type.Enum(['out', 'in'], { description: 'out: the account paid; in: it was paid' });

export const AccountKey = Type.Object(
  { key: Type.String({ minLength: 3, maxLength: 2300, description: 'An account or wallet in any spelling' }) },
  strict,
);

export const NeighbourQuery = Type.Object(
  {
    direction: Type.Optional({ ...Direction, description: 'By default both' }),
    before: Type.Optional({ ...Instant, description: 'By payments before then; by default all' }),
    limit: Type.Integer({ minimum: 1, maximum: 200, default: 50 }),
  },
  strict,
);
export type NeighbourQuery = Static<typeof NeighbourQuery>;

/** Whom an account paid and who paid it, by the payments that institutions here told and that are remembered. */
export const NeighbourList = Type.Object(
  {
    key: Type.String(),
    neighbours: Type.Array(
      Type.Object(
        {
          key: Counterpart,
          direction: Direction,
          count: Type.Integer({ minimum: 1 }),
          amounts: Type.Array(Money, { description: 'By currency' }),
          firstAt: Instant,
          lastAt: Instant,
        },
        strict,
      ),
      { maxItems: 200, description: 'Most money first' },
    ),
    total: Type.Integer({ minimum: 0, description: 'How many there are, by the payments that were looked at' }),
    more: Type.Boolean({ description: 'There are others than these' }),
    complete: Type.Boolean({
      description: 'False: the account has so many payments that only the latest 20,000 of a direction were looked at',
    }),
  },
  strict,
);
export type NeighbourList = Static<typeof NeighbourList>;

export const PaymentQuery = Type.Object(
  {
    after: Type.Optional(Type.String({ maxLength: 200, description: 'The last page’s `next`' })),
    limit: Type.Integer({ minimum: 1, maximum: 200, default: 50 }),
  },
  strict,
);
export type PaymentQuery = Static<typeof PaymentQuery>;

export const PaymentPage = Type.Object(
  {
    key: Type.String(),
    payments: Type.Array(
      Type.Object(
        {
          id: Type.String({ description: 'Names the payment here as long as nothing else is told of it' }),
          direction: Direction,
          counterpart: Counterpart,
          amount: Money,
          at: { ...Instant, description: 'When it left the account, or came to it' },
          channel: Type.Enum([...paymentChannels]),
          institutions: Type.Array(Type.String(), {
            maxItems: 2,
            description: 'That keep the two accounts, the account’s own first; only of this member',
          }),
          reference: Type.Optional(Type.String()),
          returned: Type.Optional(Type.Boolean({ description: 'It was paid back' })),
          returns: Type.Optional(Type.Boolean({ description: 'It pays something back' })),
        },
        strict,
      ),
      { maxItems: 200, description: 'The newest first' },
    ),
    next: Type.Optional(Type.String({ description: 'Absent on the last page' })),
  },
  strict,
);
export type PaymentPage = Static<typeof PaymentPage>;
