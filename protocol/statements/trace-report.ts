import { Type, type Static } from 'typebox';
import { Money } from '../fields.ts';
import { MemberCode } from '../members.ts';
import { Instant } from './envelope.ts';

const strict = { additionalProperties: false } as const;
const Uuid = Type.String({ pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' });

/** Why a trace goes no further at a place; `open`: the money is still there, as far as is known. */
export const placeEnds = [
  'open',
  'passed-on',
  'merchant',
  'exchange',
  'pooled',
  'cash',
  'abroad',
  'unknown',
  'too-far',
  'too-late',
  'too-small',
  'fee',
] as const;
export type PlaceEnd = (typeof placeEnds)[number];

export const holdStates = [
  'proposed',
  'ordered',
  'held',
  'partly',
  'gone',
  'refused',
  'released',
  'expired',
  'seized',
  'confiscated',
  'returned',
] as const;
export type HoldState = (typeof holdStates)[number];

/** One place that the money reached: an account, a wallet, a merchant, cash. Who holds it is not said. */
export const TracePlace = Type.Object(
  {
    /** Names the place within this trace for good; says nothing about the account to whoever does not know it. */
    place: Uuid,
    /** Absent where the reporting member's law asks for approval before it leaves. */
    key: Type.Optional(Type.String({ maxLength: 2300 })),
    hop: Type.Integer({ minimum: 0, maximum: 100 }),
    /** What came from the theft and reached it, what stayed, both in the minor units in which it was stolen. */
    reached: Money,
    remains: Money,
    end: Type.Enum([...placeEnds]),
    to: Type.Array(Type.Object({ place: Uuid, amount: Money, at: Instant }, strict), { maxItems: 100 }),
    /** Where the end is `abroad`. */
    member: Type.Optional(MemberCode),
    hold: Type.Optional(
      Type.Object(
        {
          state: Type.Enum([...holdStates]),
          amount: Money,
          until: Type.Optional(Instant),
          refusal: Type.Optional(Type.String({ maxLength: 64 })),
        },
        strict,
      ),
    ),
  },
  strict,
);
export type TracePlace = Static<typeof TracePlace>;
export const tracePlacesMax = 200;

/**
 * Kind `trace-report`, version 1: how far a member has followed what another asked it to follow, and what it holds. Of one
 * request the highest revision stands.
 */
export const TraceReportBody = Type.Object(
  {
    request: Uuid,
    trace: Uuid,
    revision: Type.Integer({ minimum: 1 }),
    places: Type.Array(TracePlace, { maxItems: tracePlacesMax }),
    /** Places that did not fit, the smallest amounts. */
    more: Type.Integer({ minimum: 0 }),
    /** It still grows. */
    open: Type.Boolean(),
  },
  strict,
);
export type TraceReportBody = Static<typeof TraceReportBody>;
