import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openOneOfEach, type OneOfEach } from './funds-one-of-each.ts';
import { openTestAlliance, type TestAlliance, type TestMember } from './test-alliance.ts';

interface Operation {
  readonly method: string;
  readonly path: string;
  readonly body: object | undefined;
  /** Media types of its body, if they are others than JSON. */
  readonly types: readonly string[];
  readonly queries: readonly string[];
}

let alliance: TestAlliance;
let house: TestMember;
let operations: Operation[];
let real: OneOfEach;

beforeAll(async () => {
  alliance = await openTestAlliance(['kh', 'th']);
  house = alliance.of('th');
  real = await openOneOfEach(house, 'kh');
  const document = JSON.parse(readFileSync(new URL('../../../contracts/openapi.json', import.meta.url), 'utf8'));
  operations = Object.entries<Record<string, any>>(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({
      method: method.toUpperCase(),
      path,
      body: operation.requestBody?.content['application/json']?.schema,
      types: Object.keys(operation.requestBody?.content ?? {}).filter((type) =>
        /^(?!application\/json)[^*]+$/.test(type),
      ),
      queries: (operation.parameters ?? []).flatMap((one: any) => (one.in === 'query' ? [one.name] : [])),
    })),
  );
});
afterAll(() => alliance.close());

/** Whatever is sent, the answer is a success or a problem with a code; and a 5xx only where something is down. */
async function expectCoded(response: Response): Promise<void> {
  // A stream of events has no end.
  if (response.headers.get('content-type') === 'text/event-stream') return response.body?.cancel();
  const text = await response.text();
  if (response.status < 400) return;
  expect({ status: response.status, text }).toMatchObject({ status: expect.any(Number) });
  expect(response.status, `${response.url} ${text}`).toBeLessThan(500);
  expect(response.headers.get('content-type')).toContain('application/problem+json');
  expect(JSON.parse(text)).toMatchObject({
    code: expect.stringMatching(/^[a-z-]+(\.[a-z0-9-]+)*$/),
    status: response.status,
  });
}

function send(
  operation: Operation,
  path: string,
  body: BodyInit | undefined,
  type = 'application/json',
  caller?: Readonly<Record<string, string>>,
): Promise<Response> {
  const bodied = operation.method !== 'GET' && operation.method !== 'DELETE';
  return fetch(`${house.address}${path}`, {
    method: operation.method,
    headers: {
      authorization: `Bearer ${house.operatorKey}`,
      'drum-purpose': 'investigation',
      ...(bodied && body !== undefined && { 'content-type': type }),
      ...caller,
    },
    ...(bodied && body !== undefined && { body }),
  });
}

const filled = (path: string, value: string): string => path.replaceAll(/\{[^}]+\}/g, encodeURIComponent(value));
const someId = '6f2b1a3c-0000-4000-8000-000000000001';
/** With the id of something that is there, where there is one. */
function filledTruly(path: string): string {
  const [place] = Object.entries(real.ids).find(([start]) => path.startsWith(`${start}/{`)) ?? [];
  return filled(path, place === undefined ? someId : real.ids[place as keyof OneOfEach['ids']]);
}

const hostileBodies: [string, BodyInit][] = [
  ['nothing', ''],
  ['half of an object', '{"identifier":'],
  ['another type', '[[[[[[]]]]]]'],
  ['a number beyond all numbers', '{"revision":1e999,"limit":123456789012345678901234567890}'],
  ['null', 'null'],
  ['prototype keys', '{"__proto__":{"admin":true},"constructor":{"prototype":{"x":1}}}'],
  ['an unknown field', '{"surprise":"x"}'],
  ['a NUL character', String.raw`{"identifier":"a\u0000b","grounds":"\u0000"}`],
  ['bad UTF-8', new Uint8Array([0x7b, 0x22, 0x61, 0x22, 0x3a, 0x22, 0xff, 0xfe, 0x22, 0x7d])],
  ['a lone surrogate', String.raw`{"identifier":"\ud800","grounds":"\udfff"}`],
  ['deep nesting', '['.repeat(20_000) + ']'.repeat(20_000)],
];

