import { base64, hex } from '@scure/base';
import { Type, type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import { PartyCode, isMemberCode } from './members.ts';
import type { Sha256 } from './proofs.ts';
import { refusal, type Refusal } from './refusals.ts';
import { Instant } from './statements/envelope.ts';

/**
 * The directory: who takes part, by which keys and at which address. It has no master. It is a set of signed records
 * that servers hand to each other; `rosterOf` in directory-roster.ts says what follows from a set of them.
 */
export const keyUses = ['checkpoint', 'call', 'cosignature'] as const;
/** Each use of a key has a key of its own, so that one that leaks cannot speak for the others. */
export type KeyUse = (typeof keyUses)[number];

export const partyRoles = ['member', 'secretariat', 'observer'] as const;
export type PartyRole = (typeof partyRoles)[number];

export const directoryLimits = {
  records: 1000,
  parties: 64,
  /** A founding needs three signatures of each member on one record. */
  founders: 20,
  recordBytes: 16 * 1024,
  signatures: 64,
  /** Records of its own that one party may leave in force when a key of its is replaced. */
  stands: 100,
  /** How far ahead of its reader's clock a record may be dated. */
  futureMs: 5 * 60_000,
} as const;

const strict = { additionalProperties: false } as const;

/** A raw Ed25519 public key of 32 bytes, in its one spelling as base64. */
export const PublicKeyText = Type.String({
  pattern: '^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$',
  description: 'A raw Ed25519 public key, base64',
});
const SignatureText = Type.String({
  pattern: '^[A-Za-z0-9+/]{85}[AQgw]==$',
  description: 'An Ed25519 signature, base64',
});
export const RecordId = Type.String({ pattern: '^[0-9a-f]{64}$', description: 'SHA-256 of what is signed, hex' });

/** Scheme, host and port of a server. */
export const ServerAddress = Type.String({
  pattern: '^https?://(?:\\[[0-9a-f:.]{2,45}\\]|[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?)(?::[1-9][0-9]{0,4})?$',
  maxLength: 300,
  description: 'Scheme, host and port, in small letters',
});

export const PartyName = Type.String({ minLength: 1, maxLength: 120, pattern: '^[^\\u0000-\\u001f\\u007f]*$' });
export const KeyUseText = Type.Enum([...keyUses]);

/** A party as it enters the directory: its card. */
export const PartyCard = Type.Object(
  {
    party: PartyCode,
    role: Type.Enum([...partyRoles]),
    name: PartyName,
    address: ServerAddress,
    keys: Type.Object({ checkpoint: PublicKeyText, call: PublicKeyText, cosignature: PublicKeyText }, strict),
  },
  strict,
);
export type PartyCard = Static<typeof PartyCard>;

const After = Type.Array(RecordId, {
  minItems: 1,
  maxItems: directoryLimits.parties,
  description: 'The founding and every admission that the author knew, in order',
});

/** The first parties. In force once every member among them has signed with all of its keys. */
export const FoundingBody = Type.Object(
  {
    kind: Type.Literal('founding'),
    at: Instant,
    after: Type.Array(RecordId, { maxItems: 0 }),
    parties: Type.Array(PartyCard, { minItems: 1, maxItems: directoryLimits.founders }),
  },
  strict,
);
/** One more party. In force once every member has signed, and the candidate itself with all of its keys. */
export const AdmissionBody = Type.Object(
  { kind: Type.Literal('admission'), at: Instant, after: After, party: PartyCard },
  strict,
);
/** A party's own change of a key, signed by the old one, the new one and its cosignature key. The two overlap. */
export const RotationBody = Type.Object(
  {
    kind: Type.Literal('rotation'),
    at: Instant,
    after: After,
    party: PartyCode,
    use: KeyUseText,
    previous: PublicKeyText,
    publicKey: PublicKeyText,
    validFrom: Instant,
    previousUntil: Instant,
  },
  strict,
);
/** The end of a key that is in other hands. In force once every other member has signed, and the new key. */
export const ReplacementBody = Type.Object(
  {
    kind: Type.Literal('replacement'),
    at: Instant,
    after: After,
    party: PartyCode,
    use: KeyUseText,
    compromised: PublicKeyText,
    since: Instant,
    publicKey: PublicKeyText,
    validFrom: Instant,
    stands: Type.Array(RecordId, {
      maxItems: directoryLimits.stands,
      description:
        'The party’s own records that stay in force. Their dates cannot tell: whoever stole the key dates as they like.',
    }),
  },
  strict,
);
/** A party's server is now elsewhere. Signed by its cosignature key. */
export const RelocationBody = Type.Object(
  { kind: Type.Literal('relocation'), at: Instant, after: After, party: PartyCode, address: ServerAddress },
  strict,
);

export type FoundingBody = Static<typeof FoundingBody>;
export type AdmissionBody = Static<typeof AdmissionBody>;
export type RotationBody = Static<typeof RotationBody>;
export type ReplacementBody = Static<typeof ReplacementBody>;
export type RelocationBody = Static<typeof RelocationBody>;
export type RecordBody = FoundingBody | AdmissionBody | RotationBody | ReplacementBody | RelocationBody;

export const RecordSignature = Type.Object({ party: PartyCode, key: PublicKeyText, signature: SignatureText }, strict);
export type RecordSignature = Static<typeof RecordSignature>;

/** A record as it travels: the exact text that was signed, and by whom. */
export const SignedRecord = Type.Object(
  {
    bytes: Type.String({ minLength: 2, maxLength: directoryLimits.recordBytes, description: 'The body, JSON text' }),
    signatures: Type.Array(RecordSignature, { maxItems: directoryLimits.signatures }),
  },
  strict,
);
export type SignedRecord = Static<typeof SignedRecord>;

/** A record whose text was read. Only signatures that verify are kept in one: see `verifiedRecord`. */
export interface OpenedRecord<Body extends RecordBody = RecordBody> extends SignedRecord {
  readonly id: string;
  readonly body: Body;
  readonly atMs: number;
}

export type VerifySignature = (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array) => boolean;

const prefix = 'bronze-drum directory v1\n';
const encoder = new TextEncoder();

/** What is signed, and what a record's id is the SHA-256 of: nothing else that a key signs begins so. */
export function recordMessage(bytes: string): Uint8Array {
  return encoder.encode(prefix + bytes);
}

/** A new record, unsigned. Its text is the one that `openRecord` takes. */
export function newRecord<Body extends RecordBody>(body: Body, sha256: Sha256): OpenedRecord<Body> {
  const bytes = JSON.stringify(body);
  return { id: idOf(bytes, sha256), bytes, body, atMs: Date.parse(body.at), signatures: [] };
}

const idOf = (bytes: string, sha256: Sha256): string => hex.encode(sha256(recordMessage(bytes)));

const envelope = Compile(SignedRecord);
const bodies = {
  founding: Compile(FoundingBody),
  admission: Compile(AdmissionBody),
  rotation: Compile(RotationBody),
  replacement: Compile(ReplacementBody),
  relocation: Compile(RelocationBody),
};

/**
 * Reads a record without trusting any of its signatures. Refused as `directory.malformed`, `directory.too-large`,
 * `directory.kind` (unknown: a server that does not know a rule cannot follow it) or `directory.body`.
 */
export function openRecord(record: SignedRecord, sha256: Sha256): OpenedRecord | Refusal {
  const { bytes, signatures } = record;
  if (!envelope.Check({ bytes, signatures })) return refusal('directory.malformed');
  if (!bytes.isWellFormed() || encoder.encode(bytes).length > directoryLimits.recordBytes)
    return refusal('directory.too-large');
  const body = readJson(bytes);
  const kind = (body as { kind?: unknown } | undefined)?.kind;
  if (typeof kind !== 'string' || !Object.hasOwn(bodies, kind)) return refusal('directory.kind');
  if (!bodies[kind as RecordBody['kind']].Check(body) || !isSound(body)) return refusal('directory.body', { kind });
  return { id: idOf(bytes, sha256), bytes, body, atMs: Date.parse(body.at), signatures };
}

export function isSignedBy({ signatures }: OpenedRecord, party: string, key: string): boolean {
  return signatures.some((signature) => signature.party === party && signature.key === key);
}

/** The one order of records: by their dates, then by their ids. */
export const byDate = (a: OpenedRecord, b: OpenedRecord): number => a.atMs - b.atMs || (a.id < b.id ? -1 : 1);

/** The record with those of its signatures that verify, one a key. */
export function verifiedRecord<Record extends OpenedRecord>(record: Record, verify: VerifySignature): Record {
  const message = recordMessage(record.bytes);
  const seen = new Set<string>();
  const signatures = record.signatures.filter(({ party, key, signature }) => {
    if (seen.has(`${party} ${key}`) || !verify(base64.decode(key), message, base64.decode(signature))) return false;
    seen.add(`${party} ${key}`);
    return true;
  });
  return { ...record, signatures };
}

/** The JSON value, if its text is the one spelling of it: no key twice, no space, nothing that a reader could miss. */
function readJson(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && JSON.stringify(value) === text ? value : undefined;
  } catch {
    return undefined;
  }
}

