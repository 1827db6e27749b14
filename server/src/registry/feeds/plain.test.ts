import { Buffer } from 'node:buffer';

import { expect, test } from 'vitest';

import { identifierOf } from './plain.ts';
import { readAll } from './read-all.ts';

const plain = { format: 'plain' } as const;

test('a list gives one identifier a line, with its line number, past comments and blank lines', async () => {
  const entries = await readAll('\uFEFF# list\r\n\r\n; more\r\n// more\r\n203.0.113.7\t10\r\nscam.example', plain);
  expect(entries).toEqual([
    { line: 5, text: '203.0.113.7' },
    { line: 6, text: 'scam.example' },
  ]);
});

test.each([
  ['203.0.113.7 10', '203.0.113.7'],
  ['203.0.113.0/24 ; SBL1', '203.0.113.0/24'],
  ['2001:db8::1 3', '2001:db8::1'],
  ['scam.example # since May', 'scam.example'],
  ['https://scam.example/#/login', 'https://scam.example/#/login'],
  ['https://scam.example/a // seen', 'https://scam.example/a'],
  ['+66 81 234 5678', '+66 81 234 5678'],
  ['+66 81 234 5678 reported twice', '+66 81 234 5678'],
  ['(021) 123-456  2026-01-02', '(021) 123-456'],
  ['081 234 5678\tvictim', '081 234 5678'],
  ['๐๘๑ ๒๓๔ ๕๖๗๘', '๐๘๑ ๒๓๔ ๕๖๗๘'],
  ['014 123-4-56789-0', '014 123-4-56789-0'],
  ['phone: 081 234 5678 # mule', 'phone: 081 234 5678'],
  ['account:TH:014:1234567890 court', 'account:TH:014:1234567890'],
  ['  scam.example  ', 'scam.example'],
  ['0812345678 7.7.7.7', '0812345678'],
  ['/', '/'],
  ['   ', ''],
  ['\t# note', ''],
])('the identifier in %j is %j', (line, identifier) => {
  expect(identifierOf(line)).toBe(identifier);
});

test('the caller may say that a space always ends the identifier, or never does', () => {
  expect(identifierOf('0812345678 10', true)).toBe('0812345678');
  expect(identifierOf('Golden Gate Ltd # x', false)).toBe('Golden Gate Ltd');
});

test('a broken line is refused by its number and costs only itself', async () => {
  const bytes = Buffer.concat([
    Buffer.from('a.example\nb\0.example\n'),
    Buffer.of(0xc3, 0x28, 10),
    Buffer.from(`${'x'.repeat(8193)}\n${'y'.repeat(8192)}\r\nz.example\n`),
  ]);
  expect(await readAll(bytes, plain)).toEqual([
    { line: 1, text: 'a.example' },
    { line: 2, refused: 'feed.nul' },
    { line: 3, refused: 'feed.bad-utf8' },
    { line: 4, refused: 'feed.line-too-long', params: { max: 8192 } },
    { line: 5, text: 'y'.repeat(8192) },
    { line: 6, text: 'z.example' },
  ]);
});

test('the length of a line is counted in bytes', async () => {
  const [first, second] = await readAll(`${'ໝ'.repeat(2730)}\n${'ໝ'.repeat(2731)}\n`, plain);
  expect(first).toHaveProperty('text');
  expect(second).toHaveProperty('refused', 'feed.line-too-long');
});
