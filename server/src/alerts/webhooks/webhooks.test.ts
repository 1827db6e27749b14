import { afterEach, describe, expect, test } from 'vitest';
import type { WebhookEvent } from '@bronze-drum/protocol/webhooks';
import { hourMs } from '../../kernel/clock.ts';
import { alertEvent, openReceiver, openTestWebhooks, verify } from '../test-webhooks.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function openRoom(options?: Parameters<typeof openTestWebhooks>[0]) {
  const room = await openTestWebhooks(options);
  closing.push(room.close);
  return room;
}

const url = 'https://8.8.8.8/hooks';

const orderEvent = (): WebhookEvent => ({
  type: 'order',
  timestamp: '2026-01-01T00:00:00.000Z',
  data: {
    id: '00000000-0000-4000-8000-000000000001',
    revision: 1,
    kind: 'block-number',
    institution: 'bank-a',
    office: 'aoc',
    subject: 'phone:+66812345678',
    legalBasis: 'a law',
    form: 'a notice',
    safeHarbour: 'good faith',
    callBack: '1441',
    issuedAt: '2026-01-01T00:00:00.000Z',
    answerBy: '2026-01-01T00:30:00.000Z',
    state: 'issued',
    exhibits: [],
    signature: 'x'.repeat(86),
  },
});

describe('secrets', () => {
  test('a secret is shown once, and the database does not hold it', async () => {
    const room = await openRoom();
    const { id, secret } = await room.register(url);
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(await room.endpoint(id)).not.toHaveProperty('secret');
    const [row] = await room.db.query<{ text: string }>('SELECT e::text AS text FROM alerts.webhook_endpoints e');
    expect(row!.text).not.toContain(secret.slice(6));
    expect((await room.register(url)).secret).not.toBe(secret);
  });

  test('after a renewal both secrets sign for a day, then the new one alone', async () => {
    const room = await openRoom();
    const bank = await openReceiver();
    closing.push(bank.close);
    const { id, secret: old } = await room.register(bank.url);
    const { body } = await room.call('POST', `/${id}/secret`);
    const renewed = body['secret'] as string;
    expect(renewed).not.toBe(old);
    await room.say(alertEvent('one'));
    await expect.poll(() => bank.received).toHaveLength(1);
    expect(bank.received[0]!.headers['webhook-signature']!.split(' ')).toHaveLength(2);
    for (const secret of [old, renewed])
      expect(verify(secret, bank.received[0]!, room.clock.now())).toEqual(alertEvent('one'));
    // What is not written down as delivered when its time is over is sent again.
    await expect.poll(() => room.deliveries(id, 'delivered')).toHaveLength(1);
    room.clock.advance(24 * hourMs);
    await room.say(alertEvent('two'));
    await expect.poll(() => bank.received).toHaveLength(2);
    verify(renewed, bank.received[1]!, room.clock.now());
    expect(() => verify(old, bank.received[1]!, room.clock.now())).toThrow('No matching signature');
  });
});

describe('who may', () => {
  test('an institution sees and changes its own only: others’ do not exist for it', async () => {
    const room = await openRoom();
    const { id } = await room.register(url);
    expect((await room.call('GET', '?limit=10', undefined, 'bank-b')).body).toEqual({ webhooks: [] });
    for (const [method, path, body] of [
      ['PATCH', '', { description: 'mine' }],
      ['DELETE', '', undefined],
      ['POST', '/secret', undefined],
      ['POST', '/test', undefined],
      ['GET', '/deliveries', undefined],
      ['POST', '/replay', { since: '2026-01-01T00:00:00.000Z' }],
    ] as const) {
      expect((await room.call(method, `/${id}${path}`, body, 'bank-b')).code).toBe('not-found.webhook');
    }
    expect((await room.call('POST', '', { url, institution: 'bank-a' }, 'bank-b')).code).toBe('forbidden.institution');
    expect((await room.call('GET', '?institution=bank-a', undefined, 'bank-b')).code).toBe('forbidden.institution');
  });

  test('an administrator manages those of any institution, and other officers none', async () => {
    const room = await openRoom();
    const admin = await room.enlist('mali', ['administrator']);
    const analyst = await room.enlist('somchai', ['analyst']);
    expect((await room.call('POST', '', { url }, admin)).code).toBe('malformed.institution');
    expect((await room.call('POST', '', { url, institution: 'bank-z' }, admin)).code).toBe('not-found.institution');
    const { body } = await room.call('POST', '', { url, institution: 'bank-b' }, admin);
    expect(body['institution']).toBe('bank-b');
    await room.register(url);
    expect((await room.call('GET', '', undefined, admin)).body['webhooks']).toHaveLength(2);
    expect((await room.call('GET', '?institution=bank-b', undefined, admin)).body['webhooks']).toHaveLength(1);
    expect((await room.call('DELETE', `/${String(body['id'])}`, undefined, admin)).status).toBe(204);
    expect((await room.call('GET', '', undefined, analyst)).code).toBe('forbidden.permission');
    expect((await room.call('POST', '', { url, institution: 'bank-a' }, analyst)).code).toBe('forbidden.permission');
  });
});

