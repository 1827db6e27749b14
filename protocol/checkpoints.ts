import { base64, hex } from '@scure/base';
import { refusal, type Refusal } from './refusals.ts';

/**
 * C2SP tlog-checkpoint v1.0.0 in a C2SP signed-note v1.0.0: origin, size, base64 root, a blank line, then one line a
 * signature: `— name base64(keyId ‖ signature)`.
 */
export interface Checkpoint {
  /** The log's name, as `originOf` in commitments.ts gives it. */
  readonly origin: string;
  readonly size: number;
  readonly root: Uint8Array;
}

/** Algorithm identifiers of signed-note. Others (SM2, ML-DSA) are added here. */
export const signatureAlgorithms = { ed25519: 0x01 } as const;

/** A key that verifies notes. `publicKey` is the algorithm's raw public key: 32 bytes for Ed25519. */
export interface NoteKey {
  readonly name: string;
  readonly algorithm: number;
  readonly publicKey: Uint8Array;
}

export type Verify = (key: NoteKey, message: Uint8Array, signature: Uint8Array) => boolean;
export type Digest = (data: Uint8Array) => Uint8Array;

const encoder = new TextEncoder();
// C2SP asks for room for 16 signatures, and that of a post-quantum key may be nearly 5 kB.
const noteLengthMax = 131_072;
const signaturesMax = 64;
// ASCII control characters other than newline.
// oxlint-disable-next-line no-control-regex
const forbidden = /[\u0000-\u0009\u000b-\u001f]/;

/** The first four bytes of SHA-256(name ‖ 0x0A ‖ algorithm ‖ public key), which tell a reader which key signed. */
export function keyId(key: NoteKey, sha256: Digest): Uint8Array {
  const name = encoder.encode(key.name);
  const input = new Uint8Array(name.length + 2 + key.publicKey.length);
  input.set(name);
  input[name.length] = 0x0a;
  input[name.length + 1] = key.algorithm;
  input.set(key.publicKey, name.length + 2);
  return sha256(input).slice(0, 4);
}

/** The text that is signed. */
export function checkpointBody(checkpoint: Checkpoint): string {
  return `${checkpoint.origin}\n${checkpoint.size}\n${base64.encode(checkpoint.root)}\n`;
}

/** The signed note over a checkpoint. */
export function writeNote(body: string, key: NoteKey, signature: Uint8Array, sha256: Digest): string {
  const stamped = new Uint8Array(4 + signature.length);
  stamped.set(keyId(key, sha256));
  stamped.set(signature, 4);
  return `${body}\n— ${key.name} ${base64.encode(stamped)}\n`;
}

/** A key as C2SP writes it for those who verify: `name+keyId+base64(algorithm ‖ public key)`. */
export function writeVerifyingKey(key: NoteKey, sha256: Digest): string {
  const raw = new Uint8Array(1 + key.publicKey.length);
  raw[0] = key.algorithm;
  raw.set(key.publicKey, 1);
  return `${key.name}+${hex.encode(keyId(key, sha256))}+${base64.encode(raw)}`;
}

/** Reads a verifying key. Its key id must be the one that its name, algorithm and public key give. */
export function parseVerifyingKey(text: string, sha256: Digest): NoteKey | Refusal {
  const [, name, id, encoded] = /^([^\s+]{1,255})\+([0-9a-f]{8})\+([A-Za-z0-9+/=]{4,8192})$/.exec(text) ?? [];
  const raw = encoded === undefined ? undefined : decoded(encoded);
  if (name === undefined || raw === undefined || raw.length < 2) return refusal('verifying-key.malformed');
  const key = { name, algorithm: raw[0]!, publicKey: raw.slice(1) };
  if (key.algorithm === signatureAlgorithms.ed25519 && key.publicKey.length !== 32)
    return refusal('verifying-key.malformed');
  return hex.encode(keyId(key, sha256)) === id ? key : refusal('verifying-key.id');
}

/**
 * Reads a checkpoint's note and checks that one of the keys signed it. Signatures by unknown keys are passed over; one
 * by a known key that does not verify refuses the whole note, as C2SP recommends.
 */
export function openNote(
  note: string,
  keys: readonly NoteKey[],
  verify: Verify,
  sha256: Digest,
): (Checkpoint & { readonly signedBy: NoteKey }) | Refusal {
  if (note.length > noteLengthMax) return refusal('checkpoint.too-long');
  const split = note.lastIndexOf('\n\n');
  if (split === -1 || !note.endsWith('\n') || forbidden.test(note) || !note.isWellFormed()) {
    return refusal('checkpoint.malformed');
  }
  const body = note.slice(0, split + 1);
  const signatures = parseSignatures(note.slice(split + 2, -1));
  const checkpoint = parseBody(body);
  if (signatures === undefined || checkpoint === undefined) return refusal('checkpoint.malformed');
  const signedBy = signerOf(body, signatures, keys, verify, sha256);
  return signedBy === undefined ? refusal('checkpoint.signature') : { ...checkpoint, signedBy };
}

interface NoteSignature {
  readonly name: string;
  readonly keyId: string;
  readonly signature: Uint8Array;
}

/** Every signature line of a note, or undefined when one of them is none. */
function parseSignatures(text: string): NoteSignature[] | undefined {
  const lines = text.split('\n');
  if (lines.length > signaturesMax) return undefined;
  const signatures: NoteSignature[] = [];
  for (const line of lines) {
    const [, name, encoded] = /^— ([^\s+]+) ([A-Za-z0-9+/=]+)$/.exec(line) ?? [];
    const stamped = encoded === undefined ? undefined : decoded(encoded);
    if (name === undefined || stamped === undefined || stamped.length < 5) return undefined;
    signatures.push({ name, keyId: hex.encode(stamped.subarray(0, 4)), signature: stamped.subarray(4) });
  }
  return signatures;
}

function signerOf(
  body: string,
  signatures: readonly NoteSignature[],
  keys: readonly NoteKey[],
  verify: Verify,
  sha256: Digest,
): NoteKey | undefined {
  const message = encoder.encode(body);
  const known = keys.map((key) => ({ key, id: hex.encode(keyId(key, sha256)) }));
  let signedBy: NoteKey | undefined;
  for (const { name, keyId, signature } of signatures) {
    const match = known.find(({ key, id }) => key.name === name && id === keyId);
    if (match === undefined) continue;
    if (!verify(match.key, message, signature)) return undefined;
    signedBy ??= match.key;
  }
  return signedBy;
}

function decoded(text: string): Uint8Array | undefined {
  try {
    return base64.decode(text);
  } catch {
    return undefined;
  }
}

function parseBody(body: string): Checkpoint | undefined {
  const [origin, sizeText, rootText, ...rest] = body.split('\n');
  if (!origin || sizeText === undefined || rootText === undefined) return undefined;
  // What follows the root are extension lines, which may not be empty, and the end of the last line.
  if (rest.pop() !== '' || rest.includes('')) return undefined;
  const size = /^(0|[1-9]\d{0,15})$/.test(sizeText) ? Number(sizeText) : Number.NaN;
  const root = decoded(rootText);
  if (!Number.isSafeInteger(size) || root?.length !== 32) return undefined;
  return { origin, size, root };
}
