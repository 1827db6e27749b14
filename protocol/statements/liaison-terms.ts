import { Type, type Static } from 'typebox';
import { MemberCode } from '../members.ts';
import { requestKinds, requestPriorities } from '../requests.ts';

const strict = { additionalProperties: false } as const;

/** What a member asks of a request of one kind to it. */
const KindTerms = Type.Object(
  {
    accepted: Type.Boolean(),
    /** An officer’s signature is asked for. */
    signature: Type.Boolean(),
    /** Members with whom the kind rests on no treaty; there it goes another way. */
    treatyGaps: Type.Array(MemberCode, { maxItems: 20 }),
    wayAround: Type.Optional(Type.String({ minLength: 1, maxLength: 500 })),
  },
  strict,
);

const Service = Type.Object(
  {
    acknowledgeMinutes: Type.Number({ exclusiveMinimum: 0, maximum: 60 * 24 * 366 }),
    act: Type.Union([Type.Number({ exclusiveMinimum: 0, maximum: 60 * 24 * 366 }), Type.Literal('same-day')]),
    pausedByHolidays: Type.Boolean(),
  },
  strict,
);

/**
 * Kind `liaison-terms`, version 1, in the book `alliance`: what a member asks of requests to it and how soon it answers, so
 * that whoever asks knows it before. Of one member the highest revision stands. A kind that is not named is not accepted.
 */
export const LiaisonTermsBody = Type.Object(
  {
    revision: Type.Integer({ minimum: 1, maximum: 1_000_000_000 }),
    timeZone: Type.String({ pattern: '^[A-Z][A-Za-z]+/[A-Z][A-Za-z_]+$', maxLength: 64 }),
    kinds: Type.Partial(Type.Record(Type.Enum([...requestKinds]), KindTerms), strict),
    service: Type.Record(Type.Enum([...requestPriorities]), Service),
    /** Local dates, YYYY-MM-DD, on which clocks that holidays pause stand still. */
    holidays: Type.Array(Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' }), { maxItems: 1000 }),
    /** 1 is Monday; on the other days such clocks stand still too. */
    workdays: Type.Array(Type.Integer({ minimum: 1, maximum: 7 }), { minItems: 1, maxItems: 7, uniqueItems: true }),
    /** The desk that answers, and whether somebody is on duty there: never who, nor how they are reached. */
    desk: Type.String({ minLength: 1, maxLength: 64 }),
    staffed: Type.Boolean(),
  },
  strict,
);
export type LiaisonTermsBody = Static<typeof LiaisonTermsBody>;