describe('every operation answers hostile input with a coded refusal', () => {
  test.each(hostileBodies)('%s', async (_name, body) => {
    expect(operations.length).toBeGreaterThan(30);
    for (const operation of operations) {
      const path = filled(operation.path, someId);
      await expectCoded(await send(operation, path, body));
      for (const type of operation.types)
        for (const caller of [{}, real.bank]) await expectCoded(await send(operation, path, body, type, caller));
    }
  });

  test.each(hostileBodies)('%s, by those who may, to what is there', async (_name, body) => {
    const ofActs = operations.filter(({ path }) => Object.keys(real.ids).some((start) => path.startsWith(start)));
    expect(ofActs.length).toBeGreaterThan(30);
    for (const operation of ofActs)
      for (const caller of [real.supervisor, real.bank])
        await expectCoded(await send(operation, filledTruly(operation.path), body, 'application/json', caller));
  });

  test('sheets of outcomes that are none, or lie', async () => {
    const order = real.ids['/v1/orders'];
    const sheets: (string | Uint8Array<ArrayBuffer>)[] = [
      'id,outcome',
      'outcome,id\r\nplaced',
      'id,id,outcome\r\na,b,placed',
      `id,outcome,held\r\n${order},placed,99999999999999999999999999`,
      `id,outcome,held,gone\r\n${order},partly,-1,1e9`,
      `id,outcome,revision\r\n${order},placed,4294967296`,
      `id,outcome,note,language\r\n${order},placed,"=cmd|' /C calc'!A0",xx`,
      `id,outcome,note\r\n${order},placed,"never closed`,
      `id,outcome,note\r\n${order},placed,a\u0000b`,
      `id,outcome,reference\r\n${order},placed,'; DROP TABLE orders.orders; --`,
      `id,outcome\r\n${order}\u0000,placed`,
      `id,outcome\r\n${'../'.repeat(12)},placed`,
      `__proto__,constructor,id,outcome\r\n1,2,${order},toString`,
      `id,outcome,note\r\n${order},placed,${'x'.repeat(70_000)}`,
      `id,outcome\r\n${`${someId},placed\r\n`.repeat(1001)}`,
      new Uint8Array([0x69, 0x64, 0xff, 0xfe, 0x2c]),
      '\u{feff}id;outcome\r\n;;;;;;;;;;',
    ];
    for (const sheet of sheets) {
      const response = await fetch(`${house.address}/v1/orders/outcomes`, {
        method: 'POST',
        headers: { ...real.bank, 'content-type': 'text/csv' },
        body: sheet,
      });
      if (response.ok) expect(await response.clone().json()).toMatchObject({ answered: 0 });
      await expectCoded(response);
    }
    const { order: untouched } = await house.must('GET', `/v1/orders/${order}`, undefined, real.bank);
    expect(untouched.state).toBe('issued');
  });

  test('exhibits that are not what their sender says', async () => {
    const query = 'title=T&collectedAt=2026-01-01T00:00:00.000Z&collectedFrom=F&means=copy';
    const queries = [
      query,
      `${query}&sha256=${'0'.repeat(64)}`,
      `${query}&sha256=${'G'.repeat(64)}`,
      query.replace('2026-01-01', '2026-13-45'),
      query.replace('2026-01-01', '9999-12-31'),
      query.replace('title=T', 'title=%00'),
      query.replace('title=T', `title=${'T'.repeat(5000)}`),
      query.replace('title=T', 'title=%f0%28'),
      query.replace('collectedFrom=F', 'collectedFrom=%00'),
      `${query}&restriction=%00`,
      `${query}&tlp=PURPLE&conditions=H9`,
      `${query}&title=twice`,
    ];
    const types = ['text/html', 'application/x-sh', '', 'a/b; charset="\\', 'multipart/form-data; boundary=x'];
    for (const caller of [real.supervisor, real.bank])
      for (const text of queries)
        for (const type of types) {
          const headers = { 'drum-purpose': 'investigation', ...caller, ...(type !== '' && { 'content-type': type }) };
          const body = '<script>alert(1)</script>';
          await expectCoded(await fetch(`${house.address}/v1/exhibits?${text}`, { method: 'POST', headers, body }));
        }
    const empty = await fetch(`${house.address}/v1/exhibits?${query}`, { method: 'POST', headers: real.bank });
    await expectCoded(empty);
    expect(empty.status).toBe(400);
  });

  test('a body of another media type', async () => {
    for (const operation of operations.filter(({ body }) => body !== undefined)) {
      const response = await send(operation, filled(operation.path, someId), '<xml/>', 'application/xml');
      expect(response.status).toBe(415);
      await expectCoded(response);
    }
  });

  test('a body of 100 MB', async () => {
    const huge = Buffer.alloc(100 * 1024 * 1024, 0x20);
    for (const path of [
      '/v1/screen',
      '/v1/registry/listings',
      `/v1/registry/imports/${someId}/batches`,
      '/v1/reports',
    ]) {
      // The server may close the connection as soon as it has refused; then the refusal is what was sent first.
      const refused = await send({ method: 'POST', path, body: {}, types: [], queries: [] }, path, huge).catch(
        () => undefined,
      );
      if (refused !== undefined) expect(refused.status).toBe(413);
    }
    const sheet = { method: 'POST', path: '/v1/orders/outcomes', body: undefined, types: [], queries: [] };
    const refused = await send(sheet, sheet.path, huge, 'text/csv', real.bank).catch(() => undefined);
    if (refused !== undefined) expect(refused.status).toBe(413);
    expect((await house.call('GET', '/healthz')).status).toBe(200);
  });

  test('path and query texts of every kind', async () => {
    const texts = [
      "'; DROP TABLE registry.listings; --",
      '../../etc/passwd',
      '%',
      '\u202e',
      'x'.repeat(2500),
      '\ud800x',
      '-1',
      'NaN',
      '[object Object]',
    ];
    for (const operation of operations.filter(({ method }) => method === 'GET')) {
      for (const text of texts) {
        const value = encodeURIComponent(text.toWellFormed());
        const query = operation.queries.map((name) => `${name}=${value}`).join('&');
        await expectCoded(await send(operation, `${filled(operation.path, text.toWellFormed())}?${query}`, undefined));
        for (const name of operation.queries)
          await expectCoded(await send(operation, `${filledTruly(operation.path)}?${name}=${value}`, undefined));
      }
      for (const name of ['key', ...operation.queries])
        for (const value of ['%00', '%ff%fe', 'account:TH:902:%00', '2026-13-45T99:00:00.000Z', '1e99'])
          await expectCoded(await send(operation, `${filledTruly(operation.path)}?${name}=${value}`, undefined));
    }
  });

  test('bodies made from the contract itself, valid or nearly so', { timeout: 120_000 }, async () => {
    // Officers, keys and sessions are made by the dozen here; what ends this test's own access is left out.
    const safe = operations.filter(({ body, path }) => body !== undefined && !/session|officers|offices/.test(path));
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...safe),
        fc.constantFrom({}, real.supervisor, real.bank),
        fc.infiniteStream(fc.nat()),
        async (operation, caller, noise) => {
          const body = JSON.stringify(sample(operation.body, () => noise.next().value!));
          await expectCoded(await send(operation, filledTruly(operation.path), body, 'application/json', caller));
        },
      ),
      { numRuns: 500 },
    );
  });

  test('a month 13, wherever in a body it stands', async () => {
    const until = '2026-13-01T00:00:00.000Z';
    const answer = await fetch(`${house.address}/v1/watches`, {
      method: 'POST',
      headers: { ...real.supervisor, 'content-type': 'application/json' },
      body: JSON.stringify({ pattern: 'phone:+6681*', until }),
    });
    expect(await answer.json()).toMatchObject({ status: 400, code: 'malformed.instant' });
  });

  test('keys that are foreign, expired, garbled or missing', async () => {
    const tokens = [
      '',
      'Bearer',
      'Bearer x',
      'Basic YTpi',
      `Bearer ${'x'.repeat(5000)}`,
      'Bearer drumk_AAAA',
      'Bearer drums_%00',
      'bearer\tx',
    ];
    for (const operation of operations.filter(({ path }) => path.startsWith('/v1/') && !/sessions/.test(path))) {
      for (const authorization of tokens) {
        const response = await fetch(`${house.address}${filled(operation.path, someId)}`, {
          method: operation.method,
          headers: { authorization },
        });
        await expectCoded(response);
      }
    }
  });

  test('bytes that are no HTTP, and headers without end', async () => {
    for (const bytes of [
      '\x16\x03\x01\x00\xa5',
      'GET / HTTP/9.9\r\n\r\n',
      `GET / HTTP/1.1\r\nhost: x\r\nx: ${'y'.repeat(40_000)}\r\n\r\n`,
    ]) {
      const answer = await raw(bytes);
      expect(answer).toMatch(/^HTTP\/1\.1 4\d\d /);
      expect(answer).toContain('"code"');
    }
  });
});

