import { assert, array, bigInt, constantFrom, integer, property, record as recordOf, string } from 'fast-check';
import { expect, test } from 'vitest';
import { messageRecordsMax, packRecords, unpackDigests, unpackRecords } from './nats-payload.ts';
import { record } from './test-stream.ts';

const said = (maxLength: number) => string({ unit: 'grapheme', maxLength }).filter((text) => !text.includes('\0'));

const records = array(
  recordOf({
    source: said(20),
    kind: integer({ min: 0, max: 0x7fff }),
    id: said(64),
    digest: said(22),
    reaches: integer({ min: 1, max: 0xffff }),
    atMs: bigInt({ min: -(2n ** 52n), max: 2n ** 52n }).map(Number),
    text: said(300),
  }),
  { maxLength: 30 },
);

test('whatever records are packed, they come out as they went in, in their order', () => {
  assert(
    property(records, integer({ min: 2000, max: 5000 }), integer({ min: 1, max: 0xffff }), (given, bytes, mask) => {
      const packed = packRecords(given, 1234, { bytes, bytesOfOne: 10_000 });
      let index = 0;
      for (const { from, count, payload } of packed) {
        expect(from).toBe(index);
        expect(count === 1 || payload.length <= bytes).toBe(true);
        const own = given.slice(from, from + count);
        const base = 4096 + from;
        const stored = own.map(({ digest: _, ...rest }, place) => ({
          ...rest,
          number: base + place,
          receivedAtMs: 1234,
        }));
        const all = { after: 0, limit: Number.POSITIVE_INFINITY, mask: undefined };
        expect(unpackRecords(payload, base, all)).toEqual(stored);
        expect(unpackDigests(payload)).toEqual(own.map(({ digest }) => digest));
        const some = stored.filter(({ reaches, number }) => (reaches & mask) !== 0 && number > base + 1).slice(0, 3);
        expect(unpackRecords(payload, base, { after: base + 1, limit: 3, mask })).toEqual(some);
        index += count;
      }
      expect(index).toBe(given.length);
    }),
  );
});

test('a message has only so many records, and one that no message could hold is refused', () => {
  const bounds = { bytes: 512 * 1024, bytesOfOne: 1_000_000 };
  const many = Array.from({ length: messageRecordsMax + 1 }, (_, index) => record(String(index), { text: 'x' }));
  expect(packRecords(many, 0, bounds).map(({ count }) => count)).toEqual([messageRecordsMax, 1]);
  const large = record('large', { text: 'x'.repeat(900_000) });
  expect(packRecords([record('a'), large, record('b')], 0, bounds).map(({ count }) => count)).toEqual([1, 1, 1]);
  expect(() => packRecords([record('too-large', { text: 'x'.repeat(1_000_000) })], 0, bounds)).toThrow('fits');
});

test('what PostgreSQL would refuse does not come into the stream', () => {
  assert(
    property(
      constantFrom<Parameters<typeof record>[1]>(
        { text: 'a\0b' },
        { source: '\0' },
        { digest: '\0' },
        { kind: 40_000 },
        { kind: 0.5 },
        { atMs: Number.NaN },
        { atMs: 0.5 },
        { id: 'x'.repeat(2000) },
      ),
      (change) => {
        expect(() => packRecords([record('id', change)], 0, { bytes: 10_000, bytesOfOne: 10_000 })).toThrow('stored');
      },
    ),
  );
});
