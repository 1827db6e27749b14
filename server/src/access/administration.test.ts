import { afterEach, beforeEach, expect, test } from 'vitest';
import { dayMs, hourMs, minuteMs } from '../kernel/clock.ts';
import { newId } from '../kernel/ids.ts';
import { openTestAccess, password, type TestAccess } from './test-access.ts';

let house: TestAccess;
beforeEach(async () => {
  house = await openTestAccess();
});
afterEach(() => house.close());

const quota = { perSecond: 10, burst: 100 };
const bank = { id: 'river-bank', name: 'River Bank', kind: 'bank', quota };
const officer = { id: 'niran', office: 'national-centre', name: 'Niran', roles: ['analyst'] };
const someId = newId();

/** Every route that asks for a permission, with a body that would be accepted. */
const guarded: readonly [string, string, 'access.manage' | 'access.audit', object?][] = [
  ['POST', '/v1/offices', 'access.manage', { id: 'fiu', name: 'FIU', kind: 'fiu' }],
  ['GET', '/v1/offices', 'access.manage'],
  ['POST', '/v1/officers', 'access.manage', officer],
  ['GET', '/v1/officers', 'access.manage'],
  ['PATCH', '/v1/officers/malee', 'access.manage', { roles: [] }],
  ['POST', '/v1/officers/malee/reset', 'access.manage'],
  ['POST', '/v1/institutions', 'access.manage', bank],
  ['GET', '/v1/institutions', 'access.manage'],
  ['PATCH', '/v1/institutions/river-bank', 'access.manage', { active: false }],
  ['POST', '/v1/institutions/river-bank/keys', 'access.manage', {}],
  ['GET', '/v1/institutions/river-bank/keys', 'access.manage'],
  ['POST', `/v1/institutions/river-bank/keys/${someId}/revocation`, 'access.manage', {}],
  ['GET', '/v1/access/reads', 'access.audit'],
  ['GET', '/v1/access/changes', 'access.audit'],
];

test('each route refuses strangers, institutions, and officers without its permission', async () => {
  await house.access.institutions.add(house.administrator, { ...bank, kind: 'bank' });
  const { key } = await house.access.keys.issue(house.administrator, 'river-bank', {});
  const auditor = await house.enlist('auditor', [
    'auditor',
    'analyst',
    'supervisor',
    'duty-officer',
    'liaison',
    'operator',
  ]);
  const administrator = await house.enlist('manager', ['administrator']);
  for (const [method, url, permission, body] of guarded) {
    const lacking = permission === 'access.manage' ? auditor : administrator;
    expect([url, (await house.call(method, url, undefined, body)).code]).toEqual([url, 'unauthenticated.missing']);
    for (const token of [lacking, key]) {
      const refused = await house.call(method, url, token, body);
      expect([url, refused.status, refused.body['params']]).toEqual([url, 403, { permission }]);
    }
  }
  const rows = await house.db.query(`SELECT 1 FROM access.officers WHERE id = 'niran'`);
  expect(rows).toEqual([]);
});

test('every route of the room is either guarded here or open to whoever has signed in, and none is undocumented', async () => {
  await house.http.ready();
  const { paths } = house.http.swagger() as {
    paths: Record<string, Record<string, { summary?: string; security?: object[] }>>;
  };
  const known = guarded.map(
    ([method, url]) =>
      `${method} ${url.replace('malee', '{id}').replace('river-bank', '{id}').replace(someId, '{key}')}`,
  );
  const others = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, { summary, security }]) => {
      expect(summary).toMatch(/\w/);
      const name = `${method.toUpperCase()} ${path}`;
      return known.includes(name) ? [] : [`${name}${security === undefined ? ' open' : ''}`];
    }),
  );
  expect(others.sort()).toEqual([
    'DELETE /v1/approvals/{id}',
    'DELETE /v1/desk/session',
    'DELETE /v1/desk/sessions/{id}',
    'DELETE /v1/session',
    'DELETE /v1/sessions',
    'GET /v1/approvals',
    'GET /v1/approvals/{id}',
    'GET /v1/desk open',
    'GET /v1/desk/presence',
    'GET /v1/desk/profile',
    'GET /v1/desk/session',
    'GET /v1/desk/sessions',
    'GET /v1/policy',
    'GET /v1/session',
    'POST /v1/approvals/{id}/decision',
    'POST /v1/desk/sessions open',
    'POST /v1/desk/sessions/adopt',
    'POST /v1/desk/sessions/institution open',
    'POST /v1/desk/sessions/one-time open',
    'POST /v1/sessions open',
    'POST /v1/sessions/one-time open',
    'POST /v1/sessions/password',
    'POST /v1/sessions/step-up',
    'PUT /v1/desk/presence',
    'PUT /v1/desk/profile',
  ]);
});

