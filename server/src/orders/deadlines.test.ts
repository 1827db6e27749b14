import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { hourMs, instantText, minuteMs } from '../kernel/clock.ts';
import { openTestOrders, type TestOrders } from './test-orders.ts';

let room: TestOrders;
beforeEach(async () => {
  room = await openTestOrders();
});
afterEach(() => room.close());

const events = () => room.told.map(({ event }) => (event.type === 'order' ? event.data.state : event.type));
const codes = () => room.findings.map(({ code, rank }) => [code, rank]);
const details = async (id: string): Promise<Record<string, unknown>> =>
  (await room.call('GET', `/v1/orders/${id}`, room.key('bank-a'))).body;

async function after(durationMs: number): Promise<void> {
  room.clock.advance(durationMs);
  await room.settle();
}

describe('a bank that never answers', () => {
  test('is reminded, then officers are alerted, and it can still answer', async () => {
    const order = await room.issue();
    await after(10 * minuteMs);
    expect(events()).toEqual(['issued', 'issued']);
    await after(10 * minuteMs);
    expect(events()).toHaveLength(3);
    expect(codes()).toEqual([]);
    await after(10 * minuteMs);
    expect(codes()).toEqual([['order.late', 1]]);
    expect(await details(order.id)).toMatchObject({
      reminders: 2,
      lateAt: instantText(room.clock.now()),
      order: { state: 'issued' },
    });
    expect(await room.counted('drum_orders_late_total')).toBe(1);
    const overdue = await room.call('GET', '/v1/orders?overdue=true', room.key('bank-a'));
    await after(1);
    expect(overdue.body).toEqual({ orders: [] });
    const orders = (await room.call('GET', '/v1/orders?overdue=true', room.key('bank-a'))).body['orders'];
    expect(orders).toMatchObject([{ id: order.id }]);
    expect((await room.answer(order.id, { outcome: 'placed' })).status).toBe(200);
    expect((await room.call('GET', '/v1/orders?overdue=true', room.key('bank-a'))).body).toEqual({ orders: [] });
  });

  test('is not reminded of what went by while the server was down, and is alerted about once', async () => {
    await room.issue({ kind: 'preserve-records', amount: undefined! });
    room.clock.advance(25 * minuteMs);
    await room.reopen();
    await room.settle();
    expect(events()).toEqual(['issued', 'issued']);
    await after(5 * minuteMs);
    await after(hourMs);
    expect(events()).toEqual(['issued', 'issued']);
    expect(codes()).toEqual([['order.late', 2]]);
  });

  test('hears no more of an order once it has answered', async () => {
    const order = await room.issue();
    await room.answer(order.id, { outcome: 'placed' });
    await after(hourMs);
    expect(events()).toEqual(['issued']);
    expect(codes()).toEqual([]);
  });
});

describe('the end of an order', () => {
  test('comes by itself in its time though the server was down, and the bank is asked to confirm', async () => {
    const order = await room.issue();
    await room.answer(order.id, { outcome: 'placed' });
    const untilMs = room.clock.now() + 72 * hourMs;
    room.clock.set(untilMs + 5 * hourMs);
    // Its clock has not been dealt with, and yet it binds nobody any more.
    expect((await room.answer(order.id, { outcome: 'gone' })).code).toBe('conflict.order-ended');
    await room.reopen();
    await room.settle();
    const ended = {
      why: 'expired',
      at: instantText(untilMs),
      confirmBy: instantText(room.clock.now() + 30 * minuteMs),
    };
    expect(room.told.at(-1)!.event).toMatchObject({ type: 'order', data: { state: 'ended', ended } });
    const { orders } = (await room.call('GET', '/v1/orders?waits=true', room.key('bank-a'))).body as {
      orders: unknown;
    };
    expect(orders).toMatchObject([{ id: order.id }]);
    await after(30 * minuteMs);
    expect(codes()).toEqual([['order.unconfirmed', 1]]);
  });

  test('is confirmed once, which the room that asked hears', async () => {
    const heard: string[] = [];
    room
      .orders()
      .onConfirmed('hold', async (_tx, { reference, ended }) => void heard.push(`${reference} ${ended?.why}`));
    const order = await room.issue();
    expect(await room.confirm(order.id)).toMatchObject({ status: 409, code: 'conflict.order-binds' });
    await room.end(order.id);
    const confirmed = await room.confirm(order.id);
    expect(confirmed.body).toMatchObject({ ended: { confirmedAt: instantText(room.clock.now()) } });
    room.clock.advance(minuteMs);
    expect((await room.confirm(order.id)).body).toEqual(confirmed.body);
    await after(hourMs);
    expect(heard).toEqual(['hold:1 released']);
    expect(codes()).toEqual([]);
    expect((await room.call('GET', '/v1/orders?waits=true', room.key('bank-a'))).body).toEqual({ orders: [] });
  });

  test('comes once, whoever says it first', async () => {
    const order = await room.issue();
    await room.end(order.id, 'seized');
    await room.end(order.id, 'released');
    await after(100 * hourMs);
    const { body } = await room.call('GET', `/v1/orders/${order.id}`, room.key('bank-a'));
    expect(body['order']).toMatchObject({ ended: { why: 'seized' } });
    expect((await room.said()).filter(([kind]) => kind === 'order-end')).toHaveLength(1);
  });

  test('of what was refused or gone asks nobody to confirm', async () => {
    const order = await room.issue();
    await room.answer(order.id, { outcome: 'refused', refusal: 'not-our-customer' });
    await room.end(order.id);
    await after(hourMs);
    expect(codes()).toEqual([['order.answered', 2]]);
    expect((await details(order.id))['order']).toMatchObject({ ended: { why: 'released' } });
  });

  test('moves with the order when it is extended', async () => {
    const order = await room.issue();
    const untilMs = room.clock.now() + 100 * hourMs;
    await room.db.tx((tx) => room.orders().change(tx, { office: 'national-centre' }, order.id, { untilMs }));
    await room.answer(order.id, { outcome: 'placed' });
    await after(99 * hourMs);
    expect((await details(order.id))['order']).toMatchObject({ state: 'placed', revision: 2 });
    await after(hourMs);
    expect((await details(order.id))['order']).toMatchObject({ state: 'ended' });
  });
});
