import { Type, type Static } from 'typebox';
import { identifierText } from '@bronze-drum/protocol/activity/fields';
import { Money, NamedPayment } from '@bronze-drum/protocol/fields';
import { FreeText } from '@bronze-drum/protocol/languages';
import { Instant } from '@bronze-drum/protocol/statements/envelope';
import { holdDeeds, holdEnds } from '@bronze-drum/protocol/statements/hold';
import { holdStates, placeEnds } from '@bronze-drum/protocol/statements/trace-report';
import { FundsRules } from '../kernel/policy-acts.ts';

const strict = { additionalProperties: false } as const;
const Uuid = Type.String({ pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$', maxLength: 36 });
const Next = Type.Optional(Type.String({ description: 'Absent on the last page' }));
const Grounds = Type.String({ minLength: 1, maxLength: 2000, pattern: '\\S' });
const Reference = Type.String({ minLength: 1, maxLength: 200, pattern: '\\S' });
const Minor = Type.String({ pattern: '^[1-9][0-9]{0,17}$', description: 'Minor units of the account’s currency' });

/** A stop on an amount. All money but `stolen` is in the currency of the account. */
export const Hold = Type.Object(
  {
    id: Uuid,
    revision: Type.Integer({ minimum: 1 }),
    trace: Uuid,
    place: Uuid,
    key: Type.String({ description: 'The account' }),
    institution: Type.Optional(Type.String({ description: 'Absent: nobody here keeps the account' })),
    hop: Type.Integer({ minimum: 0 }),
    end: Type.Enum([...placeEnds]),
    state: Type.Enum([...holdStates]),
    /** What of the theft is there: a hold is never more. */
    taint: Money,
    stolen: Money,
    balance: Type.Optional(Money),
    payment: NamedPayment,
    ordered: Type.Optional(Money),
    /** What the institution holds, or held when a court took it. */
    held: Money,
    gone: Money,
    returned: Money,
    refusal: Type.Optional(Type.String()),
    order: Type.Optional(Uuid),
    stage: Type.Optional(Type.String()),
    times: Type.Optional(Type.Integer({ minimum: 1, description: 'So often this stage was ordered in a row' })),
    until: Type.Optional({ ...Instant, description: 'When it ends by itself' }),
    complaint: Type.Optional(Type.String()),
    court: Type.Optional(Type.String()),
    request: Type.Optional(Uuid),
    proposedAt: Instant,
    orderedAt: Type.Optional(Instant),
    heldAt: Type.Optional(Instant),
    endedAt: Type.Optional(Instant),
    ended: Type.Optional(Type.Enum([...holdEnds])),
    confirmedAt: Type.Optional({ ...Instant, description: 'When the institution confirmed that it let go' }),
  },
  strict,
);
export type Hold = Static<typeof Hold>;

const HoldNotice = Type.Object(
  {
    madeAt: Type.Optional({ ...Instant, description: 'From then on the institution is to deliver it' }),
    deferredUntil: Type.Optional(Instant),
    deliveredAt: Type.Optional(Instant),
  },
  strict,
);

/** What of a hold policy may put under two persons, as the answers name it. */
const secondedActs = ['order', 'release', 'seize', 'confiscate'] as const;

/** Something that an officer wants done to holds, which waits for another’s word. */
export const WaitingAct = Type.Object(
  {
    id: { ...Uuid, description: 'Of what is to be approved' },
    act: Type.Enum([...secondedActs]),
    holds: Type.Array(Uuid),
    by: Type.String({ description: 'Who proposed it' }),
    at: Instant,
    decideBy: Instant,
    performed: Type.Boolean({ description: 'Done for want of a second person, who is to confirm it' }),
  },
  strict,
);
export type WaitingAct = Static<typeof WaitingAct>;

/** What the policy in force says of holds and returns, for those who act on them. */
export const HoldRules = Type.Object(
  {
    stages: FundsRules.properties.stages,
    notice: FundsRules.properties.notice,
    secondPerson: Type.Array(Type.Enum([...secondedActs, 'return']), {
      description: 'What another officer must approve',
    }),
  },
  strict,
);
export type HoldRules = Static<typeof HoldRules>;

export const HoldHistory = Type.Object(
  {
    hold: Hold,
    waiting: Type.Array(WaitingAct),
    notice: HoldNotice,
    appeals: Type.Array(Type.Object({ id: Uuid, state: Type.String(), lodgedAt: Instant, decideBy: Instant }, strict)),
    history: Type.Array(
      Type.Object(
        {
          revision: Type.Integer({ minimum: 1 }),
          at: Instant,
          actor: Type.String(),
          deed: Type.Enum([...holdDeeds]),
          details: Type.Record(Type.String(), Type.Unknown()),
        },
        strict,
      ),
      { maxItems: 500, description: 'The newest 500' },
    ),
  },
  strict,
);
export type HoldHistory = Static<typeof HoldHistory>;

export const HoldQuery = Type.Object(
  {
    trace: Type.Optional(Uuid),
    state: Type.Optional(Type.Enum([...holdStates])),
    account: Type.Optional(identifierText('In any spelling')),
    institution: Type.Optional(Type.String({ minLength: 1, maxLength: 64, description: 'That keeps the account' })),
    endingWithin: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 60 * 24 * 366, description: 'Minutes; the soonest first' }),
    ),
    after: Type.Optional(Type.String({ maxLength: 200, description: 'The last page’s `next`' })),
    limit: Type.Integer({ minimum: 1, maximum: 200, default: 50 }),
  },
  strict,
);
export type HoldQuery = Static<typeof HoldQuery>;
export const HoldPage = Type.Object(
  {
    holds: Type.Array(Hold, { maxItems: 200 }),
    waiting: Type.Optional(
      Type.Array(WaitingAct, { description: 'Of one trace: what waits for a second person about these holds' }),
    ),
    next: Next,
  },
  strict,
);
export type HoldPage = Static<typeof HoldPage>;
export const HoldId = Type.Object({ id: Uuid }, strict);

