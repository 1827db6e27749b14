import { afterEach, beforeEach, expect, test } from 'vitest';
import { dayMs, hourMs, minuteMs, secondMs } from '../kernel/clock.ts';
import { openPasswords } from './passwords.ts';
import { openTestAccess, password, type TestAccess } from './test-access.ts';

let house: TestAccess;
beforeEach(async () => {
  house = await openTestAccess();
});
afterEach(() => house.close());

const signIn = (officer: string, given = password) =>
  house.call('POST', '/v1/sessions', undefined, { officer, password: given });
const whoAmI = (token: string) => house.call('GET', '/v1/session', token);

test('the first administrator signs in once with the printed code, sets a password, and is who they say', async () => {
  const first = await house.access.firstRun();
  expect(first?.officer).toBe('administrator');
  const opened = await house.call('POST', '/v1/sessions/one-time', undefined, { code: first!.code, password });
  expect(opened.status).toBe(201);
  const session = await whoAmI(opened.body['token'] as string);
  expect(session.body).toMatchObject({
    member: 'th',
    officer: 'administrator',
    office: { id: 'national-centre' },
    expiresAt: '2026-01-01T01:00:00.000Z',
    endsAt: '2026-01-01T12:00:00.000Z',
    steppedUpUntil: '2026-01-01T00:10:00.000Z',
  });
  expect(session.body['permissions']).toContain('access.manage');
  expect(await house.access.firstRun()).toBeNull();
});

test('a fresh code at each start until it is used, and the lost one no longer opens anything', async () => {
  const lost = await house.access.firstRun();
  const printed = await house.access.firstRun();
  const once = (code: string) => house.call('POST', '/v1/sessions/one-time', undefined, { code, password });
  expect((await once(lost!.code)).code).toBe('unauthenticated.unknown');
  expect((await once(printed!.code)).status).toBe(201);
});

test('a one-time code opens one session, even if it is sent twice at once', async () => {
  const { code } = (await house.access.firstRun())!;
  const once = () => house.call('POST', '/v1/sessions/one-time', undefined, { code, password });
  const answers = await Promise.all([once(), once()]);
  expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([201, 401]);
  expect((await once()).code).toBe('unauthenticated.unknown');
});

test('a weak password is refused and does not use up the code, which ends after seven days', async () => {
  const { code } = (await house.access.firstRun())!;
  const once = (given: string) => house.call('POST', '/v1/sessions/one-time', undefined, { code, password: given });
  for (const weak of ['short', 'administrator', 'aaaaaaaaaaaaaaaa']) {
    expect(await once(weak)).toMatchObject({ status: 422, code: 'access.password.weak' });
  }
  house.clock.advance(7 * dayMs);
  expect(await once(password)).toMatchObject({ status: 401, code: 'unauthenticated.expired' });
});

test('a session ends when it is idle, and ends although it is used', async () => {
  const token = await house.enlist('malee', ['analyst']);
  for (let minutes = 0; minutes < 11 * 60 + 50; minutes += 50) {
    expect((await whoAmI(token)).status).toBe(200);
    house.clock.advance(50 * minuteMs);
  }
  expect((await whoAmI(token)).code).toBe('unauthenticated.expired');
  const again = (await signIn('malee')).body['token'] as string;
  house.clock.advance(59 * minuteMs);
  expect((await whoAmI(again)).status).toBe(200);
  house.clock.advance(60 * minuteMs);
  expect((await whoAmI(again)).code).toBe('unauthenticated.expired');
});

test('looking on at a stream does not keep an idle session alive', async () => {
  const token = await house.enlist('looker', ['analyst']);
  const headers = { authorization: `Bearer ${token}` };
  for (let minutes = 0; minutes < 60; minutes += 10) {
    expect(await house.access.recheck({ headers })).toMatchObject({ officer: 'looker' });
    house.clock.advance(10 * 60_000);
  }
  await expect(house.access.recheck({ headers })).rejects.toMatchObject({
    refusal: { refused: 'unauthenticated.expired' },
  });
});

test('after eight wrong passwords the name is locked, known or not, and opens again after fifteen minutes', async () => {
  await house.enlist('malee', ['analyst']);
  for (const name of ['malee', 'nobody']) {
    for (let tries = 0; tries < 8; tries += 1) {
      expect((await signIn(name, 'not this password')).code).toBe('unauthenticated.sign-in');
    }
    const locked = await signIn(name);
    expect(locked.body).toMatchObject({ code: 'unauthenticated.locked', params: { retryAfterSeconds: 15 * 60 } });
  }
  house.clock.advance(15 * minuteMs - 1);
  expect((await signIn('malee')).code).toBe('unauthenticated.locked');
  house.clock.advance(1);
  expect((await signIn('malee')).status).toBe(201);
});

