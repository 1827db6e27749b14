import { Type, type Static, type TSchema } from 'typebox';
import { Amount, identifierText } from '@bronze-drum/protocol/activity/fields';
import { paymentChannels } from '@bronze-drum/protocol/activity/payment';
import { Money } from '@bronze-drum/protocol/fields';
import { FreeText } from '@bronze-drum/protocol/languages';
import { MemberCode } from '@bronze-drum/protocol/members';
import { requestStates } from '@bronze-drum/protocol/requests';
import { Instant } from '@bronze-drum/protocol/statements/envelope';
import { exhibitsMax } from '@bronze-drum/protocol/statements/exhibit';
import { typologies } from '@bronze-drum/protocol/statements/listing';
import { holdStates, placeEnds } from '@bronze-drum/protocol/statements/trace-report';

export type { Hold, HoldPage, OrderedHolds } from './hold-contract.ts';
export { OrderHolds } from './hold-contract.ts';
export type { Counters, Return } from './return-contract.ts';

const strict = { additionalProperties: false } as const;
const Uuid = Type.String({ pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$', maxLength: 36 });
const Next = Type.Optional(Type.String({ description: 'Absent on the last page' }));
const Nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

export const traceMethods = ['haircut', 'first-in-first-out', 'lowest-intermediate-balance'] as const;
export type TraceMethod = (typeof traceMethods)[number];

/** Where a victim was heard. An institution's own report needs none. */
export const reportChannels = ['hotline', 'counter', 'institution', 'public', 'member'] as const;
export type ReportChannel = (typeof reportChannels)[number];

const reportedPaymentsMax = 50;

/** A payment as a victim tells it: where it went or, if that is not known, the victim’s account and the payment’s reference. */
export const ReportedPayment = Type.Object(
  {
    from: Type.Optional(identifierText('The account that the money left')),
    to: Type.Optional(identifierText('Where it went; without it, the payment is looked for by `from` and `reference`')),
    amount: Amount,
    at: Instant,
    reference: Type.Optional(Type.String({ pattern: '^[\\x21-\\x7e]{1,64}$' })),
    channel: Type.Optional(Type.Enum([...paymentChannels])),
  },
  strict,
);
export type ReportedPayment = Static<typeof ReportedPayment>;

/** What a victim tells, as an officer or the victim's institution writes it down. */
export const NewReport = Type.Object(
  {
    /** The sender's own, for good: the same again is answered again. */
    reference: Type.Optional(Type.String({ pattern: '^[\\x21-\\x7e]{1,64}$' })),
    channel: Type.Optional(
      Type.Enum([...reportChannels], { description: 'By default the hotline, or the institution' }),
    ),
    at: Type.Optional({ ...Instant, description: 'When the victim told it; by default now' }),
    typology: Type.Enum([...typologies]),
    payments: Type.Array(ReportedPayment, { minItems: 1, maxItems: reportedPaymentsMax }),
    debitConfirmed: Type.Optional(
      Type.Boolean({ description: 'The victim’s institution has examined the debit and confirms it' }),
    ),
    victim: Type.Optional(
      Type.Object(
        {
          phone: Type.Optional(identifierText('At which the victim is reached')),
          name: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
        },
        { ...strict, description: 'Stays at home, out of the journal' },
      ),
    ),
    contacts: Type.Optional(
      Type.Array(identifierText('A number, link or handle that the fraud used'), { maxItems: 50 }),
    ),
    story: Type.Optional(FreeText),
    exhibits: Type.Optional(Type.Array(Uuid, { maxItems: exhibitsMax, uniqueItems: true })),
    method: Type.Optional(Type.Enum([...traceMethods], { description: 'By default the policy’s' })),
    alert: Type.Optional({ ...Uuid, description: 'The alert from which an officer wrote it' }),
  },
  strict,
);
export type NewReport = Static<typeof NewReport>;

export const ReportAnswer = Type.Object(
  {
    report: Uuid,
    /** One trace for each currency that was paid in. */
    traces: Type.Array(Uuid),
    state: Type.Enum(['opened', 'joined', 'known'], {
      description: 'joined: somebody reported one of these payments before; known: this very report came before',
    }),
  },
  strict,
);
export type ReportAnswer = Static<typeof ReportAnswer>;

export const Report = Type.Object(
  {
    id: Uuid,
    channel: Type.Enum([...reportChannels]),
    reportedBy: Type.String(),
    at: Instant,
    receivedAt: Instant,
    typology: Type.Enum([...typologies]),
    debitConfirmed: Type.Boolean(),
    payments: Type.Array(ReportedPayment),
    contacts: Type.Array(Type.String()),
    story: Type.Optional(FreeText),
    victim: Type.Optional(Type.Object({ phone: Type.Optional(Type.String()), name: Type.Optional(Type.String()) })),
    exhibits: Type.Array(Uuid),
    alert: Type.Optional(Uuid),
  },
  strict,
);
export type Report = Static<typeof Report>;

const HoldCounts = Type.Partial(
  Type.Object(Object.fromEntries(holdStates.map((state) => [state, Type.Integer({ minimum: 1 })])), strict),
);

/** A trace in a list. All money in the currency of the theft. */
export const TraceSummary = Type.Object(
  {
    id: Uuid,
    state: Type.Enum(['open', 'closed']),
    openedAt: Instant,
    /** When the victim told it, or the other member asked. */
    reportedAt: Instant,
    typology: Type.Enum([...typologies]),
    method: Type.Enum([...traceMethods]),
    amount: Money,
    /** The five add up to the amount, over all members: what is held, what is under a court’s order, what was paid back. */
    held: Money,
    seized: Money,
    returned: Money,
    /** Still somewhere where it can be held. */
    open: Money,
    /** Cash, beyond reach, spent, unknown. */
    lost: Money,
    members: Type.Array(MemberCode, { description: 'Whom the money reached, in the order in which it did' }),
    hops: Type.Integer({ minimum: 0, description: 'How many steps the farthest of it went' }),
    crossings: Type.Array(
      Type.Object(
        {
          from: MemberCode,
          to: MemberCode,
          amount: Money,
          at: { ...Instant, description: 'When last' },
          firstAt: Type.Optional({ ...Instant, description: 'When first, if that was before' }),
        },
        strict,
      ),
      { maxItems: 20, description: 'What went over each border in all; the largest amounts first' },
    ),
    /** How many holds there are in each state, at all members. */
    holds: HoldCounts,
    firstHoldAt: Nullable(Instant),
    clock: Nullable(
      Type.Object(
        { at: Instant, member: MemberCode, hold: Type.Optional(Uuid) },
        { ...strict, description: 'The hold that ends first; `hold` if it is this member’s own' },
      ),
    ),
    /** The member that asked for it and its request, if it began abroad. */
    from: Nullable(Type.Object({ member: MemberCode, request: Uuid }, strict)),
  },
  strict,
);
export type TraceSummary = Static<typeof TraceSummary>;

const PlaceHold = Type.Object(
  {
    id: Type.Optional(Uuid),
    state: Type.Enum([...holdStates]),
    amount: Money,
    until: Type.Optional(Instant),
    refusal: Type.Optional(Type.String()),
    institution: Type.Optional(Type.String()),
  },
  strict,
);

export const Place = Type.Object(
  {
    place: Uuid,
    member: MemberCode,
    key: Nullable(Type.String({ description: 'Absent for cash and for what another member keeps at home' })),
    hop: Type.Integer({ minimum: 0 }),
    reached: Money,
    remains: Money,
    end: Type.Enum([...placeEnds]),
    to: Type.Array(Type.Object({ place: Uuid, amount: Money, at: Instant }, strict)),
    hold: Type.Optional(PlaceHold),
  },
  strict,
);
export type Place = Static<typeof Place>;

/** A trace whole: where every unit went, what is still there, where it can be held, what is lost. */
export const Trace = Type.Object(
  {
    ...TraceSummary.properties,
    origins: Type.Array(
      Type.Object(
        { place: Uuid, from: Nullable(Type.String()), amount: Money, at: Instant, reference: Nullable(Type.String()) },
        strict,
      ),
    ),
    places: Type.Array(Place),
    reports: Type.Array(Report),
    requests: Type.Array(
      Type.Object(
        { id: Uuid, member: MemberCode, state: Type.Enum([...requestStates, 'waits']), amount: Money },
        strict,
      ),
    ),
  },
  strict,
);
export type Trace = Static<typeof Trace>;

export const TraceQuery = Type.Object(
  {
    state: Type.Optional(Type.Enum(['open', 'closed'])),
    account: Type.Optional(identifierText('That the money reached')),
    since: Type.Optional({ ...Instant, description: 'Opened then or later' }),
    text: Type.Optional(
      Type.String({
        pattern: '^[\\x21-\\x7e]{3,64}$',
        description: 'How an id of the trace or its request, or a reference of a payment or report, begins',
      }),
    ),
    after: Type.Optional(Type.String({ maxLength: 300 })),
    limit: Type.Integer({ minimum: 1, maximum: 200, default: 50 }),
  },
  strict,
);
export type TraceQuery = Static<typeof TraceQuery>;
export const TracePage = Type.Object({ traces: Type.Array(TraceSummary), next: Next }, strict);
export type TracePage = Static<typeof TracePage>;
export const TraceId = Type.Object({ id: Uuid }, strict);

export const CloseTrace = Type.Object({ grounds: Type.String({ minLength: 1, maxLength: 2000 }) }, strict);
export const ChangeMethod = Type.Object(
  { method: Type.Enum([...traceMethods]), grounds: Type.String({ minLength: 1, maxLength: 2000 }) },
  strict,
);

/** Others who paid into an account of the trace and may be victims too. */
export const Sources = Type.Object(
  {
    account: Type.String(),
    payers: Type.Array(
      Type.Object(
        {
          key: Nullable(Type.String()),
          payments: Type.Integer({ minimum: 1 }),
          amount: Money,
          firstAt: Instant,
          lastAt: Instant,
        },
        strict,
      ),
    ),
  },
  strict,
);
export type Sources = Static<typeof Sources>;
export const SourcesQuery = Type.Object({ account: identifierText('An account of the trace') }, strict);
