import { afterEach, beforeEach, expect, test } from 'vitest';
import type { InstitutionActor } from '../kernel/actor.ts';
import { dayMs, hourMs, instantText, secondMs } from '../kernel/clock.ts';
import { openTestAccess, type TestAccess } from './test-access.ts';

let house: TestAccess;
let token: string;
beforeEach(async () => {
  house = await openTestAccess();
  token = await house.enlist('malee', ['administrator']);
  await house.call('POST', '/v1/institutions', token, {
    id: 'river-bank',
    name: 'River Bank',
    kind: 'bank',
    quota: { perSecond: 10, burst: 100 },
  });
});
afterEach(() => house.close());

const issue = async (body: object = {}) => {
  const { body: issued } = await house.call('POST', '/v1/institutions/river-bank/keys', token, body);
  return issued as { id: string; key: string; expiresAt: string };
};
const revoke = (id: string, at?: number) =>
  house.call(
    'POST',
    `/v1/institutions/river-bank/keys/${id}/revocation`,
    token,
    at === undefined ? {} : { at: instantText(at) },
  );
const enter = async (key: string) => house.access.authenticate({ headers: { authorization: `Bearer ${key}` } });
const refusalOf = (key: string): Promise<unknown> =>
  enter(key).then(
    () => null,
    (error: { refusal: { refused: string } }) => error.refusal.refused,
  );

test('a key is its institution, looked up once and then known without waiting', async () => {
  const { key } = await issue();
  expect(await enter(key)).toMatchObject({ kind: 'institution', institution: 'river-bank' });
  const actor = house.access.authenticate({ headers: { authorization: `Bearer ${key}` } }) as InstitutionActor;
  expect(actor.institution).toBe('river-bank');
  expect([...actor.permissions]).toContain('screening.screen');
});

test('many calls that come at once with a new key are one question to the database', async () => {
  const { key } = await issue();
  const actors = await Promise.all(Array.from({ length: 50 }, () => enter(key)));
  expect(new Set(actors).size).toBe(1);
});

test('a revoked key is refused at once, although it was known a moment before', async () => {
  const { id, key } = await issue();
  await enter(key);
  expect((await revoke(id)).body).toMatchObject({ state: 'revoked' });
  expect(await refusalOf(key)).toBe('unauthenticated.revoked');
  expect((await revoke(id)).code).toBe('conflict.revoked');
});

test('a key revoked while it is being looked up does not stay known', async () => {
  const { id, key } = await issue();
  const slow = enter(key);
  await house.access.keys.revoke(await house.actor(token), 'river-bank', id, {});
  await slow.catch(() => undefined);
  expect(await refusalOf(key)).toBe('unauthenticated.revoked');
});

test('a key is replaced without a gap: the old one works until its time, the new one from the start', async () => {
  const old = await issue();
  await enter(old.key);
  const fresh = await issue();
  await revoke(old.id, house.clock.now() + 24 * hourMs);
  expect(await refusalOf(old.key)).toBeNull();
  expect(await refusalOf(fresh.key)).toBeNull();
  house.clock.advance(24 * hourMs - 5 * secondMs);
  expect(await refusalOf(old.key)).toBeNull();
  house.clock.advance(5 * secondMs);
  expect(await refusalOf(old.key)).toBe('unauthenticated.revoked');
  expect(await refusalOf(fresh.key)).toBeNull();
});

test('a revocation by another process is heeded within ten seconds', async () => {
  const { key } = await issue();
  await enter(key);
  await house.db.query('UPDATE access.keys SET revoked_at = $1', [new Date(house.clock.now())]);
  expect(await refusalOf(key)).toBeNull();
  house.clock.advance(10 * secondMs);
  expect(await refusalOf(key)).toBe('unauthenticated.revoked');
});

test('a key in steady use is looked up again behind the answers', async () => {
  const { key } = await issue();
  await enter(key);
  const headers = { authorization: `Bearer ${key}` };
  for (let seconds = 0; seconds < 60; seconds += 3) {
    house.clock.advance(3 * secondMs);
    expect(house.access.authenticate({ headers })).not.toBeInstanceOf(Promise);
    // What refreshes it goes to the database and back.
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
});

test('a key expires by itself', async () => {
  const { key, expiresAt } = await issue({ expiresInDays: 1 });
  expect(expiresAt).toBe('2026-01-02T00:00:00.000Z');
  house.clock.advance(dayMs);
  expect(await refusalOf(key)).toBe('unauthenticated.expired');
});

test('while an institution is inactive none of its keys opens anything', async () => {
  const { key } = await issue();
  await enter(key);
  await house.call('PATCH', '/v1/institutions/river-bank', token, { active: false });
  expect(await refusalOf(key)).toBe('unauthenticated.revoked');
  await house.call('PATCH', '/v1/institutions/river-bank', token, { active: true });
  expect(await refusalOf(key)).toBeNull();
});

test('an institution has its own quota, which a change meets at once', async () => {
  const { key } = await issue();
  const actor = await enter(key);
  house.access.takeQuota(actor, 100);
  expect(() => house.access.takeQuota(actor, 1)).toThrow('too-many.requests');
  house.clock.advance(secondMs);
  house.access.takeQuota(actor, 10);
  await house.call('PATCH', '/v1/institutions/river-bank', token, { quota: { perSecond: 1000, burst: 5000 } });
  const again = await enter(key);
  house.clock.advance(secondMs);
  house.access.takeQuota(again, 900);
});

test('when a key was last used is written down in the end, and its secret never', async () => {
  const { id, key } = await issue();
  house.clock.advance(hourMs);
  await enter(key);
  await house.access.close();
  const { body } = await house.call('GET', '/v1/institutions/river-bank/keys', await house.access.localKey());
  expect(body).toEqual({
    keys: [expect.objectContaining({ id, usedAt: '2026-01-01T01:00:00.000Z', state: 'active' })],
  });
  const stored = await house.db.query(
    'SELECT k::text FROM access.keys k UNION ALL SELECT c::text FROM access.changes c',
  );
  expect(JSON.stringify(stored)).not.toContain(key);
});

test('an institution has at most twenty keys that open', async () => {
  for (let count = 0; count < 20; count += 1) expect((await issue()).key).toMatch(/^drumk_/);
  const refused = await house.call('POST', '/v1/institutions/river-bank/keys', token, {});
  expect(refused).toMatchObject({ status: 409, code: 'conflict.too-many-keys' });
});

test('a key of one institution cannot be revoked under the name of another', async () => {
  const { id, key } = await issue();
  const quota = { perSecond: 1, burst: 1 };
  await house.call('POST', '/v1/institutions', token, { id: 'other-bank', name: 'Other', kind: 'bank', quota });
  const wrong = await house.call('POST', `/v1/institutions/other-bank/keys/${id}/revocation`, token, {});
  expect(wrong).toMatchObject({ status: 404, code: 'not-found.key' });
  expect(await refusalOf(key)).toBeNull();
});
