import { Type, type Static } from 'typebox';

/** Kind `trace-change`, version 1, in the domestic book: that an officer closed a trace, or follows it by another method, and why. */
export const TraceChangeBody = Type.Object(
  {
    trace: Type.String({ pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' }),
    change: Type.Enum(['closed', 'method']),
    method: Type.Optional(Type.Enum(['haircut', 'first-in-first-out', 'lowest-intermediate-balance'])),
    grounds: Type.String({ minLength: 1, maxLength: 2000 }),
  },
  { additionalProperties: false },
);
export type TraceChangeBody = Static<typeof TraceChangeBody>;
