import fc from 'fast-check';
import { expect, test } from 'vitest';
import { halfSipHash, openFingerprinter } from './fingerprint.ts';
import { openKeyIndex, type KeyIndex } from './key-index.ts';

const seed = new Uint8Array([0, 1, 2, 3, 4, 5, 6, 7]);

test('the fingerprint is HalfSipHash-1-3, by the vectors of the Linux kernel', () => {
  // lib/tests/siphash_kunit.c: number n is of the bytes 0 to n-1.
  const vectors = [
    0x5814c896, 0xe7e864ca, 0xbc4b0e30, 0x01539939, 0x7e059ea6, 0x88e3d89b, 0xa0080b65, 0x9d38d9d6, 0x577999b1,
  ];
  const reader = openFingerprinter(seed);
  for (const [length, expected] of vectors.entries()) {
    const text = String.fromCharCode(...Array.from({ length }, (_, at) => at));
    expect(reader.fingerprint(reader.read(text)) >>> 0).toBe(expected);
  }
});

test('another seed gives other fingerprints, so nobody can choose keys that collide', () => {
  const words = Int32Array.of(1, 2, 3);
  const ofSeed = (k0: number) => halfSipHash(words, 12, k0, 7);
  expect(new Set(Array.from({ length: 1000 }, (_, k0) => ofSeed(k0))).size).toBeGreaterThan(995);
});

const Key = fc.oneof(
  fc.integer({ min: 0, max: 60 }).map((n) => `phone:+6681234${n}`),
  fc.string({ unit: 'grapheme', maxLength: 40 }).map((text) => `email:${text.toWellFormed()}`),
  fc.constantFrom('', 'a', 'domain:ຄົນ.ລາວ', '__proto__', `url:${'x'.repeat(2300)}`),
);
const Step = fc.record({ does: fc.constantFrom('add', 'remove', 'find'), key: Key, value: fc.nat() });

function expectSame(index: KeyIndex, model: ReadonlyMap<string, number>): void {
  expect(index.size()).toBe(model.size);
  for (const [key, value] of model) {
    const place = index.find(key);
    expect(place).not.toBe(0);
    expect(index.key(place)).toBe(key);
    expect(index.value(place)).toBe(value);
  }
}

test('the index holds what a Map would hold, whatever is added and removed', () => {
  fc.assert(
    fc.property(fc.array(Step, { maxLength: 300 }), (steps) => {
      const index = openKeyIndex(seed);
      const model = new Map<string, number>();
      for (const { does, key, value } of steps) {
        if (does === 'add') {
          index.setValue(index.add(key), value | 0);
          model.set(key, value | 0);
        } else if (does === 'remove') {
          expect(index.remove(key)).toBe(model.delete(key));
        } else {
          expect(index.find(key) !== 0).toBe(model.has(key));
        }
      }
      expectSame(index, model);
    }),
  );
});

test('four hundred thousand keys are found across every growth, and no others', () => {
  const index = openKeyIndex(seed);
  const keyOf = (n: number) => `account:TH:014:${n * 7919}`;
  const places = new Int32Array(400_000);
  for (let n = 0; n < places.length; n += 1) {
    places[n] = index.add(keyOf(n));
    index.setValue(places[n]!, n);
    if (n > 100 && n % 997 === 0) expect(index.bytes().index / index.size()).toBeLessThanOrEqual(24);
  }
  let wrong = 0;
  for (let n = 0; n < places.length; n += 1) {
    if (index.find(keyOf(n)) !== places[n] || index.value(places[n]!) !== n) wrong += 1;
    if (index.find(keyOf(n + places.length)) !== 0) wrong += 1;
  }
  expect(wrong).toBe(0);
});

test('keys that come and go leave no memory behind', () => {
  const index = openKeyIndex(seed);
  const cycle = (round: number) => {
    for (let n = 0; n < 20_000; n += 1) index.add(`phone:+66${round % 7}${10_000_000 + n}`);
    for (let n = 0; n < 20_000; n += 1) expect(index.remove(`phone:+66${round % 7}${10_000_000 + n}`)).toBe(true);
  };
  cycle(0);
  const before = index.bytes();
  for (let round = 1; round < 12; round += 1) cycle(round);
  expect(index.bytes()).toEqual(before);
  expect(index.size()).toBe(0);
});

test('a text that is too long for any key is simply not there', () => {
  const index = openKeyIndex(seed);
  expect(index.find('x'.repeat(1_000_000))).toBe(0);
  expect(index.remove('x'.repeat(2731))).toBe(false);
  expect(() => index.add('x'.repeat(2731))).toThrow('no longer than the protocol allows');
});
