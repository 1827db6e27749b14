import { afterEach, beforeEach, expect, test } from 'vitest';
import { refusal } from '@bronze-drum/protocol/refusals';
import { Outage } from '../kernel/refusals.ts';
import type { Db } from '../platform/db.ts';
import { listed, someDay } from './test-listings.ts';
import { openTestScreening, type TestScreening } from './test-screening.ts';

let t: TestScreening;
beforeEach(async () => {
  t = await openTestScreening();
  t.clock.set(someDay);
});
afterEach(() => t.close());

const phone = 'phone:+66812345678';
const hitRows = async () => {
  await t.screening().caughtUp();
  await expect
    .poll(
      async () => (await t.telemetry.metrics.getSingleMetric('drum_screening_hits_waiting')!.get()).values[0]?.value,
    )
    .toBe(0);
  return t.db.query(
    'SELECT at, institution, key, advice, kind, matched, listing::text, members, discreet FROM screening.hits ORDER BY number',
  );
};

test('a bank asks about a number as it was written, and learns who lists it, why and until when', async () => {
  const row = listed(phone, { tier: 'court', typologies: ['mule-account', 'sim-box'] });
  await t.say(row);
  const { status, results } = await t.screen(t.bank, [
    { identifier: '081-234-5678', type: 'phone', country: 'TH' },
    '+66 91 234 5678',
  ]);
  expect(status).toBe(200);
  expect(results).toEqual([
    {
      identifier: phone,
      advice: 'block',
      tiers: ['court'],
      typologies: ['mule-account', 'sim-box'],
      members: ['th'],
      match: { kind: 'exact' },
      since: new Date(row.sinceMs).toISOString(),
      until: new Date(row.untilMs).toISOString(),
      reference: row.id,
    },
    { identifier: 'phone:+66912345678', advice: 'clear', tiers: [], typologies: [], members: [] },
  ]);
});

test('a listing is heard of as soon as the journal has it, and its withdrawal just so', async () => {
  const row = listed(phone);
  const advice = async () => (await t.screen(t.bank, [phone])).results[0];
  expect(await advice()).toMatchObject({ advice: 'clear' });
  await t.say(row);
  expect(await advice()).toMatchObject({ advice: 'hold', reference: row.id });
  await t.say({ ...row, revision: 2, tier: 'observed' });
  expect(await advice()).toMatchObject({ advice: 'watch' });
  await t.withdraw({ ...row, revision: 2 });
  expect(await advice()).toMatchObject({ advice: 'clear' });
});

test('a listing begins and ends by the clock alone', async () => {
  await t.say(listed(phone, { sinceMs: someDay + 1000, untilMs: someDay + 2000 }));
  const advice = async (atMs: number) => {
    t.clock.set(atMs);
    return (await t.screen(t.bank, [phone])).results.map((result) => ('advice' in result ? result.advice : result));
  };
  expect([await advice(someDay), await advice(someDay + 1000), await advice(someDay + 2000)]).toEqual([
    ['clear'],
    ['hold'],
    ['clear'],
  ]);
});

test('after a restart every answer is what it was', async () => {
  const keys = [phone, 'account:TH:014:1234567890', 'domain:example.com', 'ip:198.51.100.0/24'];
  await t.say(
    ...keys.map((key) => listed(key)),
    listed(phone, { member: 'th', revision: 2, tier: 'court' }),
    listed('email:a@example.org'),
  );
  await t.withdraw(listed('email:a@example.org'));
  const asked = [...keys, 'url:www.example.com/x', 'ip:198.51.100.77', 'email:a@example.org'];
  const before = await t.screen(t.bank, asked);
  await t.reopen();
  await t.screening().caughtUp();
  expect(await t.screen(t.bank, asked)).toEqual(before);
  expect(before.results.filter((result) => 'advice' in result && result.advice !== 'clear')).toHaveLength(6);
});

