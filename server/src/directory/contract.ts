import { Type, type Static } from 'typebox';
import {
  AdmissionBody,
  directoryLimits,
  FoundingBody,
  KeyUseText,
  PartyCard,
  partyRoles,
  PublicKeyText,
  RecordId,
  ReplacementBody,
  ServerAddress,
  SignedRecord,
} from '@bronze-drum/protocol/directory';
import { PartyCode } from '@bronze-drum/protocol/members';
import { Instant } from '@bronze-drum/protocol/statements/envelope';

const strict = { additionalProperties: false } as const;
const Nullable = <Item extends typeof Instant>(item: Item) => Type.Union([item, Type.Null()]);
const Reason = Type.String({ minLength: 1, maxLength: 500, pattern: '\\S', description: 'Why; it is kept' });
const ActorText = Type.String({ maxLength: 100 });

export const Card = PartyCard;
export type Card = PartyCard;

export const Proposal = Type.Union([
  Type.Object(
    {
      kind: Type.Literal('founding'),
      parties: Type.Array(PartyCard, { minItems: 1, maxItems: directoryLimits.founders }),
    },
    strict,
  ),
  Type.Object({ kind: Type.Literal('admission'), party: PartyCard }, strict),
  Type.Object(
    {
      kind: Type.Literal('replacement'),
      party: PartyCode,
      use: KeyUseText,
      since: { ...Instant, description: 'From when on the key may be in other hands' },
      compromised: Type.Optional({ ...PublicKeyText, description: 'By default the present key of that use' }),
      publicKey: Type.Optional({ ...PublicKeyText, description: 'The new key; made here for this server itself' }),
    },
    strict,
  ),
]);
export type Proposal = Static<typeof Proposal>;

export const Proposed = Type.Object({ id: RecordId }, strict);
export type Proposed = Static<typeof Proposed>;

export const Cosigned = Type.Object(
  { id: RecordId, inForce: Type.Boolean(), missing: Type.Array(PartyCode, { maxItems: directoryLimits.parties }) },
  strict,
);
export type Cosigned = Static<typeof Cosigned>;

export const RotateKey = Type.Object(
  {
    overlapHours: Type.Integer({
      minimum: 1,
      maximum: 24 * 366,
      default: 24,
      description: 'How long the old key stays valid beside the new one',
    }),
    delaySeconds: Type.Integer({
      minimum: 0,
      maximum: 7 * 86_400,
      default: 60,
      description: 'When the new key begins to sign: neighbours must have heard of it',
    }),
  },
  { ...strict, required: [] },
);
/** Hours and seconds; by default 24 and 60. */
export interface RotateKey {
  readonly overlapHours?: number;
  readonly delaySeconds?: number;
}

export const Rotated = Type.Object(
  { id: RecordId, publicKey: PublicKeyText, validFrom: Instant, previousUntil: Instant },
  strict,
);
export type Rotated = Static<typeof Rotated>;

export const Relocate = Type.Object(
  { address: Type.Optional({ ...ServerAddress, description: 'By default where this server says that it is reached' }) },
  strict,
);

export const directions = ['in', 'out', 'both'] as const;
export const PauseParty = Type.Object({ direction: Type.Enum([...directions]), reason: Reason }, strict);
export type PauseParty = Static<typeof PauseParty>;
export const Isolate = Type.Object({ isolated: Type.Boolean(), reason: Reason }, strict);

export const Charter = Type.Object(
  { records: Type.Array(SignedRecord, { maxItems: directoryLimits.records }) },
  strict,
);
export type Charter = Static<typeof Charter>;
export const Imported = Type.Object(
  {
    changed: Type.Integer({ minimum: 0, description: 'Records that were new or had new signatures' }),
    refused: Type.Array(Type.Object({ record: Type.String(), code: Type.String() }, strict), {
      maxItems: directoryLimits.records,
    }),
  },
  strict,
);
export type Imported = Static<typeof Imported>;

const Said = { reason: Reason, by: ActorText, at: Instant };
const KeyView = Type.Object(
  {
    use: KeyUseText,
    publicKey: PublicKeyText,
    validFrom: Instant,
    validUntil: Nullable(Instant),
    compromisedSince: Nullable(Instant),
  },
  strict,
);
const PartyView = Type.Object(
  {
    party: PartyCode,
    role: Type.Enum([...partyRoles]),
    name: Type.String(),
    address: ServerAddress,
    keys: Type.Array(KeyView),
    pause: Type.Union([Type.Object({ direction: Type.Enum([...directions]), ...Said }, strict), Type.Null()]),
  },
  strict,
);
const ProposalView = Type.Object(
  {
    id: RecordId,
    body: Type.Union([FoundingBody, AdmissionBody, ReplacementBody]),
    signed: Type.Array(PartyCode, { description: 'Of whom there is a signature' }),
    missing: Type.Array(PartyCode, { description: 'Of whom a signature is missing' }),
    outdated: Type.Boolean({ description: 'It does not know what has come into force since: propose it anew' }),
  },
  strict,
);
export const DirectoryView = Type.Object(
  {
    self: PartyCode,
    founding: Type.Union([RecordId, Type.Null()]),
    digest: RecordId,
    isolation: Type.Union([Type.Object(Said, strict), Type.Null()]),
    parties: Type.Array(PartyView, { maxItems: directoryLimits.parties }),
    proposals: Type.Array(ProposalView, { maxItems: directoryLimits.records }),
  },
  strict,
);
export type DirectoryView = Static<typeof DirectoryView>;

export const IdParams = Type.Object({ id: RecordId }, strict);
export const UseParams = Type.Object({ use: KeyUseText }, strict);
export const CodeParams = Type.Object({ code: PartyCode }, strict);

export const NeighbourQuery = Type.Object(
  { digest: Type.Optional({ ...RecordId, description: 'What the caller has: no records are sent if it is the same' }) },
  strict,
);
export const NeighbourRecords = Type.Object({ digest: RecordId, records: Charter.properties.records }, strict);
export const Merged = Type.Object({ changed: Type.Boolean() }, strict);
