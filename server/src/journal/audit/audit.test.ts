import { describe, expect, test } from 'vitest';
import { openTestSigner } from '../../platform/test-keys.ts';
import { auditBook } from './audit.ts';
import type { ReadEntry } from './entry-lines.ts';
import { openNumberSet } from './number-set.ts';
import { findingsOf, streamOf, testBook, testNote, type TestStatement } from './test-book.ts';

const signer = openTestSigner();
const erasure = (number: number): TestStatement => ({ kind: 'erasure', body: { number, basis: 'PDPA s.33' } });
const plain = (count: number): TestStatement[] => Array.from({ length: count }, () => ({}));
const book = testBook(signer, 'alliance', [{}, { erased: true }, {}, erasure(1), { kind: 'from-a-later-release' }, {}]);
const key = book.keys[0]!;
const withEntries = (entries: readonly (ReadEntry | null)[]) => ({ ...book, entries: () => streamOf(entries) });
const changed = (number: number, change: Partial<ReadEntry>) =>
  withEntries(book.read.map((entry) => (entry.number === number ? { ...entry, ...change } : entry)));

test('a whole book is found to be whole, with a kind that nobody knows and a text that was erased', async () => {
  expect(await findingsOf(book)).toEqual([]);
  const audit = await auditBook(book, { report: () => undefined });
  expect(audit).toMatchObject({ book: 'alliance', entries: 6, findings: 0, checkpoint: { size: 6 } });
});

test('a book in which nothing was said needs no checkpoint, and one that has entries does', async () => {
  expect(await findingsOf({ ...book, note: null, entries: () => streamOf([]) })).toEqual([]);
  expect(await findingsOf({ ...book, note: null })).toEqual(['audit.size']);
});

describe('the checkpoint', () => {
  test('must be signed by a key that is trusted', async () => {
    expect(
      await findingsOf({ ...book, keys: [{ ...key, publicKey: openTestSigner().publicKey('checkpoint') }] }),
    ).toEqual(['audit.checkpoint']);
    expect(await findingsOf({ ...book, keys: [] })).toEqual(['audit.no-key']);
    expect(await findingsOf({ ...book, note: 'nonsense' })).toEqual(['audit.checkpoint']);
  });

  test('must be of this book', async () => {
    const other = testBook(signer, 'domestic', plain(6));
    expect(await findingsOf({ ...book, note: other.note, keys: [...book.keys, ...other.keys] })).toEqual([
      'audit.origin',
    ]);
  });

  test('must cover just the entries that are there', async () => {
    expect(await findingsOf(withEntries(book.read.slice(0, 5)))).toEqual(['audit.size']);
    expect(await findingsOf({ ...book, note: testNote(signer, key, book.read.slice(0, 5)) })).toEqual(['audit.size']);
  });
});

describe('the entries', () => {
  test('a text that was changed is found where it is', async () => {
    expect(await findingsOf(changed(2, { bytes: book.read[5]!.bytes }))).toEqual(['audit.commitment@2']);
    expect(await findingsOf(changed(2, { salt: new Uint8Array(16) }))).toEqual(['audit.commitment@2']);
  });

  test('a text that was changed together with its commitment is found by the root', async () => {
    const { salt, bytes, commitment } = book.read[5]!;
    expect(await findingsOf(changed(2, { salt, bytes, commitment }))).toEqual(['audit.root']);
    expect(await findingsOf(changed(1, { commitment }))).toEqual(['audit.root']);
  });

  test('one that is missing, repeated or moved is found, and the rest is read on', async () => {
    const [a, b, c, d, e, f] = book.read as [ReadEntry, ReadEntry, ReadEntry, ReadEntry, ReadEntry, ReadEntry];
    expect(await findingsOf(withEntries([a, b, d, e, f]))).toEqual(['audit.gap@2']);
    expect(await findingsOf(withEntries([a, b, c, c, d, e, f]))).toEqual(['audit.gap@3']);
    expect(await findingsOf(withEntries([b, a, c, d, e, f]))).toEqual(['audit.gap@0', 'audit.gap@2', 'audit.gap@1']);
    expect(await findingsOf(withEntries([a, b, null, d, { ...e, bytes: a.bytes }, f]))).toEqual([
      'audit.malformed@2',
      'audit.commitment@4',
    ]);
  });

  test('an envelope that is not valid, or of another member or book, is found', async () => {
    const statements = [
      { envelope: { tlp: 'x' } },
      { bytes: 'nonsense' },
      { bytes: '\ufeff{}' },
      { bytes: 'null' },
      { envelope: { member: 'kh' } },
      { envelope: { book: 'domestic' } },
    ];
    expect(await findingsOf(testBook(signer, 'alliance', statements))).toEqual([
      'audit.envelope@0',
      'audit.envelope@1',
      'audit.envelope@2',
      'audit.envelope@3',
      'audit.foreign@4',
      'audit.foreign@5',
    ]);
  });

  test('bytes that are no UTF-8 have no envelope', async () => {
    expect(await findingsOf(changed(0, { bytes: Uint8Array.of(0xff) }))).toEqual([
      'audit.commitment@0',
      'audit.envelope@0',
    ]);
  });
});

describe('erased texts', () => {
  test('of which no statement says that they were erased are found', async () => {
    expect(await findingsOf(changed(0, { salt: null, bytes: null }))).toEqual(['audit.unexplained-erasure@0']);
    const many = testBook(signer, 'alliance', [{ erased: true }, { erased: true }, erasure(1), { erased: true }]);
    expect(await findingsOf(many)).toEqual(['audit.unexplained-erasure@0', 'audit.unexplained-erasure@3']);
  });

  test('are not explained by a statement that came before them, by itself, or from another book', async () => {
    expect(await findingsOf(testBook(signer, 'alliance', [erasure(1), { erased: true }]))).toEqual([
      'audit.unexplained-erasure@1',
    ]);
    const foreign = { ...erasure(0), envelope: { book: 'domestic' } };
    expect(await findingsOf(testBook(signer, 'alliance', [{ erased: true }, foreign]))).toEqual([
      'audit.foreign@1',
      'audit.unexplained-erasure@0',
    ]);
  });

  test('that are still there are found', async () => {
    expect(await findingsOf(testBook(signer, 'alliance', [{}, erasure(0)]))).toEqual(['audit.not-erased@0']);
  });
});

describe('against an earlier checkpoint', () => {
  test('a book that only grew is its continuation', async () => {
    for (const size of [0, 1, 3, 6])
      expect(await findingsOf(book, testNote(signer, key, book.read.slice(0, size)))).toEqual([]);
  });

  test('a past that was changed is found, even by whoever holds the key', async () => {
    const rewritten = [...book.read.slice(0, 2), book.read[5]!];
    expect(await findingsOf(book, testNote(signer, key, rewritten))).toEqual(['audit.consistency']);
  });

  test('a book that became shorter is found', async () => {
    expect(await findingsOf(book, testNote(signer, key, [...book.read, book.read[0]!]))).toEqual(['audit.consistency']);
  });
});

test('a set of numbers holds what was put into it', () => {
  const [set, other] = [openNumberSet(), openNumberSet()];
  const numbers = [0, 7, 8, 8191, 8192, 100_000_007, Number.MAX_SAFE_INTEGER];
  for (const number of numbers) set.add(number);
  expect(numbers.every((number) => set.has(number))).toBe(true);
  expect([1, 9, 8193, 100_000_008].some((number) => set.has(number))).toBe(false);
  other.add(8191);
  expect([...set.without(other)]).toEqual(numbers.filter((number) => number !== 8191));
});
