import { Compile } from 'typebox/compile';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Order, orderText, type OrderOutcome } from '@bronze-drum/protocol/orders';
import { statementKinds } from '@bronze-drum/protocol/statements/kinds';
import { hourMs, instantText, minuteMs } from '../kernel/clock.ts';
import { Refused } from '../kernel/refusals.ts';
import { verifyEd25519 } from '../platform/signer.ts';
import { account, by, openTestOrders, phone, type TestOrders } from './test-orders.ts';

let room: TestOrders;
beforeEach(async () => {
  room = await openTestOrders();
});
afterEach(() => room.close());

const isOrder = Compile(Order);
const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    (error: unknown) => (error instanceof Refused ? error.refusal.refused : String(error)),
  );
const codes = () => room.findings.map(({ code, rank, subject }) => [code, rank, subject]);

describe('an order', () => {
  test('is signed by its office, names law, form and call-back, and reaches the institution by webhook once it commits', async () => {
    const order = await room.issue({
      payment: {
        from: 'account:TH:902:1',
        to: account,
        amount: { value: '1', currency: 'THB' },
        at: '2026-01-01T00:00:00.000Z',
      },
      leave: { value: '500000', currency: 'THB' },
      text: { language: 'th', text: 'โปรดระงับ' },
      exhibits: ['00000000-0000-4000-8000-000000000001'],
    });
    expect(isOrder.Check(order)).toBe(true);
    expect(order).toMatchObject({
      state: 'issued',
      office: 'national-centre',
      callBack: '1441 (AOC), day and night',
      form: 'Notice to suspend a transaction',
      answerBy: instantText(room.clock.now() + 30 * minuteMs),
    });
    const { body } = await room.call('GET', '/v1/orders/keys', room.key('bank-b'));
    const [key] = body['keys'] as { office: string; publicKey: string }[];
    const bytes = Buffer.from(key!.publicKey, 'base64url');
    expect(verifyEd25519(bytes, Buffer.from(orderText(order)), Buffer.from(order.signature, 'base64url'))).toBe(true);
    expect(room.told).toEqual([
      { institution: 'bank-a', event: { type: 'order', timestamp: instantText(room.clock.now()), data: order } },
    ]);
    expect(await room.counted('drum_orders_issued_total', { kind: 'hold-amount' })).toBe(1);
  });

  test('goes to whoever serves the longest beginning of the key, and to nobody else', async () => {
    const { orders } = room;
    expect(orders().keeperOf(account)).toBe('bank-a');
    expect(orders().keeperOf('account:TH:901:9912345678')).toBe('bank-b');
    expect(orders().keeperOf('account:KH:ABCDKHPP:001234567')).toBeUndefined();
    expect(await codeOf(room.issue({ institution: 'bank-b' }))).toBe('orders.not-the-keeper');
    expect(await codeOf(room.issue({ institution: 'bank-z' }))).toBe('not-found.institution');
    const preserved = await room.issue({ kind: 'preserve-records', institution: 'bank-b', amount: undefined! });
    expect(preserved.institution).toBe('bank-b');
    await room.access.institutions.change(room.administrator, 'bank-a', { active: false });
    expect(await codeOf(room.issue())).toBe('not-found.institution');
    expect(orders().keeperOf(account)).toBeUndefined();
  });

  test.each([
    ['orders.amount-needed', { amount: undefined! }],
    ['orders.until-needed', { untilMs: undefined! }],
    ['orders.until-past', { untilMs: 0 }],
    ['orders.until-past', { untilMs: Number.NaN }],
    ['orders.currency', { leave: { value: '1', currency: 'USD' } }],
    ['orders.subject', { subject: phone }],
    ['orders.subject-unreadable', { subject: 'account:TH:901:12\u0000' }],
    ['malformed.text', { text: { language: 'en', text: 'half \ud800' } }],
  ] as const)('is refused with %s when it makes no sense', async (code, change) => {
    expect(await codeOf(room.issue(change))).toBe(code);
  });

  test('that is changed stands in a new revision, signed anew and to be answered anew', async () => {
    const order = await room.issue();
    await room.answer(order.id, { outcome: 'placed' });
    room.clock.advance(hourMs);
    const untilMs = room.clock.now() + 168 * hourMs;
    const change = { amount: { value: '9000000', currency: 'THB' }, untilMs };
    const changed = await room.db.tx((tx) => room.orders().change(tx, by, order.id, change));
    expect(changed).toMatchObject({ revision: 2, state: 'issued', amount: { value: '9000000' }, reference: 'hold:1' });
    expect(changed.signature).not.toBe(order.signature);
    expect(await room.db.tx((tx) => room.orders().change(tx, by, order.id, change))).toEqual(changed);
    expect(await room.answer(order.id, { outcome: 'placed', revision: 1 })).toMatchObject({
      status: 409,
      code: 'conflict.order-revision',
    });
    expect((await room.answer(order.id, { outcome: 'placed', revision: 2 })).body).toMatchObject({ state: 'placed' });
    await room.end(order.id);
    expect(await codeOf(room.db.tx((tx) => room.orders().change(tx, by, order.id, change)))).toBe(
      'conflict.order-ended',
    );
  });

  test('and all that becomes of it is in the nation’s own record, by the published schemas', async () => {
    const order = await room.issue();
    await room.answer(order.id, { outcome: 'partly', held: '11000000', gone: '4000000' });
    await room.end(order.id);
    await room.confirm(order.id);
    const said = await room.said();
    expect(said.map(([kind]) => kind)).toEqual(['order', 'order-outcome', 'order-end', 'order-end']);
    for (const [kind, body] of said) expect(Compile(statementKinds[kind as 'order'].body).Check(body), kind).toBe(true);
  });

  test('is not told of a transaction that fails', async () => {
    await expect(
      room.db.tx(async (tx) => {
        await room.orders().issue(tx, by, {
          kind: 'report-onward',
          institution: 'bank-a',
          subject: account,
          reference: 'trace:1',
        });
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    expect((await room.call('GET', '/v1/orders', room.key('bank-a'))).body).toEqual({ orders: [] });
    expect(room.published).toEqual([]);
  });
});

describe('an answer', () => {
  test('is heard by the room that asked, in the transaction that keeps it', async () => {
    const heard: [string, OrderOutcome][] = [];
    room.orders().onOutcome('hold', async (_tx, { reference, state }, outcome) => {
      if (outcome.reference === 'fail') throw new Error('no');
      heard.push([`${reference} ${state}`, outcome]);
    });
    const order = await room.issue();
    const other = await room.issue({ reference: 'other:1' });
    expect((await room.answer(order.id, { outcome: 'placed', reference: 'fail' })).status).toBe(500);
    expect((await room.call('GET', `/v1/orders/${order.id}`, room.key('bank-a'))).body['order']).toMatchObject({
      state: 'issued',
    });
    await room.answer(other.id, { outcome: 'placed' });
    await room.answer(order.id, { outcome: 'placed' });
    expect(heard).toEqual([['hold:1 placed', { outcome: 'placed', held: '15000000', gone: '0' }]]);
  });

  test('that comes again is acknowledged again and counts once; a later one stands', async () => {
    const heard: string[] = [];
    room.orders().onOutcome('hold', async (_tx, _order, { held }) => void heard.push(held!));
    const order = await room.issue();
    const partly = { outcome: 'partly', held: '11000000' };
    const first = await room.answer(order.id, partly);
    expect([first.status, (await room.answer(order.id, partly)).body]).toEqual([200, first.body]);
    await room.answer(order.id, { outcome: 'placed' });
    expect(heard).toEqual(['11000000', '15000000']);
    await room.end(order.id);
    expect((await room.answer(order.id, { outcome: 'placed', held: '15000000' })).body).toMatchObject({
      state: 'ended',
    });
    expect((await room.answer(order.id, partly)).code).toBe('conflict.order-ended');
    expect(await room.counted('drum_orders_answered_total', { outcome: 'partly' })).toBe(1);
  });

  test.each([
    ['orders.held-too-much', { outcome: 'partly', held: '15000001' }],
    ['orders.sum-too-much', { outcome: 'partly', held: '15000000', gone: '1' }],
    ['orders.placed-less', { outcome: 'placed', held: '14999999' }],
    ['orders.held-needed', { outcome: 'partly', gone: '1' }],
    ['orders.held-unexpected', { outcome: 'gone', held: '1', gone: '2' }],
    ['orders.refusal-needed', { outcome: 'refused' }],
    ['orders.refusal-unexpected', { outcome: 'placed', refusal: 'form' }],
    ['orders.onward-elsewhere', { outcome: 'gone', onward: [onward({ from: 'account:TH:901:2222222222' })] }],
    ['malformed.instant', { outcome: 'gone', onward: [onward({ at: '2026-13-01T00:00:00.000Z' })] }],
    ['identifier.account.checksum', { outcome: 'gone', onward: [onward({ to: 'nothing' })] }],
  ])('is refused with %s if it contradicts the order or itself', async (code, outcome) => {
    const order = await room.issue();
    const answer = await room.answer(order.id, outcome);
    expect(answer.status).toBeGreaterThanOrEqual(400);
    if (code.startsWith('identifier.')) expect(answer.code).toMatch(/^identifier\./);
    else expect(answer.code).toBe(code);
    expect((await room.answer(order.id, { outcome: 'placed' })).status).toBe(200);
  });

  test('names the onward payments by their keys, whatever the spelling', async () => {
    const heard: OrderOutcome[] = [];
    room.orders().onOutcome('trace', async (_tx, _order, outcome) => void heard.push(outcome));
    const order = await room.issue({
      kind: 'report-onward',
      amount: undefined!,
      untilMs: undefined!,
      reference: 'trace:7',
    });
    const { status, body } = await room.answer(order.id, {
      outcome: 'gone',
      onward: [onward({ to: 'account:TH:902:123-456-7890' }), onward({})],
    });
    expect([status, body]).toMatchObject([200, { state: 'ended', ended: { why: 'fulfilled' } }]);
    expect(body['ended']).not.toHaveProperty('confirmBy');
    expect(heard[0]!.onward).toEqual([
      {
        from: account,
        to: 'account:TH:902:1234567890',
        amount: { value: '5', currency: 'THB' },
        at: '2026-01-01T00:00:00.000Z',
      },
      { from: account, amount: { value: '5', currency: 'THB' }, at: '2026-01-01T00:00:00.000Z' },
    ]);
  });

  test('that refuses or says that the money is gone alerts officers, once', async () => {
    const order = await room.issue();
    await room.answer(order.id, { outcome: 'placed' });
    expect(codes()).toEqual([]);
    await room.answer(order.id, { outcome: 'refused', refusal: 'signature' });
    await room.answer(order.id, { outcome: 'refused', refusal: 'signature' });
    await room.answer(order.id, { outcome: 'gone' });
    const subject = `order:${order.id}`;
    expect(codes()).toEqual([
      ['order.answered', 2, subject],
      ['order.answered', 2, subject],
    ]);
    expect(room.findings[0]).toMatchObject({
      tellable: false,
      params: { order: 'hold-amount', outcome: 'refused', institution: 'bank-a', id: order.id },
    });
  });

  test('or an order of another institution’s does not exist, in the same words as one that nobody issued', async () => {
    const order = await room.issue();
    const absent = '00000000-0000-4000-8000-000000000000';
    for (const id of [order.id, absent]) {
      for (const answer of [
        await room.answer(id, { outcome: 'placed' }, 'bank-b'),
        await room.confirm(id, 'bank-b'),
        await room.call('GET', `/v1/orders/${id}`, room.key('bank-b')),
      ])
        expect([answer.status, answer.code, answer.body['params']]).toEqual([404, 'not-found.order', undefined]);
    }
    expect((await room.call('GET', '/v1/orders', room.key('bank-b'))).body).toEqual({ orders: [] });
    expect((await room.call('GET', '/v1/orders?institution=bank-a', room.key('bank-b'))).status).toBe(403);
    const [change] = room.published;
    expect(room.topic().present(await room.institution('bank-b'), change!.item)).toBeUndefined();
    expect(JSON.parse(room.topic().present(await room.institution('bank-a'), change!.item)!.data)).toEqual(order);
  });
});

describe('the live stream', () => {
  test('is told of each change in the order of its numbers, and those who come back of what they missed', async () => {
    const order = await room.issue();
    const other = await room.issue();
    await room.answer(order.id, { outcome: 'placed' });
    await expect.poll(() => room.published.at(-1)?.item.state).toBe('placed');
    const numbers = room.published.map(({ number }) => number);
    expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
    const missed = await room.topic().read(0, 10);
    expect(missed.map(({ item }) => [item.id, item.state])).toEqual([
      [other.id, 'issued'],
      [order.id, 'placed'],
    ]);
    expect(await room.topic().newest()).toBe(numbers.at(-1));
  });
});

function onward(change: object): object {
  return { amount: { value: '5', currency: 'THB' }, at: '2026-01-01T00:00:00.000Z', ...change };
}
