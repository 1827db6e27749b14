import { Type, type Static } from 'typebox';
import { Handling, tlpLabels } from '@bronze-drum/protocol/handling';
import { FreeText } from '@bronze-drum/protocol/languages';
import { bookPattern, MemberCode } from '@bronze-drum/protocol/members';
import { Author, Instant } from '@bronze-drum/protocol/statements/envelope';
import { Digest, ExhibitRef } from '@bronze-drum/protocol/statements/exhibit';

/** What one exhibit may hold. */
export const exhibitBytesMax = 200 * 1024 * 1024;
export const custodyPageMax = 1000;

/** How an exhibit came about. */
export const collectionMeans = [
  'export',
  'screenshot',
  'photograph',
  'recording',
  'download',
  'copy',
  'device-image',
  'letter',
  'statement',
  'other',
] as const;

/** What people do with an exhibit outside of the server, and write down. */
const noteActs = ['moved', 'examined', 'copied', 'resealed'] as const;

export const custodyActs = [
  'sealed',
  'received',
  'read',
  'bundled',
  ...noteActs,
  'disclosed',
  'withdrawn',
  'served',
  'destroyed',
] as const;
export type CustodyAct = (typeof custodyActs)[number];

const strict = { additionalProperties: false } as const;
const Id = ExhibitRef.properties.id;
const Title = ExhibitRef.properties.title;
const Place = Type.String({ minLength: 1, maxLength: 200 });
const Book = Type.String({ pattern: bookPattern, maxLength: 64 });
const Institution = Type.String({ minLength: 1, maxLength: 64 });
const Basis = Type.String({ minLength: 1, maxLength: 500 });
const Count = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });

/** Who acted: an office and within it the officer's own number, an institution, a rule; or another member's server. */
const CustodyBy = Type.Union([Author, Type.Object({ member: Type.String({ maxLength: 16 }) }, strict)]);
export type CustodyBy = Static<typeof CustodyBy>;

/**
 * An entry of a chain of custody. `digest` is the SHA-256, in hexadecimal, of all other fields as JSON with sorted names and
 * no spaces (RFC 8785), `before` among them: the digest of the entry before it, which the first one does not have.
 */
export const CustodyEntry = Type.Object(
  {
    exhibit: Id,
    number: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
    at: Instant,
    act: Type.Enum([...custodyActs]),
    by: CustodyBy,
    place: Type.String({ ...Place, description: 'Where, or by which system' }),
    details: Type.Record(Type.String({ pattern: '^[A-Za-z0-9]{1,40}$' }), Type.Union([Type.String(), Count])),
    before: Type.Optional(Digest),
    digest: Digest,
  },
  { ...strict, title: 'CustodyEntry' },
);
export type CustodyEntry = Static<typeof CustodyEntry>;

/** Said in the address, as the body is the content itself. */
export const TakeQuery = Type.Object(
  {
    title: Type.String({ ...Title, description: 'What it is, without the names of persons' }),
    collectedAt: Instant,
    collectedFrom: Type.String({ ...Place, description: 'Where it was collected, or from which system' }),
    means: Type.Enum([...collectionMeans]),
    tlp: Type.Enum([...tlpLabels], { default: 'AMBER' }),
    conditions: Type.Optional(
      Type.String({ pattern: '^H[0-3](,H[0-3]){0,3}$', description: 'Handling conditions, with commas' }),
    ),
    restriction: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
    sha256: Type.Optional(Type.String({ ...Digest, description: 'What the content must be, or it is not taken' })),
  },
  strict,
);
export type TakeQuery = Static<typeof TakeQuery>;

/** An exhibit as the caller may see it: to an institution only what it is, and of its own what it said of it. */
export const Exhibit = Type.Object(
  {
    ...ExhibitRef.properties,
    state: Type.Enum(['held', 'destroyed']),
    handling: Handling,
    collectedAt: Instant,
    collectedFrom: Type.Optional(Type.String()),
    means: Type.Optional(Type.Enum([...collectionMeans, 'received'])),
    takenAt: Type.Optional(Instant),
    takenBy: Type.Optional(Author),
    received: Type.Optional(
      Type.Object(
        {
          member: MemberCode,
          exhibit: Id,
          book: Book,
          number: Count,
          withdrawn: Type.Boolean({ description: 'Its author gives it no longer' }),
        },
        { description: 'Of an exhibit of another member: as it named it' },
      ),
    ),
    entries: Type.Optional(Type.Integer({ minimum: 1, description: 'Of its chain of custody' })),
    head: Type.Optional(Type.String({ ...Digest, description: 'The digest of the newest entry' })),
  },
  { title: 'Exhibit' },
);
export type Exhibit = Static<typeof Exhibit>;