test('what gives somebody power needs a password typed lately; what takes it away does not', async () => {
  const token = await house.enlist('malee', ['administrator']);
  await house.call('POST', '/v1/institutions', token, bank);
  house.clock.advance(11 * minuteMs);
  const call = async (method: string, url: string, body?: object) => (await house.call(method, url, token, body)).code;
  expect(await call('POST', '/v1/officers', officer)).toBe('forbidden.step-up');
  expect(await call('PATCH', '/v1/officers/administrator', { roles: [] })).toBe('forbidden.step-up');
  expect(await call('PATCH', '/v1/officers/administrator', { active: true })).toBe('forbidden.step-up');
  expect(await call('POST', '/v1/officers/administrator/reset')).toBe('forbidden.step-up');
  expect(await call('POST', '/v1/institutions/river-bank/keys', {})).toBe('forbidden.step-up');
  expect(await call('PATCH', '/v1/officers/administrator', { active: false })).toBeUndefined();
});

test('the last active administrator cannot be removed, not even by two who remove each other at once', async () => {
  const [one, two] = [await house.enlist('malee', ['administrator']), await house.enlist('somchai', ['administrator'])];
  expect((await house.call('PATCH', '/v1/officers/administrator', one, { active: false })).status).toBe(200);
  const [first, second] = [await house.actor(one), await house.actor(two)];
  const ends = await Promise.allSettled([
    house.access.officers.change(first, 'somchai', { roles: ['analyst'] }),
    house.access.officers.change(second, 'malee', { active: false }),
  ]);
  const refused = ends.filter((end) => end.status === 'rejected');
  expect(refused.map(({ reason }) => (reason as Error).message)).toEqual(['conflict.last-administrator']);
  const active = await house.db.query(`SELECT 1 FROM access.officers WHERE active AND 'administrator' = ANY (roles)`);
  expect(active).toHaveLength(1);
});

test('the machine’s key is the way back in when every administrator has lost their password', async () => {
  await house.access.officers.change(house.administrator, 'administrator', { name: 'Administrator of old' });
  const malee = await house.enlist('malee', ['administrator']);
  await house.call('PATCH', '/v1/officers/administrator', malee, { active: false });
  const again = await house.access.officers.reset(house.administrator, 'malee');
  expect((await house.call('GET', '/v1/session', malee)).code).toBe('unauthenticated.unknown');
  expect((await house.access.sessions.signInOnce({ code: again.code, password })).officer).toBe('malee');
});

test('a deactivated officer is shut out at once, keeps their name, and comes back only with a new code', async () => {
  const manager = await house.enlist('malee', ['administrator']);
  const analyst = await house.enlist('niran', ['analyst']);
  expect((await house.call('PATCH', '/v1/officers/niran', manager, { active: false })).body).toMatchObject({
    active: false,
  });
  expect((await house.call('GET', '/v1/session', analyst)).code).toBe('unauthenticated.unknown');
  const signIn = { officer: 'niran', password };
  expect((await house.call('POST', '/v1/sessions', undefined, signIn)).code).toBe('unauthenticated.sign-in');
  expect((await house.call('POST', '/v1/officers/niran/reset', manager)).code).toBe('conflict.inactive');
  await house.call('PATCH', '/v1/officers/niran', manager, { active: true });
  expect((await house.call('POST', '/v1/sessions', undefined, signIn)).code).toBe('unauthenticated.sign-in');
  const { body } = await house.call('POST', '/v1/officers/niran/reset', manager);
  expect((await house.call('POST', '/v1/sessions/one-time', undefined, { code: body['code'], password })).status).toBe(
    201,
  );
  expect((await house.call('POST', '/v1/officers', manager, officer)).code).toBe('conflict.exists');
});

