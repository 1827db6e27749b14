import { expect, test } from 'vitest';

import { readAll } from './read-all.ts';

const ndjson = { format: 'ndjson' } as const;

test('a line is an object that names its identifier', async () => {
  const source = `{"key":"phone:+66812345678","tier":"victim","typologies":["mule","smishing"]}

{"type":"IP","value":"203.0.113.7","country":null,"since":"2026-01-02"}
`;
  expect(await readAll(source, ndjson)).toEqual([
    { line: 1, text: 'phone:+66812345678', tier: 'victim', typologies: ['mule', 'smishing'] },
    { line: 3, text: '203.0.113.7', type: 'ip', since: '2026-01-02' },
  ]);
});

test('the names may be the feed’s own', async () => {
  const columns = { identifier: '__proto__', grounds: 'why' };
  const source = '{"__proto__":"scam.example","why":"seen","type":"ransomware"}\n{"why":"no identifier"}\n';
  expect(await readAll(source, { ...ndjson, columns })).toEqual([
    { line: 1, text: 'scam.example', grounds: 'seen' },
    { line: 2, refused: 'feed.no-identifier' },
  ]);
});

test('what is malformed or hostile is refused by its line', async () => {
  const lines = [
    '{"identifier":',
    '["a"]',
    'null',
    '{"identifier":66812345678901234567}',
    '{"__proto__":{"identifier":"polluted.example"}}',
    '{"identifier":"a\\u0000b"}',
    '{"identifier":"\\ud800"}',
    `{"identifier":"${'x'.repeat(9000)}"}`,
    '['.repeat(60_000),
    `{"x":"${'x'.repeat(70_000)}"}`,
    '{"identifier":"fine.example"}',
  ];
  const entries = await readAll(lines.join('\n'), ndjson);
  expect(entries.map((entry) => ('refused' in entry ? entry.refused : 'text' in entry && entry.text))).toEqual([
    'feed.json',
    'feed.json',
    'feed.json',
    'feed.field',
    'feed.no-identifier',
    'feed.nul',
    'feed.bad-utf8',
    'feed.line-too-long',
    'feed.json',
    'feed.line-too-long',
    'fine.example',
  ]);
});
