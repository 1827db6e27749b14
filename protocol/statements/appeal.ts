import { Type, type Static } from 'typebox';
import { Instant } from './envelope.ts';

/** What an appeal contests: an act of a room, by its own id. */
export const ActRef = Type.Object(
  {
    kind: Type.String({ pattern: '^[a-z][a-z-]{1,40}$' }),
    id: Type.String({ minLength: 1, maxLength: 64 }),
  },
  { additionalProperties: false },
);
export type ActRef = Static<typeof ActRef>;

export const appealOutcomes = ['upheld', 'dismissed', 'lapsed'] as const;
export type AppealOutcome = (typeof appealOutcomes)[number];

/** Kind `appeal-decision`, version 1. `lapsed`: nobody decided in time; the member's policy then says what follows. */
export const AppealDecisionBody = Type.Object(
  {
    appeal: Type.String({ format: 'uuid' }),
    act: ActRef,
    outcome: Type.Enum([...appealOutcomes]),
    releases: Type.Boolean({ description: 'Whether the act ends by this decision' }),
    grounds: Type.String({ minLength: 1, maxLength: 2000 }),
    lodgedAt: Instant,
  },
  { additionalProperties: false },
);
export type AppealDecisionBody = Static<typeof AppealDecisionBody>;

/** Kind `appeal`, version 1: that an appeal was lodged. The appellant's words and person stay at home, out of the journal. */
export const AppealBody = Type.Object(
  { appeal: Type.String({ format: 'uuid' }), act: ActRef, decideBy: Instant },
  { additionalProperties: false },
);
export type AppealBody = Static<typeof AppealBody>;
