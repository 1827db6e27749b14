import { Type, type Static } from 'typebox';
import { Money } from '../fields.ts';
import { Instant } from './envelope.ts';
import { holdStates } from './trace-report.ts';

const Uuid = Type.String({ pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' });
const Reference = Type.String({ minLength: 1, maxLength: 200 });

/** What was done to a hold. A new one goes to the end. */
export const holdDeeds = [
  'proposed',
  'ordered',
  'lowered',
  'raised',
  'answered',
  'extended',
  'complaint',
  'released',
  'reinstated',
  'expired',
  'seized',
  'confiscated',
  'returned',
  'confirmed',
  'notice-deferred',
  'notice-made',
  'notice-delivered',
] as const;
export type HoldDeed = (typeof holdDeeds)[number];

/** Why a hold ended. */
export const holdEnds = [
  'officer',
  'appeal',
  'expired',
  'nothing-left',
  'not-confirmed',
  'order-ended',
  'returned',
] as const;
export type HoldEnd = (typeof holdEnds)[number];

/**
 * Kind `hold`, version 1, in the book `domestic`: a hold on an amount as it stands after each deed. Of one hold the highest
 * revision stands.
 */
export const HoldBody = Type.Object(
  {
    hold: Uuid,
    revision: Type.Integer({ minimum: 1 }),
    deed: Type.Enum([...holdDeeds]),
    trace: Uuid,
    place: Uuid,
    key: Type.String({ minLength: 3, maxLength: 2300 }),
    institution: Type.Optional(Type.String({ maxLength: 64 })),
    state: Type.Enum([...holdStates]),
    taint: Money,
    ordered: Type.Optional(Money),
    held: Money,
    gone: Money,
    returned: Money,
    order: Type.Optional(Uuid),
    refusal: Type.Optional(Type.String({ maxLength: 64 })),
    stage: Type.Optional(Type.String({ maxLength: 40 })),
    until: Type.Optional(Instant),
    complaint: Type.Optional(Reference),
    court: Type.Optional(Reference),
    ended: Type.Optional(Type.Enum([...holdEnds])),
    grounds: Type.Optional(Type.String({ minLength: 1, maxLength: 2000 })),
  },
  { additionalProperties: false },
);
export type HoldBody = Static<typeof HoldBody>;
