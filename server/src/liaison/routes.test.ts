import { afterAll, beforeAll, expect, test } from 'vitest';
import { openHttp, type Http } from '../platform/http.ts';
import { openTelemetry } from '../platform/telemetry.ts';
import type { OfficerActor } from '../kernel/actor.ts';
import { instantText } from '../kernel/clock.ts';
import { liaisonRoutes } from './routes.ts';
import { holdRequest, openTestLiaison, question, type TestLiaison } from './test-liaison.ts';

let house: TestLiaison;
const https: Record<string, Http> = {};
const officers: Record<string, OfficerActor> = {};

beforeAll(async () => {
  house = await openTestLiaison(['kh', 'th']);
  for (const member of ['kh', 'th']) {
    const { access, liaison } = house.desk(member);
    officers[member] = await house.desk(member).officer('duty', 'liaison');
    await house.desk(member).officer('boss', 'supervisor');
    const http = await openHttp(openTelemetry({ level: 'silent', member }));
    liaisonRoutes(http, liaison, { ...access, authenticate: () => officers[member]! });
    https[member] = http;
  }
});
afterAll(async () => {
  for (const http of Object.values(https)) await http.close();
  await house.close();
});

async function call(member: string, method: string, url: string, body?: unknown) {
  const response = await https[member]!.inject({
    method: method as 'GET',
    url,
    ...(body !== undefined && { payload: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });
  const isJson = response.headers['content-type']?.includes('json') === true;
  const json = isJson && response.body !== '' ? (JSON.parse(response.body) as Record<string, any>) : {};
  return { status: response.statusCode, json, text: response.body, type: response.headers['content-type'] };
}

test('a request goes from desk to desk over HTTP, and its Thai letter is read in Khmer', async () => {
  const details = { account: 'account:KH:ABAAKHPP:000123456', amount: { value: '15000000', currency: 'KHR' } };
  const { status, json: draft } = await call(
    'th',
    'POST',
    '/v1/requests',
    holdRequest({ to: { member: 'kh' }, details }),
  );
  expect([status, draft['state']]).toEqual([201, 'drafted']);
  const at = `/v1/requests/${draft['id'] as string}`;
  expect((await call('th', 'PUT', at, holdRequest({ to: { member: 'kh' }, details }))).status).toBe(200);
  expect((await call('th', 'POST', `${at}/check`)).json).toMatchObject({ objections: [], needs: [] });
  expect((await call('th', 'POST', `${at}/send`, {})).json).toMatchObject({ request: { state: 'sent' } });
  await house.settle();
  expect((await call('kh', 'POST', `${at}/take`)).json).toMatchObject({ owner: 'duty' });
  const facts = {
    done: ['held'],
    held: { value: '11000000', currency: 'KHR' },
    gone: { value: '4000000', currency: 'KHR' },
  };
  expect((await call('kh', 'POST', `${at}/deeds`, { deed: 'partly-answered', facts })).json).toMatchObject({
    request: { state: 'partly-answered' },
  });
  await house.settle();
  const { json } = await call('th', 'GET', at);
  expect(json).toMatchObject({
    request: { state: 'partly-answered', direction: 'out' },
    body: { details, kind: 'hold', signedBy: { officer: 'duty' } },
    deeds: [{ deed: 'received' }, { deed: 'partly-answered', body: { facts } }],
  });
  const plain = await call('th', 'GET', `${at}/plain?language=en`);
  expect(plain.type).toContain('text/plain');
  expect(plain.text).toContain('110');
  const letter = await call('kh', 'GET', `${at}/letter?languages=th,km`);
  expect(letter.type).toContain('text/html');
  expect(letter.text).toContain(holdRequest().necessity.text);
  expect(letter.text).toMatch(/\p{Script=Khmer}/u);
  expect((await call('th', 'GET', `${at}/letter?languages=th,xx`)).status).toBe(400);
  house.clock.advance(1000);
  expect((await call('th', 'GET', '/v1/liaison/scorecard')).json['rows']).toHaveLength(1);
  expect((await call('th', 'GET', '/v1/requests?direction=out&state=partly-answered')).json['requests']).toHaveLength(
    1,
  );
});

test('what is not understood is refused with a code', async () => {
  for (const [method, url, body, status] of [
    ['POST', '/v1/requests', { ...question('kh'), kind: 'nothing' }, 400],
    ['POST', '/v1/requests', { ...question('kh'), details: {} }, 400],
    ['POST', '/v1/requests', question('xx'), 404],
    ['GET', '/v1/requests?after=nonsense', undefined, 400],
    ['GET', '/v1/requests/00000000-0000-8000-8000-000000000000', undefined, 404],
    ['POST', '/v1/requests/00000000-0000-8000-8000-000000000000/deeds', { deed: 'answered' }, 404],
    ['POST', '/v1/requests/00000000-0000-8000-8000-000000000000/deeds', { deed: 'escalated' }, 400],
    ['POST', '/v1/requests/00000000-0000-8000-8000-000000000000/assignment', { officer: 'a', desk: 'b' }, 400],
    ['GET', '/v1/liaison/scorecard?from=2026-13-01T00:00:00.000Z', undefined, 400],
    [
      'POST',
      '/v1/roster/shifts',
      { officer: 'duty', from: '2026-13-01T00:00:00.000Z', until: '2026-01-01T00:00:00.000Z', reach: 'x' },
      400,
    ],
    ['GET', '/v1/roster/shifts?from=2026-13-01T00:00:00.000Z', undefined, 400],
  ] as const) {
    const answer = await call('th', method, url, body);
    expect([url, answer.status]).toEqual([url, status]);
    expect(typeof answer.json['code']).toBe('string');
  }
});

test('the roster is kept over HTTP', async () => {
  expect((await call('th', 'PUT', '/v1/roster/desk', { name: 'aoc-desk', deputy: null, head: 'boss' })).status).toBe(
    200,
  );
  const from = instantText(house.clock.now());
  const until = instantText(house.clock.now() + 3_600_000);
  const { status, json } = await call('th', 'POST', '/v1/roster/shifts', {
    officer: 'duty',
    from,
    until,
    reach: '1441',
  });
  expect(status).toBe(201);
  expect((await call('th', 'GET', '/v1/roster/now')).json).toMatchObject({
    desk: { head: 'boss' },
    shifts: [{ reach: '1441' }],
  });
  expect((await call('th', 'GET', '/v1/roster/shifts')).json['shifts']).toHaveLength(1);
  const note = { language: 'th', text: 'เรียบร้อย' };
  expect((await call('th', 'POST', '/v1/roster/hand-over', { to: 'boss', note })).json).toMatchObject({
    requests: [expect.any(String)],
  });
  for (const [method, path, body] of [
    ['POST', '/v1/roster/hand-over', { to: 'bos', note }],
    ['PUT', '/v1/roster/desk', { name: 'aoc-desk', deputy: 'bos', head: 'boss' }],
    ['POST', '/v1/roster/shifts', { officer: 'bos', from, until, reach: '1441' }],
  ] as const)
    expect((await call('th', method, path, body)).json, path).toMatchObject({ code: 'not-found.officer' });
  expect((await call('th', 'DELETE', `/v1/roster/shifts/${json['id'] as string}`)).status).toBe(204);
});
