import { base64 } from '@scure/base';
import { keyId, type Digest, type NoteKey, type Verify } from './checkpoints.ts';

/**
 * A reader's word that it saw a checkpoint, as one more line of the note: C2SP tlog-cosignature v1, Ed25519. The signed
 * message is `cosignature/v1`, the time in seconds, and the note's text; the line holds key id ‖ time ‖ signature.
 */
export interface Cosignature {
  readonly note: string;
  /** Seconds since the Unix epoch, by the reader's clock. */
  readonly atSeconds: number;
}

export const cosignatureAlgorithm = 0x04;

/** The name under which a party cosigns. */
export function cosignerOf(party: string): string {
  return `${party}.bronze-drum`;
}

/** The key that verifies a party's cosignatures. */
export function cosigningKey(party: string, publicKey: Uint8Array): NoteKey {
  return { name: cosignerOf(party), algorithm: cosignatureAlgorithm, publicKey };
}

const encoder = new TextEncoder();

/** What a cosigner signs: of the note only its text, not the signatures under it. */
export function cosignatureMessage(note: string, atSeconds: number): Uint8Array {
  const body = note.slice(0, note.lastIndexOf('\n\n') + 1);
  return encoder.encode(`cosignature/v1\ntime ${atSeconds}\n${body}`);
}

/** The note with the cosigner's line added. */
export function addCosignature(
  note: string,
  key: NoteKey,
  atSeconds: number,
  signature: Uint8Array,
  sha256: Digest,
): string {
  const stamped = new Uint8Array(12 + signature.length);
  stamped.set(keyId(key, sha256));
  new DataView(stamped.buffer).setBigUint64(4, BigInt(atSeconds));
  stamped.set(signature, 12);
  return `${note}— ${key.name} ${base64.encode(stamped)}\n`;
}

/** When the party cosigned the note, in seconds, by one of its keys; undefined if it did not, or not truly. */
export function readCosignature(
  note: string,
  keys: readonly NoteKey[],
  verify: Verify,
  sha256: Digest,
): number | undefined {
  for (const line of note.slice(note.lastIndexOf('\n\n') + 2).split('\n')) {
    const [, name, encoded] = /^— ([^\s+]+) ([A-Za-z0-9+/=]+)$/.exec(line) ?? [];
    const stamped = encoded === undefined ? undefined : decoded(encoded);
    if (stamped?.length !== 76) continue;
    const view = new DataView(stamped.buffer, stamped.byteOffset);
    const atSeconds = Number(view.getBigUint64(4));
    const key = keys.find(
      (candidate) =>
        candidate.name === name && keyId(candidate, sha256).every((byte, index) => byte === stamped[index]),
    );
    if (key === undefined || !Number.isSafeInteger(atSeconds)) continue;
    if (verify(key, cosignatureMessage(note, atSeconds), stamped.subarray(12))) return atSeconds;
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
