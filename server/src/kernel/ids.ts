import { createHash, randomBytes, randomUUID } from 'node:crypto';

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
 * length, so that no two lists of parts run together.
 */
export function derivedId(...parts: readonly string[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${Buffer.byteLength(part)}:`).update(part);
  const bytes = hash.digest().subarray(0, 16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x80;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
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
