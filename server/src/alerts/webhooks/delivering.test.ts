import { afterEach, expect, test } from 'vitest';
import { dayMs, hourMs, instantMs, minuteMs, secondMs } from '../../kernel/clock.ts';
import { alertEvent, openReceiver, openTestWebhooks, verify, type Received } from '../test-webhooks.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function openRoom(options?: Parameters<typeof openTestWebhooks>[0]) {
  const room = await openTestWebhooks(options);
  closing.push(room.close);
  return room;
}

async function openBank(...respond: Parameters<typeof openReceiver>) {
  const bank = await openReceiver(...respond);
  closing.push(bank.close);
  return bank;
}

const idOf = ({ body }: Received): string => (JSON.parse(body) as { data: { id: string } }).data.id;

test('an institution is told what concerns it, signed, once, and nobody else is', async () => {
  const room = await openRoom();
  const [bank, other] = [await openBank(), await openBank()];
  const { id, secret } = await room.register(bank.url);
  await room.register(other.url, {}, 'bank-b');
  await room.say(alertEvent('one'));
  await expect.poll(() => room.deliveries(id, 'delivered')).toHaveLength(1);
  expect(bank.received).toHaveLength(1);
  expect(verify(secret, bank.received[0]!, room.clock.now())).toEqual(alertEvent('one'));
  expect(bank.received[0]!.path).toBe('/hooks?from=drum');
  expect(bank.received[0]!.headers['content-type']).toBe('application/json');
  expect(other.received).toEqual([]);
  expect(await room.endpoint(id)).toMatchObject({ failures: 0, deliveredAt: '2026-01-01T00:00:00.000Z' });
});

test('what was rolled back is told to nobody', async () => {
  const room = await openRoom();
  const bank = await openBank();
  const { id } = await room.register(bank.url);
  const rolledBack = room.db.tx(async (tx) => {
    await room.enqueue(tx, 'bank-a', alertEvent('rolled back'));
    throw new Error('no');
  });
  await expect(rolledBack).rejects.toThrow('no');
  await room.say(alertEvent('kept'));
  await expect.poll(() => bank.received.map(idOf)).toEqual(['kept']);
  expect(await room.deliveries(id)).toHaveLength(1);
});

test('messages come in the order in which they were made', async () => {
  const room = await openRoom();
  const bank = await openBank();
  await room.register(bank.url);
  const names = Array.from({ length: 60 }, (_, index) => `alert-${index}`);
  for (const name of names) await room.say(alertEvent(name));
  await expect.poll(() => bank.received.map(idOf)).toEqual(names);
});

test('only what was asked for is sent', async () => {
  const room = await openRoom();
  const bank = await openBank();
  await room.register(`${bank.url}&only=watch`, { kinds: ['watch'] });
  await room.register(`${bank.url}&only=digest`, { types: ['digest'] });
  await room.say(alertEvent('one', 'watch'));
  await room.say(alertEvent('two', 'corroboration'));
  const { data } = alertEvent('three');
  const at = '2026-01-01T00:00:00.000Z';
  const alerts = [data as never];
  await room.say({ type: 'digest', timestamp: at, data: { from: at, to: at, alerts, more: 0 } });
  await expect
    .poll(() => bank.received.map(({ path, body }) => `${path.split('=').at(-1)} ${JSON.parse(body).type}`).toSorted())
    .toEqual(['digest digest', 'watch alert', 'watch digest']);
});

test('what fails is tried again with the same id, later and later, and signed anew each time', async () => {
  const room = await openRoom();
  const bank = await openBank((_received, response) => response.writeHead(500).end());
  const { id, secret } = await room.register(bank.url);
  await room.say(alertEvent('one'));
  await expect.poll(() => room.deliveries(id)).toMatchObject([{ state: 'waiting', attempts: 1, lastStatus: 500 }]);
  const [first] = await room.deliveries(id);
  const waitMs = instantMs(first!['nextAt'] as string) - room.clock.now();
  expect(waitMs).toBeGreaterThanOrEqual(4 * secondMs);
  expect(waitMs).toBeLessThanOrEqual(6 * secondMs);
  bank.answer(200);
  room.clock.advance(7 * secondMs);
  await expect.poll(() => room.deliveries(id)).toMatchObject([{ state: 'delivered', attempts: 2, lastStatus: 200 }]);
  expect(new Set(bank.ids()).size).toBe(1);
  const times = bank.received.map(({ headers }) => Number(headers['webhook-timestamp']));
  expect(times[1]! - times[0]!).toBe(7);
  verify(secret, bank.received[1]!, room.clock.now());
});

