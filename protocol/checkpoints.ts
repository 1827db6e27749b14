import { base64 } from '@scure/base';
import { refusal, type Refusal } from './refusals.ts';

/**
 * C2SP tlog-checkpoint v1.0.0 in a C2SP signed-note v1.0.0: origin, size, base64 root, a blank line, then one line a
 * signature: `— name base64(keyId ‖ signature)`.
 */
export interface Checkpoint {
  /** The log's name, here `<member>.bronze-drum/<book>`. */
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
const maximumNoteBytes = 16_384;

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

/** Reads a checkpoint's note and checks that one of the keys signed it; unknown signatures are passed over. */
export function openNote(
  note: string,
  keys: readonly NoteKey[],
  verify: Verify,
  sha256: Digest,
): (Checkpoint & { readonly signedBy: NoteKey }) | Refusal {
  if (note.length > maximumNoteBytes) return refusal('checkpoint.too-long');
  const split = note.lastIndexOf('\n\n');
  if (split === -1 || !note.endsWith('\n')) return refusal('checkpoint.malformed');
  const body = note.slice(0, split + 1);
  const signedBy = signerOf(body, note.slice(split + 2, -1), keys, verify, sha256);
  if (signedBy === undefined) return refusal('checkpoint.signature');
  const checkpoint = parseBody(body);
  return checkpoint === undefined ? refusal('checkpoint.malformed') : { ...checkpoint, signedBy };
}

function signerOf(
  body: string,
  signatures: string,
  keys: readonly NoteKey[],
  verify: Verify,
  sha256: Digest,
): NoteKey | undefined {
  const message = encoder.encode(body);
  for (const line of signatures.split('\n')) {
    const [dash, name, encoded] = line.split(' ');
    if (dash !== '—' || name === undefined || encoded === undefined) continue;
    const stamped = decoded(encoded);
    if (stamped === undefined || stamped.length < 5) continue;
    for (const key of keys) {
      if (key.name !== name || !keyId(key, sha256).every((byte, at) => byte === stamped[at])) continue;
      if (verify(key, message, stamped.subarray(4))) return key;
    }
  }
  return undefined;
}

function decoded(text: string): Uint8Array | undefined {
  try {
    return base64.decode(text);
  } catch {
    return undefined;
  }
}

function parseBody(body: string): Checkpoint | undefined {
  const [origin, sizeText, rootText] = body.split('\n');
  if (!origin || sizeText === undefined || rootText === undefined) return undefined;
  if (!/^(0|[1-9]\d{0,15})$/.test(sizeText)) return undefined;
  const root = decoded(rootText);
  if (root === undefined || root.length !== 32) return undefined;
  return { origin, size: Number(sizeText), root };
}
