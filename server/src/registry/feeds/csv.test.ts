import fc from 'fast-check';
import { parse } from 'csv-parse/sync';
import { expect, test } from 'vitest';

import { splitStrictly } from './csv.ts';
import { readAll } from './read-all.ts';

const csv = { format: 'csv' } as const;

test('columns become what they stand for, by their customary names', async () => {
  const source = `# export
type,Identifier,country,bank,tier,typologies,offence,grounds,since,until
account,1234567890,th,014,victim,"investment-scam; mule",fraud,"said ""hold, please""",2026-01-02,2027-01-02
`;
  expect(await readAll(source, csv)).toEqual([
    {
      line: 3,
      text: '1234567890',
      type: 'account',
      hints: { country: 'TH', bank: '014' },
      tier: 'victim',
      typologies: ['investment-scam', 'mule'],
      offence: 'fraud',
      grounds: 'said "hold, please"',
      since: '2026-01-02',
      until: '2027-01-02',
    },
  ]);
});

test('with a column map only the columns that it names are read', async () => {
  const source = 'first_seen;ioc_value;type\n2026-01-02;https://scam.example/;malware\n';
  const columns = { identifier: 'ioc_value', since: 'first_seen' };
  expect(await readAll(source, { ...csv, columns })).toEqual([
    { line: 2, text: 'https://scam.example/', since: '2026-01-02' },
  ]);
});

test('a row that does not fit is refused by its line and costs only itself', async () => {
  const source = [
    'identifier,type,country,grounds',
    'a.example,domain,TH,"two\r\nlines"',
    'b.example,domain',
    'c.example,banana,TH,',
    'd.example,domain,Thailand,',
    ',domain,TH,',
    '',
    'e.example,domain,TH,5" screen',
    'f.example,domain,TH,"no "" end',
    'g.example,domain,TH,',
    'h.example,domain,TH,"end"',
  ].join('\r\n');
  expect(await readAll(source, csv)).toEqual([
    { line: 2, text: 'a.example', type: 'domain', hints: { country: 'TH' }, grounds: 'two\nlines' },
    { line: 4, refused: 'feed.csv.ragged', params: { expected: 4, got: 2 } },
    { line: 5, refused: 'feed.type' },
    { line: 6, refused: 'feed.field', params: { field: 'country' } },
    { line: 7, refused: 'feed.no-identifier' },
    { line: 9, text: 'e.example', type: 'domain', hints: { country: 'TH' }, grounds: '5" screen' },
    { line: 10, refused: 'feed.csv.quote' },
    { line: 11, text: 'g.example', type: 'domain', hints: { country: 'TH' } },
    { line: 12, text: 'h.example', type: 'domain', hints: { country: 'TH' }, grounds: 'end' },
  ]);
});

test('a quote that never closes costs 64 KiB and not the rest of the feed', async () => {
  const rows = Array.from({ length: 10_000 }, (_, at) => `n${at}.example,x`);
  const entries = await readAll(['identifier,grounds', 'a.example,"open', ...rows].join('\n'), csv);
  expect(entries[0]).toEqual({ line: 2, refused: 'feed.csv.quote' });
  expect(entries.at(-1)).toEqual({ line: 10_002, text: 'n9999.example', grounds: 'x' });
  expect(entries.length).toBeGreaterThan(5000);
});

test('a stray quote costs nothing', async () => {
  const rows = Array.from({ length: 10_000 }, (_, at) =>
    `n${at}.example,5" screen`.slice(0, at === 0 ? undefined : -8),
  );
  const entries = await readAll(['identifier,grounds', ...rows].join('\n'), csv);
  expect(entries.map((entry) => entry.line)).toEqual(rows.map((_, at) => at + 2));
  expect(entries[0]).toEqual({ line: 2, text: 'n0.example', grounds: '5" screen' });
});

test.each([
  ['no identifier column', 'name,reason\nx,y\n', {}, 'feed.csv.columns'],
  ['no header', '', {}, 'feed.csv.columns'],
  ['an unknown role', 'a,b\n', { columns: { colour: 'a' } }, 'feed.columns'],
  ['a map without the identifier', 'a,b\n', { columns: { type: 'a' } }, 'feed.columns'],
  ['a delimiter that cannot be one', 'a,b\n', { delimiter: '"' }, 'feed.csv.delimiter'],
])('a feed with %s is refused as a whole', async (_, source, options, refused) => {
  expect(await readAll(source, { ...csv, ...options })).toEqual([expect.objectContaining({ line: 1, refused })]);
});

test('a row on one line is split as csv-parse splits it', () => {
  const field = fc.oneof(fc.string({ unit: fc.constantFrom('a', ' ', ',', '"', 'ກ') }), fc.string());
  const quoted = field.map((text) => `"${text.replaceAll('"', '""')}"`);
  const line = fc.array(fc.oneof(quoted, field), { minLength: 1 }).map((fields) => fields.join(','));
  fc.assert(
    fc.property(line, (text) => {
      fc.pre(!/[\r\n]/.test(text) && text !== '');
      const strict = splitStrictly(text, ',');
      if (strict !== undefined) expect([strict]).toEqual(parse(text, { record_delimiter: '\n' }));
    }),
    { numRuns: 2000 },
  );
});

test('whatever a spreadsheet writes is read back, on the lines where it stands', async () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', ' ', ',', '"', '\n', 'ກ') });
  await fc.assert(
    fc.asyncProperty(fc.array(text), async (grounds) => {
      const rows = grounds.map((ground) => `x.example,"${ground.replaceAll('"', '""')}"\n`);
      const entries = await readAll(`identifier,grounds\n${rows.join('')}`, csv);
      let line = 2;
      const expected = grounds.map((ground) => {
        const at = line;
        line += ground.split('\n').length;
        return { line: at, text: 'x.example', ...(ground.trim() !== '' && { grounds: ground.trim() }) };
      });
      expect(entries).toEqual(expected);
    }),
  );
});
