import { Type, type Static } from 'typebox';
import { schemaOf } from '../fields.ts';
import { FreeText, languages } from '../languages.ts';
import { MemberCode } from '../members.ts';
import {
  answerForm,
  requestForms,
  requestKinds,
  requestPriorities,
  requestPurposes,
  requestRefusals,
  type AnswerFacts,
  type RequestDetails,
  type RequestKind,
} from '../requests.ts';
import { Instant } from './envelope.ts';
import { ExhibitRef, exhibitsMax } from './exhibit.ts';
import { offences } from './listing.ts';

const strict = { additionalProperties: false } as const;
const Uuid = Type.String({ pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' });
const Exhibits = Type.Array(ExhibitRef, { maxItems: exhibitsMax });

const head = {
  id: Uuid,
  revision: Type.Integer({ minimum: 1, maximum: 1000 }),
  to: Type.Object(
    {
      member: MemberCode,
      desk: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
      officer: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
    },
    strict,
  ),
  priority: Type.Enum([...requestPriorities]),
  offence: Type.Enum([...offences]),
  purpose: Type.Enum([...requestPurposes]),
  /** The law or agreement on which the asking member acts. */
  legalBasis: Type.String({ minLength: 1, maxLength: 500 }),
  necessity: FreeText,
  /** The officer who signed it; a request sent by standing rule bears none. */
  signedBy: Type.Optional(
    Type.Object(
      { office: Type.String({ maxLength: 64 }), officer: Type.String({ maxLength: 64 }), at: Instant },
      strict,
    ),
  ),
  language: Type.Enum([...languages]),
  exhibits: Exhibits,
  /** The first request of a conversation that this one is part of. */
  joins: Type.Optional(Uuid),
  case: Type.Optional(Uuid),
};

const kindBody = (kind: RequestKind) =>
  Type.Object({ ...head, kind: Type.Literal(kind), details: schemaOf(requestForms[kind]) }, strict);

/**
 * Kind `request`, version 1: in the book of the two members. The same id again is a new revision: the asking member put
 * right what was missing, or raised the priority. Of one request the highest revision stands.
 */
export const RequestBody = Type.Union(requestKinds.map(kindBody));
export type RequestBody<K extends RequestKind = RequestKind> = K extends RequestKind
  ? Omit<Static<ReturnType<typeof kindBody>>, 'kind' | 'details'> & {
      readonly kind: K;
      readonly details: RequestDetails<K>;
    }
  : never;

export const requestDeeds = [
  // By the asked member.
  'received',
  'acknowledged',
  'in-work',
  'partly-answered',
  'answered',
  'refused',
  // By the asking member.
  'withdrawn',
  // By both.
  'said',
  'escalated',
] as const;
export type RequestDeed = (typeof requestDeeds)[number];

/**
 * Kind `request-deed`, version 1: what was done about a request by the member who says so. Each member numbers its deeds
 * on a request from 1. The state follows from the asked member's deeds that are about the newest revision: the last of
 * `partly-answered`, `answered` and `refused`, or else the furthest of `received`, `acknowledged` and `in-work`. Once the
 * asking member said `withdrawn`, it is. `said` and `escalated` change nothing.
 */
export const RequestDeedBody = Type.Object(
  {
    request: Uuid,
    number: Type.Integer({ minimum: 1, maximum: 100_000 }),
    /** Of the revision that it is about. */
    revision: Type.Integer({ minimum: 1, maximum: 1000 }),
    deed: Type.Enum([...requestDeeds]),
    refusal: Type.Optional(Type.Enum([...requestRefusals])),
    facts: Type.Optional(schemaOf(answerForm)),
    text: Type.Optional(FreeText),
    exhibits: Exhibits,
  },
  strict,
);
export type RequestDeedBody = Omit<Static<typeof RequestDeedBody>, 'facts'> & { readonly facts?: AnswerFacts };
