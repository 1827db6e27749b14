import { afterEach, beforeEach, expect, test } from 'vitest';
import { openClient, type Client } from '@bronze-drum/client/client';
import { verifyOrder } from '@bronze-drum/client/orders';
import type { AddressInfo } from 'node:net';
import { openTestOrders, type TestOrders } from './test-orders.ts';

let room: TestOrders;
let client: Client;
beforeEach(async () => {
  room = await openTestOrders();
  await room.http.listen({ host: '127.0.0.1', port: 0 });
  const { port } = room.http.server.address() as AddressInfo;
  client = openClient({ server: `http://127.0.0.1:${port}`, key: room.key('bank-a') });
});
afterEach(async () => {
  await client.close();
  await room.close();
});

test('a bank that follows its orders carries out what is ordered and undoes what has ended', async () => {
  const order = await room.issue();
  await room.issue({ institution: 'bank-b', subject: 'account:TH:902:1234567890' });
  const { orders } = await client.orders.list({ waits: true });
  expect(orders).toEqual([order]);
  expect(await verifyOrder(order, await client.orders.keys())).toBe(true);
  const held = new Set<string>();
  const ending = new AbortController();
  const following = client.orders.follow({
    pollMs: 20,
    signal: ending.signal,
    handle: ({ id }) => {
      held.add(id);
      return { outcome: 'partly', held: '11000000', gone: '4000000' };
    },
    release: ({ id }) => held.delete(id),
  });
  await expect.poll(async () => (await client.orders.get(order.id)).order.state).toBe('partly');
  expect([...held]).toEqual([order.id]);
  await room.end(order.id);
  await expect.poll(async () => (await client.orders.get(order.id)).order.ended?.confirmedAt).toBeDefined();
  expect(held.size).toBe(0);
  ending.abort();
  await following;
  const report = await client.orders.answerSheet(`id,outcome\n${order.id},gone\n`);
  expect(report.results).toMatchObject([{ refused: 'conflict.order-ended' }]);
});
