import { expect, test } from 'vitest';

import { readAll } from './read-all.ts';
import { anyOf } from './stix-pattern.ts';

const stix = { format: 'stix' } as const;

function bundle(...objects: readonly object[]): string {
  return JSON.stringify({ type: 'bundle', id: 'bundle--1', objects });
}

function indicator(pattern: string, more: object = {}): object {
  return { type: 'indicator', pattern, pattern_type: 'stix', valid_from: '2026-01-02T00:00:00Z', ...more };
}

test('observables become items', async () => {
  const source = bundle(
    { type: 'ipv4-addr', value: '203.0.113.7' },
    { type: 'domain-name', value: 'scam.example' },
    { type: 'bank-account', account_number: '014:1234567890', bic: 'BKKBTHBK' },
    { type: 'phone-number', value: '0812345678', country: 'THA' },
    { type: 'cryptocurrency-wallet', value: 'T1' },
    { type: 'user-account', account_type: 'facebook', account_login: 'agent' },
    { type: 'user-account', account_type: 'unix', account_login: 'root' },
    { type: 'malware', name: 'x' },
    { type: 'observed-data', objects: { '0': { type: 'url', value: 'https://scam.example/' }, '1': { type: 'file' } } },
  );
  expect(await readAll(source, stix)).toEqual([
    { line: 1, text: '203.0.113.7', type: 'ip' },
    { line: 2, text: 'scam.example', type: 'domain' },
    { line: 3, text: '014:1234567890', type: 'account', hints: { country: 'TH', bank: 'BKKBTHBK' } },
    { line: 4, text: '0812345678', type: 'phone', hints: { country: 'TH' } },
    { line: 5, text: 'T1', type: 'wallet' },
    { line: 6, text: 'facebook:agent', type: 'handle' },
    { line: 9, text: 'https://scam.example/', type: 'url' },
    { line: 7, skipped: 'type', count: 3 },
  ]);
});

test('an indicator gives each of its alternatives, with its validity and its description', async () => {
  const source = bundle(
    indicator("[ipv4-addr:value = '203.0.113.7' OR domain-name:value = 'scam.example']", {
      valid_until: '2027-01-02T00:00:00Z',
      description: 'panel',
      name: 'not this',
    }),
    indicator("[file:hashes.'SHA-256' = 'ab']"),
    indicator("[ipv4-addr:value = '203.0.113.7' AND network-traffic:dst_port = 443]"),
    indicator("[url:value = 'https://a.example/']", { revoked: true }),
    indicator("[url:value = 'https://b.example/']", { indicator_types: ['benign'] }),
    indicator('rule x {}', { pattern_type: 'yara' }),
  );
  const said = { grounds: 'panel', since: '2026-01-02T00:00:00Z', until: '2027-01-02T00:00:00Z' };
  expect(await readAll(source, stix)).toEqual([
    { line: 1, text: '203.0.113.7', type: 'ip', ...said },
    { line: 1, text: 'scam.example', type: 'domain', ...said },
    { line: 3, refused: 'feed.unsupported-pattern' },
    { line: 2, skipped: 'type', count: 2 },
    { line: 4, skipped: 'revoked', count: 1 },
    { line: 5, skipped: 'benign', count: 1 },
  ]);
});

test('a description that is an essay is cut, and its indicator kept', async () => {
  const [item] = await readAll(bundle(indicator("[url:value = 'a']", { description: 'ກ'.repeat(70_000) })), stix);
  expect(item).toHaveProperty('grounds', `${'ກ'.repeat(8191)}…`);
});

test.each([
  ["[a:value = 'x']", ['x']],
  ["[a:value='x'OR b:value='y']", ['x', 'y']],
  ["  [ a:value = 'x' ]  OR  [ b:value = 'y' ] ", ['x', 'y']],
  ["[a:value IN ('x', 'y')]", ['x', 'y']],
  ["[a:value = 'it\\'s \\\\ [OR]']", ["it's \\ [OR]"]],
  ["[a:b.'c d'[0].e = 'x']", undefined],
  ["[a:value != 'x']", undefined],
  ["[a:value NOT = 'x']", undefined],
  ["[a:value LIKE 'x%']", undefined],
  ['[a:value = 5]', undefined],
  ["[a:value = 'x' AND b:value = 'y']", undefined],
  ["[a:value = 'x'] AND [b:value = 'y']", undefined],
  ["[a:value = 'x'] FOLLOWEDBY [b:value = 'y']", undefined],
  ["[a:value = 'x'] WITHIN 5 SECONDS", undefined],
  ["([a:value = 'x'])", undefined],
  ["[a:value = 'x'", undefined],
  ["[a:value = 'x'] [b:value = 'y']", undefined],
  ['', undefined],
  [']['.repeat(10_000), undefined],
])('the pattern %j stands for any of %j', (pattern, values) => {
  expect(anyOf(pattern)?.map(({ value }) => value)).toEqual(values);
});
