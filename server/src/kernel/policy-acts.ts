import { Type, type Static } from 'typebox';
import { MemberCode } from '@bronze-drum/protocol/members';
import { orderKinds } from '@bronze-drum/protocol/orders';
import { requestKinds, requestPriorities } from '@bronze-drum/protocol/requests';

const strict = { additionalProperties: false } as const;
const Minutes = Type.Number({ exclusiveMinimum: 0, maximum: 60 * 24 * 366 });
const Hours = Type.Number({ exclusiveMinimum: 0, maximum: 24 * 366 * 10 });
const Citation = Type.String({ minLength: 1, maxLength: 500 });
/** Minor units by currency. */
const Amounts = Type.Record(Type.String({ pattern: '^[A-Z]{3}$' }), Type.String({ pattern: '^(0|[1-9][0-9]{0,17})$' }));

export const OrderRules = Type.Object(
  {
    callBack: Type.String({
      minLength: 3,
      maxLength: 100,
      description: 'At which an institution asks whether an order is genuine',
    }),
    safeHarbour: Citation,
    kinds: Type.Record(
      Type.Enum([...orderKinds]),
      Type.Object(
        {
          form: Type.String({ minLength: 1, maxLength: 200, description: 'What the law calls such an order' }),
          legalBasis: Citation,
          answerWithinMinutes: Minutes,
          remindAfterMinutes: Type.Array(Minutes, { maxItems: 5 }),
          stepUp: Type.Boolean({ description: 'The officer proves again who they are' }),
        },
        strict,
      ),
    ),
  },
  strict,
);
export type OrderRules = Static<typeof OrderRules>;

const Service = Type.Object(
  {
    acknowledgeMinutes: Minutes,
    act: Type.Union([Minutes, Type.Literal('same-day')], { description: 'same-day: until 23:59 in the asked country' }),
    pausedByHolidays: Type.Boolean(),
  },
  strict,
);

export const LiaisonRules = Type.Object(
  {
    service: Type.Record(Type.Enum([...requestPriorities]), Service),
    /** Local dates, YYYY-MM-DD, on which clocks that holidays pause stand still; so they do on days that are not workdays. */
    holidays: Type.Array(Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' }), { maxItems: 1000 }),
    workdays: Type.Array(Type.Integer({ minimum: 1, maximum: 7 }), {
      minItems: 1,
      maxItems: 7,
      uniqueItems: true,
      description: '1 is Monday (ISO 8601)',
    }),
    warnAtShare: Type.Number({
      exclusiveMinimum: 0,
      exclusiveMaximum: 1,
      description: 'Of the time that a clock gives',
    }),
    deputyAfterMinutes: Minutes,
    headAfterMinutes: Minutes,
    kinds: Type.Record(
      Type.Enum([...requestKinds]),
      Type.Object(
        {
          accepted: Type.Boolean(),
          /** Without it a request of this kind is refused as `missing-signature`. */
          signature: Type.Boolean(),
          /** Members with whom the kind rests on no treaty or agreement; there it goes another way. */
          treatyGaps: Type.Array(MemberCode, { maxItems: 20 }),
          wayAround: Type.Optional(Type.String({ minLength: 1, maxLength: 500 })),
          legalBasis: Citation,
          /** From the receipt; at its end what is ordered by `atExpiry` happens by itself. */
          legalClockHours: Type.Optional(Hours),
          atExpiry: Type.Optional(Type.Enum(['refuse-too-late', 'end-measure'])),
        },
        strict,
      ),
    ),
    /** What goes out by itself under an agreement that stands, and to whom. */
    standing: Type.Array(
      Type.Object(
        {
          kind: Type.Enum([...requestKinds]),
          with: Type.Union([Type.Literal('alliance'), MemberCode]),
          basis: Citation,
        },
        strict,
      ),
      { maxItems: 100 },
    ),
    scorecard: Type.Enum(['pair', 'alliance'], { description: 'Who sees the figures about a pair of members' }),
  },
  strict,
);
export type LiaisonRules = Static<typeof LiaisonRules>;

export const FundsRules = Type.Object(
  {
    trace: Type.Object(
      {
        method: Type.Enum(['haircut', 'first-in-first-out', 'lowest-intermediate-balance']),
        hopsMax: Type.Integer({ minimum: 1, maximum: 20 }),
        hoursMax: Hours,
        smallest: { ...Amounts, description: 'Less than this is not followed' },
        pooledPayeesMin: Type.Integer({
          minimum: 10,
          description: 'An account that this many others paid within the trace’s time is pooled',
        }),
      },
      strict,
    ),
    /** Holds that a standing rule orders. */
    standing: Type.Object(
      {
        enabled: Type.Boolean(),
        hopsMax: Type.Integer({ minimum: 0, maximum: 2, description: 'Payments after the victim’s own' }),
        smallest: Amounts,
        basis: Citation,
      },
      strict,
    ),
    subsistence: { ...Amounts, description: 'What a hold leaves on an account' },
    /** A hold's stages, in order: it begins with the first, and goes on to the next by an act that it asks for. */
    stages: Type.Array(
      Type.Object(
        {
          name: Type.String({ pattern: '^[a-z-]{1,40}$' }),
          hours: Hours,
          times: Type.Integer({ minimum: 1, maximum: 100, description: 'So often it may be ordered in a row' }),
          from: Type.Enum(['order', 'complaint', 'end-of-last']),
          asks: Type.Enum(['officer', 'complaint', 'court'], { description: 'On whose word it begins' }),
          basis: Citation,
          assumed: Type.Boolean({ description: 'No published source was found for the number' }),
        },
        strict,
      ),
      { minItems: 1, maxItems: 10 },
    ),
    warnBeforeMinutes: Minutes,
    notice: Type.Object({ withinHours: Hours, deferHoursMax: Hours, basis: Citation }, strict),
    returns: Type.Object(
      { method: Type.Enum(['pro-rata', 'tracing']), claimWithinHours: Hours, basis: Citation },
      strict,
    ),
  },
  strict,
);
export type FundsRules = Static<typeof FundsRules>;