test('until every listing is in memory the answer is that there is none yet', async () => {
  const readable = Promise.withResolvers<void>();
  await t.reopen({ from: readable.promise });
  expect(t.screening().ready()).toBe(false);
  expect(await t.screen(t.bank, [phone])).toMatchObject({ status: 503, code: 'unavailable' });
  readable.resolve();
  await t.screening().caughtUp();
  expect(t.screening().ready()).toBe(true);
  expect(await t.screen(t.bank, [phone])).toMatchObject({ status: 200 });
});

test('a discreet listing is invisible to a bank, in every byte of the answer', async () => {
  const before = await t.post(t.bank, JSON.stringify({ identifiers: [phone, 'url:www.example.com/x'] }));
  await t.say(
    listed(phone, { tier: 'court', discreet: true }),
    listed('domain:example.com', { tier: 'court', discreet: true }),
  );
  expect(await t.post(t.bank, JSON.stringify({ identifiers: [phone, 'url:www.example.com/x'] }))).toEqual(before);
  expect(await hitRows()).toMatchObject([
    { institution: 'bank-a', key: phone, advice: 'clear', members: ['th'], discreet: true },
    {
      institution: 'bank-a',
      key: 'url:www.example.com/x',
      matched: 'domain:example.com',
      kind: 'domain',
      discreet: true,
    },
  ]);
});

test('an officer who may know sees a discreet listing, and the question is recorded with its purpose', async () => {
  await t.say(listed(phone, { tier: 'court', discreet: true }));
  const [analyst, liaison] = [await t.enlist('ann', ['analyst']), await t.enlist('leo', ['liaison'])];
  expect((await t.screen(analyst, [phone])).results).toMatchObject([{ advice: 'block', discreet: true }]);
  expect((await t.screen(liaison, [phone])).results).toMatchObject([{ advice: 'clear', members: [] }]);
  const headers = { authorization: `Bearer ${await t.enlist('aud', ['auditor'])}`, 'drum-purpose': 'audit' };
  const { reads } = await t.access.audit.reads(await t.access.authenticate({ headers }), { limit: 10 });
  expect(reads.filter(({ what }) => what === 'screening')).toMatchObject([
    { actor: 'officer:leo', purpose: 'alert', subject: phone, count: 1 },
    { actor: 'officer:ann', purpose: 'alert', subject: phone, count: 1 },
  ]);
  expect(await hitRows()).toEqual([]);
});

test('hits are written down with who asked and what was advised; what is clear is not', async () => {
  const row = listed('domain:example.com');
  await t.say(row);
  await t.screen(t.bank, ['https://www.example.com/a?x=\\N', phone]);
  expect(await hitRows()).toEqual([
    {
      at: new Date(someDay),
      institution: 'bank-a',
      key: 'url:www.example.com/a?x=%5CN',
      advice: 'challenge',
      kind: 'domain',
      matched: 'domain:example.com',
      listing: row.id,
      members: ['th'],
      discreet: false,
    },
  ]);
});

test('screening goes on while the database is down, and what it found is written once it is back', async () => {
  await t.say(listed(phone));
  let isDown = true;
  const flaky: Db = {
    ...t.db,
    tx: (work) => (isDown ? Promise.reject(new Outage('down', 1)) : t.db.tx(work)),
  };
  isDown = false;
  await t.reopen({ db: flaky });
  await t.screening().caughtUp();
  isDown = true;
  for (let n = 0; n < 3; n += 1) expect((await t.screen(t.bank, [phone])).results).toMatchObject([{ advice: 'hold' }]);
  isDown = false;
  expect(await hitRows()).toHaveLength(3);
});

test('hits are kept for as long as the policy says, and go with their day', async () => {
  await t.say(listed(phone, { untilMs: someDay + 400 * 86_400_000 }));
  await t.screen(t.bank, [phone]);
  await hitRows();
  t.clock.set(someDay + 100 * 86_400_000);
  await t.screen(t.bank, [phone]);
  expect(await hitRows()).toHaveLength(2);
  t.clock.set(someDay + (4380 / 24 + 2) * 86_400_000);
  await t.clocks.run();
  expect(t.errors).toEqual([]);
  expect(await hitRows()).toHaveLength(1);
});