test('changed roles count in the session that is already open', async () => {
  const manager = await house.enlist('malee', ['administrator']);
  const other = await house.enlist('niran', ['auditor']);
  expect((await house.call('GET', '/v1/access/changes', other)).status).toBe(200);
  await house.call('PATCH', '/v1/officers/niran', manager, { roles: ['analyst'] });
  expect((await house.call('GET', '/v1/access/changes', other)).code).toBe('forbidden.permission');
});

test('hostile ids are refused at the door and harm nothing behind it', async () => {
  const token = await house.enlist('malee', ['administrator']);
  const ids = [`x'; DROP TABLE access.officers; --`, '../../etc', 'A', 'ก', 'a'.repeat(64), '-a', '__proto__', ''];
  for (const id of ids) {
    const answers = [
      await house.call('POST', '/v1/officers', token, { ...officer, id }),
      await house.call('POST', '/v1/offices', token, { id, name: 'x', kind: 'fiu' }),
      await house.call('POST', '/v1/institutions', token, { ...bank, id }),
      await house.call('POST', '/v1/sessions', undefined, { officer: id, password }),
      await house.call('PATCH', `/v1/officers/${encodeURIComponent(id)}`, token, { active: false }),
    ];
    for (const { status } of answers) expect([400, 404, 414]).toContain(status);
    await expect(house.access.officers.reset(house.administrator, id)).rejects.toThrow('not-found.officer');
  }
  const more: [string, string, object?][] = [
    ['POST', '/v1/officers', { ...officer, roles: ['emperor'] }],
    ['POST', '/v1/officers', { ...officer, active: true }],
    ['POST', '/v1/officers', { ...officer, name: ' '.repeat(10) }],
    ['PATCH', '/v1/officers/malee', {}],
    ['GET', '/v1/officers?after=eyJ9'],
    ['GET', '/v1/officers?limit=100000'],
    ['GET', '/v1/approvals/not-a-uuid'],
    ['POST', '/v1/institutions', { ...bank, quota: { perSecond: 0, burst: -1 } }],
  ];
  for (const [method, url, body] of more) expect((await house.call(method, url, token, body)).status).toBe(400);
  const late = await house.call('POST', `/v1/institutions/river-bank/keys/${someId}/revocation`, token, {
    at: '2026-99-99T00:00:00.000Z',
  });
  expect(late).toMatchObject({ status: 400, code: 'malformed.instant' });
});

test('every administrative change is recorded with who made it, newest first, page by page, and without a secret', async () => {
  const token = await house.enlist('malee', ['administrator', 'auditor']);
  await house.call('POST', '/v1/offices', token, { id: 'fiu', name: 'FIU', kind: 'fiu' });
  await house.call('POST', '/v1/officers', token, { ...officer, office: 'fiu' });
  await house.call('PATCH', '/v1/officers/niran', token, { roles: ['liaison'] });
  await house.call('POST', '/v1/officers/niran/reset', token);
  await house.call('POST', '/v1/institutions', token, bank);
  const key = await house.call('POST', '/v1/institutions/river-bank/keys', token, {});
  await house.call('POST', `/v1/institutions/river-bank/keys/${String(key.body['id'])}/revocation`, token, {});
  type Change = { what: string; actor: string; subject: string };
  const seen: Change[] = [];
  let after = '';
  for (;;) {
    const { body } = await house.call('GET', `/v1/access/changes?limit=3${after}`, token);
    seen.push(...(body['changes'] as Change[]));
    if (body['next'] === undefined) break;
    after = `&after=${body['next'] as string}`;
  }
  expect(seen.map(({ what, subject }) => `${what} ${subject}`)).toEqual([
    'key.revoke river-bank',
    'key.issue river-bank',
    'institution.add river-bank',
    'officer.reset niran',
    'officer.change niran',
    'officer.add niran',
    'office.add fiu',
    'officer.add malee',
  ]);
  expect(seen[0]!.actor).toBe('officer:malee');
  expect(JSON.stringify(seen)).not.toMatch(/drum[sklc]_/);
  await expect(house.db.query('DELETE FROM access.changes')).rejects.toThrow('record of what happened');
});

