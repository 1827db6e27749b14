import { Type, type Static } from 'typebox';
import { Amount, identifierText } from '@bronze-drum/protocol/activity/fields';
import { Money } from '@bronze-drum/protocol/fields';
import { Instant } from '@bronze-drum/protocol/statements/envelope';
import {
  returnClaimsMax,
  returnMethods,
  returnPaymentsMax,
  returnStates,
} from '@bronze-drum/protocol/statements/money-return';

const strict = { additionalProperties: false } as const;
const Uuid = Type.String({ pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$', maxLength: 36 });
const PaymentReference = Type.String({ pattern: '^[\\x21-\\x7e]{1,64}$' });

/** What one victim claims, in the currency in which it was stolen. */
export const NewClaim = Type.Object(
  {
    account: identifierText('To which it goes back'),
    report: Type.Optional({ ...Uuid, description: 'The victim’s report' }),
    amount: Amount,
    at: Type.Optional({ ...Instant, description: 'When it was claimed; by default now' }),
  },
  strict,
);
export type NewClaim = Static<typeof NewClaim>;
const Claims = Type.Array(NewClaim, { maxItems: returnClaimsMax });

export const NewReturn = Type.Object(
  { traces: Type.Array(Uuid, { minItems: 1, maxItems: 100, uniqueItems: true }), claims: Claims },
  strict,
);
export type NewReturn = Static<typeof NewReturn>;
export const AddClaims = Type.Object(
  { claims: Type.Array(NewClaim, { minItems: 1, maxItems: returnClaimsMax }) },
  strict,
);
export type AddClaims = Static<typeof AddClaims>;

export const DecideReturn = Type.Object(
  {
    court: Type.String({
      minLength: 1,
      maxLength: 200,
      pattern: '\\S',
      description: 'The decision of a court or authority',
    }),
    method: Type.Optional(Type.Enum([...returnMethods], { description: 'By default the policy’s' })),
    shares: Type.Optional(
      Type.Array(Type.Object({ claim: Uuid, hold: Uuid, value: Amount.properties.value }, strict), {
        minItems: 1,
        maxItems: returnPaymentsMax,
        description: 'By tracing: what each is paid of each hold, in the minor units of the hold',
      }),
    ),
  },
  strict,
);
export type DecideReturn = Static<typeof DecideReturn>;

export const PaidClaim = Type.Object({ claim: Uuid, reference: PaymentReference }, strict);
export type PaidClaim = Static<typeof PaidClaim>;

export const Return = Type.Object(
  {
    id: Uuid,
    revision: Type.Integer({ minimum: 1 }),
    state: Type.Enum([...returnStates]),
    traces: Type.Array(Uuid),
    openedBy: Type.String(),
    openedAt: Instant,
    claimsUntil: Instant,
    method: Type.Optional(Type.Enum([...returnMethods])),
    court: Type.Optional(Type.String()),
    decidedBy: Type.Optional(Type.Array(Type.String())),
    decidedAt: Type.Optional(Instant),
    /** Under a court and promised to nobody, by currency. */
    available: Type.Array(Money),
    claims: Type.Array(
      Type.Object(
        {
          id: Uuid,
          account: Type.String(),
          report: Type.Optional(Uuid),
          amount: Amount,
          claimedAt: Instant,
          payments: Type.Array(Type.Object({ hold: Uuid, amount: Amount }, strict)),
          reference: Type.Optional(Type.String()),
          paidAt: Type.Optional(Instant),
        },
        strict,
      ),
    ),
  },
  strict,
);
export type Return = Static<typeof Return>;
/** A return in a list. */
const ReturnSummary = Type.Object(
  {
    id: Uuid,
    revision: Type.Integer({ minimum: 1 }),
    state: Type.Enum([...returnStates]),
    traces: Type.Array(Uuid),
    openedBy: Type.String(),
    openedAt: Instant,
    claimsUntil: Instant,
    method: Type.Optional(Type.Enum([...returnMethods])),
    decidedAt: Type.Optional(Instant),
    claims: Type.Integer({ minimum: 0 }),
    paid: Type.Integer({ minimum: 0, description: 'How many of the claims were paid' }),
    claimed: Type.Array(Money, { description: 'In all, by currency' }),
  },
  strict,
);
export const ReturnQuery = Type.Object(
  {
    state: Type.Optional(Type.Enum([...returnStates])),
    trace: Type.Optional(Uuid),
    after: Type.Optional(Type.String({ maxLength: 200, description: 'The last page’s `next`' })),
    limit: Type.Integer({ minimum: 1, maximum: 200, default: 50 }),
  },
  strict,
);
export type ReturnQuery = Static<typeof ReturnQuery>;
export const ReturnPage = Type.Object(
  {
    returns: Type.Array(ReturnSummary, { maxItems: 200 }),
    next: Type.Optional(Type.String({ description: 'Absent on the last page' })),
  },
  strict,
);
export type ReturnPage = Static<typeof ReturnPage>;
export const ReturnId = Type.Object({ id: Uuid }, strict);
export const ReturnOutcome = Type.Union([
  Type.Object({ return: Return }, strict),
  Type.Object({ proposal: Uuid }, strict),
]);
export type ReturnOutcome = Static<typeof ReturnOutcome>;

export const CounterQuery = Type.Object(
  {
    from: Type.Optional({ ...Instant, description: 'By default thirty days before `until`' }),
    until: Type.Optional({ ...Instant, description: 'By default now' }),
  },
  strict,
);
export type CounterQuery = Static<typeof CounterQuery>;

const Minor = Type.String({ description: 'Minor units' });
/**
 * Five figures, never mixed: of what was first held in the period each unit is in exactly one of the last four, where it is
 * now; what was let go is in none. `prevented` was never paid; its hours count whole.
 */
export const Counters = Type.Object(
  {
    from: Instant,
    until: Instant,
    currencies: Type.Array(
      Type.Object(
        { currency: Type.String(), prevented: Minor, held: Minor, seized: Minor, confiscated: Minor, returned: Minor },
        strict,
      ),
    ),
    /** From the victim's report to the first hold: of traces at which a hold was first proposed in the period. */
    clock: Type.Object(
      {
        traces: Type.Integer({ minimum: 0 }),
        withHold: Type.Integer({ minimum: 0 }),
        medianMs: Type.Optional(Type.Integer({ minimum: 0 })),
        p90Ms: Type.Optional(Type.Integer({ minimum: 0 })),
        /** Of all that was reported stolen, what was still there when it was held. */
        share: Type.Array(
          Type.Object({ currency: Type.String(), stolen: Minor, found: Minor, share: Type.Number() }, strict),
        ),
      },
      strict,
    ),
  },
  strict,
);
export type Counters = Static<typeof Counters>;
