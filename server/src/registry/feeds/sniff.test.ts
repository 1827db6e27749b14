import { Buffer } from 'node:buffer';
import { gzipSync } from 'node:zlib';

import { expect, test } from 'vitest';

import { sniff } from './feeds.ts';

test.each([
  ['# list\n203.0.113.7\t10\n', undefined, 'plain'],
  ['+66 81 234 5678\n', 'list.txt', 'plain'],
  ['[2001:db8::1]:443\n', undefined, 'plain'],
  ['# hosts\n127.0.0.1 localhost\n0.0.0.0 scam.example\n', undefined, 'hosts'],
  ['type,identifier\nphone,+66812345678\n', undefined, 'csv'],
  ['"value"\t"first_seen"\n', undefined, 'csv'],
  ['name;reason\n', 'Export.CSV.gz', 'csv'],
  ['{"type":"phone","identifier":"+66812345678"}\n{"type":', undefined, 'ndjson'],
  ['{\n "response": [\n {\n "Event": {', undefined, 'misp'],
  ['[{"Event":{"Attribute":[', undefined, 'misp'],
  ['\uFEFF{\n "type": "bundle",\n "objects": [', undefined, 'stix'],
  ['{"type":"bundle","id":"bundle--1","objects":[]}', undefined, 'stix'],
  ['{"more":false,"objects":[{"type":', undefined, 'stix'],
])('%j is told as what it is', async (text, fileName, format) => {
  expect(await sniff(Buffer.from(text), fileName)).toBe(format);
  expect(await sniff(gzipSync(text), fileName)).toBe(format);
});

test.each([
  ['nothing', Buffer.from(' \n'), 'feed.empty'],
  ['UTF-16', Buffer.from('\uFEFFa', 'utf16le'), 'feed.encoding'],
  ['a JSON of no kind', Buffer.from('[{"a":1},'), 'feed.unknown-format'],
  ['a PDF', Buffer.from('%PDF-1.7\n'), 'feed.unknown-format'],
  ['an archive', Buffer.from('PK\u0003\u0004\u0014\0\0\0\u0008\0'), 'feed.unknown-format'],
  ['broken gzip', Buffer.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0, 255, 255, 255), 'feed.unknown-format'],
])('%s is refused', async (_, bytes, refused) => {
  expect(await sniff(bytes)).toEqual({ refused });
});

test('a gzip that would unpack to gigabytes is told by its beginning', async () => {
  expect(await sniff(gzipSync(Buffer.alloc(64_000_000, 'scam.example\n')))).toBe('plain');
});
