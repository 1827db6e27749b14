import { Type, type Static } from 'typebox';
import { MemberCode } from './members.ts';
import { Instant } from './statements/envelope.ts';

/** Why somebody should look now. A new kind goes to the end. */
export const alertKinds = [
  /** An institution asked about something listed, and was advised more than to watch it. */
  'screening-hit',
  /** A second member lists the same. */
  'corroboration',
  /** Something that a person or institution wished to hear of. */
  'watch',
  /** A listing touches a customer of an institution here. */
  'own-listing',
  /** An institution reported activity that it holds to be fraud. */
  'suspected-activity',
  /** A neighbour is not heard, or what it says does not verify. */
  'federation',
  /** A decision is due soon, and nobody has made it. */
  'deadline',
  /** A detector recognises a pattern of fraud in what institutions report. */
  'detection',
  /** An institution answers an order, or does not. */
  'order',
  /** Another member asks for something, or answers; or a request is late. */
  'request',
  /** A trace, a hold or a return needs somebody. */
  'funds',
] as const;
export type AlertKind = (typeof alertKinds)[number];

/** Money or life moving; today; this week; for information. */
export const alertPriorities = ['P1', 'P2', 'P3', 'P4'] as const;
export type AlertPriority = (typeof alertPriorities)[number];

/** One reason of an alert: a code and its parameters, to be said in any language. */
export const AlertReason = Type.Object(
  {
    kind: Type.Enum([...alertKinds]),
    code: Type.String({ pattern: '^[a-z][a-z-]*(\\.[a-z-]+)*$', maxLength: 64 }),
    params: Type.Record(
      Type.String({ pattern: '^[a-zA-Z]{1,32}$' }),
      Type.Union([Type.String({ maxLength: 200 }), Type.Number(), Type.Boolean()]),
      { maxProperties: 12 },
    ),
    count: Type.Integer({ minimum: 1, description: 'How often it was found' }),
    firstAt: Instant,
    lastAt: Instant,
    member: Type.Optional({ ...MemberCode, description: 'Who told us of it; absent if it was found here' }),
  },
  { additionalProperties: false },
);
export type AlertReason = Static<typeof AlertReason>;
export const alertReasonsMax = 32;
