import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { dayMs, minuteMs } from '../kernel/clock.ts';
import { openLive } from '../platform/live.ts';
import { liveRoutes } from '../platform/live-routes.ts';
import { openTelemetry } from '../platform/telemetry.ts';
import { openTestAccess, password, type TestAccess } from './test-access.ts';

let house: TestAccess;
beforeEach(async () => {
  house = await openTestAccess();
});
afterEach(() => house.close());

/** A browser with one cookie, at a page of this server's own. */
function browser() {
  let cookie: string | undefined;
  const own = { 'drum-desk': '1', 'sec-fetch-site': 'same-origin' };
  return {
    cookie: () => cookie,
    keep: (given: string) => {
      cookie = given;
    },
    async call(method: string, url: string, body?: object, headers: Record<string, string | undefined> = own) {
      const given = Object.entries({ ...headers, cookie }).filter(([, value]) => value !== undefined);
      const response = await house.http.inject({
        method: method as 'GET',
        url,
        headers: Object.fromEntries(given) as Record<string, string>,
        ...(body !== undefined && { payload: body }),
      });
      const set = response.headers['set-cookie'];
      if (typeof set === 'string') cookie = /Max-Age=0/.test(set) ? undefined : set.split(';')[0];
      const answer: Record<string, unknown> = response.body === '' ? {} : response.json();
      return { status: response.statusCode, body: answer, code: answer['code'], set };
    },
  };
}

async function signedIn(officer: string, roles: Parameters<TestAccess['enlist']>[1] = ['analyst']) {
  await house.enlist(officer, roles);
  const desk = browser();
  const opened = await desk.call('POST', '/v1/desk/sessions', { officer, password });
  expect(opened.status).toBe(201);
  return Object.assign(desk, { opened });
}

