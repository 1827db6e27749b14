import { afterEach, beforeEach, expect, test } from 'vitest';
import { dayMs, hourMs, minuteMs } from '../kernel/clock.ts';
import { openTestAccess, type TestAccess } from './test-access.ts';

let house: TestAccess;
let token: string;
beforeEach(async () => {
  house = await openTestAccess();
  token = await house.enlist('malee', ['administrator', 'analyst', 'auditor']);
  await house.call('POST', '/v1/institutions', token, {
    id: 'river-bank',
    name: 'River Bank',
    kind: 'bank',
    quota: { perSecond: 10, burst: 100 },
  });
});
afterEach(() => house.close());

const own = { 'drum-desk': '1', 'sec-fetch-site': 'same-origin' };
const issue = async (body: object = {}) =>
  (await house.call('POST', '/v1/institutions/river-bank/keys', token, body)).body as { id: string; key: string };

async function signIn(key: string, clerk = 'Khun Suda') {
  const response = await house.http.inject({
    method: 'POST',
    url: '/v1/desk/sessions/institution',
    headers: own,
    payload: { key, clerk },
  });
  const cookie = String(response.headers['set-cookie']).split(';')[0]!;
  const body: Record<string, unknown> = response.json();
  return { status: response.statusCode, body, cookie };
}
const as = (cookie: string) => (method: string, url: string, body?: object) =>
  house.call(method, url, undefined, body, { ...own, cookie });

test('a person of a small bank signs in with its key and their name, and acts for the bank', async () => {
  const { key } = await issue();
  const { status, body, cookie } = await signIn(` ${key}\n`);
  expect([status, body]).toEqual([
    201,
    { institution: 'river-bank', clerk: 'Khun Suda', expiresAt: '2026-01-01T01:00:00.000Z' },
  ]);
  expect(cookie).toMatch(/^drum-th=drumi_[\w-]{43}$/);
  expect(cookie).not.toContain(key);
  const session = await as(cookie)('GET', '/v1/desk/session');
  expect(session.body).toMatchObject({
    kind: 'institution',
    member: 'th',
    institution: 'river-bank',
    name: 'River Bank',
    institutionKind: 'bank',
    clerk: 'Khun Suda',
    expiresAt: '2026-01-01T01:00:00.000Z',
    endsAt: '2026-01-01T12:00:00.000Z',
  });
  expect(session.body['permissions']).toContain('screening.screen');
  const actor = await house.access.authenticate({ headers: { cookie, ...own } });
  expect(actor).toMatchObject({ kind: 'institution', institution: 'river-bank' });
  house.access.requirePermission(actor, 'orders.answer');
  expect(() => house.access.takeQuota(actor, 100)).not.toThrow();
  expect(() => house.access.takeQuota(actor, 1)).toThrow('too-many.requests');
});

test('what opens nothing as a key opens no session either', async () => {
  const { id, key } = await issue();
  expect((await signIn(token)).body['code']).toBe('unauthenticated.unknown');
  expect((await signIn(`drumk_${'x'.repeat(43)}`)).body['code']).toBe('unauthenticated.unknown');
  for (const clerk of ['', '   ', 'x'.repeat(101)])
    expect((await signIn(key, clerk)).body['code']).toBe('malformed.schema');
  await house.call('POST', `/v1/institutions/river-bank/keys/${id}/revocation`, token, {});
  expect((await signIn(key)).body['code']).toBe('unauthenticated.revoked');
  const guesses = await Promise.all(Array.from({ length: 1100 }, () => signIn(`drumk_${'y'.repeat(43)}`)));
  expect(guesses.some(({ body }) => body['code'] === 'too-many.requests')).toBe(true);
});

test('a revoked key ends the sessions that it opened, and no others', async () => {
  const [first, second] = [await issue(), await issue()];
  const [one, two] = [await signIn(first.key), await signIn(second.key)];
  await house.call('POST', `/v1/institutions/river-bank/keys/${first.id}/revocation`, token, {});
  expect((await as(one.cookie)('GET', '/v1/desk/session')).code).toBe('unauthenticated.revoked');
  expect((await as(two.cookie)('GET', '/v1/desk/session')).status).toBe(200);
  await house.call('PATCH', '/v1/institutions/river-bank', token, { active: false });
  expect((await as(two.cookie)('GET', '/v1/desk/session')).code).toBe('unauthenticated.revoked');
});

