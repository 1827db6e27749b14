import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestSigner } from '../../platform/test-keys.ts';
import { readEntryLine, writeEntryLine } from '../audit/entry-lines.ts';
import { findingsOf, testBook, type TestStatement } from '../audit/test-book.ts';
import { exportedBooks, writeExport } from './export.ts';

let home: string;
let folder: string;
const signer = openTestSigner();
const statements: TestStatement[] = [
  {},
  { erased: true },
  {},
  { kind: 'erasure', body: { number: 1, basis: 'law' } },
  {},
];
const books = [testBook(signer, 'alliance', statements), testBook(signer, 'kh+th', [{}, {}, {}])];

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'drum-export-'));
  folder = join(home, 'export');
  await writeExport(folder, books);
});
afterAll(() => rm(home, { recursive: true, force: true }));

/** What an audit of the export finds; a folder that cannot be read at all is a finding of its own. */
async function audit(): Promise<string[]> {
  const sources = await exportedBooks(folder).catch(() => undefined);
  if (sources === undefined) return ['unreadable'];
  return (await Promise.all(sources.map((source) => findingsOf(source)))).flat();
}

test('an export is read back and audited as it was', async () => {
  expect(await audit()).toEqual([]);
  const read = await exportedBooks(folder);
  expect(read.map(({ member, book, note }) => ({ member, book, note }))).toEqual(
    books.map(({ member, book, note }) => ({ member, book, note })),
  );
  const entries = await Promise.all(read.map((source) => Array.fromAsync(source.entries())));
  expect(entries.map((list) => list.map((entry) => writeEntryLine(entry!)))).toEqual(
    books.map((source) => source.read.map((entry) => writeEntryLine(entry))),
  );
});

test('what is there already is not written over', async () => {
  await expect(writeExport(folder, books)).rejects.toThrow('not empty');
  expect(await audit()).toEqual([]);
  await rm(`${folder}.partial`, { recursive: true });
});

test('any one byte of an export that is changed is found', async () => {
  const files = [
    'keys',
    ...books.flatMap(({ book }) => [`books/${book}/checkpoint`, `books/${book}/entries.ndjson.gz`]),
  ];
  const read = async (file: string) => {
    const raw = await readFile(join(folder, file));
    return { file, raw, content: file.endsWith('.gz') ? gunzipSync(raw) : raw };
  };
  const contents = await Promise.all(files.map(read));
  const bytes = contents.reduce((sum, { content }) => sum + content.length, 0);
  await fc.assert(
    fc.asyncProperty(fc.nat(bytes - 1), fc.integer({ min: 1, max: 255 }), async (place, change) => {
      let at = place;
      const chosen = contents.find(({ content }) => (at < content.length ? true : ((at -= content.length), false)))!;
      const content = Buffer.from(chosen.content);
      content[at]! ^= change;
      await writeFile(join(folder, chosen.file), chosen.file.endsWith('.gz') ? gzipSync(content) : content);
      const found = await audit();
      await writeFile(join(folder, chosen.file), chosen.raw);
      expect(found.length, `${chosen.file} at ${at}`).toBeGreaterThan(0);
    }),
    { numRuns: 500 },
  );
  expect(await audit()).toEqual([]);
}, 60_000);

test('a file that was cut or damaged is a finding, not a failure', async () => {
  const file = join(folder, 'books/alliance/entries.ndjson.gz');
  const raw = await readFile(file);
  for (const content of [
    raw.subarray(0, -9),
    Buffer.concat([raw.subarray(0, 60), raw.subarray(61)]),
    Buffer.alloc(0),
    Buffer.from('x'),
  ]) {
    await writeFile(file, content);
    expect((await audit()).length).toBeGreaterThan(0);
  }
  await writeFile(file, gzipSync(gunzipSync(raw).subarray(0, -1)));
  expect(await audit()).toEqual(['audit.malformed@4']);
  await writeFile(file, raw);
});

test('a line has one spelling of each value, and may carry fields of a later release', () => {
  const entry = books[0]!.read[0]!;
  const line = writeEntryLine(entry).trimEnd();
  const readBack = (text: string) => readEntryLine(Buffer.from(text));
  expect(readBack(line)).toEqual({
    ...entry,
    bytes: Buffer.from(entry.bytes!),
    commitment: expect.anything(),
    salt: expect.anything(),
  });
  expect(readBack(line.replace('{', '{"later":1,'))).not.toBeNull();
  for (const [from, to] of [
    ['"number":0', '"number":-1'],
    ['"number":0', '"number":0.5'],
    ['"number":0', '"number":"0"'],
    ['"salt":"', '"salt":"AAAA'],
    ['=",', '",'],
    ['"bytes":"', '"bytes":"*'],
    ['"bytes":"', '"bytes":null,"x":"'],
    ['"commitment":"', '"commitment":"AAAA'],
    ['"commitment"', '"Commitment"'],
  ] as const) {
    expect(readBack(line.replace(from, to)), to).toBeNull();
  }
  for (const text of ['', 'null', '[]', '7', '{', line.slice(0, -1)]) expect(readBack(text), text).toBeNull();
});

test('any bytes at all are read as an entry or as none, without throwing', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.uint8Array({ maxLength: 200 }),
        fc.json().map((text) => Buffer.from(text)),
      ),
      (bytes) => {
        const entry = readEntryLine(bytes);
        expect(entry === null || Number.isSafeInteger(entry.number)).toBe(true);
      },
    ),
  );
});
