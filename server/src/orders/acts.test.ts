import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { password } from '../access/test-access.ts';
import { hourMs, instantText } from '../kernel/clock.ts';
import { account, openTestOrders, phone, type TestOrders } from './test-orders.ts';

let room: TestOrders;
let duty: string;
beforeEach(async () => {
  room = await openTestOrders();
  duty = await room.enlist('duty', ['duty-officer']);
});
afterEach(() => room.close());

const post = (path: string, token: string, body: object) => room.call('POST', `/v1/orders${path}`, token, body);
const until = (): string => instantText(room.clock.now() + 240 * hourMs);
const stepUp = async (token: string): Promise<unknown> =>
  room.call('POST', '/v1/sessions/step-up', token, { password });

describe('an officer', () => {
  test('has a number blocked by the operator that serves it, and ends the block again', async () => {
    const { status, body } = await post('', duty, { kind: 'block-number', subject: '+66 81 234 5678', until: until() });
    expect(status).toBe(201);
    const order = body['order'] as { id: string };
    expect(order).toMatchObject({ institution: 'telco-c', subject: phone, office: 'national-centre', state: 'issued' });
    expect(room.told).toMatchObject([{ institution: 'telco-c' }]);
    const ended = await post(`/${order.id}/withdraw`, duty, { grounds: 'the wrong number' });
    expect(ended.body).toMatchObject({ state: 'ended', ended: { why: 'withdrawn' } });
    expect((await post(`/${order.id}/withdraw`, duty, { grounds: 'again' })).code).toBe('conflict.order-ended');
    const seen = await room.call('GET', `/v1/orders/${order.id}`, room.key('telco-c'));
    expect(JSON.stringify(seen.body)).not.toContain('wrong number');
    expect(JSON.stringify(seen.body)).not.toContain('officer:duty');
    const own = await room.call('GET', `/v1/orders/${order.id}`, duty);
    expect(own.body).toMatchObject({
      reference: 'hand:duty',
      history: [
        { what: 'issued', actor: 'officer:duty' },
        { what: 'ended', details: { grounds: 'the wrong number' } },
      ],
    });
  });

  test('cannot hold money here, nor end what another room ordered', async () => {
    const hold = { kind: 'hold-amount', subject: account, amount: { value: '1', currency: 'THB' }, until: until() };
    expect((await post('', duty, hold)).code).toBe('malformed.schema');
    room.orders().onOutcome('hold', async () => undefined);
    const { id } = await room.issue();
    expect((await post(`/${id}/withdraw`, duty, { grounds: 'x' })).code).toBe('conflict.order-of-room');
  });

  test('hears at once what would be refused later', async () => {
    const code = async (order: object): Promise<unknown> => (await post('', duty, order)).code;
    expect(await code({ kind: 'block-number', subject: phone })).toBe('orders.until-needed');
    expect(await code({ kind: 'block-number', subject: phone, until: '2025-01-01T00:00:00.000Z' })).toBe(
      'orders.until-past',
    );
    expect(await code({ kind: 'block-number', subject: phone, until: '2025-13-01T00:00:00.000Z' })).toBe(
      'malformed.instant',
    );
    expect(await code({ kind: 'block-number', subject: account, until: until() })).toBe('orders.subject');
    expect(await code({ kind: 'report-onward', subject: 'account:KH:ABCDKHPP:001234567' })).toBe('orders.no-keeper');
    expect(await code({ kind: 'report-onward', subject: account, institution: 'bank-z' })).toBe(
      'not-found.institution',
    );
    const analyst = await room.enlist('ana', ['analyst']);
    expect((await post('', analyst, { kind: 'report-onward', subject: account })).status).toBe(403);
    expect((await post('', room.key('bank-a'), { kind: 'report-onward', subject: account })).status).toBe(403);
  });

  test('reads orders with a purpose, which is recorded', async () => {
    await room.issue();
    const without = await room.call('GET', '/v1/orders', duty, undefined, { 'drum-purpose': '' });
    expect(without.status).toBeGreaterThanOrEqual(400);
    const { body } = await room.call('GET', `/v1/orders?subject=${encodeURIComponent(account)}`, duty);
    expect(body['orders']).toHaveLength(1);
    const auditor = await room.actor(await room.enlist('aud', ['auditor']));
    const { reads } = await room.access.audit.reads(auditor, { limit: 10 });
    expect(reads).toMatchObject([{ actor: 'officer:duty', what: 'orders', subject: account, count: 1 }]);
  });

  test('pages through all orders without missing or repeating one', async () => {
    const ids = new Set<string>();
    for (let count = 0; count < 7; count += 1) {
      ids.add((await room.issue()).id);
      if (count % 3 === 0) room.clock.advance(1);
    }
    const seen: string[] = [];
    let after = '';
    do {
      const { body } = await room.call('GET', `/v1/orders?limit=2&kind=hold-amount${after}`, duty);
      seen.push(...(body['orders'] as { id: string }[]).map(({ id }) => id));
      after = body['next'] === undefined ? '' : `&after=${body['next'] as string}`;
    } while (after !== '');
    expect([...seen].sort()).toEqual([...ids].sort());
    expect((await room.call('GET', '/v1/orders?after=eA', duty)).code).toBe('malformed.page');
  });
});

describe('to learn who holds an account', () => {
  const identify = { kind: 'identify-holder', subject: account };

  test('takes the password anew and a second person, and only then the bank is told', async () => {
    const supervisor = await room.enlist('sup', ['supervisor']);
    room.clock.advance(hourMs / 2);
    expect((await post('', duty, identify)).code).toBe('forbidden.step-up');
    await stepUp(duty);
    const { body } = await post('', duty, identify);
    expect(body).toEqual({ proposal: expect.any(String) as string });
    expect(room.told).toEqual([]);
    await stepUp(supervisor);
    const decided = await room.call('POST', `/v1/approvals/${body['proposal'] as string}/decision`, supervisor, {
      approve: true,
    });
    expect(decided.status).toBe(200);
    expect(room.told).toMatchObject([{ institution: 'bank-a', event: { data: { kind: 'identify-holder' } } }]);
    const { orders } = (await room.call('GET', '/v1/orders', duty)).body as { orders: { id: string }[] };
    const { history } = (await room.call('GET', `/v1/orders/${orders[0]!.id}`, duty)).body;
    expect(history).toMatchObject([
      { what: 'issued', actor: 'officer:duty' },
      { what: 'approved', actor: 'officer:sup' },
    ]);
  });

  test('where one officer is alone it is done and reviewed, and a review that fails ends the order', async () => {
    const { body } = await post('', duty, identify);
    expect(body).toMatchObject({ order: { state: 'issued' }, review: expect.any(String) as string });
    room.clock.advance(72 * hourMs);
    await room.settle();
    const { id } = body['order'] as { id: string };
    const { order } = (await room.call('GET', `/v1/orders/${id}`, room.key('bank-a'))).body;
    expect(order).toMatchObject({ state: 'ended', ended: { why: 'withdrawn' } });
  });
});