test('a session ends with its key', async () => {
  const { key } = await issue({ expiresInDays: 1 });
  house.clock.advance(dayMs - 30 * minuteMs);
  const last = await signIn(key);
  expect((await as(last.cookie)('GET', '/v1/desk/session')).body).toMatchObject({
    expiresAt: '2026-01-02T00:00:00.000Z',
    endsAt: '2026-01-02T00:00:00.000Z',
  });
  house.clock.advance(30 * minuteMs);
  expect((await as(last.cookie)('GET', '/v1/desk/session')).code).toBe('unauthenticated.expired');
});

test('looking on at a stream does not keep a clerk’s session alive; using it does, until its time is over', async () => {
  const { key } = await issue();
  const { cookie } = await signIn(key);
  const headers = { cookie, ...own };
  house.clock.advance(50 * minuteMs);
  await house.access.authenticate({ headers });
  for (let minutes = 0; minutes < 60; minutes += 10) {
    expect(await house.access.recheck({ headers })).toMatchObject({ institution: 'river-bank' });
    house.clock.advance(10 * minuteMs);
  }
  await expect(Promise.resolve(house.access.recheck({ headers }))).rejects.toThrow('unauthenticated.expired');
  const used = await signIn(key);
  for (let hours = 0; hours < 12; hours += 0.5) {
    expect((await as(used.cookie)('GET', '/v1/desk/session')).status).toBe(200);
    house.clock.advance(hourMs / 2);
  }
  expect((await as(used.cookie)('GET', '/v1/desk/session')).code).toBe('unauthenticated.expired');
});

test('a clerk can do nothing that an officer does', async () => {
  const { key } = await issue();
  const call = as((await signIn(key)).cookie);
  const refused: [string, string, object?][] = [
    ['GET', '/v1/session'],
    ['DELETE', '/v1/session'],
    ['DELETE', '/v1/sessions'],
    ['GET', '/v1/desk/sessions'],
    ['DELETE', '/v1/desk/sessions/3f0c4a52-5a0e-4c62-9d0f-0d6f5b0f5a11'],
    ['GET', '/v1/desk/profile'],
    ['GET', '/v1/policy'],
    ['GET', '/v1/desk/presence?at=alert:1'],
    ['PUT', '/v1/desk/presence', { at: 'alert:1' }],
    ['PUT', '/v1/desk/presence', { at: null }],
    ['POST', '/v1/sessions/step-up', { password: 'x' }],
    ['POST', '/v1/desk/sessions/adopt'],
    ['GET', '/v1/officers'],
    ['GET', '/v1/institutions'],
    ['GET', '/v1/access/reads'],
    ['GET', '/v1/approvals'],
  ];
  for (const [method, url, body] of refused) {
    const { status } = await call(method, url, body);
    expect([url, status]).toEqual([url, url.endsWith('adopt') ? 401 : 403]);
  }
});

test('signing out ends the session, and a change from another origin is refused as for officers', async () => {
  const { key } = await issue();
  const { cookie } = await signIn(key);
  const foreign = await house.call('DELETE', '/v1/desk/session', undefined, undefined, { cookie });
  expect(foreign.code).toBe('forbidden.cross-site');
  expect((await as(cookie)('GET', '/v1/desk/session')).status).toBe(200);
  expect((await as(cookie)('DELETE', '/v1/desk/session')).status).toBe(204);
  expect((await as(cookie)('GET', '/v1/desk/session')).code).toBe('unauthenticated.unknown');
});

test('sessions are kept as hashes, at most a hundred of one institution, and cleared away when long over', async () => {
  const { key } = await issue();
  const first = await signIn(key);
  const rows = JSON.stringify(await house.db.query('SELECT t::text FROM access.institution_sessions t'));
  for (const secret of [key, first.cookie.split('=')[1]!]) expect(rows).not.toContain(secret);
  house.clock.advance(1);
  for (let at = 0; at < 100; at += 1) expect((await signIn(key)).status).toBe(201);
  expect((await as(first.cookie)('GET', '/v1/desk/session')).code).toBe('unauthenticated.unknown');
  expect(await house.db.query('SELECT 1 FROM access.institution_sessions')).toHaveLength(100);
  house.clock.advance(9 * dayMs);
  await house.clocks.run();
  expect(await house.db.query('SELECT 1 FROM access.institution_sessions')).toEqual([]);
  expect(house.errors).toEqual([]);
});
