import { hash, randomBytes, randomUUID } from 'node:crypto';

/** A new identity for a thing that has none in nature. */
export function newId(): string {
  return randomUUID();
}

/** A secret that a person or machine carries: 256 bits in base64url behind a prefix that says what it is. */
export function newSecret(prefix: string): string {
  return `${prefix}_${randomBytes(32).toString('base64url')}`;
}

/**
 * The identity of a thing that its parts name: a UUID version 8 (RFC 9562) from SHA-256 over the parts, each with its
 * length in UTF-16 units, so that no two lists of parts run together.
 */
export function derivedId(...parts: readonly string[]): string {
  let text = '';
  for (const part of parts) text += `${part.length}:${part}`;
  const digest = hash('sha256', text);
  const variant = '89ab'[Number.parseInt(digest[16]!, 16) & 3];
  return `${digest.slice(0, 8)}-${digest.slice(8, 12)}-8${digest.slice(13, 16)}-${variant}${digest.slice(17, 20)}-${digest.slice(20, 32)}`;
}

// Randomness is drawn for many salts at once: a call for each would cost more than the hash that it salts.
let drawn = Buffer.alloc(0);
let drawnTo = 0;

/** Random bytes that nothing else holds. */
export function newSalt(bytes: number): Uint8Array {
  if (drawnTo + bytes > drawn.length) {
    drawn = randomBytes(bytes * 1024);
    drawnTo = 0;
  }
  drawnTo += bytes;
  return drawn.subarray(drawnTo - bytes, drawnTo);
}