export const OrderHolds = Type.Object(
  {
    trace: Uuid,
    holds: Type.Optional(
      Type.Array(Uuid, {
        minItems: 1,
        maxItems: 200,
        uniqueItems: true,
        description: 'By default all that are proposed',
      }),
    ),
    amount: Type.Optional({ ...Minor, description: 'Of one hold: less than all that may be held' }),
    minutes: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 60 * 24 * 366, description: 'Shorter than the first stage allows' }),
    ),
    text: Type.Optional(FreeText),
  },
  strict,
);
export type OrderHolds = Static<typeof OrderHolds>;

const Proposal = { proposal: Uuid };
const Review = Type.Optional({ ...Uuid, description: 'Done for want of a second person, who is to confirm it' });
const Refused = {
  refused: Type.Optional(Type.String()),
  params: Type.Optional(Type.Record(Type.String(), Type.Union([Type.String(), Type.Number(), Type.Boolean()]))),
};
export const OrderedHolds = Type.Union([
  Type.Object(
    { results: Type.Array(Type.Object({ id: Uuid, hold: Hold, ...Refused }, strict)), review: Review },
    strict,
  ),
  Type.Object(Proposal, strict),
]);
export type OrderedHolds = Static<typeof OrderedHolds>;
export const HoldOutcome = Type.Union([
  Type.Object({ hold: Hold, review: Review }, strict),
  Type.Object(Proposal, strict),
]);
export type HoldOutcome = Static<typeof HoldOutcome>;

export const ReleaseHold = Type.Object({ grounds: Grounds }, strict);
export type ReleaseHold = Static<typeof ReleaseHold>;
export const ExtendHold = Type.Object(
  {
    court: Type.Optional({ ...Reference, description: 'The court’s own number, where its word is asked for' }),
    grounds: Type.Optional(Grounds),
  },
  strict,
);
export type ExtendHold = Static<typeof ExtendHold>;
export const Complaint = Type.Object(
  {
    report: { ...Reference, description: 'The number of the complaint at the police' },
    at: { ...Instant, description: 'When it was filed' },
    grounds: Type.Optional(Grounds),
  },
  strict,
);
export type Complaint = Static<typeof Complaint>;
export const SeizeHold = Type.Object({ court: Reference }, strict);
export type SeizeHold = Static<typeof SeizeHold>;

export const DeferNotice = Type.Object(
  { reason: Grounds, until: { ...Instant, description: 'Within what policy allows, from the order on' } },
  strict,
);
export type DeferNotice = Static<typeof DeferNotice>;

export const NoticeQuery = Type.Object(
  {
    languages: Type.Optional(
      Type.String({
        pattern: '^[a-z]{2}(,[a-z]{2}){0,6}$',
        description: 'Such as `th,en`; by default the country’s own and English',
      }),
    ),
  },
  strict,
);
export type NoticeQuery = Static<typeof NoticeQuery>;
export const Notice = Type.Object({ hold: Uuid, subject: Type.String(), text: Type.String() }, strict);
export type Notice = Static<typeof Notice>;

/** Of its own customers alone. */
export const NoticeList = Type.Object(
  {
    notices: Type.Array(
      Type.Object(
        {
          hold: Uuid,
          order: Type.Optional(Uuid),
          account: Type.String(),
          amount: Money,
          until: Type.Optional(Instant),
          madeAt: Instant,
        },
        strict,
      ),
      { maxItems: 200, description: 'The oldest 200' },
    ),
  },
  strict,
);
export type NoticeList = Static<typeof NoticeList>;
export const NoticeDelivered = Type.Object({ hold: Uuid, deliveredAt: Instant }, strict);
export type NoticeDelivered = Static<typeof NoticeDelivered>;