test('a browser keeps the session in a cookie that no script reads, and the answer holds no token', async () => {
  const desk = await signedIn('malee');
  expect(desk.opened.body).toEqual({ officer: 'malee', expiresAt: '2026-01-01T01:00:00.000Z' });
  expect(desk.opened.set).toMatch(/^drum-th=drums_[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/);
  expect((await desk.call('GET', '/v1/desk/session')).body).toEqual({
    kind: 'officer',
    ...(await desk.call('GET', '/v1/session')).body,
  });
  expect((await desk.call('GET', '/v1/desk/session')).body).toMatchObject({ kind: 'officer', officer: 'malee' });
});

test('a server that is reached over TLS gives its cookie to nothing else', async () => {
  const secure = await openTestAccess(undefined, { secureCookies: true });
  try {
    const { code } = (await secure.access.firstRun())!;
    const once = await secure.http.inject({
      method: 'POST',
      url: '/v1/desk/sessions/one-time',
      headers: { 'drum-desk': '1' },
      payload: { code, password },
    });
    expect([once.statusCode, once.headers['set-cookie']]).toEqual([201, expect.stringMatching(/; Secure$/)]);
  } finally {
    await secure.close();
  }
});

test('whose desk it is, and whether somebody must set it up, is known before signing in', async () => {
  const desk = browser();
  const state = { member: 'th', languages: ['en', 'zh', 'km', 'lo', 'my', 'th', 'vi'], needsSetUp: true };
  expect((await desk.call('GET', '/v1/desk')).body).toEqual(state);
  const { code } = (await house.access.firstRun())!;
  expect((await desk.call('POST', '/v1/desk/sessions/one-time', { code, password: 'short' })).code).toBe(
    'access.password.weak',
  );
  expect((await desk.call('POST', '/v1/desk/sessions/one-time', { code, password })).status).toBe(201);
  expect((await desk.call('GET', '/v1/desk')).body).toEqual({ ...state, needsSetUp: false });
  expect((await desk.call('GET', '/v1/desk/session')).body).toMatchObject({ officer: 'administrator' });
});

test('what a page of another origin makes a browser send is refused, and nothing of it is done', async () => {
  const desk = await signedIn('malee');
  const foreign: Record<string, string>[] = [
    {},
    { 'drum-desk': '0' },
    { 'sec-fetch-site': 'same-origin' },
    { 'drum-desk': '1', 'sec-fetch-site': 'same-site' },
    { 'drum-desk': '1', 'sec-fetch-site': 'cross-site' },
  ];
  const changes: [string, string, object?][] = [
    ['DELETE', '/v1/desk/session'],
    ['DELETE', '/v1/sessions'],
    ['PUT', '/v1/desk/presence', { at: null }],
    ['POST', '/v1/sessions/step-up', { password }],
    ['POST', '/v1/desk/sessions', { officer: 'malee', password }],
    ['POST', '/v1/desk/sessions/adopt'],
    ['POST', '/v1/desk/sessions/institution', { key: 'x', clerk: 'x' }],
  ];
  for (const headers of foreign)
    for (const [method, url, body] of changes) {
      const { status, code, set } = await desk.call(method, url, body, headers);
      expect([url, headers, status, code, set]).toEqual([url, headers, 403, 'forbidden.cross-site', undefined]);
    }
  for (const site of ['same-site', 'cross-site'])
    expect((await desk.call('GET', '/v1/session', undefined, { 'sec-fetch-site': site })).status).toBe(403);
  for (const headers of [{}, { 'sec-fetch-site': 'none' }, { 'sec-fetch-site': 'same-origin' }])
    expect((await desk.call('GET', '/v1/session', undefined, headers)).status).toBe(200);
  expect((await desk.call('DELETE', '/v1/desk/session', undefined, { 'drum-desk': '1' })).status).toBe(204);
});

test('a token in the header needs no such proof: no browser sends it by itself', async () => {
  const token = await house.enlist('malee', ['analyst']);
  const foreign = { 'sec-fetch-site': 'cross-site' };
  expect((await house.call('POST', '/v1/sessions/step-up', token, { password }, foreign)).status).toBe(200);
});

test('only a session fits the cookie: no key opens anything from there, and nothing hostile does', async () => {
  const token = await house.enlist('malee', ['analyst']);
  const { key } = await bankWithKey();
  const local = await house.access.localKey();
  const desk = browser();
  for (const value of [key, local, 'x', '', `drums_${'x'.repeat(43)}`, `drumi_${'x'.repeat(43)}`, '%00', "' OR 1=1"]) {
    desk.keep(`drum-th=${value}`);
    const { status, code } = await desk.call('GET', '/v1/session');
    expect([value, status]).toEqual([value, 401]);
    expect(code).toBe(value === '' ? 'unauthenticated.missing' : 'unauthenticated.unknown');
  }
  desk.keep(`drum-la=${token}`);
  expect((await desk.call('GET', '/v1/session')).code).toBe('unauthenticated.missing');
});

test('a session that is over is told as such, and the browser can still forget it', async () => {
  const desk = await signedIn('malee');
  house.clock.advance(60 * minuteMs);
  expect((await desk.call('GET', '/v1/desk/session')).code).toBe('unauthenticated.expired');
  expect((await desk.call('DELETE', '/v1/desk/session')).status).toBe(204);
  expect(desk.cookie()).toBeUndefined();
  expect((await desk.call('GET', '/v1/desk/session')).code).toBe('unauthenticated.missing');
});

test('signing out at the desk ends the session everywhere, not only in this browser', async () => {
  const desk = await signedIn('malee');
  const kept = desk.cookie()!;
  await desk.call('DELETE', '/v1/desk/session');
  desk.keep(kept);
  expect((await desk.call('GET', '/v1/desk/session')).code).toBe('unauthenticated.unknown');
});

test('a session opened elsewhere goes on in this browser', async () => {
  const token = await house.enlist('malee', ['analyst']);
  const desk = browser();
  const adopt = (authorization?: string) =>
    desk.call('POST', '/v1/desk/sessions/adopt', undefined, { 'drum-desk': '1', authorization });
  const adopted = await adopt(`Bearer ${token}`);
  expect([adopted.status, adopted.body]).toEqual([201, { officer: 'malee', expiresAt: '2026-01-01T01:00:00.000Z' }]);
  expect(desk.cookie()).toBe(`drum-th=${token}`);
  expect((await desk.call('GET', '/v1/desk/session')).body).toMatchObject({ officer: 'malee' });
  expect((await adopt()).code).toBe('unauthenticated.missing');
  expect((await adopt(`Bearer drums_${'x'.repeat(43)}`)).code).toBe('unauthenticated.unknown');
  for (const other of [await house.access.localKey(), (await bankWithKey()).key])
    expect(await adopt(`Bearer ${other}`)).toMatchObject({ code: 'forbidden.no-session', set: undefined });
});

test('locks, step-up and a changed password are the same for a browser as for programs', async () => {
  const desk = await signedIn('malee', ['administrator']);
  house.clock.advance(11 * minuteMs);
  expect((await desk.call('POST', '/v1/officers/malee/reset')).code).toBe('forbidden.step-up');
  expect((await desk.call('POST', '/v1/sessions/step-up', { password })).status).toBe(200);
  const newPassword = 'another river, another drum';
  expect((await desk.call('POST', '/v1/sessions/password', { password, newPassword })).status).toBe(204);
  expect((await desk.call('GET', '/v1/desk/session')).status).toBe(200);
  const stranger = browser();
  const guess = () => stranger.call('POST', '/v1/desk/sessions', { officer: 'malee', password });
  for (let tries = 0; tries < 8; tries += 1) expect((await guess()).code).toBe('unauthenticated.sign-in');
  expect((await guess()).code).toBe('unauthenticated.locked');
});

test('an officer sees where they are signed in, and ends what they do not know', async () => {
  const desk = await signedIn('malee');
  const other = await signedIn('niran');
  type Own = { id: string; current: boolean; createdAt: string; seenAt: string };
  const list = async () => (await desk.call('GET', '/v1/desk/sessions')).body['sessions'] as Own[];
  const [first, second] = await list();
  expect(first!.current).not.toBe(second!.current);
  expect(first).toMatchObject({ createdAt: '2026-01-01T00:00:00.000Z', seenAt: '2026-01-01T00:00:00.000Z' });
  const unknown = (await list()).find(({ current }) => !current)!;
  expect((await other.call('DELETE', `/v1/desk/sessions/${unknown.id}`)).code).toBe('not-found.session');
  expect((await desk.call('DELETE', `/v1/desk/sessions/${unknown.id}`)).status).toBe(204);
  expect(await list()).toHaveLength(1);
  await browser().call('POST', '/v1/desk/sessions', { officer: 'malee', password });
  house.clock.advance(50 * minuteMs);
  expect(await list()).toHaveLength(2);
  house.clock.advance(50 * minuteMs);
  expect(await list()).toMatchObject([{ current: true, seenAt: '2026-01-01T01:40:00.000Z' }]);
});

async function bankWithKey() {
  const quota = { perSecond: 10, burst: 100 };
  await house.access.institutions.add(house.administrator, { id: 'river-bank', name: 'River', kind: 'bank', quota });
  return house.access.keys.issue(house.administrator, 'river-bank', {});
}

test('the desk hears what happens by its cookie, until it is signed out', async () => {
  const live = openLive({
    clock: house.clock,
    telemetry: openTelemetry({ level: 'silent', member: 'th' }),
    onError: (error) => house.errors.push(error),
    tickMs: 1,
  });
  house.access.desk.tellPresence(live);
  liveRoutes(house.http, live, house.access, 20);
  const desk = await signedIn('malee');
  await house.http.listen({ host: '127.0.0.1', port: 0 });
  const url = `http://127.0.0.1:${(house.http.server.address() as AddressInfo).port}/v1/stream`;
  expect((await fetch(url)).status).toBe(401);
  const response = await fetch(url, { headers: { cookie: desk.cookie()! } });
  expect(response.status).toBe(200);
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  expect((await reader.read()).value).toContain('event: hello');
  const niran = await signedIn('niran');
  const at = 'alert:3f0c4a52-5a0e-4c62-9d0f-0d6f5b0f5a11';
  expect((await niran.call('PUT', '/v1/desk/presence', { at })).status).toBe(204);
  expect((await reader.read()).value).toContain(`event: presence\ndata: {"at":"${at}"}`);
  await desk.call('DELETE', '/v1/desk/session');
  let ended = false;
  while (!ended) ended = (await reader.read()).done;
  expect(house.errors).toEqual([]);
});

test('two officers on one alert see each other, and whoever may not see it sees neither', async () => {
  const [malee, niran] = [await signedIn('malee'), await signedIn('niran')];
  const clerk = await signedIn('manager', ['administrator']);
  const at = 'alert:1';
  const there = async (desk: typeof malee) => (await desk.call('GET', `/v1/desk/presence?at=${at}`)).body;
  await malee.call('PUT', '/v1/desk/presence', { at });
  house.clock.advance(30_000);
  await niran.call('PUT', '/v1/desk/presence', { at });
  expect(await there(malee)).toEqual([{ officer: 'niran', name: 'niran', since: '2026-01-01T00:00:30.000Z' }]);
  expect(await there(niran)).toEqual([{ officer: 'malee', name: 'malee', since: '2026-01-01T00:00:00.000Z' }]);
  house.clock.advance(15_000);
  expect(await there(niran)).toEqual([]);
  await niran.call('DELETE', '/v1/desk/session');
  expect(await there(malee)).toEqual([]);
  expect(await there(clerk)).toMatchObject({ code: 'forbidden.permission', params: { permission: 'alerts.read' } });
  expect((await clerk.call('PUT', '/v1/desk/presence', { at: 'trace:1' })).code).toBe('forbidden.permission');
  for (const wrong of ['', 'alert:', 'site:1', `alert:${'x'.repeat(65)}`, 'alert:1\n', 7])
    expect((await malee.call('PUT', '/v1/desk/presence', { at: wrong })).code).toBe('malformed.schema');
});

test('how an officer wants their desk follows them, and is theirs alone', async () => {
  const desk = await signedIn('malee');
  const fresh = {
    language: null,
    calendar: 'gregorian',
    timeZone: null,
    theme: 'auto',
    density: 'dense',
    views: [],
  };
  const read = async (from: typeof desk) => (await from.call('GET', '/v1/desk/profile')).body;
  expect(await read(desk)).toEqual(fresh);
  const view = { id: 'night', room: 'alerts', name: 'ເວນກາງຄືນ', search: '?rank=1&state=open' };
  const mine = {
    language: 'lo',
    calendar: 'buddhist',
    timeZone: 'Asia/Vientiane',
    theme: 'dark',
    density: 'roomy',
    views: [view],
  };
  expect((await desk.call('PUT', '/v1/desk/profile', mine)).body).toEqual(mine);
  expect((await desk.call('PUT', '/v1/desk/profile', { ...mine, theme: 'light' })).status).toBe(200);
  expect(await read(desk)).toEqual({ ...mine, theme: 'light' });
  expect(await read(await signedIn('niran'))).toEqual(fresh);
  const wrong: [object, string][] = [
    [{ ...mine, timeZone: 'Asia/Atlantis' }, 'access.profile.time-zone'],
    [{ ...mine, timeZone: '+07:00' }, 'access.profile.time-zone'],
    [{ ...mine, views: [view, view] }, 'access.profile.views'],
    [{ ...mine, views: Array.from({ length: 51 }, (_, at) => ({ ...view, id: `v${at}` })) }, 'malformed.schema'],
    [{ ...mine, views: [{ ...view, search: 'x'.repeat(2001) }] }, 'malformed.schema'],
    [{ ...mine, language: 'fr' }, 'malformed.schema'],
    [{ ...mine, more: true }, 'malformed.schema'],
    [{ theme: 'dark' }, 'malformed.schema'],
  ];
  for (const [body, code] of wrong) expect((await desk.call('PUT', '/v1/desk/profile', body)).code).toBe(code);
  expect(await read(desk)).toEqual({ ...mine, theme: 'light' });
});

test('those who administer, audit or run the server read its policy as it was, is and will be', async () => {
  const later = await openTestAccess(undefined, {
    changeFile: (file) => {
      const [now] = file.rules;
      file.rules.unshift({ ...structuredClone(now!), effectiveFrom: '2030-01-01T00:00:00.000Z' });
    },
  });
  try {
    for (const role of ['administrator', 'auditor', 'operator'] as const) {
      const { status, body } = await later.call('GET', '/v1/policy', await later.enlist(role.slice(0, 5), [role]));
      expect(status).toBe(200);
      const versions = body['versions'] as { from: string; policy: Record<string, unknown> }[];
      expect(body).toMatchObject({ member: 'th', timeZone: 'Asia/Bangkok' });
      expect(versions.at(-1)!.from).toBe('2030-01-01T00:00:00.000Z');
      expect(body['today']).toBe(versions.length - 2);
      expect(versions[0]!.policy).toMatchObject({ sessions: { idleMinutes: 60 }, legalBasis: expect.any(String) });
    }
    later.clock.advance(5 * 366 * dayMs);
    const { body } = await later.call('GET', '/v1/policy', await later.enlist('niran', ['auditor']));
    expect(body['today']).toBe((body['versions'] as unknown[]).length - 1);
    const refused = await later.call('GET', '/v1/policy', await later.enlist('malee', ['analyst', 'supervisor']));
    expect(refused.code).toBe('forbidden.permission');
  } finally {
    await later.close();
  }
});
