import { expect, test } from 'vitest';

import { readAll } from './read-all.ts';

const misp = { format: 'misp' } as const;

function event(attributes: readonly object[], objects: readonly object[] = []): string {
  const galaxy = [{ GalaxyCluster: [{ Attribute: [{ type: 'domain', value: 'galaxy.example' }] }] }];
  const related = [{ Event: { Attribute: [{ type: 'domain', value: 'related.example', to_ids: true }] } }];
  const Event = { id: '1', Galaxy: galaxy, RelatedEvent: related, Attribute: attributes, Object: objects };
  return JSON.stringify({ response: [{ Event }] }, undefined, 2);
}

function attribute(type: string, value: string, more: object = {}): object {
  return { type, value, to_ids: true, deleted: false, comment: '', first_seen: null, ...more };
}

test('attributes of our types become items with what their author said about them', async () => {
  const source = event([
    attribute('ip-dst', '203.0.113.7', { comment: 'panel', first_seen: '2026-01-02T00:00:00+00:00' }),
    attribute('ip-src|port', '2001:db8::1|443'),
    attribute('domain|ip', 'scam.example|203.0.113.8'),
    attribute('uri', '/login'),
    attribute('uri', 'https://scam.example/login'),
    attribute('bank-account-nr', '1234567890'),
    attribute('sha256', 'ab'.repeat(32)),
  ]);
  expect(await readAll(source, misp)).toEqual([
    { line: 1, text: '203.0.113.7', type: 'ip', grounds: 'panel', since: '2026-01-02T00:00:00+00:00' },
    { line: 2, text: '2001:db8::1', type: 'ip' },
    { line: 3, text: 'scam.example', type: 'domain' },
    { line: 3, text: '203.0.113.8', type: 'ip' },
    { line: 5, text: 'https://scam.example/login', type: 'url' },
    { line: 6, text: '1234567890', type: 'account' },
    { line: 4, skipped: 'type', count: 2 },
  ]);
});

test('objects say what their plain text attributes are, and in which bank', async () => {
  const part = (object_relation: string, type: string, value: string): object =>
    attribute(type, value, { object_relation });
  const source = event(
    [],
    [
      { name: 'phone', Attribute: [part('imei', 'text', '490154203237518'), part('msisdn', 'text', '+66812345678')] },
      { name: 'coin-address', Attribute: [part('address-crypto', 'text', 'T1'), part('symbol', 'text', 'TRX')] },
      { name: 'telegram-account', Attribute: [part('username', 'text', 'agent')] },
      {
        name: 'bank-account',
        Attribute: [part('account', 'bank-account-nr', '123'), part('swift', 'bic', 'ABAAKHPP')],
      },
      { name: 'user-account', Attribute: [part('account-type', 'text', 'unix'), part('username', 'text', 'root')] },
    ],
  );
  expect(await readAll(source, misp)).toEqual([
    { line: 1, text: '490154203237518', type: 'device' },
    { line: 2, text: '+66812345678', type: 'phone' },
    { line: 3, text: 'T1', type: 'wallet' },
    { line: 5, text: 'telegram:agent', type: 'handle' },
    { line: 6, text: '123', type: 'account', hints: { country: 'KH', bank: 'ABAAKHPP' } },
    { line: 4, skipped: 'type', count: 4 },
  ]);
});

test('context is left out unless asked for; what is deleted, or a victim’s, always is', async () => {
  const context = attribute('phone-number', '+66812345678', { to_ids: false });
  const source = event(
    [context, attribute('domain', 'old.example', { deleted: true })],
    [
      { name: 'victim', Attribute: [attribute('ip-dst', '203.0.113.9')] },
      {
        name: 'person',
        Attribute: [attribute('text', 'Victim', { object_relation: 'role' }), attribute('phone-number', '+856201')],
      },
    ],
  );
  const always = [
    { line: 2, skipped: 'deleted', count: 1 },
    { line: 3, skipped: 'victim', count: 3 },
  ];
  expect(await readAll(source, misp)).toEqual([{ line: 1, skipped: 'to-ids', count: 1 }, ...always]);
  expect(await readAll(source, { ...misp, includeAll: true })).toEqual([
    { line: 1, text: '+66812345678', type: 'phone' },
    ...always,
  ]);
});

test.each([
  ['one event', (one: object) => ({ Event: one })],
  ['a list of events', (one: object) => [{ Event: one }]],
  ['a bare event', (one: object) => one],
  ['a search for attributes', (one: object) => ({ response: one })],
])('%s is read too', async (_, wrap) => {
  const source = JSON.stringify(wrap({ info: 'x', Attribute: [attribute('domain', 'scam.example')] }));
  expect(await readAll(source, misp)).toEqual([{ line: 1, text: 'scam.example', type: 'domain' }]);
});

test('a document that breaks off keeps what was complete and is refused from there', async () => {
  const source = event([attribute('domain', 'a.example'), attribute('domain', 'b.example')]);
  const broken = source.slice(0, source.indexOf('b.example'));
  const expected = [
    { line: 1, text: 'a.example', type: 'domain' },
    { line: 2, refused: 'feed.json' },
  ];
  expect(await readAll(broken, misp)).toEqual(expected);
  expect(await readAll(`${broken}\0`, misp)).toEqual(expected);
});

test('hostile documents are refused', async () => {
  const inEvent = (json: string): string => `{"Event":{"Attribute":[${json}]}}`;
  const huge = JSON.stringify({ parts: Array.from({ length: 100 }, () => 'x'.repeat(60_000)) });
  expect(await readAll('['.repeat(100_000), misp)).toEqual([{ line: 1, refused: 'feed.json' }]);
  expect(await readAll(inEvent('['.repeat(100_000)), misp)).toEqual([{ line: 1, refused: 'feed.json' }]);
  expect(await readAll(inEvent(`${huge},7`), misp)).toEqual([
    { line: 1, refused: 'feed.object-too-large' },
    { line: 2, skipped: 'type', count: 1 },
  ]);
  expect(await readAll('{"a":1}', misp)).toEqual([{ line: 1, refused: 'feed.json.shape' }]);
  expect(await readAll('', misp)).toEqual([{ line: 1, refused: 'feed.json' }]);
  const polluted = inEvent('{"__proto__":{"type":"domain","value":"x.example"},"constructor":null}');
  expect(await readAll(polluted, misp)).toEqual([{ line: 1, skipped: 'type', count: 1 }]);
  expect(await readAll(inEvent('{"type":"domain","value":"x\\u0000y"}'), misp)).toEqual([
    { line: 1, refused: 'feed.nul' },
  ]);
});
