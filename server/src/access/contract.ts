import { Type, type Static, type TSchema } from 'typebox';
import { languages } from '@bronze-drum/protocol/languages';
import { PartyCode } from '@bronze-drum/protocol/members';
import { Instant } from '@bronze-drum/protocol/statements/envelope';
import { purposes } from '../kernel/actor.ts';
import { permissions, roles } from '@bronze-drum/protocol/roles';
import { institutionKinds } from './permissions.ts';

export { roles } from '@bronze-drum/protocol/roles';
export { institutionKinds } from './permissions.ts';

/** The short name of an office, officer or institution: given once, never used again for another. */
const idPattern = '^[a-z][a-z0-9-]{1,62}$';
const Id = Type.String({ pattern: idPattern, maxLength: 63 });
const Name = Type.String({ minLength: 1, maxLength: 200, pattern: '\\S' });
const Uuid = Type.String({ pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$', maxLength: 36 });
const Secret = Type.String({ minLength: 1, maxLength: 100, description: 'Shown this once, and stored nowhere' });
const Password = Type.String({ minLength: 1, maxLength: 256, description: 'At least 12 characters when it is set' });
const strict = { additionalProperties: false } as const;
const Nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

export const officeKinds = [
  'hotline',
  'police-centre',
  'fiu',
  'regulator',
  'prosecutor',
  'immigration',
  'ncb',
  'central-bank',
  'customs',
  'secretariat',
  'observer',
  'other',
] as const;

export const ById = Type.Object({ id: Id }, strict);
export const ByUuid = Type.Object({ id: Uuid }, strict);
export const ByKey = Type.Object({ id: Id, key: Uuid }, strict);

export const Page = Type.Object(
  {
    after: Type.Optional(Type.String({ maxLength: 400, description: 'The last page’s `next`' })),
    limit: Type.Integer({ minimum: 1, maximum: 200, default: 50 }),
  },
  strict,
);
export type Page = Static<typeof Page>;
const Next = Type.Optional(Type.String({ description: 'Absent on the last page' }));
const listOf = <Item extends TSchema>(item: Item) => Type.Array(item, { maxItems: 200 });

export const NewOffice = Type.Object({ id: Id, name: Name, kind: Type.Enum([...officeKinds]) }, strict);
export type NewOffice = Static<typeof NewOffice>;
export const Office = Type.Object({ ...NewOffice.properties, createdAt: Instant }, strict);
export type Office = Static<typeof Office>;
export const OfficePage = Type.Object({ offices: listOf(Office), next: Next }, strict);
export type OfficePage = Static<typeof OfficePage>;

const Roles = Type.Array(Type.Enum([...roles]), { maxItems: roles.length, uniqueItems: true });
export const NewOfficer = Type.Object({ id: Id, office: Id, name: Name, roles: Roles }, strict);
export type NewOfficer = Static<typeof NewOfficer>;
export const OfficerChange = Type.Object(
  { name: Type.Optional(Name), roles: Type.Optional(Roles), active: Type.Optional(Type.Boolean()) },
  { ...strict, minProperties: 1 },
);
export type OfficerChange = Static<typeof OfficerChange>;
export const Officer = Type.Object(
  {
    id: Id,
    office: Id,
    name: Name,
    roles: Type.Array(Type.String({ maxLength: 63 }), { maxItems: 32 }),
    active: Type.Boolean(),
    canSignIn: Type.Boolean({ description: 'Active, and has set a password' }),
    createdAt: Instant,
  },
  strict,
);
export type Officer = Static<typeof Officer>;
export const OfficerPage = Type.Object({ officers: listOf(Officer), next: Next }, strict);
export type OfficerPage = Static<typeof OfficerPage>;
/** An officer's code for the first sign-in, or for the one after a reset. */
export const IssuedCode = Type.Object({ officer: Id, code: Secret, expiresAt: Instant }, strict);
export type IssuedCode = Static<typeof IssuedCode>;

const Quota = Type.Object(
  {
    perSecond: Type.Integer({ minimum: 1, maximum: 10_000_000, description: 'Identifiers a second, on average' }),
    burst: Type.Integer({ minimum: 1, maximum: 100_000_000, description: 'Identifiers at once' }),
  },
  strict,
);
const Serves = Type.Array(
  Type.String({
    pattern: '^(account:[A-Z]{2}:[^:]{1,40}:.{0,34}|phone:\\+[0-9]{1,15})$',
    description: 'How the keys of its own customers begin: `account:TH:014:`, `phone:+6681`',
  }),
  { maxItems: 1000, uniqueItems: true },
);
export const NewInstitution = Type.Object(
  { id: Id, name: Name, kind: Type.Enum([...institutionKinds]), quota: Quota, serves: Type.Optional(Serves) },
  strict,
);
export type NewInstitution = Static<typeof NewInstitution>;
export const InstitutionChange = Type.Object(
  {
    name: Type.Optional(Name),
    quota: Type.Optional(Quota),
    serves: Type.Optional(Serves),
    active: Type.Optional(Type.Boolean()),
  },
  { ...strict, minProperties: 1 },
);
export type InstitutionChange = Static<typeof InstitutionChange>;
export const Institution = Type.Object(
  { ...NewInstitution.properties, serves: Serves, active: Type.Boolean(), createdAt: Instant },
  strict,
);
export type Institution = Static<typeof Institution>;
export const InstitutionPage = Type.Object({ institutions: listOf(Institution), next: Next }, strict);
export type InstitutionPage = Static<typeof InstitutionPage>;

export const NewKey = Type.Object(
  { expiresInDays: Type.Optional(Type.Integer({ minimum: 1, maximum: 730, description: 'By default 365' })) },
  strict,
);
export type NewKey = Static<typeof NewKey>;
export const IssuedKey = Type.Object({ id: Uuid, key: Secret, expiresAt: Instant }, strict);
export type IssuedKey = Static<typeof IssuedKey>;
export const Revocation = Type.Object(
  { at: Type.Optional({ ...Instant, description: 'When the key ends, for a rotation without a gap; by default now' }) },
  strict,
);
export type Revocation = Static<typeof Revocation>;
export const Key = Type.Object(
  {
    id: Uuid,
    createdAt: Instant,
    expiresAt: Instant,
    revokedAt: Nullable(Instant),
    usedAt: Nullable(Instant),
    state: Type.Enum(['active', 'expired', 'revoked']),
  },
  strict,
);
export type Key = Static<typeof Key>;
export const KeyList = Type.Object({ keys: Type.Array(Key, { maxItems: 1000 }) }, strict);

export const SignIn = Type.Object({ officer: Id, password: Password }, strict);
export type SignIn = Static<typeof SignIn>;
export const OneTimeSignIn = Type.Object(
  { code: Type.String({ minLength: 1, maxLength: 100 }), password: Password },
  strict,
);
export type OneTimeSignIn = Static<typeof OneTimeSignIn>;
export const StepUp = Type.Object({ password: Password }, strict);
export const PasswordChange = Type.Object({ password: Password, newPassword: Password }, strict);
export type PasswordChange = Static<typeof PasswordChange>;
export const OpenedSession = Type.Object({ officer: Id, token: Secret, expiresAt: Instant }, strict);
export type OpenedSession = Static<typeof OpenedSession>;
export const SteppedUp = Type.Object({ until: Instant }, strict);
export type SteppedUp = Static<typeof SteppedUp>;
export const Session = Type.Object(
  {
    member: PartyCode,
    officer: Id,
    name: Name,
    office: Office,
    roles: Officer.properties.roles,
    permissions: Type.Array(Type.Enum([...permissions]), { maxItems: permissions.length }),
    expiresAt: { ...Nullable(Instant), description: 'When it ends if it is not used; null for a key of the machine' },
    endsAt: { ...Nullable(Instant), description: 'When it ends however much it is used' },
    steppedUpUntil: Nullable(Instant),
  },
  strict,
);
export type Session = Static<typeof Session>;

const ActorId = Type.String({ maxLength: 100, description: 'officer:<id>, institution:<id> or rule:<name>' });
export const Read = Type.Object(
  {
    number: Type.Integer(),
    at: Instant,
    actor: ActorId,
    office: Nullable(Id),
    purpose: Nullable(Type.String({ maxLength: 40 })),
    what: Type.String({ maxLength: 100 }),
    subject: Nullable(Type.String({ maxLength: 2300 })),
    count: Type.Integer({ minimum: 0 }),
  },
  strict,
);
export type Read = Static<typeof Read>;
export const ReadQuery = Type.Object(
  {
    ...Page.properties,
    who: Type.Optional(
      Type.String({
        maxLength: 100,
        description: 'Short name of an officer or an office, or an actor such as rule:trace',
      }),
    ),
    about: Type.Optional(Type.String({ maxLength: 2300, description: 'The subject as it was recorded' })),
    purpose: Type.Optional(Type.Enum([...purposes])),
  },
  strict,
);
export type ReadQuery = Static<typeof ReadQuery>;
export const ReadPage = Type.Object({ reads: listOf(Read), next: Next }, strict);
export type ReadPage = Static<typeof ReadPage>;

export const Change = Type.Object(
  {
    number: Type.Integer(),
    at: Instant,
    actor: ActorId,
    what: Type.String({ maxLength: 100, description: 'Such as officer.roles' }),
    subject: Type.String({ maxLength: 200 }),
    details: Type.Record(Type.String(), Type.Unknown(), { description: 'What it became, without any secret' }),
  },
  strict,
);
export type Change = Static<typeof Change>;
export const ChangePage = Type.Object({ changes: listOf(Change), next: Next }, strict);
export type ChangePage = Static<typeof ChangePage>;

const approvalStates = ['open', 'approved', 'rejected', 'withdrawn', 'lapsed'] as const;
export const ApprovalQuery = Type.Object(
  {
    ...Page.properties,
    which: Type.Enum(['to-decide', 'proposed-by-me'], { default: 'to-decide' }),
  },
  strict,
);
export type ApprovalQuery = Static<typeof ApprovalQuery>;
export const ApprovalSummary = Type.Object(
  {
    id: Uuid,
    act: Type.String({ maxLength: 100 }),
    variant: Nullable(Type.String({ maxLength: 100 })),
    subject: Type.String({ maxLength: 2300 }),
    proposer: Id,
    performed: Type.Boolean({
      description: 'Done already, for want of a second person, and to be confirmed or undone',
    }),
    state: Type.Enum([...approvalStates]),
    proposedAt: Instant,
    decideBy: Instant,
  },
  strict,
);
export type ApprovalSummary = Static<typeof ApprovalSummary>;
export const ApprovalPage = Type.Object({ approvals: listOf(ApprovalSummary), next: Next }, strict);
export type ApprovalPage = Static<typeof ApprovalPage>;
export const Approval = Type.Object(
  {
    ...ApprovalSummary.properties,
    payload: { ...Type.Unknown(), description: 'What the act is given' },
    decidedBy: Nullable(Id),
    decidedAt: Nullable(Instant),
    note: Nullable(Type.String({ maxLength: 2000 })),
  },
  strict,
);
export type Approval = Static<typeof Approval>;
export const Decision = Type.Object(
  { approve: Type.Boolean(), note: Type.Optional(Type.String({ maxLength: 2000 })) },
  strict,
);
export type Decision = Static<typeof Decision>;
export const Decided = Type.Object({ id: Uuid, state: Type.Enum(['approved', 'rejected']) }, strict);
export type Decided = Static<typeof Decided>;

/** What anybody may know of a server's desk, before signing in. */
export const DeskState = Type.Object(
  {
    member: PartyCode,
    languages: Type.Array(Type.Enum([...languages]), { maxItems: languages.length }),
    needsSetUp: Type.Boolean({ description: 'No officer has ever signed in' }),
  },
  strict,
);
export type DeskState = Static<typeof DeskState>;
const Clerk = Type.String({
  minLength: 1,
  maxLength: 100,
  pattern: '\\S',
  description: 'Who acts for the institution',
});
export const ClerkSignIn = Type.Object({ key: Type.String({ minLength: 1, maxLength: 100 }), clerk: Clerk }, strict);
export type ClerkSignIn = Static<typeof ClerkSignIn>;
/** A session that is kept in the browser's cookie, and nowhere that a script could read. */
export const KeptSession = Type.Object({ officer: Id, expiresAt: Instant }, strict);
export const KeptClerkSession = Type.Object({ institution: Id, clerk: Clerk, expiresAt: Instant }, strict);
const OfficerDeskSession = Type.Object({ kind: Type.Literal('officer'), ...Session.properties }, strict);
export const ClerkDeskSession = Type.Object(
  {
    kind: Type.Literal('institution'),
    member: PartyCode,
    institution: Id,
    name: Name,
    institutionKind: Type.Enum([...institutionKinds]),
    clerk: Clerk,
    permissions: Session.properties.permissions,
    expiresAt: Instant,
    endsAt: Instant,
  },
  strict,
);
export type ClerkDeskSession = Static<typeof ClerkDeskSession>;
export const DeskSession = Type.Union([OfficerDeskSession, ClerkDeskSession]);
export type DeskSession = Static<typeof DeskSession>;
export const OwnSession = Type.Object(
  {
    id: Uuid,
    createdAt: Instant,
    seenAt: Instant,
    current: Type.Boolean({ description: 'The one that asks' }),
  },
  strict,
);
export type OwnSession = Static<typeof OwnSession>;
export const OwnSessionList = Type.Object({ sessions: listOf(OwnSession) }, strict);

const View = Type.Object(
  {
    id: Type.String({ pattern: '^[A-Za-z0-9-]{1,40}$', maxLength: 40 }),
    room: Type.String({ pattern: '^[a-z][a-z-]{0,39}$', maxLength: 40 }),
    name: Type.String({ minLength: 1, maxLength: 100, pattern: '\\S' }),
    search: Type.String({ maxLength: 2000, description: 'What stands behind the path in its address' }),
  },
  strict,
);
/** How an officer’s desk looks, on whichever machine they sit. */
export const Profile = Type.Object(
  {
    language: Nullable(Type.Enum([...languages])),
    calendar: Type.Enum(['gregorian', 'buddhist']),
    timeZone: Nullable(Type.String({ minLength: 1, maxLength: 64, description: 'An IANA name, as Asia/Bangkok' })),
    theme: Type.Enum(['light', 'dark', 'auto']),
    density: Type.Enum(['dense', 'roomy']),
    views: Type.Array(View, { maxItems: 50 }),
  },
  strict,
);
export type Profile = Static<typeof Profile>;

const PlaceAtDesk = Type.String({
  pattern: '^(alert|request|trace):[A-Za-z0-9-]{1,64}$',
  maxLength: 72,
  description: 'What is on screen: alert:<id>, request:<id> or trace:<id>',
});
export const Presence = Type.Object({ at: Nullable(PlaceAtDesk) }, strict);
export const PresenceQuery = Type.Object({ at: PlaceAtDesk }, strict);
export const Present = Type.Object({ officer: Id, name: Name, since: Instant }, strict);
export type Present = Static<typeof Present>;
export const PresentList = Type.Array(Present, { maxItems: 50 });

/** The sets of rules of a member’s policy, the oldest first; `contracts/policy.json` says what stands in each. */
export const PolicyVersions = Type.Object(
  {
    member: PartyCode,
    timeZone: Type.String({ maxLength: 64 }),
    versions: Type.Array(Type.Object({ from: Instant, policy: Type.Record(Type.String(), Type.Unknown()) }, strict), {
      maxItems: 100,
    }),
    today: Type.Integer({ minimum: 0, description: 'Which of them is in force' }),
  },
  strict,
);
export type PolicyVersions = Static<typeof PolicyVersions>;
