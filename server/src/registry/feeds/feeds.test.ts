import { Buffer } from 'node:buffer';
import { createReadStream, existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

import fc from 'fast-check';
import { expect, test } from 'vitest';

import { feedFormats, readFeed } from './feeds.ts';
import type { FeedEntry, FeedOptions } from './feeds.ts';
import { readAll } from './read-all.ts';

const fragments = [
  '\n',
  '\r\n',
  '\r',
  '\t',
  ' ',
  ',',
  ';',
  '"',
  '""',
  '#',
  '//',
  '\0',
  '\uFEFF',
  'ກ',
  '😀',
  '\\',
  "'",
  '|',
  '{',
  '}',
  '[',
  ']',
  ':',
  '{}',
  '[]',
  'null',
  'tru',
  'true',
  '-0',
  '1e',
  '12.5',
  '\\u00',
  '"\\ud83d',
  '['.repeat(70),
  '"x"',
  '203.0.113.7',
  '+66 81 234 5678',
  '0.0.0.0 scam.example',
  'identifier,type\n',
  'x.example,domain\n',
  '"a ""b"" c",domain\n',
  '{"identifier":"x.example"}\n',
  '{"Event":{"Attribute":[',
  '"Object":[',
  ']}}',
  ',',
  '{"type":"domain","value":"x.example"}',
  '{"type":"bundle","objects":[',
  '{"type":"url","value":"u"},',
  '{"type":"indicator","pattern":"[url:value = \'u\']"},',
].map((text) => Buffer.from(text));

const bytesOfAnyKind = fc
  .array(fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...fragments) }, fc.uint8Array({ maxLength: 9 })), {
    maxLength: 60,
  })
  .map((parts) => Buffer.concat(parts));

test.each([...feedFormats, 'auto'] as const)(
  'any bytes read as %s give entries, the same however they are cut',
  async (format) => {
    await fc.assert(
      fc.asyncProperty(
        bytesOfAnyKind,
        fc.array(fc.nat(600), { maxLength: 20 }),
        fc.boolean(),
        async (bytes, cuts, all) => {
          const options: FeedOptions = { format, includeAll: all };
          const whole = await readAll(bytes, options);
          expect(await readAll(bytes, options, cuts)).toEqual(whole);
          expect(await readAll(bytes, options, Array.from(bytes.keys()))).toEqual(whole);
          for (const entry of whole) expect(entry.line).toBeGreaterThan(0);
        },
      ),
      { numRuns: 300 },
    );
  },
);

test('a feed larger than a block is the same however it is cut', async () => {
  const text = Array.from({ length: 12_000 }, (_, at) => `host-${at}.example ກ${at % 7 === 0 ? '\0' : ''}`).join('\n');
  const whole = await readAll(text, { format: 'plain' });
  expect(whole).toHaveLength(12_000);
  expect(await readAll(text, { format: 'plain' }, [1, 65_536, 65_537, 200_001])).toEqual(whole);
});

test('entries come in batches of at most 5000', async () => {
  const sizes: number[] = [];
  for await (const batch of readFeed(once(Buffer.from('x.example\n'.repeat(12_001))), { format: 'auto' })) {
    sizes.push(batch.length);
  }
  expect(sizes).toEqual([5000, 5000, 2001]);
});

test('gzip is unpacked on the way, whichever way it is cut', async () => {
  const packed = Buffer.concat([gzipSync('a.example\nb.exa'), gzipSync('mple\n')]);
  const expected = [
    { line: 1, text: 'a.example' },
    { line: 2, text: 'b.example' },
  ];
  expect(await readAll(packed, { format: 'auto' })).toEqual(expected);
  expect(await readAll(packed, { format: 'auto' }, Array.from(packed.keys()))).toEqual(expected);
});

test('a gzip that breaks off never turns half a line into a claim', async () => {
  const lines = Array.from({ length: 50_000 }, (_, at) => `203.0.113.${at}`);
  const packed = gzipSync(lines.join('\n'));
  const entries = await readAll(packed.subarray(0, packed.length - 20_000), { format: 'plain' });
  expect(entries.at(-1)).toHaveProperty('refused', 'feed.gzip');
  for (const entry of entries.slice(0, -1)) expect(entry).toEqual({ line: entry.line, text: lines[entry.line - 1] });
});

test('trouble of the source is the caller’s, not a refusal', async () => {
  async function* failing(): AsyncGenerator<Uint8Array, void, undefined> {
    yield Buffer.from('a.example\n');
    throw new Error('connection lost');
  }
  const reading = readFeed(failing(), { format: 'plain' });
  await expect(reading.next()).rejects.toThrow('connection lost');
});

test('whoever stops reading closes the source', async () => {
  let closed = false;
  async function* endless(): AsyncGenerator<Uint8Array, void, undefined> {
    try {
      for (;;) yield Buffer.from('x.example\n'.repeat(1000));
    } finally {
      closed = true;
    }
  }
  for await (const batch of readFeed(endless(), { format: 'auto' })) {
    expect(batch).toHaveLength(5000);
    break;
  }
  expect(closed).toBe(true);
});

const shared = fileURLToPath(new URL('../../../../../shared/data/', import.meta.url));

test.skipIf(!existsSync(shared))('the shared feeds are read (skipped where ../shared/data is absent)', async () => {
  expect(await countsOf('ips/ipsum.txt')).toEqual({ '': 120_430 });
  expect(await countsOf('sites/durablenapkin-hosts.txt')).toEqual({ domain: 2214 });
  expect(await countsOf('misp/lazarus_3cx.json')).toEqual({ url: 3, '-type': 41, '-to-ids': 6 });
  expect(await countsOf('stix/poisonivy.json')).toEqual({ ip: 40, domain: 25, '-type': 132 });
  expect(await countsOf('stix/mobile-attack-17.1.json')).toEqual({ '-type': 2095, '-revoked': 53 });
});

async function countsOf(file: string): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for await (const batch of readFeed(createReadStream(shared + file), { format: 'auto', fileName: file })) {
    for (const entry of batch) {
      const kind = kindOf(entry);
      counts[kind] = (counts[kind] ?? 0) + ('count' in entry ? entry.count : 1);
    }
  }
  return counts;
}

function kindOf(entry: FeedEntry): string {
  if ('text' in entry) return entry.type ?? '';
  return 'skipped' in entry ? `-${entry.skipped}` : entry.refused;
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array, void, undefined> {
  yield bytes;
}