test('what failed ten times is given up, to be found and replayed', async () => {
  const room = await openRoom();
  const bank = await openBank((_received, response) => response.writeHead(500).end());
  const { id } = await room.register(bank.url);
  await room.say(alertEvent('one'));
  for (let attempts = 1; attempts <= 10; attempts += 1) {
    await expect.poll(async () => (await room.deliveries(id))[0]!['attempts']).toBe(attempts);
    room.clock.advance(17 * hourMs);
  }
  const [dead] = await room.deliveries(id, 'dead');
  expect(dead).toMatchObject({ attempts: 10, lastError: 'status' });
  bank.answer(200);
  const replayed = await room.call('POST', `/${id}/replay`, { deliveries: [dead!['id'], 'msg_unknown'] });
  expect(replayed.body).toMatchObject({ replayed: 1, more: false });
  await expect.poll(() => room.deliveries(id, 'delivered')).toHaveLength(1);
  expect(new Set(bank.ids()).size).toBe(1);
  expect(bank.received).toHaveLength(11);
});

test('a message that always fails does not keep the later ones', async () => {
  const room = await openRoom();
  const bank = await openBank((received, response) =>
    response.writeHead(idOf(received) === 'poison' ? 500 : 200).end(),
  );
  const { id } = await room.register(bank.url);
  for (const name of ['poison', 'two', 'three']) await room.say(alertEvent(name));
  await expect.poll(() => room.deliveries(id, 'delivered')).toHaveLength(2);
  expect(await room.deliveries(id, 'waiting')).toMatchObject([{ attempts: 1 }]);
});

test('a redirect is not followed', async () => {
  const room = await openRoom();
  const elsewhere = await openBank();
  const bank = await openBank((_received, response) => response.writeHead(302, { location: elsewhere.url }).end());
  const { id } = await room.register(bank.url);
  await room.say(alertEvent('one'));
  await expect.poll(() => room.deliveries(id)).toMatchObject([{ attempts: 1, lastStatus: 302, lastError: 'redirect' }]);
  expect(elsewhere.received).toEqual([]);
});

test('an address that answers 410 is not called any more, until its owner activates it', async () => {
  const room = await openRoom();
  const bank = await openBank((_received, response) => response.writeHead(410).end());
  const { id } = await room.register(bank.url);
  await room.say(alertEvent('one'));
  await expect.poll(() => room.endpoint(id)).toMatchObject({ active: false, disabled: 'gone' });
  expect(await room.deliveries(id, 'dead')).toMatchObject([{ lastError: 'gone', lastStatus: 410 }]);
  await room.say(alertEvent('unheard'));
  expect((await room.call('POST', `/${id}/test`)).code).toBe('conflict.disabled');
  bank.answer(200);
  expect((await room.call('PATCH', `/${id}`, { active: true })).body).toMatchObject({ active: true, failures: 0 });
  await room.say(alertEvent('two'));
  await expect.poll(() => bank.received.map(idOf)).toEqual(['one', 'two']);
});

test('who answers 429 is left alone for as long as it asks, with everything that waits', async () => {
  const room = await openRoom();
  const bank = await openBank((_received, response) => response.writeHead(429, { 'retry-after': '600' }).end());
  const { id } = await room.register(bank.url);
  await room.say(alertEvent('one'));
  await expect.poll(() => room.deliveries(id)).toMatchObject([{ attempts: 1, lastStatus: 429 }]);
  bank.answer(200);
  await room.say(alertEvent('two'));
  room.clock.advance(9 * minuteMs);
  await room.say(alertEvent('three'));
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(bank.received).toHaveLength(1);
  room.clock.advance(2 * minuteMs);
  await expect.poll(() => room.deliveries(id, 'delivered')).toHaveLength(3);
});

test('an address where nobody answers does not hold up the others', async () => {
  const room = await openRoom();
  const bank = await openBank();
  for (let count = 0; count < 9; count += 1) await room.register('http://127.0.0.1:1/', {}, 'wallet-c');
  const { id } = await room.register(bank.url);
  for (let count = 0; count < 20; count += 1) {
    await room.say(alertEvent(`w${count}`), 'wallet-c');
    await room.say(alertEvent(`a${count}`));
  }
  await expect.poll(() => room.deliveries(id, 'delivered')).toHaveLength(20);
});

test('an answer that never comes is a failure after ten seconds, and one that never ends is none', async () => {
  const room = await openRoom();
  const endless = await openBank((_received, response) => {
    response.writeHead(200);
    const more = setInterval(() => response.write('x'.repeat(16_384)), 1);
    response.on('close', () => clearInterval(more));
  });
  const hanging = await openBank(() => undefined);
  const [a, b] = [await room.register(endless.url), await room.register(hanging.url)];
  await room.say(alertEvent('one'));
  await expect.poll(() => room.deliveries(a.id)).toMatchObject([{ state: 'delivered' }]);
  await expect
    .poll(() => room.deliveries(b.id))
    .toMatchObject([{ state: 'waiting', attempts: 1, lastError: 'timeout' }]);
});

