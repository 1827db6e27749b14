import type { Sha256 } from './proofs.ts';

export const saltBytes = 16;

/**
 * What a leaf commits to: SHA-256(salt ‖ bytes), over the exact stored UTF-8 bytes of `{envelope, body}`. The salt keeps
 * an erased body from being guessed from its commitment. It has always `saltBytes` bytes: whoever checks a commitment must
 * check that, or bytes could move between the salt and the text.
 */
export function commitmentOf(sha256: Sha256, salt: Uint8Array, bytes: Uint8Array): Uint8Array {
  const input = new Uint8Array(salt.length + bytes.length);
  input.set(salt);
  input.set(bytes, salt.length);
  return sha256(input);
}

/**
 * The name under which a member's book signs its checkpoints. The name of a key may hold no plus sign (C2SP signed-note):
 * the book `kh+th` signs as `kh-th`, which is no other book's name.
 */
export function originOf(member: string, book: string): string {
  return `${member}.bronze-drum/${book.replaceAll('+', '-')}`;
}