const Disclosure = Type.Object({
  book: Type.Optional(Book),
  institution: Type.Optional(Institution),
  reference: Type.String({ description: 'What it is part of, such as request:<id>' }),
  at: Instant,
  withdrawnAt: Type.Optional(Instant),
});

export const ExhibitWithCustody = Type.Object(
  {
    ...Exhibit.properties,
    custody: Type.Optional(Type.Array(CustodyEntry)),
    disclosures: Type.Optional(Type.Array(Disclosure)),
  },
  { title: 'ExhibitWithCustody' },
);
export type ExhibitWithCustody = Static<typeof ExhibitWithCustody>;

const After = Type.Optional(Type.String({ maxLength: 200, description: 'The last page’s `next`' }));
const Limit = Type.Integer({ minimum: 1, maximum: 200, default: 50 });

export const ExhibitQuery = Type.Object(
  {
    sha256: Type.Optional(Type.String({ ...Digest, description: 'Only exhibits with this content' })),
    after: After,
    limit: Limit,
  },
  strict,
);
export type ExhibitQuery = Static<typeof ExhibitQuery>;
export const ExhibitPage = Type.Object(
  { exhibits: Type.Array(Exhibit), next: Type.Optional(Type.String()) },
  { title: 'ExhibitPage' },
);
export type ExhibitPage = Static<typeof ExhibitPage>;

export const ExhibitParams = Type.Object({ id: Id }, strict);
export const DigestParams = Type.Object({ sha256: Digest }, strict);
export const CustodyQuery = Type.Object(
  {
    after: Type.Integer({ ...Count, default: 0, description: 'Entries of the chain behind this number' }),
    limit: Type.Integer({ minimum: 1, maximum: custodyPageMax, default: 200 }),
  },
  strict,
);
export type CustodyQuery = Static<typeof CustodyQuery>;

export const CustodyNote = Type.Object(
  { act: Type.Enum([...noteActs]), place: Place, text: Type.Optional(FreeText) },
  strict,
);
export type CustodyNote = Static<typeof CustodyNote>;

export const Withdrawal = Type.Object(
  { book: Type.Optional(Book), institution: Type.Optional(Institution), basis: Basis },
  { ...strict, description: 'From whom: the readers of a book, or an institution' },
);
export type Withdrawal = Static<typeof Withdrawal>;

export const Destruction = Type.Object(
  { basis: Type.String({ ...Basis, description: 'The law or decision that asks for it' }) },
  strict,
);
export type Destruction = Static<typeof Destruction>;

/** An exhibit that another member gave us to read, fetched or not. */
export const ExhibitAbroad = Type.Object(
  {
    member: MemberCode,
    ...ExhibitRef.properties,
    book: Book,
    number: Count,
    at: Instant,
    collectedAt: Instant,
    handling: Handling,
    withdrawn: Type.Boolean(),
    here: Type.Optional(Type.String({ ...Id, description: 'The exhibit here, once it was fetched' })),
  },
  { title: 'ExhibitAbroad' },
);
export type ExhibitAbroad = Static<typeof ExhibitAbroad>;

export const AbroadQuery = Type.Object({ member: Type.Optional(MemberCode), after: After, limit: Limit }, strict);
export type AbroadQuery = Static<typeof AbroadQuery>;
export const AbroadPage = Type.Object(
  { exhibits: Type.Array(ExhibitAbroad), next: Type.Optional(Type.String()) },
  { title: 'ExhibitAbroadPage' },
);
export type AbroadPage = Static<typeof AbroadPage>;
export const FetchQuery = Type.Object(
  { member: Type.Optional(Type.String({ ...MemberCode, description: 'Whose, if several members use the id' })) },
  strict,
);

const Hash64 = Type.String({ pattern: '^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$' });

/** A statement with what proves it: its line, its path in its book's tree, and the signed checkpoint of that tree. */
const ProvenStatement = Type.Object(
  {
    entry: Type.String({ maxLength: 100_000, description: 'As `GET /federation/v1/entries` writes it' }),
    path: Type.Array(Hash64, { maxItems: 64 }),
    checkpoint: Type.String({ maxLength: 131_072 }),
  },
  strict,
);

export const bundleFormat = 'bronze-drum exhibit 1';

/** `manifest.json` of a bundle. `sealed` speaks of the first entry of the chain, `newest` of the last one. */
export const BundleManifest = Type.Object(
  {
    format: Type.Literal(bundleFormat),
    member: MemberCode,
    exhibit: ExhibitRef,
    custody: Type.Array(CustodyEntry, { minItems: 2 }),
    sealed: ProvenStatement,
    newest: ProvenStatement,
  },
  { ...strict, title: 'BundleManifest' },
);
export type BundleManifest = Static<typeof BundleManifest>;
