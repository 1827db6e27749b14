import { Type, type Static } from 'typebox';
import { ActRef } from '@bronze-drum/protocol/statements/appeal';
import { Instant } from '@bronze-drum/protocol/statements/envelope';

export const appealStates = ['lodged', 'upheld', 'dismissed', 'lapsed', 'withdrawn'] as const;
export type AppealState = (typeof appealStates)[number];

const Words = Type.String({ minLength: 1, maxLength: 4000 });

export const LodgeAppeal = Type.Object(
  {
    act: ActRef,
    appellant: Type.String({
      minLength: 1,
      maxLength: 500,
      description: 'Who contests, and how to reach them. Stays at home.',
    }),
    grounds: Words,
  },
  { additionalProperties: false },
);
export type LodgeAppeal = Static<typeof LodgeAppeal>;

export const DecideAppeal = Type.Object(
  { outcome: Type.Enum(['upheld', 'dismissed']), grounds: Type.String({ minLength: 1, maxLength: 2000 }) },
  { additionalProperties: false },
);
export type DecideAppeal = Static<typeof DecideAppeal>;

export const Appeal = Type.Object({
  id: Type.String({ format: 'uuid' }),
  act: ActRef,
  subject: Type.String({ description: 'The identifier or thing that the act is about' }),
  appellant: Type.String(),
  grounds: Type.String(),
  lodgedBy: Type.String(),
  lodgedAt: Instant,
  decideBy: Instant,
  warnedAt: Type.Optional(Instant),
  state: Type.Enum([...appealStates]),
  releases: Type.Optional(Type.Boolean()),
  decidedBy: Type.Optional(Type.String()),
  decidedAt: Type.Optional(Instant),
  decisionGrounds: Type.Optional(Type.String()),
});
export type Appeal = Static<typeof Appeal>;

export const AppealQuery = Type.Object(
  {
    state: Type.Enum([...appealStates], { default: 'lodged' }),
    after: Type.Optional(Type.String({ maxLength: 200, description: 'The last page’s `next`' })),
    limit: Type.Integer({ minimum: 1, maximum: 200, default: 50 }),
  },
  { additionalProperties: false },
);
export type AppealQuery = Static<typeof AppealQuery>;

export const AppealPage = Type.Object({ appeals: Type.Array(Appeal), next: Type.Optional(Type.String()) });
export const AppealParams = Type.Object({ id: Type.String({ format: 'uuid' }) }, { additionalProperties: false });