test('thirty guesses at once are no more than eight', async () => {
  await house.enlist('malee', ['analyst']);
  const answers = await Promise.all(Array.from({ length: 30 }, () => signIn('malee', 'not this password')));
  const looked = answers.filter(({ code }) => code === 'unauthenticated.sign-in');
  expect(looked).toHaveLength(8);
  expect(answers.every(({ status }) => status === 401)).toBe(true);
});

test('failures from one address are limited, and those who succeed do not count', async () => {
  await house.enlist('malee', ['analyst']);
  for (let shift = 0; shift < 5; shift += 1) expect((await signIn('malee')).status).toBe(201);
  const answers = await Promise.all(Array.from({ length: 62 }, () => signIn('nobody')));
  expect(answers.filter(({ code }) => code === 'too-many.requests')).toHaveLength(2);
});

test('an officer who does not exist is refused with the same work and the same words', async () => {
  await house.enlist('malee', ['analyst']);
  const timeOf = async (name: string): Promise<number> => {
    const timesMs: number[] = [];
    for (let tries = 0; tries < 5; tries += 1) {
      const begunMs = performance.now();
      expect((await signIn(name, 'not this password')).code).toBe('unauthenticated.sign-in');
      timesMs.push(performance.now() - begunMs);
    }
    return timesMs.sort((a, b) => a - b)[2]!;
  };
  const [knownMs, unknownMs] = [await timeOf('malee'), await timeOf('nobody')];
  expect(unknownMs / knownMs).toBeGreaterThan(0.4);
  expect(unknownMs / knownMs).toBeLessThan(2.5);
});

test('a step-up lapses, and typing the password anew brings it back', async () => {
  const token = await house.enlist('malee', ['administrator']);
  const add = () => house.call('POST', '/v1/officers/malee/reset', token);
  house.clock.advance(10 * minuteMs);
  expect(await add()).toMatchObject({ status: 403, code: 'forbidden.step-up' });
  const stepUp = (given: string) => house.call('POST', '/v1/sessions/step-up', token, { password: given });
  expect((await stepUp('not this password')).code).toBe('unauthenticated.sign-in');
  expect((await stepUp(password)).body).toEqual({ until: '2026-01-01T00:20:00.000Z' });
  expect((await add()).status).toBe(200);
});

test('signing out ends one session, signing out everywhere all of them', async () => {
  const first = await house.enlist('malee', ['analyst']);
  const second = (await signIn('malee')).body['token'] as string;
  const third = (await signIn('malee')).body['token'] as string;
  expect((await house.call('DELETE', '/v1/session', first)).status).toBe(204);
  expect((await whoAmI(first)).code).toBe('unauthenticated.unknown');
  expect((await whoAmI(second)).status).toBe(200);
  expect((await house.call('DELETE', '/v1/sessions', second)).status).toBe(204);
  expect((await whoAmI(third)).code).toBe('unauthenticated.unknown');
});

test('a changed password ends the other sessions and the old password', async () => {
  const mine = await house.enlist('malee', ['analyst']);
  const other = (await signIn('malee')).body['token'] as string;
  const newPassword = 'another river, another drum';
  const change = (given: string, to = newPassword) =>
    house.call('POST', '/v1/sessions/password', mine, { password: given, newPassword: to });
  expect((await change('not this password')).code).toBe('unauthenticated.sign-in');
  expect((await change(password, 'too short')).code).toBe('access.password.weak');
  expect((await change(password)).status).toBe(204);
  expect((await whoAmI(mine)).status).toBe(200);
  expect((await whoAmI(other)).code).toBe('unauthenticated.unknown');
  expect((await signIn('malee')).code).toBe('unauthenticated.sign-in');
  expect((await signIn('malee', newPassword)).status).toBe(201);
});

test('a hash that has become weak is renewed at the next sign-in', async () => {
  await house.enlist('malee', ['analyst']);
  const weak = await openPasswords({ memoryKib: 1024, passes: 1, lanes: 1 }).hash(password);
  await house.db.query('UPDATE access.officers SET password = $1 WHERE id = $2', [weak, 'malee']);
  expect((await signIn('malee')).status).toBe(201);
  const [row] = await house.db.query<{ password: string }>(`SELECT password FROM access.officers WHERE id = 'malee'`);
  expect(row!.password).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  expect((await signIn('malee')).status).toBe(201);
});

