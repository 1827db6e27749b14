import { createHash } from 'node:crypto';
import { sha256 } from '@noble/hashes/sha2.js';
import { hex } from '@scure/base';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { commitmentOf, originOf, saltBytes } from './commitments.ts';

const bytes = fc.uint8Array({ maxLength: 300 });
const salt = fc.uint8Array({ minLength: saltBytes, maxLength: saltBytes });

test('a commitment is the SHA-256 of the salt and then the bytes', () => {
  fc.assert(
    fc.property(salt, bytes, (salt, bytes) => {
      const expected = createHash('sha256').update(salt).update(bytes).digest('hex');
      expect(hex.encode(commitmentOf(sha256, salt, bytes))).toBe(expected);
    }),
  );
});

test('a commitment opens to one salt and text only', () => {
  fc.assert(
    fc.property(salt, bytes, salt, bytes, (salt, bytes, otherSalt, otherBytes) => {
      const same = hex.encode(salt) === hex.encode(otherSalt) && hex.encode(bytes) === hex.encode(otherBytes);
      const [one, other] = [commitmentOf(sha256, salt, bytes), commitmentOf(sha256, otherSalt, otherBytes)];
      expect(hex.encode(one) === hex.encode(other)).toBe(same);
    }),
  );
});

test('salts of another length would let bytes move, which is why readers must check the length', () => {
  const whole = Uint8Array.from({ length: 40 }, (_, index) => index);
  const moved = commitmentOf(sha256, whole.subarray(0, 15), whole.subarray(15));
  expect(moved).toEqual(commitmentOf(sha256, whole.subarray(0, saltBytes), whole.subarray(saltBytes)));
});

test('each book signs under a name of its own', () => {
  expect(originOf('th', 'alliance')).toBe('th.bronze-drum/alliance');
  expect(originOf('th', 'kh+th')).toBe('th.bronze-drum/kh-th');
});
