import { Type, type Static } from 'typebox';
import { Amount } from '@bronze-drum/protocol/activity/fields';
import { NamedPayment } from '@bronze-drum/protocol/fields';
import { FreeText } from '@bronze-drum/protocol/languages';
import { OfficeKey, Order, orderKinds, OrderOutcome, orderStates } from '@bronze-drum/protocol/orders';
import { exhibitsMax } from '@bronze-drum/protocol/statements/exhibit';
import { Instant } from '@bronze-drum/protocol/statements/envelope';
import { deeds } from './record.ts';

const strict = { additionalProperties: false } as const;
const Uuid = Type.String({ pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' });
const InstitutionId = Type.String({ minLength: 1, maxLength: 64 });
const Kind = Type.Enum([...orderKinds]);

/** Holds are ordered in `funds`, which knows how much may be held and for how long. */
const kindsByHand = ['block-number', 'preserve-records', 'identify-holder', 'report-onward'] as const;

export const OrderByHand = Type.Object(
  {
    kind: Type.Enum([...kindsByHand]),
    subject: Type.String({
      minLength: 1,
      maxLength: 2300,
      description: 'The account or number, in any usual spelling',
    }),
    institution: Type.Optional({ ...InstitutionId, description: 'By default whose customer it is' }),
    amount: Type.Optional(Amount),
    payment: Type.Optional(NamedPayment),
    text: Type.Optional(FreeText),
    exhibits: Type.Optional(Type.Array(Uuid, { maxItems: exhibitsMax, uniqueItems: true })),
    until: Type.Optional({
      ...Instant,
      description: 'When it ends by itself; a block or a preservation always says it',
    }),
  },
  strict,
);
export type OrderByHand = Static<typeof OrderByHand>;

export const Issued = Type.Object(
  {
    order: Type.Optional(Order),
    proposal: Type.Optional(Type.String({ description: 'It waits for a second person' })),
    review: Type.Optional(Type.String({ description: 'A second person reviews it afterwards' })),
  },
  { title: 'Issued' },
);
export type Issued = Static<typeof Issued>;

export const OrderQuery = Type.Object(
  {
    state: Type.Optional(Type.Enum([...orderStates])),
    kind: Type.Optional(Kind),
    subject: Type.Optional(Type.String({ minLength: 3, maxLength: 2300, description: 'A key' })),
    institution: Type.Optional(InstitutionId),
    overdue: Type.Boolean({ default: false, description: 'Only what should have been answered by now' }),
    waits: Type.Boolean({ default: false, description: 'Only what the institution is to answer, or to confirm' }),
    after: Type.Optional(Type.String({ maxLength: 400, description: 'The last page’s `next`' })),
    limit: Type.Integer({ minimum: 1, maximum: 200, default: 50 }),
  },
  strict,
);
export type OrderQuery = Static<typeof OrderQuery>;

export const OrderPage = Type.Object(
  {
    orders: Type.Array(Order, { maxItems: 200 }),
    next: Type.Optional(Type.String({ description: 'Absent on the last page' })),
  },
  { title: 'OrderPage' },
);
export type OrderPage = Static<typeof OrderPage>;

export const OrderDetails = Type.Object(
  {
    order: Order,
    outcome: Type.Optional(OrderOutcome),
    answeredAt: Type.Optional(Instant),
    /** To which revision. */
    answeredRevision: Type.Optional(Type.Integer({ minimum: 1 })),
    reminders: Type.Integer({ minimum: 0 }),
    lateAt: Type.Optional(Instant),
    reference: Type.Optional(Type.String({ description: 'What it is for; officers only' })),
    history: Type.Array(
      Type.Object({
        at: Instant,
        actor: Type.String({ description: 'An institution is told the office, and not who in it' }),
        what: Type.Enum([...deeds]),
        details: Type.Record(Type.String(), Type.Unknown()),
      }),
      { maxItems: 500 },
    ),
  },
  { title: 'OrderDetails' },
);
export type OrderDetails = Static<typeof OrderDetails>;

export const OrderId = Type.Object({ id: Uuid }, strict);
export const Withdrawal = Type.Object({ grounds: Type.String({ minLength: 1, maxLength: 2000 }) }, strict);

export const OfficeKeys = Type.Object(
  { keys: Type.Array(OfficeKey, { description: 'Of every office that has issued an order' }) },
  { title: 'OfficeKeys' },
);
export type OfficeKeys = Static<typeof OfficeKeys>;

export const OutcomeLine = Type.Object({
  row: Type.Integer({ minimum: 1, description: 'Of the file, with its head as the first' }),
  id: Type.Optional(Type.String()),
  state: Type.Enum(['answered', 'refused', 'skipped'], { description: 'skipped: the row names no outcome' }),
  order: Type.Optional(Type.Enum([...orderStates])),
  refused: Type.Optional(Type.String()),
  params: Type.Optional(Type.Record(Type.String(), Type.Union([Type.String(), Type.Number(), Type.Boolean()]))),
});
export type OutcomeLine = Static<typeof OutcomeLine>;

export const OutcomeReport = Type.Object(
  {
    answered: Type.Integer({ minimum: 0 }),
    refused: Type.Integer({ minimum: 0 }),
    skipped: Type.Integer({ minimum: 0 }),
    results: Type.Array(OutcomeLine),
  },
  { title: 'OutcomeReport' },
);
export type OutcomeReport = Static<typeof OutcomeReport>;