test('letters composed in another way are the same password', async () => {
  const { code } = (await house.access.firstRun())!;
  const composed = 'một mật khẩu đủ dài';
  await house.call('POST', '/v1/sessions/one-time', undefined, { code, password: composed.normalize('NFD') });
  expect((await signIn('administrator', composed.normalize('NFC'))).status).toBe(201);
});

test('no header, however hostile, gives anything but a refusal', async () => {
  const token = await house.enlist('malee', ['analyst']);
  const hostile: [Record<string, string>, string][] = [
    [{}, 'unauthenticated.missing'],
    [{ authorization: '' }, 'unauthenticated.missing'],
    [{ authorization: 'Bearer' }, 'unauthenticated.missing'],
    [{ authorization: 'Basic YTpi' }, 'unauthenticated.missing'],
    [{ authorization: `Bearer ${'x'.repeat(8000)}` }, 'unauthenticated.unknown'],
    [{ authorization: `Bearer ' OR 1=1 --` }, 'unauthenticated.unknown'],
    [{ authorization: `Bearer ${token}x` }, 'unauthenticated.unknown'],
    [{ authorization: `Bearer ${token.replace('drums_', 'drumk_')}` }, 'unauthenticated.unknown'],
    [{ authorization: `Bearer ${token.replace('drums_', 'druml_')}` }, 'unauthenticated.unknown'],
    [{ authorization: `Bearer ${token.replace('drums_', 'drumc_')}` }, 'unauthenticated.unknown'],
    [{ authorization: `Bearer ${token}`, 'drum-purpose': 'curiosity' }, 'malformed.purpose'],
    [{ authorization: `Bearer ${token}`, 'drum-purpose': '__proto__' }, 'malformed.purpose'],
    [{ authorization: `Bearer ${token}`, 'drum-purpose': 'audit, alert' }, 'malformed.purpose'],
  ];
  for (const [headers, code] of hostile) {
    const { statusCode, body } = await house.http.inject({ method: 'GET', url: '/v1/session', headers });
    expect([JSON.parse(body).code, statusCode]).toEqual([code, code.startsWith('malformed') ? 400 : 401]);
  }
  const spelled = { authorization: `bearer  ${token} `, 'drum-purpose': 'audit' };
  expect(await house.access.authenticate({ headers: spelled })).toMatchObject({ officer: 'malee', purpose: 'audit' });
});

test('tokens, codes and passwords are stored as hashes only', async () => {
  const { code } = (await house.access.firstRun())!;
  const token = await house.enlist('malee', ['analyst']);
  const key = await house.access.localKey();
  for (const table of ['officers', 'sessions', 'local_key', 'changes']) {
    const text = JSON.stringify(await house.db.query(`SELECT t::text FROM access.${table} t`));
    for (const secret of [code, token, key, password]) expect(text).not.toContain(secret);
  }
});

test('the key of the machine is replaced at each start, and never decides as a second person', async () => {
  const before = await house.access.localKey();
  expect((await house.actor(before)).officer).toBe('administrator');
  const after = await house.access.localKey();
  expect((await whoAmI(before)).code).toBe('unauthenticated.unknown');
  const actor = await house.actor(after);
  house.clock.advance(dayMs);
  house.access.requireStepUp(await house.actor(after));
  expect(actor.permissions.has('access.manage')).toBe(true);
  expect(actor.permissions.has('registry.approve')).toBe(false);
  expect((await whoAmI(after)).body).toMatchObject({ officer: 'administrator', expiresAt: null });
  expect((await house.call('DELETE', '/v1/session', after)).code).toBe('forbidden.no-session');
});

test('sessions long over, and attempts long past, are cleared away by the daily clock', async () => {
  await house.enlist('malee', ['analyst']);
  await signIn('nobody');
  house.clock.advance(9 * dayMs);
  await house.clocks.run();
  expect(await house.db.query('SELECT 1 FROM access.sessions')).toEqual([]);
  expect(await house.db.query('SELECT 1 FROM access.attempts')).toEqual([]);
  house.clock.advance(12 * hourMs + secondMs);
  expect(house.errors).toEqual([]);
});