test('an item that cannot be read is refused in its place, and the others are answered', async () => {
  await t.say(listed(phone));
  const long = 'x'.repeat(1_000_000);
  const items = [
    phone,
    7,
    null,
    [],
    {},
    { identifier: 5 },
    { identifier: phone, colour: 'red' },
    { identifier: phone, type: 'toString' },
    long,
    '',
    'constructor',
  ];
  const { status, results } = await t.screen(t.bank, items);
  expect(status).toBe(200);
  expect(results).toHaveLength(items.length);
  expect(results[0]).toMatchObject({ advice: 'hold' });
  for (const result of results.slice(1)) expect(result).toHaveProperty('refused');
  expect(results.slice(1, 8).every((result) => 'refused' in result && result.refused === 'malformed.item')).toBe(true);
  expect(results[8]).toEqual(refusal('identifier.too-long', { lengthMax: 4096 }));
});

test('a body of another shape is refused as a whole', async () => {
  const codes = new Map([
    ['{}', 'malformed.schema'],
    ['[]', 'malformed.schema'],
    ['null', 'malformed.schema'],
    ['7', 'malformed.schema'],
    ['{"identifiers":[]}', 'malformed.schema'],
    ['{"identifiers":"phone"}', 'malformed.schema'],
    ['{"identifiers":{"length":1}}', 'malformed.schema'],
    ['{"identifiers":["a"],"other":1}', 'malformed.schema'],
    ['{"identifiers":["a"]', 'malformed.json'],
    ['{"__proto__":{"identifiers":["a"]}}', 'malformed.json'],
    ['{"identifiers":[{"identifier":"a","__proto__":{"type":"phone"}}]}', 'malformed.json'],
    ['{"identifiers":["\\u0000"]}', 'malformed.nul'],
    [JSON.stringify({ identifiers: Array.from({ length: 10_001 }, () => 'a') }), 'too-large.batch'],
  ]);
  for (const [payload, code] of codes)
    expect([payload.slice(0, 60), (await t.post(t.bank, payload)).code]).toEqual([payload.slice(0, 60), code]);
});

test('ten thousand identifiers are answered in their order', async () => {
  await t.say(listed('phone:+66812340000'), listed('phone:+66812349999'));
  const asked = Array.from({ length: 10_000 }, (_, n) => `+6681234${String(n).padStart(4, '0')}`);
  const { status, results } = await t.screen(t.bank, asked);
  expect(status).toBe(200);
  expect(results.map((result) => ('identifier' in result ? result.identifier : ''))).toEqual(
    asked.map((text) => `phone:${text}`),
  );
  expect(results.filter((result) => 'advice' in result && result.advice === 'hold')).toHaveLength(2);
});

test('whoever may not screen is told so before the body is read', async () => {
  const payload = JSON.stringify({ identifiers: [phone] });
  expect(await t.post(undefined, payload)).toMatchObject({ status: 401, code: 'unauthenticated.missing' });
  expect(await t.post('nobody', `{"identifiers":"${'x'.repeat(20 * 1024 * 1024)}`)).toMatchObject({ status: 401 });
  const auditor = await t.enlist('aud', ['auditor']);
  expect(await t.post(auditor, payload)).toMatchObject({ status: 403, code: 'forbidden.permission' });
  expect(await t.post(t.bank, `{"identifiers":"${'x'.repeat(20 * 1024 * 1024)}`)).toMatchObject({
    status: 413,
    code: 'too-large.body',
  });
});

test('a bank that asks for more than its quota is told when to come again', async () => {
  t.clock.set(Date.UTC(2026, 0, 1));
  await t.access.institutions.add(t.administrator, {
    id: 'bank-b',
    name: 'Bank B',
    kind: 'bank',
    quota: { perSecond: 1, burst: 5 },
  });
  const { key } = await t.access.keys.issue(t.administrator, 'bank-b', {});
  expect(await t.screen(key, [phone, phone, phone])).toMatchObject({ status: 200 });
  expect(await t.screen(key, [phone, phone, phone])).toMatchObject({ status: 429, code: 'too-many.requests' });
  expect(await t.screen(t.bank, [phone])).toMatchObject({ status: 200 });
});
