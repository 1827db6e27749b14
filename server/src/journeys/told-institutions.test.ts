import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openClient, type Client } from '@bronze-drum/client/client';
import { verifyWebhook } from '@bronze-drum/client/webhooks';
import { openTestHouse, type TestHouse } from './test-house.ts';

const timeout = 20_000;
let house: TestHouse;
let hooks: Server;
const received: { headers: Record<string, string>; body: string }[] = [];
/** What the keeper's own web server answers. */
let status = 204;
const clients: Client[] = [];

beforeAll(async () => {
  house = await openTestHouse();
  const take = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    received.push({ headers: request.headers as Record<string, string>, body: await text(request) });
    response.writeHead(status).end();
  };
  hooks = createServer((request, response) => void take(request, response)).listen(0, '127.0.0.1');
  await once(hooks, 'listening');
});
afterAll(async () => {
  for (const client of clients) await client.close();
  hooks.close();
  await house.close();
});

async function bank(id: string, serves: string): Promise<Client> {
  const quota = { perSecond: 1000, burst: 10_000 };
  await house.call('POST', '/v1/institutions', { id, name: id, kind: 'bank', serves: [serves], quota });
  const { body } = await house.call('POST', `/v1/institutions/${id}/keys`, {});
  const client = openClient({ server: house.address, key: body.key, country: 'TH' });
  clients.push(client);
  return client;
}

const payment = (id: string, to: string) => ({
  id,
  at: new Date().toISOString(),
  from: 'account:TH:901:1111111111',
  to,
  amount: { value: '4800000', currency: 'THB' },
  channel: 'mobile' as const,
  suspicion: { typology: 'mule-account' as const, confirmed: true },
});

test('a bank is told by webhook and by stream of what another reports about its customer, and of nothing else', async () => {
  const reporter = await bank('reporter', 'account:TH:901:');
  const keeper = await bank('keeper', 'account:TH:902:');
  const url = `http://127.0.0.1:${(hooks.address() as AddressInfo).port}/drum`;
  const { id, secret } = await keeper.webhooks.register({ url });
  const ended = new AbortController();
  const streamed: unknown[] = [];
  const begun = Promise.withResolvers<void>();
  const listening = (async () => {
    for await (const { event, data } of keeper.stream({ signal: ended.signal })) {
      if (event === 'hello') begun.resolve();
      if (event === 'alert') streamed.push(data);
    }
  })();
  // The stream tells what comes after it began.
  await begun.promise;

  const [one, two] = await reporter
    .activity('payment')
    .send([payment('p-1', 'account:TH:902:1234567890'), payment('p-2', 'account:TH:903:1234567890')]);
  expect([one?.state, two?.state]).toEqual(['accepted', 'accepted']);

  await expect.poll(() => received.length, { timeout }).toBe(1);
  const event = verifyWebhook(secret, received[0]!.headers, received[0]!.body);
  expect(event).toMatchObject({
    type: 'alert',
    data: { kind: 'suspected-activity', subject: 'account:TH:902:1234567890' },
  });
  expect(() => verifyWebhook(secret, received[0]!.headers, `${received[0]!.body} `)).toThrow('signature');
  await expect.poll(() => streamed, { timeout }).toMatchObject([{ subject: 'account:TH:902:1234567890' }]);
  expect(JSON.stringify([event, streamed])).not.toMatch(/reporter|1111111111|TH:903/);
  ended.abort();
  await listening;

  // Its web server fails: what could not be delivered is there, and is sent again when asked for.
  status = 410;
  await reporter.activity('payment').send([payment('p-3', 'account:TH:902:5555555555')]);
  await expect.poll(() => received.length, { timeout }).toBe(2);
  const isDisabled = async (): Promise<boolean> => (await keeper.webhooks.list()).webhooks[0]?.active === false;
  await expect.poll(isDisabled, { timeout }).toBe(true);
  status = 204;
  await keeper.webhooks.change(id, { active: true });
  await keeper.webhooks.replay(id, { since: new Date(Date.now() - 60_000).toISOString() });
  await expect
    .poll(() => received.slice(2).map(({ headers }) => headers['webhook-id']), { timeout })
    .toContain(received[1]!.headers['webhook-id']);
});
