import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTestHouse, type TestHouse } from './test-house.ts';

interface Operation {
  readonly method: string;
  readonly path: string;
  readonly body: object | undefined;
}

let house: TestHouse;
let operations: Operation[];

beforeAll(async () => {
  house = await openTestHouse();
  const document = JSON.parse(readFileSync(new URL('../../../contracts/openapi.json', import.meta.url), 'utf8'));
  operations = Object.entries<Record<string, any>>(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({
      method: method.toUpperCase(),
      path,
      body: operation.requestBody?.content['application/json']?.schema,
    })),
  );
});
afterAll(() => house.close());

/** Whatever is sent, the answer is a success or a problem with a code; and a 5xx only where something is down. */
async function expectCoded(response: Response): Promise<void> {
  // A stream of events has no end.
  if (response.headers.get('content-type') === 'text/event-stream') return response.body?.cancel();
  const text = await response.text();
  if (response.status < 400) return;
  expect({ status: response.status, text }).toMatchObject({ status: expect.any(Number) });
  expect(response.status, text).toBeLessThan(500);
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
): Promise<Response> {
  const bodied = operation.method !== 'GET' && operation.method !== 'DELETE';
  return fetch(`${house.address}${path}`, {
    method: operation.method,
    headers: {
      authorization: `Bearer ${house.operatorKey}`,
      'drum-purpose': 'investigation',
      ...(bodied && body !== undefined && { 'content-type': type }),
    },
    ...(bodied && body !== undefined && { body }),
  });
}

const filled = (path: string, value: string): string => path.replaceAll(/\{[^}]+\}/g, encodeURIComponent(value));
const someId = '6f2b1a3c-0000-4000-8000-000000000001';

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
    for (const operation of operations) await expectCoded(await send(operation, filled(operation.path, someId), body));
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
    for (const path of ['/v1/screen', '/v1/registry/listings', `/v1/registry/imports/${someId}/batches`]) {
      // The server may close the connection as soon as it has refused; then the refusal is what was sent first.
      const refused = await send({ method: 'POST', path, body: {} }, path, huge).catch(() => undefined);
      if (refused !== undefined) expect(refused.status).toBe(413);
    }
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
        const query = ['after', 'limit', 'key', 'prefix', 'from', 'book', 'state', 'number', 'size', 'to']
          .map((name) => `${name}=${value}`)
          .join('&');
        await expectCoded(await send(operation, `${filled(operation.path, text.toWellFormed())}?${query}`, undefined));
        for (const name of ['after', 'key', 'prefix', 'book']) {
          await expectCoded(await send(operation, `${filled(operation.path, someId)}?${name}=${value}`, undefined));
        }
      }
      await expectCoded(await send(operation, `${filled(operation.path, someId)}?key=%00`, undefined));
      await expectCoded(await send(operation, `${filled(operation.path, someId)}?key=%ff%fe`, undefined));
    }
  });

  test('bodies made from the contract itself, valid or nearly so', { timeout: 120_000 }, async () => {
    // Officers, keys and sessions are made by the dozen here; what ends this test's own access is left out.
    const safe = operations.filter(({ body, path }) => body !== undefined && !/session|officers|offices/.test(path));
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...safe), fc.infiniteStream(fc.nat()), async (operation, noise) => {
        const body = JSON.stringify(sample(operation.body, () => noise.next().value!));
        await expectCoded(await send(operation, filled(operation.path, someId), body));
      }),
      { numRuns: 300 },
    );
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
    'account:TH:014:1234567890',
  ];
  return texts[next() % texts.length];
}