test('an auditor finds what an officer or an office read, about whom and why, page by page', async () => {
  const { access, db } = house;
  const malee = await house.actor(await house.enlist('malee', ['analyst']));
  const niran = { ...(await house.actor(await house.enlist('niran', ['analyst']))), office: 'border-unit' };
  const phone = 'phone:+66812345678';
  const long = `url:https://example.com/${'x'.repeat(2200)}`;
  const read = (actor: typeof malee, subject: string): Promise<void> =>
    access.recordRead(db, actor, { what: 'registry.listing', subject, count: 1 });
  for (const subject of [phone, long, phone]) await read(malee, subject);
  await read({ ...niran, purpose: 'appeal' }, phone);
  const auditor = await house.enlist('somchai', ['auditor']);
  const found = async (query: Record<string, string>): Promise<unknown> => {
    const answer = await house.call('GET', `/v1/access/reads?${new URLSearchParams(query)}`, auditor);
    expect(answer).toMatchObject({ status: 200 });
    return (answer.body['reads'] as { number: number }[]).map(({ number }) => number);
  };
  expect(await found({ who: 'malee' })).toEqual([3, 2, 1]);
  expect(await found({ who: 'officer:niran' })).toEqual([4]);
  expect(await found({ who: 'national-centre' })).toEqual([3, 2, 1]);
  expect(await found({ about: phone })).toEqual([4, 3, 1]);
  expect(await found({ about: long })).toEqual([2]);
  expect(await found({ about: phone, purpose: 'appeal' })).toEqual([4]);
  expect(await found({ who: 'niran', about: long })).toEqual([]);
  const first = await house.call(
    'GET',
    `/v1/access/reads?${new URLSearchParams({ about: phone, limit: '2' })}`,
    auditor,
  );
  expect(first.body['reads']).toMatchObject([{ number: 4 }, { number: 3 }]);
  expect(await found({ about: phone, limit: '2', after: first.body['next'] as string })).toEqual([1]);
  expect((await house.call('GET', '/v1/access/reads?purpose=curiosity', auditor)).code).toBe('malformed.schema');
});

test('who read personal data, and why, is in the log before the answer, and stays as long as policy says', async () => {
  const { access, db, clock } = house;
  const analyst = await house.actor(await house.enlist('malee', ['analyst']));
  await access.recordRead(db, analyst, { what: 'registry.listings', subject: 'phone:+66812345678', count: 3 });
  const silent = { ...analyst, purpose: null };
  await expect(access.recordRead(db, silent, { what: 'x', subject: null, count: 1 })).rejects.toThrow(
    'forbidden.purpose',
  );
  const undone = db.tx(async (tx) => {
    await access.recordRead(tx, analyst, { what: 'rolled-back', subject: null, count: 1 });
    throw new Error('no');
  });
  await expect(undone).rejects.toThrow('no');
  const auditor = await house.enlist('somchai', ['auditor']);
  expect((await house.call('GET', '/v1/access/reads', auditor)).body).toEqual({
    reads: [
      {
        number: 1,
        at: '2026-01-01T00:00:00.000Z',
        actor: 'officer:malee',
        office: 'national-centre',
        purpose: 'operation',
        what: 'registry.listings',
        subject: 'phone:+66812345678',
        count: 3,
      },
    ],
  });
  await expect(db.query('UPDATE access.reads SET count = 0')).rejects.toThrow('record of what happened');
  clock.advance(43_800 * hourMs - dayMs);
  await house.clocks.run();
  expect(await db.query('SELECT 1 FROM access.reads')).toHaveLength(1);
  clock.advance(2 * dayMs);
  await house.clocks.run();
  expect(await db.query('SELECT 1 FROM access.reads')).toEqual([]);
  expect(house.errors).toEqual([]);
});
