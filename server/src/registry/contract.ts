import { Type, type Static } from 'typebox';
import { Handling } from '@bronze-drum/protocol/handling';
import { identifierTypes } from '@bronze-drum/protocol/identifiers/identifier';
import { bookPattern, MemberCode, PartyCode } from '@bronze-drum/protocol/members';
import { appealOutcomes } from '@bronze-drum/protocol/statements/appeal';
import { Instant } from '@bronze-drum/protocol/statements/envelope';
import {
  Grading,
  offences,
  sightings,
  tiers,
  typologies,
  withdrawalReasons,
} from '@bronze-drum/protocol/statements/listing';

const strict = { additionalProperties: false } as const;
const Grounds = Type.String({
  minLength: 1,
  maxLength: 2000,
  description: 'Why, in words that the person concerned could be told',
});
const Tier = Type.Enum([...tiers]);
const Typologies = Type.Array(Type.Enum([...typologies]), { minItems: 1, maxItems: 8, uniqueItems: true });
const Uuid = Type.String({ format: 'uuid' });

/** Who may read: this member alone, all members, or this member and some others; `alliance` among them stands for all members. */
const Audience = Type.Union([
  Type.Enum(['domestic', 'alliance']),
  Type.Array(Type.Union([Type.Literal('alliance'), PartyCode]), { minItems: 1, maxItems: 8, uniqueItems: true }),
]);

const claim = {
  tier: Tier,
  typologies: Typologies,
  offence: Type.Enum([...offences]),
  grading: Grading,
  grounds: Grounds,
  audience: Audience,
  handling: Handling,
  discreet: Type.Optional(Type.Boolean({ description: 'Shown to no institution, replica or public check' })),
  sighting: Type.Optional(
    Type.Enum([...sightings], {
      description: 'Required for a phone number: whether it really called, or was only presented',
    }),
  ),
};

/** How an identifier is given: in any spelling, with what is known besides. */
const spelling = {
  type: Type.Optional(Type.Enum([...identifierTypes])),
  country: Type.Optional(Type.String({ pattern: '^[A-Z]{2}$' })),
  bank: Type.Optional(Type.String({ minLength: 1, maxLength: 40 })),
};

export const NewListing = Type.Object(
  {
    identifier: Type.String({ minLength: 1, maxLength: 4096 }),
    ...spelling,
    ...claim,
    source: Type.Optional(Type.String({ minLength: 1, maxLength: 120 })),
    since: Type.Optional(Instant),
    until: Type.Optional(Instant),
  },
  strict,
);
export type NewListing = Static<typeof NewListing>;

export const Corroboration = Type.Object(
  { tier: Tier, grading: Grading, grounds: Grounds, audience: Type.Optional(Audience), until: Type.Optional(Instant) },
  strict,
);
export type Corroboration = Static<typeof Corroboration>;

export const Revision = Type.Object(
  {
    revision: Type.Integer({
      minimum: 1,
      description: 'The revision that this changes; refused if it is no longer the newest',
    }),
    tier: Type.Optional(Tier),
    typologies: Type.Optional(Typologies),
    grading: Type.Optional(Grading),
    until: Type.Optional(Instant),
    grounds: Grounds,
  },
  strict,
);
export type Revision = Static<typeof Revision>;

export const Withdrawal = Type.Object(
  {
    reason: Type.Enum(withdrawalReasons.filter((reason) => !['released', 'narrowed'].includes(reason))),
    grounds: Grounds,
  },
  strict,
);
export type Withdrawal = Static<typeof Withdrawal>;

export const AudienceChange = Type.Object(
  {
    audience: Audience,
    grounds: { ...Grounds, description: 'Why, as the new readers are told; or those who are no longer to read it' },
  },
  strict,
);
export type AudienceChange = Static<typeof AudienceChange>;

const listingStates = ['listed', 'withdrawn', 'released', 'expired', 'pending'] as const;

