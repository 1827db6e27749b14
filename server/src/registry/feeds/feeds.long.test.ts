import { Buffer } from 'node:buffer';
import { Readable } from 'node:stream';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createGzip } from 'node:zlib';

import { expect, test } from 'vitest';

import { readFeed } from './feeds.ts';
import type { FeedEntry, FeedFormat } from './feeds.ts';

const megabyte = 1024 * 1024;
const streamBytes = 200 * megabyte;

setFlagsFromString('--expose-gc');
const collect: unknown = runInNewContext('gc');

/** What is really in use: garbage that nobody has collected yet is not growth. */
function memoryInUse(): number {
  if (typeof collect === 'function') collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

async function* repeated(head: string, part: string, tail: string): AsyncGenerator<Uint8Array, void, undefined> {
  const block = Buffer.from(part.repeat(Math.ceil((64 * 1024) / part.length)));
  yield Buffer.from(head);
  for (let sent = 0; sent < streamBytes; sent += block.length) yield block;
  yield Buffer.from(tail);
}

async function growthOf(bytes: AsyncIterable<Uint8Array>, format: FeedFormat | 'auto'): Promise<number> {
  let before = 0;
  let most = 0;
  let batches = 0;
  for await (const batch of readFeed(bytes, { format })) {
    batches += batch.length > 0 ? 1 : 0;
    if (batches === 3) before = memoryInUse();
    if (batches > 3 && batches % 40 === 0) most = Math.max(most, memoryInUse() - before);
  }
  expect(batches).toBeGreaterThan(40);
  return most;
}

const attribute = '{"type":"domain","value":"scam.example","to_ids":true,"comment":"seen","Tag":[]},';
const indicator = '{"type":"indicator","pattern":"[domain-name:value = \'scam.example\']","valid_from":"2026-01-02"},';

test.each([
  ['plain', '', '203.0.113.7\t10\n', ''],
  ['hosts', '', '0.0.0.0 scam.example\n', ''],
  ['csv', 'identifier,grounds\n', 'scam.example,"called, and asked"\n', ''],
  ['ndjson', '', '{"identifier":"scam.example","grounds":"called"}\n', ''],
  ['misp', '{"response":[{"Event":{"Attribute":[', attribute, 'null]}}]}'],
  ['stix', '{"type":"bundle","objects":[', indicator, 'null]}'],
] as const)('200 MB of %s are read in flat memory', async (format, head, part, tail) => {
  expect(await growthOf(repeated(head, part, tail), format)).toBeLessThan(24 * megabyte);
});

test('so are 200 MB that come gzipped', async () => {
  const packed = Readable.from(repeated('', '203.0.113.7\t10\n', '')).pipe(createGzip({ level: 1 }));
  expect(await growthOf(packed, 'auto')).toBeLessThan(24 * megabyte);
});

test.each([
  ['plain', '', 'x', '', 'feed.line-too-long'],
  ['csv', 'identifier,grounds\n', 'x', '', 'feed.line-too-long'],
  ['ndjson', '', '{"a":', '', 'feed.line-too-long'],
  ['misp', '{"Event":{"Attribute":[{"data":"', 'x', '"}]}}', undefined],
  ['misp', '{"Event":{"Attribute":[{"type":"domain","value":"', 'x', '"}]}}', 'feed.line-too-long'],
  ['stix', '{"objects":[{"a":[0', ',0', ']}]}', 'feed.object-too-large'],
  ['stix', '{"objects":[],"other":[0', ',{"a":[]}', ']}', undefined],
] as const)(
  '200 MB without an end, read as %s after %j, are refused in flat memory',
  async (format, head, part, tail, code) => {
    const before = memoryInUse();
    let most = 0;
    let blocks = 0;
    async function* watched(): AsyncGenerator<Uint8Array, void, undefined> {
      for await (const block of repeated(head, part, tail)) {
        if (++blocks % 200 === 0) most = Math.max(most, memoryInUse() - before);
        yield block;
      }
    }
    const entries: FeedEntry[] = [];
    for await (const batch of readFeed(watched(), { format })) entries.push(...batch);
    expect(entries.find((entry) => 'refused' in entry)?.refused).toBe(code);
    expect(most).toBeLessThan(24 * megabyte);
  },
);