/** What a schema cannot say: instants that exist, sets in order, codes that fit their roles, keys that are all different. */
function isSound(body: RecordBody): boolean {
  if (!isInstant(body.at) || !isOrderedSet(body.after)) return false;
  switch (body.kind) {
    case 'founding':
      return areSound(body.parties) && body.parties.some(({ role }) => role === 'member');
    case 'admission':
      return areSound([body.party]);
    case 'rotation': {
      const { at, previous, publicKey, validFrom, previousUntil } = body;
      const inOrder = at <= validFrom && validFrom <= previousUntil;
      return isInstant(validFrom) && isInstant(previousUntil) && inOrder && previous !== publicKey;
    }
    case 'replacement': {
      const { at, since, validFrom, compromised, publicKey, stands } = body;
      const inOrder = since <= at && since <= validFrom;
      return isInstant(since) && isInstant(validFrom) && inOrder && compromised !== publicKey && isOrderedSet(stands);
    }
    default:
      return true;
  }
}

function areSound(parties: readonly PartyCard[]): boolean {
  const keys = parties.flatMap((party) => keyUses.map((use) => party.keys[use]));
  const isUnique = (texts: readonly string[]): boolean => new Set(texts).size === texts.length;
  const fits = ({ party, role }: PartyCard): boolean => isMemberCode(party) === (role === 'member');
  return parties.every(fits) && isUnique(keys) && isUnique(parties.map(({ party }) => party));
}

// Instants have one spelling, whose order as text is that of time.
function isInstant(text: string): boolean {
  const ms = Date.parse(text);
  return !Number.isNaN(ms) && new Date(ms).toISOString() === text;
}

function isOrderedSet(ids: readonly string[]): boolean {
  return ids.every((id, index) => index === 0 || ids[index - 1]! < id);
}