function raw(bytes: string): Promise<string> {
  const { hostname, port } = new URL(house.address);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname, () => socket.write(bytes, 'latin1'));
    let answer = '';
    socket.setEncoding('utf8').on('data', (text: string) => (answer += text));
    socket.on('close', () => resolve(answer));
    socket.on('error', () => resolve(answer));
  });
}

/** A value of a schema, now and then a wrong one. */
function sample(schema: any, next: () => number): unknown {
  if (next() % 12 === 0) return [null, -1, '', 'x'.repeat(300), {}, [], true, 1e308, '\u{1f941}'][next() % 9];
  if (schema.enum !== undefined) return schema.enum[next() % schema.enum.length];
  if (schema.const !== undefined) return schema.const;
  const options = schema.anyOf ?? schema.oneOf;
  if (options !== undefined) return sample(options[next() % options.length], next);
  if (schema.type === 'object') {
    const required: string[] = schema.required ?? [];
    const entries = Object.entries<any>(schema.properties ?? {}).filter(
      ([name]) => required.includes(name) || next() % 2 === 0,
    );
    return Object.fromEntries(entries.map(([name, property]) => [name, sample(property, next)]));
  }
  if (schema.type === 'array')
    return Array.from({ length: Math.max(schema.minItems ?? 0, next() % 3) }, () => sample(schema.items, next));
  if (schema.type === 'integer' || schema.type === 'number') return (schema.minimum ?? 0) + (next() % 10);
  if (schema.type === 'boolean') return next() % 2 === 0;
  const texts = [
    'ip:45.67.1.2',
    '+66812345678',
    '2026-12-01T00:00:00.000Z',
    someId,
    'TH',
    'a',
    'evil.example.com',
    'account:TH:902:2222222222',
    'a\u0000b',
    '100000',
    'THB',
    'kh',
    '2026-13-45T99:00:00.000Z',
    'f'.repeat(64),
    ...Object.values(real.ids),
  ];
  // Mostly what the schema asks for: what is refused at the door tries nothing behind it.
  const fitting = schema.pattern === undefined || next() % 6 === 0 ? texts : matching(texts, schema.pattern);
  return fitting[next() % fitting.length];
}

function matching(texts: readonly string[], pattern: string): readonly string[] {
  const fitting = texts.filter((text) => new RegExp(pattern).test(text));
  return fitting.length === 0 ? texts : fitting;
}
