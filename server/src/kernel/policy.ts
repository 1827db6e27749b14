import { Type, type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import { DetectionRules } from '@bronze-drum/detection/rules';
import { alertKinds } from '@bronze-drum/protocol/alerts';
import { identifierTypes } from '@bronze-drum/protocol/identifiers/identifier';
import { PartyCode } from '@bronze-drum/protocol/members';
import { Instant } from '@bronze-drum/protocol/statements/envelope';
import { tiers } from '@bronze-drum/protocol/statements/listing';
import { instantMs } from './clock.ts';
import { FundsRules, LiaisonRules, OrderRules } from './policy-acts.ts';

/** What a screening answer recommends, strongest first. */
export const advices = ['block', 'hold', 'challenge', 'watch', 'clear'] as const;
export type Advice = (typeof advices)[number];

const DurationHours = Type.Number({ exclusiveMinimum: 0, maximum: 24 * 366 * 10 });
const AdviceValue = Type.Enum([...advices]);

const ScreeningRules = Type.Object(
  {
    advice: Type.Record(Type.Enum([...tiers]), AdviceValue, {
      description: 'The advice for a listing of each tier. Every tier must be there.',
    }),
    byType: Type.Optional(
      Type.Partial(
        Type.Record(Type.Enum([...identifierTypes]), Type.Partial(Type.Record(Type.Enum([...tiers]), AdviceValue))),
        { additionalProperties: false, description: 'Exceptions for one type of identifier, tier by tier' },
      ),
    ),
    corroboration: Type.Object(
      {
        members: Type.Integer({
          minimum: 2,
          maximum: 6,
          description: 'How many members must list the same identifier',
        }),
        raiseTo: AdviceValue,
      },
      { additionalProperties: false, description: 'What follows when several members list one identifier' },
    ),
    presentedAtMost: Type.Enum(['challenge', 'watch', 'clear'], {
      description: 'The strongest advice for a listing of a presented (possibly spoofed) number',
    }),
    ancestorAtMost: Type.Enum([...advices], {
      description: 'The strongest advice when only the host, domain or prefix matched',
    }),
  },
  { additionalProperties: false },
);

const ListingRules = Type.Object(
  {
    expiryHours: Type.Record(Type.Enum([...tiers]), DurationHours, {
      description: 'How long a listing of each tier lasts, unless its author asks for less',
    }),
    allowList: Type.Array(Type.String({ minLength: 3, maxLength: 500 }), {
      maxItems: 10_000,
      description:
        'Identifiers that may never be listed: a key, or a key prefix ending in *. Emergency numbers, hospitals, shared gateways, government accounts.',
    }),
    minimumPrefixBits: Type.Object(
      { v4: Type.Integer({ minimum: 8, maximum: 32 }), v6: Type.Integer({ minimum: 16, maximum: 128 }) },
      { additionalProperties: false, description: 'The widest range of addresses that one listing may cover' },
    ),
  },
  { additionalProperties: false },
);

const SecondPersonRules = Type.Object(
  {
    acts: Type.Array(Type.String({ pattern: '^[a-z]+\\.[a-z-]+(:[a-z-]+)?$' }), {
      uniqueItems: true,
      description: 'Acts that need a second person: room.verb, or room.verb:variant',
    }),
    decideWithinHours: DurationHours,
    whenAlone: Type.Enum(['refuse', 'act-then-review'], {
      description:
        'What happens where no second officer could decide: refuse, or act and have it reviewed within reviewWithinHours',
    }),
    reviewWithinHours: DurationHours,
  },
  { additionalProperties: false },
);

const AppealRules = Type.Object(
  {
    decideWithinHours: DurationHours,
    warnBeforeHours: DurationHours,
    whenLapsed: Type.Enum(['release', 'stand'], { description: 'What becomes of the act when nobody decides in time' }),
  },
  { additionalProperties: false },
);

const RetentionRules = Type.Object(
  {
    listingBodyHours: DurationHours,
    screeningHitHours: DurationHours,
    readLogHours: DurationHours,
  },
  { additionalProperties: false },
);

const SessionRules = Type.Object(
  {
    idleMinutes: Type.Integer({ minimum: 1, maximum: 24 * 60 }),
    absoluteHours: DurationHours,
    stepUpMinutes: Type.Integer({ minimum: 1, maximum: 24 * 60 }),
    lockAfterFailures: Type.Integer({ minimum: 3, maximum: 100 }),
    lockMinutes: Type.Integer({ minimum: 1, maximum: 24 * 60 }),
  },
  { additionalProperties: false },
);

const SharingRules = Type.Object(
  {
    exportApproval: Type.Object(
      {
        types: Type.Array(Type.Enum([...identifierTypes]), {
          uniqueItems: true,
          description: 'A listing of such an identifier waits for an approving officer before it leaves the country',
        }),
        decideWithinHours: DurationHours,
        basis: Type.String({
          minLength: 1,
          maxLength: 500,
          description:
            'The law that asks for it or, where no type needs approval, the law that permits sharing without',
        }),
      },
      { additionalProperties: false },
    ),
  },
  { additionalProperties: false },
);

const ActivityRules = Type.Object(
  {
    lateHours: { ...DurationHours, description: 'How old a record may be when it is reported' },
    aheadMinutes: Type.Integer({ minimum: 0, maximum: 60, description: 'How far a sender’s clock may be ahead' }),
    retentionHours: { ...DurationHours, description: 'How long a record is kept after it was reported' },
    recordsPerDayMax: Type.Integer({
      minimum: 1000,
      maximum: 10_000_000_000,
      description: 'What one institution may report in a day',
    }),
  },
  { additionalProperties: false },
);

const RoleName = Type.String({ pattern: '^[a-z-]{1,40}$' });
const AlertRoute = Type.Object(
  {
    roles: Type.Array(RoleName, { minItems: 1, maxItems: 10, uniqueItems: true }),
    offices: Type.Optional(Type.Array(RoleName, { maxItems: 10, description: 'Kinds of office' })),
    digest: Type.Boolean({ description: 'Below P2 it is gathered, and told in the next digest' }),
    escalateAfterMinutes: Type.Number({ exclusiveMinimum: 0, maximum: 60 * 24 * 30 }),
    escalateTo: Type.Array(RoleName, { minItems: 1, maxItems: 10, uniqueItems: true }),
    institutions: Type.Boolean({ description: 'The institution that serves the identifier is told as well' }),
    members: Type.Boolean({ description: 'The member where the account or number lives is told, by standing rule' }),
  },
  { additionalProperties: false },
);
export type AlertRoute = Static<typeof AlertRoute>;

const AlertRules = Type.Object(
  {
    routes: Type.Record(Type.Enum([...alertKinds]), AlertRoute, {
      description: 'For each kind of alert who is told. Every kind must be there.',
    }),
    digestMinutes: Type.Integer({ minimum: 1, maximum: 24 * 60 }),
    keepHours: { ...DurationHours, description: 'How long a closed alert is kept' },
    newPerMinuteMax: Type.Integer({
      minimum: 10,
      maximum: 1_000_000,
      description: 'So many new alerts a minute from what one institution reports; more become one alert about it',
    }),
  },
  { additionalProperties: false },
);

const PolicyRules = Type.Object(
  {
    effectiveFrom: Instant,
    legalBasis: Type.String({ minLength: 1, maxLength: 500 }),
    screening: ScreeningRules,
    listings: ListingRules,
    secondPerson: SecondPersonRules,
    sharing: SharingRules,
    activity: ActivityRules,
    detection: DetectionRules,
    alerts: AlertRules,
    orders: OrderRules,
    liaison: LiaisonRules,
    funds: FundsRules,
    appeals: AppealRules,
    retention: RetentionRules,
    sessions: SessionRules,
  },
  { additionalProperties: false },
);
export type PolicyRules = Static<typeof PolicyRules>;

/** A member's policy: sets of rules, each in force from its date until the next one's. */
export const PolicyFile = Type.Object(
  {
    $schema: Type.Optional(Type.String()),
    member: PartyCode,
    timeZone: Type.String({ pattern: '^[A-Z][A-Za-z]+/[A-Z][A-Za-z_]+$' }),
    rules: Type.Array(PolicyRules, { minItems: 1, maxItems: 100 }),
  },
  { additionalProperties: false, $id: 'policy', title: "A member's policy" },
);
type PolicyFile = Static<typeof PolicyFile>;

export interface Policy {
  readonly member: PolicyFile['member'];
  readonly timeZone: string;
  /** Every set of rules, the oldest first: what was, is and will be in force. */
  readonly versions: readonly PolicyRules[];
  /** The rules in force at an instant. */
  at(instantMs: number): PolicyRules;
}

const validator = Compile(PolicyFile);

/** Reads a policy file's text. Throws with the place of the fault, as a server must not start under a policy it misread. */
export function parsePolicy(text: string): Policy {
  const file: unknown = JSON.parse(text);
  if (!validator.Check(file)) {
    const [first] = validator.Errors(file);
    throw new Error(`the policy is not valid at ${first?.instancePath || '/'}: ${first?.message ?? 'unknown'}`);
  }
  const rules = file.rules
    .map((entry) => ({ fromMs: instantMs(entry.effectiveFrom), entry }))
    .sort((a, b) => a.fromMs - b.fromMs);
  return {
    member: file.member,
    timeZone: file.timeZone,
    versions: rules.map(({ entry }) => entry),
    at(atMs) {
      const current = rules.findLast((rule) => rule.fromMs <= atMs) ?? rules[0]!;
      return current.entry;
    },
  };
}

/** Whether the policy asks for a second person before this act; the plain verb covers all its variants. */
export function needsSecondPerson(rules: PolicyRules, act: string): boolean {
  const acts = rules.secondPerson.acts;
  return acts.includes(act) || acts.includes(act.split(':')[0]!);
}

/** Whether a listing of this type waits for an approving officer before it enters a book that others abroad read. */
export function needsExportApproval(rules: PolicyRules, identifierType: string, book: string): boolean {
  const types: readonly string[] = rules.sharing.exportApproval.types;
  return book !== 'domestic' && types.includes(identifierType);
}
