import { Type, type Static, type TSchema } from 'typebox';
import { schemaOf } from '@bronze-drum/protocol/fields';
import { Handling } from '@bronze-drum/protocol/handling';
import { FreeText, languages } from '@bronze-drum/protocol/languages';
import { MemberCode } from '@bronze-drum/protocol/members';
import {
  answerForm,
  requestForms,
  requestKinds,
  requestPriorities,
  requestPurposes,
  requestRefusals,
  requestStates,
  type AnswerFacts,
  type RequestDetails,
  type RequestKind,
} from '@bronze-drum/protocol/requests';
import { Author, Instant } from '@bronze-drum/protocol/statements/envelope';
import { exhibitsMax } from '@bronze-drum/protocol/statements/exhibit';
import { offences } from '@bronze-drum/protocol/statements/listing';
import { requestDeeds, type RequestBody, type RequestDeedBody } from '@bronze-drum/protocol/statements/request';

const strict = { additionalProperties: false } as const;
const Nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const Uuid = Type.String({ pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$', maxLength: 36 });
const Officer = Type.String({ pattern: '^[a-z][a-z0-9-]{1,62}$', maxLength: 63, description: 'An officer’s own id' });
const Desk = Type.String({ pattern: '^[a-z][a-z0-9-]{1,62}$', maxLength: 63 });
const Exhibits = Type.Array(Uuid, { maxItems: exhibitsMax, uniqueItems: true, description: 'Ids of exhibits here' });
const Next = Type.Optional(Type.String({ description: 'Absent on the last page' }));
const After = Type.Optional(Type.String({ maxLength: 400, description: 'The last page’s `next`' }));

const Links = Type.Array(Type.Object({ kind: Type.Enum(['alert', 'trace', 'case']), id: Uuid }, strict), {
  maxItems: 50,
});
export const LinksBody = Type.Object({ links: Type.Array(Links.items, { minItems: 1, maxItems: 50 }) }, strict);
export type LinksBody = Static<typeof LinksBody>;

const asked = {
  to: Type.Object(
    { member: MemberCode, desk: Type.Optional(Desk), officer: Type.Optional(Officer) },
    { ...strict, description: 'A desk or a named officer of the member, or whoever is on duty' },
  ),
  priority: Type.Enum([...requestPriorities]),
  offence: Type.Enum([...offences]),
  purpose: Type.Enum([...requestPurposes]),
  legalBasis: Type.Optional(Type.String({ minLength: 1, maxLength: 500, description: 'By default the policy’s' })),
  necessity: FreeText,
  language: Type.Optional(Type.Enum([...languages], { description: 'By default that of `necessity`' })),
  exhibits: Type.Optional(Exhibits),
  handling: Type.Optional(Handling),
  joins: Type.Optional(Uuid),
  case: Type.Optional(Uuid),
  links: Type.Optional(Links),
};
/** A draft in whole: of a kind, with that kind’s fields. Identifiers in any usual spelling. */
export const NewRequest = Type.Union(
  requestKinds.map((kind) =>
    Type.Object({ kind: Type.Literal(kind), ...asked, details: schemaOf(requestForms[kind]) }, strict),
  ),
);
const NewHead = Type.Object(asked, strict);
export type NewRequest = Static<typeof NewHead> & { readonly kind: RequestKind; readonly details: RequestDetails };

const Despite = Type.Optional(
  Type.Boolean({ description: 'Send it although the asked member’s terms object, and it will be refused' }),
);
export const SendBody = Type.Object({ despite: Despite }, strict);
export type SendBody = Static<typeof SendBody>;

/** What a revision changes; the rest stays as it was said last. `details` in whole. */
export const Revision = Type.Object(
  {
    priority: Type.Optional(asked.priority),
    legalBasis: asked.legalBasis,
    necessity: Type.Optional(FreeText),
    details: Type.Optional(
      Type.Record(Type.String({ pattern: '^[a-zA-Z]{1,40}$' }), Type.Unknown(), { maxProperties: 20 }),
    ),
    exhibits: Type.Optional(Exhibits),
    despite: Despite,
  },
  strict,
);
export type Revision = Static<typeof Revision>;

const Text = Type.Optional(FreeText);
const words = { text: Text, exhibits: Type.Optional(Exhibits) };
/** What an officer says about a request: as the asked side, or `said` and `withdrawn` as the asking one. */
export const NewDeedBody = Type.Union([
  Type.Object({ deed: Type.Enum(['acknowledged', 'in-work', 'withdrawn']), ...words }, strict),
  Type.Object({ deed: Type.Literal('said'), text: FreeText, exhibits: words.exhibits }, strict),
  Type.Object({ deed: Type.Literal('refused'), refusal: Type.Enum([...requestRefusals]), ...words }, strict),
  Type.Object(
    {
      deed: Type.Enum(['partly-answered', 'answered']),
      facts: Type.Optional(Type.Unsafe<AnswerFacts>(schemaOf(answerForm))),
      ...words,
    },
    strict,
  ),
]);
export type NewDeedBody = Static<typeof NewDeedBody>;

export const Assignment = Type.Union([
  Type.Object({ officer: Officer, note: Text }, strict),
  Type.Object({ desk: Desk, note: Text }, strict),
]);
export type Assignment = Static<typeof Assignment>;

/** A request as it stands here, on either side. */
export const Request = Type.Object(
  {
    id: Uuid,
    direction: Type.Enum(['in', 'out']),
    from: MemberCode,
    to: MemberCode,
    kind: Type.Enum([...requestKinds]),
    priority: Type.Enum([...requestPriorities]),
    state: Type.Enum([...requestStates]),
    revision: Type.Integer({ minimum: 0, description: '0 while it was not sent' }),
    openedAt: Instant,
    sentAt: Nullable(Instant),
    receivedAt: Nullable(Instant),
    acknowledgedAt: Nullable(Instant),
    answeredAt: Nullable(Instant),
    acknowledgeBy: Nullable(Instant),
    actBy: Nullable(Instant),
    overdue: Type.Array(Type.Enum(['acknowledge', 'act'])),
    owner: Nullable(Type.String()),
    desk: Nullable(Type.String()),
    /** It, or its next revision, waits for an officer who lets it out. */
    waits: Type.Boolean(),
  },
  { title: 'Request' },
);
export type Request = Static<typeof Request>;

export const Performed = Type.Object(
  { request: Request, proposal: Type.Optional(Uuid), review: Type.Optional(Uuid) },
  { title: 'PerformedRequest', description: '`proposal`: it waits for a second person, at `/v1/approvals`' },
);
export type Performed = Static<typeof Performed>;

export const Checked = Type.Object(
  {
    objections: Type.Array(
      Type.Object({
        code: Type.String(),
        side: Type.Enum(['ours', 'theirs']),
        blocks: Type.Boolean({ description: 'It cannot be sent so' }),
        wayAround: Type.Optional(Type.String()),
      }),
    ),
    needs: Type.Array(Type.Enum(['second-person', 'export-approval', 'step-up']), {
      description: 'What sending it asks for',
    }),
    termsKnown: Type.Boolean({ description: 'Whether the asked member said what it asks for' }),
    staffed: Nullable(Type.Boolean({ description: 'Whether somebody is on duty there; null if it did not say' })),
    overlaps: Type.Array(Uuid, { description: 'Open requests of ours about the same' }),
  },
  { title: 'CheckedRequest' },
);
export type Checked = Static<typeof Checked>;

export const Conversation = Type.Object(
  {
    request: Request,
    body: Type.Unsafe<RequestBody>(
      Type.Unknown({ description: 'The statement `request`, its newest revision or draft' }),
    ),
    handling: Handling,
    draft: Nullable(
      Type.Object({
        body: Type.Unknown({ description: 'What is written and not said' }),
        exhibits: Type.Array(Uuid),
        draftedBy: Nullable(Type.String()),
        approvedBy: Nullable(Type.String()),
      }),
    ),
    revisions: Type.Array(
      Type.Object({
        revision: Type.Integer(),
        at: Instant,
        author: Author,
        body: Type.Unsafe<RequestBody>(Type.Unknown()),
      }),
    ),
    deeds: Type.Array(
      Type.Object({
        by: MemberCode,
        at: Instant,
        author: Author,
        deed: Type.Enum([...requestDeeds]),
        body: Type.Unsafe<RequestDeedBody>(Type.Unknown({ description: 'The statement `request-deed`' })),
      }),
    ),
    joined: Type.Array(Uuid, {
      description: 'Open requests here about the same; the other member hears nothing of it',
    }),
    links: Links,
    moves: Type.Array(
      Type.Object({
        at: Instant,
        actor: Type.String(),
        from: Nullable(Type.String()),
        to: Nullable(Type.String()),
        desk: Nullable(Type.String()),
        note: Nullable(FreeText),
      }),
    ),
  },
  { title: 'RequestConversation' },
);
export type Conversation = Static<typeof Conversation>;

export const RequestQuery = Type.Object(
  {
    direction: Type.Optional(Type.Enum(['in', 'out'])),
    standing: Type.Optional(
      Type.Enum(['draft', 'open', 'closed'], { description: 'Written and not sent, awaited, or over' }),
    ),
    state: Type.Optional(Type.Enum([...requestStates])),
    kind: Type.Optional(Type.Enum([...requestKinds])),
    priority: Type.Optional(Type.Enum([...requestPriorities])),
    member: Type.Optional(MemberCode),
    mine: Type.Boolean({ default: false }),
    overdue: Type.Boolean({ default: false }),
    waits: Type.Boolean({ default: false, description: 'Only what an officer must let out' }),
    after: After,
    limit: Type.Integer({ minimum: 1, maximum: 200, default: 50 }),
  },
  strict,
);
export type RequestQuery = Static<typeof RequestQuery>;
export const RequestPage = Type.Object(
  { requests: Type.Array(Request, { maxItems: 200 }), next: Next },
  { title: 'RequestPage' },
);
export type RequestPage = Static<typeof RequestPage>;
export const RequestId = Type.Object({ id: Uuid }, strict);
export const LetterQuery = Type.Object(
  { languages: Type.String({ pattern: `^(${languages.join('|')})(,(${languages.join('|')}))?$`, default: 'en' }) },
  strict,
);
export const PlainQuery = Type.Object({ language: Type.Enum([...languages], { default: 'en' }) }, strict);

export const ScorecardQuery = Type.Object({ from: Type.Optional(Instant), until: Type.Optional(Instant) }, strict);
export type ScorecardQuery = Static<typeof ScorecardQuery>;
const Minutes = Nullable(Type.Number({ description: 'Minutes' }));
const Share = Nullable(
  Type.Number({ minimum: 0, maximum: 1, description: 'Of those that are due or done; null of none' }),
);
export const Scorecard = Type.Object(
  {
    from: Instant,
    until: Instant,
    rows: Type.Array(
      Type.Object({
        asking: MemberCode,
        asked: MemberCode,
        kind: Type.Enum([...requestKinds]),
        count: Type.Integer(),
        acknowledged: Type.Object({ count: Type.Integer(), median: Minutes, p90: Minutes, onTime: Share }),
        answered: Type.Object({ count: Type.Integer(), median: Minutes, p90: Minutes, onTime: Share }),
      }),
      { maxItems: 1000 },
    ),
  },
  { title: 'LiaisonScorecard' },
);
export type Scorecard = Static<typeof Scorecard>;
