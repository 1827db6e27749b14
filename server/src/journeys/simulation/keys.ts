import { hash } from 'node:crypto';
import {
  checkpointBody,
  signatureAlgorithms,
  writeNote,
  type NoteKey,
  type Verify,
} from '@bronze-drum/protocol/checkpoints';
import { originOf } from '@bronze-drum/protocol/commitments';
import { addCosignature, cosignatureMessage, cosigningKey } from '@bronze-drum/protocol/cosignatures';
import { treeHasher, type Hash } from '@bronze-drum/protocol/proofs';
import type { Verifier } from '@bronze-drum/protocol/federation/reading';

export const sha256 = (data: Uint8Array): Uint8Array => hash('sha256', data, 'buffer');
export const hasher = treeHasher(sha256);

/**
 * Stands for Ed25519, which would take longer than all the rest of a run: a keyed hash, whose key is the public one.
 * Nobody in the simulation signs what it does not hold the key for, because nobody calls this for another's key.
 */
function sign(key: NoteKey, message: Uint8Array): Uint8Array {
  const signature = new Uint8Array(64);
  signature.set(sha256(Buffer.concat([key.publicKey, message])));
  return signature;
}

export const verify: Verify = (key, message, signature) => Buffer.compare(sign(key, message), signature) === 0;

const digests = new Map<string, Uint8Array>();

/** SHA-256 of what names a key: there are few keys, and each note names some again. */
export function keyDigest(data: Uint8Array): Uint8Array {
  const text = Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('latin1');
  const known = digests.get(text);
  if (known !== undefined) return known;
  const digest = sha256(data);
  digests.set(text, digest);
  return digest;
}

export const verifier: Verifier = { hasher, sha256: keyDigest, verify };

const madeKeys = new Map<string, NoteKey>();
const madeRings = new Map<string, readonly NoteKey[]>();

function made(name: string, make: (publicKey: Uint8Array) => NoteKey): NoteKey {
  const known = madeKeys.get(name);
  if (known !== undefined) return known;
  const key = make(sha256(Buffer.from(name)));
  madeKeys.set(name, key);
  return key;
}

/** A member's key for the checkpoints of one book; each rotation begins a generation. */
function checkpointKey(member: string, book: string, generation: number): NoteKey {
  return made(`${member}/${book}/${generation}`, () => ({
    name: originOf(member, book),
    algorithm: signatureAlgorithms.ed25519,
    publicKey: sha256(Buffer.from(`${member} ${generation}`)),
  }));
}

/** The keys of all generations up to this one: what an old key signed stays signed. */
export function checkpointKeys(member: string, book: string, generation: number): readonly NoteKey[] {
  const name = `${member}/${book}/${generation}`;
  let keys = madeRings.get(name);
  if (keys === undefined) {
    keys = Array.from({ length: generation + 1 }, (_, index) => checkpointKey(member, book, index));
    madeRings.set(name, keys);
  }
  return keys;
}

export const cosignerKey = (party: string): NoteKey =>
  made(`cosigner ${party}`, (publicKey) => cosigningKey(party, publicKey));

export function signCheckpoint(member: string, book: string, generation: number, size: number, root: Hash): string {
  const key = checkpointKey(member, book, generation);
  const body = checkpointBody({ origin: originOf(member, book), size, root });
  return writeNote(body, key, sign(key, Buffer.from(body)), keyDigest);
}

export function cosign(party: string, note: string, atMs: number): string {
  const key = cosignerKey(party);
  const atSeconds = Math.max(0, Math.floor(atMs / 1000));
  return addCosignature(note, key, atSeconds, sign(key, cosignatureMessage(note, atSeconds)), keyDigest);
}

/** A directory's record that a member's keys have come to a generation, signed by the key before. */
export interface KeyRecord {
  readonly member: string;
  readonly generation: number;
  readonly signature: Uint8Array;
}

const recordText = (member: string, generation: number): Uint8Array => Buffer.from(`key ${member} ${generation}`);

export function signKeyRecord(member: string, generation: number): KeyRecord {
  const before = checkpointKey(member, 'alliance', generation - 1);
  return { member, generation, signature: sign(before, recordText(member, generation)) };
}

export function isKeyRecord({ member, generation, signature }: KeyRecord): boolean {
  return verify(checkpointKey(member, 'alliance', generation - 1), recordText(member, generation), signature);
}