describe('where to', () => {
  test.each([
    ['http://8.8.8.8/', 'scheme'],
    ['https://127.0.0.1/', 'private'],
    ['https://localhost/', 'private'],
    ['https://10.0.0.1/', 'private'],
    ['https://169.254.169.254/latest/meta-data', 'private'],
    ['https://[::1]/', 'private'],
    ['https://[::ffff:10.0.0.1]/', 'private'],
    ['https://0x7f000001/', 'private'],
    ['https://me:word@8.8.8.8/', 'credentials'],
    ['https://8.8.8.8/#x', 'fragment'],
    ['not an address', 'syntax'],
  ])('%s is refused: %s', async (address, why) => {
    const room = await openRoom({ mayReachPrivate: false });
    const { code, body } = await room.call('POST', '', { url: address });
    expect([code, body['params']]).toEqual(['webhooks.url', { why }]);
    const { id } = await room.register(url);
    expect((await room.call('PATCH', `/${id}`, { url: address })).code).toBe('webhooks.url');
  });

  test('on a machine of one’s own, clear text may stay on it and goes no further', async () => {
    const room = await openRoom({ mayReachPrivate: true });
    await room.register('http://127.0.0.1:4000/');
    expect((await room.call('POST', '', { url: 'http://10.0.0.1/' })).body['params']).toEqual({ why: 'private' });
    expect((await room.call('POST', '', { url: 'https://169.254.169.254/' })).code).toBe('webhooks.url');
  });

  test('an institution has ten addresses at the most, however many it asks for at once', async () => {
    const room = await openRoom();
    const answers = await Promise.all(Array.from({ length: 15 }, () => room.call('POST', '', { url })));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(10);
    expect(answers.find(({ status }) => status !== 201)!.code).toBe('conflict.too-many-webhooks');
    await room.register(url, {}, 'bank-b');
  });
});

test('an address is listed, changed, paused and removed', async () => {
  const room = await openRoom();
  const { id } = await room.register(url, { kinds: ['watch'], types: ['alert'], description: 'night shift' });
  expect(await room.endpoint(id)).toEqual({
    id,
    institution: 'bank-a',
    url,
    types: ['alert'],
    kinds: ['watch'],
    description: 'night shift',
    active: true,
    failures: 0,
    createdAt: '2026-01-01T00:00:00.000Z',
  });
  const changed = await room.call('PATCH', `/${id}`, { kinds: null, active: false, url: 'https://8.8.4.4/' });
  expect(changed.body).toMatchObject({ kinds: null, types: ['alert'], active: false, disabled: 'owner' });
  expect(changed.body['url']).toBe('https://8.8.4.4/');
  expect((await room.call('PATCH', `/${id}`, {})).status).toBe(400);
  expect((await room.call('DELETE', `/${id}`)).status).toBe(204);
  expect((await room.call('DELETE', `/${id}`)).code).toBe('not-found.webhook');
});

test('orders reach whoever asked for them, or for everything, whatever kinds of alerts they wish to hear of', async () => {
  const room = await openRoom();
  const ids: string[] = [];
  for (const wish of [{}, { kinds: ['watch'] }, { types: ['order'] }, { types: ['alert', 'digest'] }])
    ids.push((await room.register(url, wish)).id);
  await room.say(orderEvent());
  const types = await Promise.all(ids.map(async (id) => (await room.deliveries(id)).map(({ type }) => type)));
  expect(types).toEqual([['order'], ['order'], ['order'], []]);
});

test('lists of addresses and deliveries come in pages', async () => {
  const room = await openRoom();
  const { id } = await room.register(url);
  await room.call('PATCH', `/${id}`, { active: false });
  await room.db.query(
    `INSERT INTO alerts.webhook_deliveries (id, endpoint, type, payload, next_at, created_at)
     SELECT 'msg_' || n, $1, 'alert', '{}', $2, $2 FROM generate_series(1, 5) n`,
    [id, new Date(room.clock.now())],
  );
  const seen: unknown[] = [];
  let next = '';
  do {
    const { body } = await room.call('GET', `/${id}/deliveries?limit=2${next}`);
    seen.push(...(body['deliveries'] as { id: string }[]).map((one) => one.id));
    next = body['next'] === undefined ? '' : `&after=${body['next'] as string}`;
  } while (next !== '');
  expect(seen).toEqual(['msg_5', 'msg_4', 'msg_3', 'msg_2', 'msg_1']);
  for (let count = 0; count < 2; count += 1) await room.register(url);
  const first = await room.call('GET', '?limit=2');
  expect(first.body['webhooks']).toHaveLength(2);
  const second = await room.call('GET', `?limit=2&after=${String(first.body['next'])}`);
  expect(second.body['webhooks']).toHaveLength(1);
  expect((await room.call('GET', '?after=nonsense')).code).toBe('malformed.page');
  expect((await room.call('GET', `/${id}/deliveries?after=WyJ4Il0`)).code).toBe('malformed.page');
});

test('a test is sent at once, whatever the address asked for', async () => {
  const room = await openRoom();
  const bank = await openReceiver();
  closing.push(bank.close);
  const { id, secret } = await room.register(bank.url, { types: ['digest'] });
  const { status, body } = await room.call('POST', `/${id}/test`);
  expect([status, body['state']]).toEqual([202, 'waiting']);
  await expect.poll(() => bank.ids()).toEqual([body['id']]);
  expect(verify(secret, bank.received[0]!, room.clock.now())).toMatchObject({ type: 'test', data: {} });
});

test('everything since an instant is replayed under its old ids', async () => {
  const room = await openRoom();
  const bank = await openReceiver();
  closing.push(bank.close);
  const { id } = await room.register(bank.url);
  for (const name of ['one', 'two', 'three']) {
    await room.say(alertEvent(name));
    await expect.poll(() => bank.received.at(-1)?.body ?? '').toContain(name);
    room.clock.advance(hourMs);
  }
  const { body } = await room.call('POST', `/${id}/replay`, { since: '2026-01-01T00:30:00.000Z' });
  expect(body).toEqual({ replayed: 2, more: false, through: '2026-01-01T02:00:00.000Z' });
  await expect.poll(() => bank.ids()).toHaveLength(5);
  expect(bank.ids().slice(3)).toEqual(bank.ids().slice(1, 3));
  expect((await room.call('POST', `/${id}/replay`, {})).status).toBe(400);
});
