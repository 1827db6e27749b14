import type { Sha256 } from './proofs.ts';

export const saltBytes = 16;

/**
 * What a leaf commits to: SHA-256(salt ‖ bytes), over the exact stored UTF-8 bytes of `{envelope, body}`. The salt keeps
 * an erased body from being guessed from its commitment.
 */
export function commitmentOf(sha256: Sha256, salt: Uint8Array, bytes: Uint8Array): Uint8Array {
  const input = new Uint8Array(salt.length + bytes.length);
  input.set(salt);
  input.set(bytes, salt.length);
  return sha256(input);
}

/** The name under which a member's book signs its checkpoints. */
export function originOf(member: string, book: string): string {
  return `${member}.bronze-drum/${book}`;
}