export const Listing = Type.Object({
  id: Uuid,
  member: Type.String(),
  revision: Type.Integer(),
  state: Type.Enum([...listingStates]),
  key: Type.String(),
  caption: Type.String(),
  tier: Tier,
  typologies: Typologies,
  offence: Type.Enum([...offences]),
  grading: Grading,
  grounds: Type.String(),
  source: Type.Optional(Type.String()),
  sighting: Type.Optional(Type.Enum([...sightings])),
  discreet: Type.Boolean(),
  book: Type.String(),
  handling: Handling,
  since: Instant,
  until: Instant,
  changedAt: Instant,
  office: Type.String(),
  barred: Type.Optional(
    Type.Boolean({ description: 'Names something on this member’s allow-list: shown, and nothing follows from it' }),
  ),
  corroborates: Type.Optional(Type.Object({ member: Type.String(), id: Uuid })),
});
export type Listing = Static<typeof Listing>;

/** An act is done at once, or waits for a second person. */
export const ListingOutcome = Type.Object({
  listing: Type.Optional(Listing),
  proposal: Type.Optional(Type.String({ description: 'The approval that this act waits for' })),
  review: Type.Optional(
    Type.String({ description: 'The approval by which a second person must confirm what was done, or it is undone' }),
  ),
  export: Type.Optional(
    Type.Union([Type.Object({ proposal: Type.String() }), Type.Object({ refused: Type.String() })], {
      description: 'Said at home only, or unchanged abroad, until an officer approves that it leaves',
    }),
  ),
});

const exportStates = ['proposed', 'approved', 'rejected', 'lapsed', 'withdrawn', 'withheld'] as const;

export const Export = Type.Object({
  id: Uuid,
  listing: Type.Optional(Uuid),
  subject: Type.String({ description: 'The identifier, or the import, that leaves' }),
  book: Type.String(),
  state: Type.Enum([...exportStates]),
  why: Type.Optional(Type.String({ description: 'Why nobody was asked: a refusal’s code' })),
  proposedBy: Type.String(),
  proposedAt: Instant,
  decideBy: Type.Optional(Instant),
  decidedBy: Type.Optional(Type.String()),
  decidedAt: Type.Optional(Instant),
});
export type Export = Static<typeof Export>;

export const ExportQuery = Type.Object(
  {
    state: Type.Optional(Type.Enum([...exportStates])),
    after: Type.Optional(Type.String({ maxLength: 200, description: 'The last page’s `next`' })),
    limit: Type.Integer({ minimum: 1, maximum: 200, default: 50 }),
  },
  strict,
);
export type ExportQuery = Static<typeof ExportQuery>;
export const ExportPage = Type.Object({ exports: Type.Array(Export), next: Type.Optional(Type.String()) });
export type ExportPage = Static<typeof ExportPage>;

export const ListingQuery = Type.Object(
  {
    key: Type.Optional(Type.String({ minLength: 3, maxLength: 2300, description: 'An identifier in any spelling' })),
    prefix: Type.Optional(
      Type.String({ minLength: 3, maxLength: 500, description: 'The beginning of a key, e.g. phone:+6681' }),
    ),
    member: Type.Optional(MemberCode),
    tier: Type.Optional(Tier),
    typology: Type.Optional(Type.Enum([...typologies])),
    state: Type.Optional(Type.Enum(['listed', 'withdrawn', 'released', 'expired'])),
    changedFrom: Type.Optional(Instant),
    changedTo: Type.Optional(Instant),
    after: Type.Optional(Type.String({ maxLength: 4000, description: 'The last page’s `next`' })),
    limit: Type.Integer({ minimum: 1, maximum: 500, default: 50 }),
  },
  strict,
);
export type ListingQuery = Static<typeof ListingQuery>;

export const ListingPage = Type.Object({ listings: Type.Array(Listing), next: Type.Optional(Type.String()) });
export type ListingPage = Static<typeof ListingPage>;

/** What all members together say about one identifier now. */
export const MergedView = Type.Object({
  key: Type.String(),
  caption: Type.String(),
  now: Instant,
  tier: Type.Optional(Tier),
  members: Type.Array(Type.String()),
  typologies: Type.Array(Type.String()),
  since: Type.Optional(Instant),
  until: Type.Optional(Instant),
  listings: Type.Array(Listing),
  appeals: Type.Array(
    Type.Object({ id: Uuid, listing: Type.String(), state: Type.String(), lodgedAt: Instant, decideBy: Instant }),
  ),
  decisions: Type.Array(
    Type.Object({
      member: Type.String(),
      appeal: Uuid,
      listing: Type.String(),
      outcome: Type.Enum([...appealOutcomes]),
      releases: Type.Boolean(),
      grounds: Type.String(),
      lodgedAt: Instant,
      decidedAt: Instant,
    }),
    { description: 'What other members decided on appeals against their own listings' },
  ),
});
export type MergedView = Static<typeof MergedView>;