test('an endpoint that nothing reached for five days is given up, and its owner can activate it', async () => {
  const room = await openRoom();
  const bank = await openBank((_received, response) => response.writeHead(503).end());
  const { id } = await room.register(bank.url);
  await room.db.query('UPDATE alerts.webhook_endpoints SET failures = 20, failing_since = $1', [
    new Date(room.clock.now() - 5 * dayMs),
  ]);
  await room.say(alertEvent('one'));
  await room.say(alertEvent('two'));
  await expect.poll(() => room.endpoint(id)).toMatchObject({ active: false, disabled: 'failing', failures: 21 });
  bank.answer(200);
  await room.call('PATCH', `/${id}`, { active: true });
  await expect.poll(() => room.deliveries(id, 'delivered')).toHaveLength(2);
});

test('a server that is stopped in the middle of a delivery sends it again', async () => {
  const room = await openRoom();
  const bank = await openBank(() => undefined);
  const { id } = await room.register(bank.url);
  await room.say(alertEvent('one'));
  await expect.poll(() => bank.received).toHaveLength(1);
  const began = performance.now();
  bank.answer(200);
  await room.reopen();
  expect(performance.now() - began).toBeLessThan(5000);
  await expect.poll(() => room.deliveries(id)).toMatchObject([{ state: 'delivered', attempts: 1 }]);
  expect(new Set(bank.ids()).size).toBe(1);
});

test('what a server was killed over is sent by the next one, once the lease is over', async () => {
  const room = await openRoom();
  const bank = await openBank();
  const { id } = await room.register(bank.url);
  await room.db.query('UPDATE alerts.webhook_endpoints SET lease = gen_random_uuid(), leased_until = $1', [
    new Date(room.clock.now() + 20 * secondMs),
  ]);
  await room.say(alertEvent('one'));
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(bank.received).toEqual([]);
  room.clock.advance(20 * secondMs);
  await expect.poll(() => room.deliveries(id, 'delivered')).toHaveLength(1);
});

test('an institution that is no longer active is told nothing until it is again', async () => {
  const room = await openRoom();
  const bank = await openBank();
  await room.register(bank.url);
  const { institutions } = room.access;
  await institutions.change(room.administrator, 'bank-a', { active: false });
  await room.say(alertEvent('one'));
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(bank.received).toEqual([]);
  await institutions.change(room.administrator, 'bank-a', { active: true });
  await expect.poll(() => bank.received).toHaveLength(1);
});

test('a message whose name leads into a private network at the moment of sending is not sent', async () => {
  const room = await openRoom({ mayReachPrivate: false });
  const bank = await openBank();
  const { id } = await room.register('https://8.8.8.8/');
  await room.db.query('UPDATE alerts.webhook_endpoints SET url = $1', [bank.url.replace('http', 'https')]);
  await room.say(alertEvent('one'));
  await expect.poll(() => room.deliveries(id)).toMatchObject([{ attempts: 1, lastError: 'address' }]);
  expect(bank.received).toEqual([]);
});

test('no more wait than may: the oldest are given up', async () => {
  const room = await openRoom();
  const bank = await openBank((_received, response) => response.writeHead(503, { 'retry-after': '3600' }).end());
  const { id } = await room.register(bank.url);
  await room.db.query(
    `INSERT INTO alerts.webhook_deliveries (id, endpoint, type, payload, next_at, created_at)
     SELECT 'msg_' || n, $1, 'alert', '{}', $2, $2 FROM generate_series(1, 100050) n`,
    [id, new Date(room.clock.now() + dayMs)],
  );
  await room.reopen();
  await expect.poll(() => room.deliveries(id, 'dead')).toHaveLength(50);
  const dead = await room.deliveries(id, 'dead');
  expect(dead.at(-1)).toMatchObject({ id: 'msg_1', lastError: 'overflow' });
  expect(dead[0]).toMatchObject({ id: 'msg_50' });
});

test('what was delivered is kept for a week, what was given up for a month', async () => {
  const room = await openRoom();
  const bank = await openBank();
  const { id } = await room.register(bank.url);
  const add = (name: string, state: string, days: number) =>
    room.db.query(
      `INSERT INTO alerts.webhook_deliveries (id, endpoint, type, payload, state, next_at, created_at, ended_at)
       VALUES ($1, $2, 'alert', '{}', $3, $4, $4, $4)`,
      [name, id, state, new Date(room.clock.now() - days * dayMs)],
    );
  await add('old', 'delivered', 8);
  await add('fresh', 'delivered', 6);
  await add('very old', 'dead', 31);
  await add('dead', 'dead', 29);
  await room.reopen();
  await expect
    .poll(async () => (await room.deliveries(id)).map((one) => String(one['id'])).toSorted())
    .toEqual(['dead', 'fresh']);
});
