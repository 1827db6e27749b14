import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { pack, unpack } from './arrays.ts';
import { openInterner } from './interner.ts';

const someKey = fc.oneof(
  fc.integer({ min: 0, max: 60 }).map((n) => `account:TH:014:${n}`),
  fc.integer({ min: 0, max: 5 }).map((n) => `url:https://example.com/${'long-'.repeat(20)}${n}`),
  fc.integer({ min: 0, max: 5 }).map((n) => `handle:line/สวัสดี${n}`),
);

describe('slots of keys', () => {
  test('as long as there is room, each key keeps a slot of its own', () => {
    fc.assert(
      fc.property(fc.array(someKey, { maxLength: 200 }), (keys) => {
        const interner = openInterner(256, () => expect.unreachable());
        const slots = new Map<string, number>();
        for (const [at, key] of keys.entries()) {
          const slot = interner.take(key, at + 1);
          expect(slot).toBe(slots.get(key) ?? slots.size);
          slots.set(key, slot);
        }
        expect(interner.size()).toBe(slots.size);
        for (const [key, slot] of slots) {
          expect(interner.find(key)).toBe(slot);
          expect(interner.keyOf(slot) ?? key).toBe(key);
        }
        expect(interner.find('account:TH:014:999')).toBe(-1);
      }),
    );
  });

  test('when there is none, a key that was not seen for long gives up its slot, and those who ask are never misled', () => {
    fc.assert(
      fc.property(fc.array(someKey, { minLength: 40, maxLength: 400 }), (keys) => {
        const held = new Map<number, string>();
        const interner = openInterner(16, (slot) => held.delete(slot));
        for (const [at, key] of keys.entries()) {
          const slot = interner.take(key, at + 1);
          expect(held.get(slot) ?? key).toBe(key);
          held.set(slot, key);
          for (const [other, name] of held) expect(interner.find(name)).toBe(other);
        }
        expect(interner.size()).toBeLessThanOrEqual(16);
      }),
    );
  });

  test('what is written down and read back goes on as before', () => {
    fc.assert(
      fc.property(fc.array(someKey, { maxLength: 100 }), fc.array(someKey, { maxLength: 100 }), (before, after) => {
        const one = openInterner(16, () => undefined);
        const two = openInterner(16, () => undefined);
        for (const [at, key] of before.entries()) one.take(key, at + 1);
        expect(unpack(pack(one.arrays()), two.arrays())).toBe(true);
        for (const [at, key] of after.entries()) expect(two.take(key, 500 + at)).toBe(one.take(key, 500 + at));
      }),
    );
  });
});

test('bytes of another size are not taken for state', () => {
  const small = openInterner(16, () => undefined);
  const large = openInterner(64, () => undefined);
  for (let i = 0; i < 64; i += 1) large.take(`phone:+6681000${i}`, i + 1);
  expect(unpack(pack(large.arrays()), small.arrays())).toBe(false);
  expect(small.size()).toBe(0);
  expect(unpack(pack(large.arrays()).subarray(0, 100), large.arrays())).toBe(false);
  expect(large.find('phone:+66810001')).toBe(-1);
});
