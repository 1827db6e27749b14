import { gzipSync } from 'node:zlib';
import { sha256 } from '@noble/hashes/sha2.js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { BatchReport, ImportBatch, ImportItem } from '../../../../server/src/registry/contract.ts';
import { Refused } from '../../link/call.ts';
import { dataRows, guessColumns, itemOf, namesOf, type LineRefusal } from './import-columns.ts';
import { firstRows, peek, rowsOf, type Layout, type Row } from '../../link/file-rows.ts';
import { sendItems } from './import-sending.ts';

const csv: Layout = { format: 'csv', delimiter: ',', hasHeader: true, names: [] };
const fileOf = (text: string | Buffer, name = 'list.csv'): File => new File([new Uint8Array(Buffer.from(text))], name);

async function allRows(file: Blob, layout: Layout): Promise<Row[]> {
  const rows: Row[] = [];
  for await (const part of rowsOf(file, layout)) rows.push(...part);
  return rows;
}

test('a table is recognised with its delimiter and its header', async () => {
  const { layout, lines } = await peek(fileOf('identifier;tier\n+66812345678;victim\n', 'list.txt'));
  expect(layout).toMatchObject({ format: 'csv', delimiter: ';', hasHeader: true });
  expect(namesOf(layout, await firstRows(lines, layout))).toEqual(['identifier', 'tier']);
});

test('lines, and objects one a line, are recognised by their beginning', async () => {
  expect((await peek(fileOf('# ours\n+66 81 234 5678\nexample.com # x\n', 'a.txt'))).layout.format).toBe('lines');
  expect((await peek(fileOf('{"value":"example.com","tier":"victim"}\n', 'a.json'))).layout).toMatchObject({
    format: 'ndjson',
    names: ['value', 'tier'],
  });
});

test.each([
  ['', 'feed.empty'],
  [Buffer.from([0xff, 0xfe, 0x41, 0]), 'feed.encoding'],
  ['PK\u0003\u0004', 'feed.spreadsheet'],
])('a file that cannot be read says why: %j', async (text, code) => {
  await expect(peek(fileOf(text, 'a.txt'))).rejects.toMatchObject({ code });
});

test('a zipped file is read like any other', async () => {
  const { layout, lines } = await peek(fileOf(gzipSync('value\nexample.com\n'), 'a.csv.gz'));
  expect(await firstRows(lines, layout)).toHaveLength(2);
});

test('quotes may hold delimiters and line breaks; a row of another width is refused in its place', async () => {
  const rows = await allRows(fileOf('a,b\r\n"x, ""y""","1\n2"\r\nonly\r\nz,3'), csv);
  expect(rows).toEqual([
    { line: 1, cells: ['a', 'b'] },
    { line: 2, cells: ['x, "y"', '1\n2'] },
    { line: 4, refused: 'feed.csv.ragged' },
    { line: 5, cells: ['z', '3'] },
  ]);
});

test('a quote that never closes costs no more than its row', async () => {
  const rows = await allRows(fileOf(`a,b\n"open,1\n${'x,2\n'.repeat(30_000)}"\nz,3\n`), csv);
  expect(rows[1]).toEqual({ line: 2, refused: 'feed.csv.quote' });
  expect(rows.length).toBeGreaterThan(100);
});

test('however a table is written, it is read back the same', async () => {
  const cell = fc.string({ unit: 'grapheme', maxLength: 12 }).map((text) => text.replace(/[\r\n\0\uFFFD]/g, '').trim());
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 20 }), async (table) => {
      const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
      const written = table.map(([a, b]) => `${quoted(a)},${quoted(b)}`).join('\n');
      const rows = await allRows(fileOf(written), csv);
      expect(rows.map((row) => ('cells' in row ? row.cells : row))).toEqual(table);
    }),
    { numRuns: 60 },
  );
});

test('columns are guessed by their names, else by what can be read', () => {
  const rows: Row[] = [{ line: 1, cells: ['7', 'example.com'] }];
  const isReadable = (text: string): boolean => text.includes('.');
  expect(guessColumns(['Typology', 'IOC'], rows, isReadable)).toEqual({ 0: 'typology', 1: 'identifier' });
  expect(guessColumns(['', ''], rows, isReadable)).toEqual({ 1: 'identifier' });
});

test('a row says what the contract can say, or is refused by itself', () => {
  const columns = { 0: 'identifier', 1: 'tier', 2: 'typology', 3: 'until' } as const;
  const row = (cells: string[]): Row => ({ line: 2, cells });
  expect(itemOf(row(['example.com', 'Victim', 'phishing; malware', '2027-01-01']), columns)).toEqual({
    line: 2,
    identifier: 'example.com',
    tier: 'victim',
    typologies: ['phishing', 'malware'],
    until: '2027-01-01T00:00:00.000Z',
  });
  expect(itemOf(row(['', '', '', '']), columns)).toMatchObject({ refused: 'feed.no-identifier' });
  expect(itemOf(row(['x', 'sure', '', '']), columns)).toMatchObject({ refused: 'feed.tier', identifier: 'x' });
  expect(itemOf(row(['x', '', '', 'soon']), columns)).toMatchObject({ refused: 'feed.instant' });
  expect(dataRows(csv, [row(['a']), row(['b'])])).toEqual([row(['b'])]);
});

const many = (count: number): ImportItem[] =>
  Array.from({ length: count }, (_, at) => ({ line: at + 1, identifier: `host${at}.example` }));

/** A server that takes batches in their order, as the registry does. */
function openServer(had = { items: 0, digest: '' }) {
  const taken = { ...had };
  const batches: ImportBatch[] = [];
  const unread: LineRefusal[] = [];
  const send = (items: readonly (ImportItem | LineRefusal)[]): Promise<'sent' | 'another-feed'> =>
    sendItems({
      from: { ...taken },
      items: (async function* () {
        yield items;
      })(),
      hash: sha256.create(),
      post: async (batch): Promise<BatchReport> => {
        if (batch.after !== taken.items) throw new Refused({ code: 'conflict.import-position', status: 409 });
        await Promise.resolve();
        taken.items += batch.items.length;
        taken.digest = batch.digest;
        batches.push(batch);
        return { items: taken.items, taken: batch.items.length, known: 0, refused: [] };
      },
      mayGoOn: async () => undefined,
      onReport: () => undefined,
      onUnread: (refusal) => unread.push(refusal),
    });
  return { taken, batches, unread, send };
}

test('a long list is sent in batches that the server takes in their order', async () => {
  const server = openServer();
  expect(await server.send([...many(12_000), { line: 12_001, refused: 'feed.json' }])).toBe('sent');
  expect(server.batches.map(({ items }) => items.length)).toEqual([5000, 5000, 2000]);
  expect(server.unread).toHaveLength(1);
});

test('an import that was interrupted goes on behind what the server has, and notices another file', async () => {
  const first = openServer();
  await first.send(many(6000));
  const again = openServer(first.taken);
  expect(await again.send(many(7000))).toBe('sent');
  expect(again.batches.map(({ after, items }) => [after, items.length])).toEqual([[6000, 1000]]);
  expect(await openServer(first.taken).send(many(7000).map((item) => ({ ...item, identifier: 'other.example' })))).toBe(
    'another-feed',
  );
  expect(await openServer(first.taken).send(many(10))).toBe('another-feed');
});
