import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Payment } from '@bronze-drum/protocol/activity/payment';
import type { Refusal } from '@bronze-drum/protocol/refusals';
import {
  openLedger,
  openTestClient,
  openTestServer,
  sendJson,
  testKey,
  testPayment,
  type Answer,
  type TestServer,
} from './test-client.ts';
import { ClientRefused } from './trouble.ts';

let server: TestServer;
let ledger: ReturnType<typeof openLedger>;

beforeEach(async () => {
  ledger = openLedger();
  server = await openTestServer((heard, response) => good(heard, response));
});
afterEach(() => server.close());

const good: Answer = ({ body }, response) => sendJson(response, 200, ledger.take(body));
const linesOf = (body: string): number => body.split('\n').length;
const problem = (code: string, params = {}) => ({ code, title: 'no', status: 400, params });

/** Ways to fail: before or after the records were taken. Each answers one request. */
const faults: Record<string, Answer> = {
  dropped: (_, response) => void response.destroy(),
  'taken-and-dropped': ({ body }, response) => {
    ledger.take(body);
    response.destroy();
  },
  'taken-and-cut': ({ body }, response) => {
    const text = JSON.stringify(ledger.take(body));
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': text.length });
    response.write(text.slice(0, text.length / 2), () => response.destroy());
  },
  'taken-and-garbled': ({ body }, response) => {
    ledger.take(body);
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"accepted":');
  },
  'taken-and-miscounted': ({ body }, response) => {
    const report = ledger.take(body);
    sendJson(response, 200, { ...report, accepted: report.accepted + 1 });
  },
  'taken-and-defect': ({ body }, response) => {
    ledger.take(body);
    sendJson(response, 500, problem('defect'));
  },
  unavailable: (_, response) => sendJson(response, 503, problem('unavailable'), { 'retry-after': '3' }),
  'too-many': (_, response) => sendJson(response, 429, problem('too-many.records'), { 'retry-after': '7' }),
  'gateway-page': (_, response) => void response.writeHead(502, { 'content-type': 'text/html' }).end('<h1>Bad'),
  'page-instead': (_, response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Sign in'),
  'null-instead': (_, response) => sendJson(response, 200, null),
};

describe('activity', () => {
  it('goes in batches, in the order in which it was added, and is acknowledged at a flush', async () => {
    const { drum } = openTestClient(server.url);
    const payments = drum.activity('payment', { batchMax: 40 });
    for (let number = 1; number <= 100; number++) await payments.add(testPayment(number));
    expect(await payments.flush()).toEqual({ unacknowledged: 0 });
    expect([...ledger.taken.keys()]).toEqual(Array.from({ length: 100 }, (_, at) => `p-${at + 1}`));
    expect(server.heard.map(({ body }) => linesOf(body))).toEqual([40, 40, 20]);
    expect(server.heard[0]).toMatchObject({ method: 'POST', url: '/v1/activity/payments' });
    expect(server.heard[0]!.headers).toMatchObject({
      'content-type': 'application/x-ndjson',
      authorization: `Bearer ${testKey}`,
    });
    expect(payments.counts()).toEqual({ added: 100, accepted: 100, known: 0, refused: 0, waiting: 0 });
    await drum.close();
  });

  it('that is not asked to hurry waits for company, and not for ever', async () => {
    const { drum, runtime } = openTestClient(server.url);
    const payments = drum.activity('payment', { lingerMs: 700 });
    await payments.add(testPayment(1));
    await payments.add(testPayment(2));
    await expect.poll(() => payments.counts().accepted).toBe(2);
    expect(server.heard).toHaveLength(1);
    expect(runtime.pauses).toContain(700);
    await drum.close();
  });

  it('of each kind goes to its own place', async () => {
    const { drum } = openTestClient(server.url);
    const at = '2026-11-20T02:59:00.000Z';
    await drum.activity('call').add({ id: 'c', at, called: 'phone:+6621234567', durationSeconds: 4, answered: true });
    await drum.activity('message').add({ id: 'm', at, to: 'phone:+6621234567', channel: 'sms' });
    await drum.activity('login').add({ id: 'l', at, account: 'account:TH:014:1', outcome: 'ok' });
    await drum.activity('sim').add({ id: 's', at, event: 'swap', phone: 'phone:+66812345678' });
    expect(await drum.close()).toEqual({ unacknowledged: 0 });
    expect(server.heard.map(({ url }) => url).sort()).toEqual(
      ['calls', 'logins', 'messages', 'sims'].map((kind) => `/v1/activity/${kind}`),
    );
  });

  it('waits while the server is away, longer each time, and as long as the server asks', async () => {
    const script = ['dropped', 'gateway-page', 'unavailable', 'too-many', 'taken-and-cut'];
    server.answer((heard, response) => (faults[script.shift() ?? ''] ?? good)(heard, response));
    const { drum, runtime, troubles } = openTestClient(server.url);
    const results = await drum.activity('payment').send([testPayment(1), testPayment(2)]);
    expect(results).toEqual([
      { id: 'p-1', state: 'known' },
      { id: 'p-2', state: 'known' },
    ]);
    expect(runtime.pauses).toEqual([150, 300, 3060, 7120, 2400]);
    expect(troubles.map(({ error, failures }) => [failures, error.code])).toEqual([
      [1, 'unreachable'],
      [2, 'unavailable'],
      [3, 'unavailable'],
      [4, 'too-many.records'],
      [5, 'unreachable'],
    ]);
    await drum.close();
  });

  it('is asked for again when no answer comes', async () => {
    let isSilent = true;
    server.answer((heard, response) => {
      if (!isSilent) return good(heard, response);
      isSilent = false;
      ledger.take(heard.body);
      return undefined;
    });
    const { drum, troubles } = openTestClient(server.url, { requestMsMax: 50 });
    expect(await drum.activity('payment').send([testPayment(1)])).toEqual([{ id: 'p-1', state: 'known' }]);
    expect(troubles[0]!.error.code).toBe('late');
    await drum.close();
  });

  it('that is too much at once goes in halves', async () => {
    server.answer((heard, response) =>
      linesOf(heard.body) > 3 ? sendJson(response, 413, problem('too-large.batch')) : good(heard, response),
    );
    const { drum } = openTestClient(server.url);
    const payments = drum.activity('payment');
    for (let number = 1; number <= 10; number++) await payments.add(testPayment(number));
    await payments.flush();
    expect([...ledger.taken.keys()]).toEqual(Array.from({ length: 10 }, (_, at) => `p-${at + 1}`));
    expect(server.heard.map(({ body }) => linesOf(body))).toEqual([10, 5, 3, 2, 5, 3, 2]);
    await drum.close();
  });

  it('with one line that spoils the batch loses that line alone, and its owner hears of it', async () => {
    server.answer((heard, response) => {
      if (heard.body.includes('p-6')) sendJson(response, 400, problem('malformed.nul', { at: 'body' }));
      else return good(heard, response);
    });
    const refused: [string, Refusal][] = [];
    const { drum } = openTestClient(server.url);
    const payments = drum.activity('payment', { onRefused: ({ id }, refusal) => refused.push([id, refusal]) });
    for (let number = 1; number <= 9; number++) await payments.add(testPayment(number));
    expect(await payments.flush()).toEqual({ unacknowledged: 0 });
    expect(refused).toEqual([['p-6', { refused: 'malformed.nul', params: { at: 'body' } }]]);
    expect(ledger.taken.size).toBe(8);
    await drum.close();
  });

  it('that says something else under an id it had before is refused, and the rest is taken', async () => {
    const refused: [string, Refusal][] = [];
    const { drum, troubles } = openTestClient(server.url);
    const payments = drum.activity('payment', { onRefused: ({ id }, refusal) => refused.push([id, refusal]) });
    const other = testPayment(1, { channel: 'branch' });
    for (const record of [testPayment(1), testPayment(2), testPayment(1), other, testPayment(3)])
      await payments.add(record);
    await payments.flush();
    expect(payments.counts()).toEqual({ added: 5, accepted: 3, known: 1, refused: 1, waiting: 0 });
    expect(refused).toEqual([['p-1', { refused: 'conflict.record', params: { at: 3 } }]]);
    expect(await payments.send([other, testPayment(4)])).toEqual([
      { id: 'p-1', state: 'refused', refused: 'conflict.record', params: { at: 0 } },
      { id: 'p-4', state: 'accepted' },
    ]);
    const untold = drum.activity('payment');
    await untold.add(other);
    await untold.flush();
    expect(troubles.map(({ error }) => error.code)).toEqual(['conflict.record']);
    await drum.close();
  });

  it('is kept when the key is refused, and sent when the key is good again', async () => {
    server.answer((_, response) => sendJson(response, 401, problem('unauthenticated.key')));
    const { drum, troubles } = openTestClient(server.url);
    const payments = drum.activity('payment', { batchMax: 2, waitingMax: 5 });
    for (let number = 1; number <= 5; number++) await payments.add(testPayment(number));
    const outside = payments.add(testPayment(6));
    await expect(outside).rejects.toMatchObject({ code: 'unauthenticated.key', status: 401 });
    await expect(payments.add(testPayment(7))).rejects.toBeInstanceOf(ClientRefused);
    expect(await payments.flush()).toEqual({ unacknowledged: 5 });
    expect(payments.stopped()?.code).toBe('unauthenticated.key');
    expect(troubles.at(-1)).toMatchObject({ what: 'activity.payment', error: { status: 401 } });
    server.answer(good);
    payments.resume();
    expect(await payments.flush()).toEqual({ unacknowledged: 0 });
    expect([...ledger.taken.keys()]).toEqual(['p-1', 'p-2', 'p-3', 'p-4', 'p-5']);
    await drum.close();
  });

  it('that the server never took is given back at the end', async () => {
    server.answer(faults['dropped']!);
    const { drum } = openTestClient(server.url);
    const payments = drum.activity('payment');
    for (let number = 1; number <= 3; number++) await payments.add(testPayment(number));
    const left = await payments.close({ withinMs: 50 });
    expect(left).toEqual([testPayment(1), testPayment(2), testPayment(3)]);
    await expect(payments.add(testPayment(4))).rejects.toMatchObject({ code: 'client.closed' });
    expect(await drum.close()).toEqual({ unacknowledged: 3 });
  });

  it('that nobody can take makes its sender wait, and no memory is filled', async () => {
    const gate = Promise.withResolvers<void>();
    server.answer(async (heard, response) => {
      await gate.promise;
      await good(heard, response);
    });
    const { drum } = openTestClient(server.url);
    const payments = drum.activity('payment', { batchMax: 10, waitingMax: 25 });
    let added = 0;
    const adding = (async () => {
      for (let number = 1; number <= 60; number++) {
        await payments.add(testPayment(number));
        added = number;
      }
    })();
    await expect.poll(() => server.heard.length).toBe(1);
    for (let turns = 0; turns < 20; turns++) await turn();
    expect(added).toBe(25);
    gate.resolve();
    await adding;
    await payments.flush();
    expect([...ledger.taken.keys()]).toEqual(Array.from({ length: 60 }, (_, at) => `p-${at + 1}`));
    await drum.close();
  });

  it('is taken exactly once, whatever the server does, and never more of it waits than was allowed', async () => {
    const fault = fc.constantFrom('good', 'good', ...Object.keys(faults));
    await fc.assert(
      fc.asyncProperty(
        fc.array(fault, { maxLength: 30 }),
        fc.integer({ min: 1, max: 150 }),
        fc.record({
          batchMax: fc.integer({ min: 1, max: 40 }),
          waitingMax: fc.integer({ min: 1, max: 60 }),
          inFlightMax: fc.integer({ min: 1, max: 4 }),
          batchLengthMax: fc.integer({ min: 1, max: 5000 }),
          lingerMs: fc.constantFrom(0, 200),
        }),
        fc.integer({ min: 1, max: 50 }),
        async (script, count, options, linesMax) => {
          ledger = openLedger();
          let underWay = 0;
          let mostUnderWay = 0;
          server.answer(async (heard, response) => {
            underWay += 1;
            mostUnderWay = Math.max(mostUnderWay, underWay);
            const tooLarge = linesOf(heard.body) > linesMax;
            await turn();
            underWay -= 1;
            if (tooLarge) return sendJson(response, 413, problem('too-large.batch'));
            return (faults[script.shift() ?? ''] ?? good)(heard, response);
          });
          const { drum } = openTestClient(server.url);
          const payments = drum.activity('payment', options);
          let most = 0;
          for (let number = 1; number <= count; number++) {
            await payments.add(testPayment(number));
            most = Math.max(most, payments.counts().waiting);
          }
          expect(await payments.flush()).toEqual({ unacknowledged: 0 });
          const { accepted, known, refused, added, waiting } = payments.counts();
          expect({ all: accepted + known, refused, added, waiting }).toEqual({
            all: count,
            refused: 0,
            added: count,
            waiting: 0,
          });
          expect([...ledger.taken.keys()].sort()).toEqual(
            Array.from({ length: count }, (_, at) => `p-${at + 1}`).sort(),
          );
          expect(most).toBeLessThanOrEqual(options.waitingMax);
          expect(mostUnderWay).toBeLessThanOrEqual(options.inFlightMax);
          expect(await drum.close()).toEqual({ unacknowledged: 0 });
        },
      ),
      { numRuns: 60 },
    );
  });

  it('with a mistake in it is refused before it is sent', async () => {
    const { drum } = openTestClient(server.url);
    const payments = drum.activity('payment');
    const wrong = { ...testPayment(1), amount: { value: '1.5', currency: 'THB' } };
    await expect(payments.add(wrong)).rejects.toMatchObject({ code: 'malformed.schema', status: 0 });
    const [first, second] = await payments.send([{ ...testPayment(2), owner: 'x' } as Payment, testPayment(3)]);
    expect(first).toMatchObject({ id: 'p-2', state: 'refused', refused: 'malformed.schema' });
    expect(second).toEqual({ id: 'p-3', state: 'accepted' });
    await drum.close();
    expect([...ledger.taken.keys()]).toEqual(['p-3']);
  });
});