const HistoryEntry = Type.Object({
  member: Type.String(),
  book: Type.String(),
  number: Type.Integer(),
  commitment: Type.String({ description: 'base64' }),
  statement: Type.Unknown({ description: 'The statement as it was said; null once erased' }),
});
export const History = Type.Object({ key: Type.String(), entries: Type.Array(HistoryEntry), complete: Type.Boolean() });
export type History = Static<typeof History>;

export const IdParams = Type.Object({ id: Uuid }, strict);
/** Several members may have given their listings one id: this member's own is meant unless another is named. */
export const MemberQuery = Type.Object({ member: Type.Optional(MemberCode) }, strict);

export const DigestQuery = Type.Object(
  {
    book: Type.String({ pattern: bookPattern, maxLength: 64, default: 'alliance' }),
    now: Type.Optional(Instant),
  },
  strict,
);
export type DigestQuery = Static<typeof DigestQuery>;

/** Over all members' listings of a book that have not ended at `now`: equal where the same statements have come. */
export const Digest = Type.Object({
  book: Type.String(),
  now: Instant,
  count: Type.Integer(),
  sha256: Type.String({ pattern: '^[0-9a-f]{64}$' }),
});

export const KeyParams = Type.Object({ key: Type.String({ minLength: 3, maxLength: 2300 }) }, strict);

/** The terms under which every item of a feed is listed, unless the item says otherwise. */
export const ImportTerms = Type.Object(
  { source: Type.String({ minLength: 1, maxLength: 120 }), ...spelling, ...claim, until: Type.Optional(Instant) },
  strict,
);
export type ImportTerms = Static<typeof ImportTerms>;

export const importBatchMax = 5000;

export const ImportItem = Type.Object(
  {
    line: Type.Integer({ minimum: 1 }),
    identifier: Type.String({ maxLength: 8192 }),
    ...spelling,
    tier: Type.Optional(Tier),
    typologies: Type.Optional(Typologies),
    offence: Type.Optional(Type.Enum([...offences])),
    grounds: Type.Optional(Grounds),
    since: Type.Optional(Instant),
    until: Type.Optional(Instant),
  },
  strict,
);
export type ImportItem = Static<typeof ImportItem>;

export const ImportBatch = Type.Object(
  {
    after: Type.Integer({ minimum: 0, description: 'How many items were taken before this batch' }),
    digest: Type.String({
      pattern: '^[0-9a-f]{64}$',
      description: 'SHA-256 over all items up to the end of this batch',
    }),
    items: Type.Array(ImportItem, { minItems: 1, maxItems: importBatchMax }),
  },
  strict,
);
export type ImportBatch = Static<typeof ImportBatch>;

export const ImportReport = Type.Object({
  id: Uuid,
  state: Type.Enum(['open', 'finished', 'undone']),
  source: Type.String(),
  items: Type.Integer(),
  digest: Type.String(),
  taken: Type.Integer(),
  known: Type.Integer(),
  refused: Type.Integer(),
  startedAt: Instant,
  finishedAt: Type.Optional(Instant),
});
export type ImportReport = Static<typeof ImportReport>;

export const ImportOutcome = Type.Object({
  import: Type.Optional(ImportReport),
  proposal: Type.Optional(Type.String()),
  review: Type.Optional(Type.String()),
});

export const BatchReport = Type.Object({
  items: Type.Integer({ description: 'How many items the import has dealt with now' }),
  taken: Type.Integer(),
  known: Type.Integer(),
  refused: Type.Array(
    Type.Object({
      line: Type.Integer(),
      refused: Type.String(),
      params: Type.Optional(Type.Record(Type.String(), Type.Union([Type.String(), Type.Number(), Type.Boolean()]))),
    }),
  ),
});
export type BatchReport = Static<typeof BatchReport>;

export const ImportQuery = Type.Object(
  {
    after: Type.Optional(Type.String({ maxLength: 200 })),
    limit: Type.Integer({ minimum: 1, maximum: 200, default: 50 }),
  },
  strict,
);
export const ImportPage = Type.Object({ imports: Type.Array(ImportReport), next: Type.Optional(Type.String()) });
