import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openClient } from './client.ts';
import { openTestClient, openTestServer, sendJson, testKey, type TestServer } from './test-client.ts';
import { ClientOutage, ClientRefused } from './trouble.ts';

let server: TestServer;
beforeEach(async () => {
  server = await openTestServer();
});
afterEach(() => server.close());

const now = '2026-11-20T03:00:00.000Z';
const screened = (identifier: string) => ({ identifier, advice: 'clear', tiers: [], typologies: [], members: [] });
const answerScreening = () =>
  server.answer(({ body }, response) => {
    const { identifiers } = JSON.parse(body) as { identifiers: string[] };
    sendJson(response, 200, { now, results: identifiers.map(screened) });
  });

describe('screening', () => {
  it('answers in the order of the question, an identifier that cannot be read in its place', async () => {
    const results = [
      { ...screened('account:TH:014:1234567890'), advice: 'challenge', tiers: ['confirmed'], members: ['la'] },
      { refused: 'identifier.unknown' },
    ];
    server.answer((_, response) => sendJson(response, 200, { now, results }));
    const { drum } = openTestClient(server.url);
    const items = ['account:TH:014:1234567890', { identifier: '???', country: 'TH' }];
    expect(await drum.screen(items)).toEqual({ now, results });
    expect(server.heard[0]).toMatchObject({
      method: 'POST',
      url: '/v1/screen',
      body: JSON.stringify({ identifiers: items }),
    });
    await drum.close();
  });

  it('of more than 10,000 identifiers takes several calls and one answer', async () => {
    answerScreening();
    const { drum } = openTestClient(server.url);
    const items = Array.from({ length: 20_001 }, (_, at) => `phone:+66${at}`);
    const { results } = await drum.screen(items);
    expect(results.map((one) => ('identifier' in one ? one.identifier : ''))).toEqual(items);
    expect(server.heard).toHaveLength(3);
    await expect(drum.screen([])).rejects.toMatchObject({ code: 'client.nothing-asked' });
    await drum.close();
  });

  it('too large for one call goes in halves', async () => {
    server.answer(({ body }, response) => {
      const { identifiers } = JSON.parse(body) as { identifiers: string[] };
      if (identifiers.length > 2) sendJson(response, 413, { code: 'too-large.body' });
      else sendJson(response, 200, { now, results: identifiers.map(screened) });
    });
    const { drum } = openTestClient(server.url);
    const { results } = await drum.screen(['a', 'b', 'c', 'd', 'e']);
    expect(results).toEqual(['a', 'b', 'c', 'd', 'e'].map(screened));
    await drum.close();
  });

  it('is repeated while the server is away, and given up in time for the payment', async () => {
    let failures = 2;
    server.answer((_, response) => {
      failures -= 1;
      if (failures === 1) response.destroy();
      else if (failures === 0) sendJson(response, 503, { code: 'unavailable' });
      else sendJson(response, 200, { now, results: [screened('x')] });
    });
    const { drum, runtime, troubles } = openTestClient(server.url);
    expect((await drum.screen(['x'])).results).toHaveLength(1);
    expect(runtime.pauses).toEqual([150, 300]);
    expect(troubles.map(({ what }) => what)).toEqual(['screen', 'screen']);

    server.answer((_, response) => sendJson(response, 503, { code: 'unavailable' }, { 'retry-after': '5' }));
    const before = runtime.pauses.length;
    await expect(drum.screen(['x'])).rejects.toBeInstanceOf(ClientOutage);
    expect(runtime.pauses).toHaveLength(before);
    server.answer((_, response) => void response.destroy());
    await expect(drum.screen(['x'], { withinMs: 1000 })).rejects.toMatchObject({ code: 'unreachable' });
    expect(runtime.pauses.slice(before)).toEqual([150, 300]);
    await drum.close();
  });

  it('that is refused, asked too often or answered with an advice that nobody knows is not taken for an answer', async () => {
    const { drum } = openTestClient(server.url);
    server.answer((_, response) => sendJson(response, 429, { code: 'too-many.screens' }, { 'retry-after': '60' }));
    await expect(drum.screen(['x'])).rejects.toMatchObject({
      code: 'too-many.screens',
      status: 429,
      retryAfterSeconds: 60,
    });
    server.answer((_, response) =>
      sendJson(response, 403, { code: 'forbidden.permission', params: { permission: 'p' } }),
    );
    await expect(drum.screen(['x'])).rejects.toMatchObject({ status: 403, params: { permission: 'p' } });
    for (const results of [[], [{ ...screened('x'), advice: 'perhaps' }], [null], undefined]) {
      server.answer((_, response) => sendJson(response, 200, { now, results }));
      await expect(drum.screen(['x'], { withinMs: 100 })).rejects.toMatchObject({ code: 'unreadable' });
    }
    await drum.close();
  });

  it('ends when its caller no longer waits', async () => {
    server.answer(() => undefined);
    const { drum } = openTestClient(server.url);
    const giveUp = new AbortController();
    const asked = drum.screen(['x'], { signal: giveUp.signal });
    await expect.poll(() => server.heard.length).toBe(1);
    giveUp.abort();
    await expect(asked).rejects.toMatchObject({ name: 'AbortError' });
    await drum.close();
  });
});

describe('a pacs.008 message', () => {
  it('is sent as it is, until it is answered', async () => {
    let failures = 1;
    const report = {
      accepted: 1,
      known: 0,
      refused: 1,
      results: [{ line: 2, state: 'refused', refused: 'iso20022.amount' }],
    };
    server.answer((_, response) => (failures-- > 0 ? void response.destroy() : sendJson(response, 200, report)));
    const { drum } = openTestClient(server.url);
    expect(await drum.sendPacs008('<Document/>')).toEqual(report);
    expect(server.heard[1]).toMatchObject({ url: '/v1/activity/payments', body: '<Document/>' });
    expect(server.heard[1]!.headers['content-type']).toBe('application/xml');
    server.answer((_, response) => sendJson(response, 400, { code: 'malformed.xml' }));
    await expect(drum.sendPacs008('<!DOCTYPE x>')).rejects.toMatchObject({ code: 'malformed.xml' });
    await drum.close();
  });
});

describe('alerts, watches and endpoints', () => {
  it('are asked for with what was named and nothing else', async () => {
    const { drum } = openTestClient(server.url, { purpose: 'operation' });
    const answers: Record<string, unknown> = {
      'GET /v1/alerts?state=new&limit=5': { alerts: [], next: 'n' },
      'GET /v1/alerts': { alerts: [] },
      'GET /v1/alerts/a%2Fb': { alert: { id: 'a/b' }, history: [] },
      'POST /v1/watches': { id: 'w' },
      'GET /v1/watches?after=n': { watches: [] },
      'POST /v1/webhooks': { id: 'e', secret: 'whsec_x' },
      'GET /v1/webhooks': { webhooks: [] },
      'PATCH /v1/webhooks/e': { id: 'e' },
      'POST /v1/webhooks/e/secret': { id: 'e', secret: 'whsec_y' },
      'POST /v1/webhooks/e/test': { id: 'msg_1' },
      'GET /v1/webhooks/e/deliveries?state=dead': { deliveries: [] },
      'POST /v1/webhooks/e/replay': { replayed: 2, more: false },
    };
    server.answer(({ method, url }, response) => {
      const answer = answers[`${method} ${url}`];
      if (answer === undefined) response.writeHead(204).end();
      else sendJson(response, 200, answer);
    });
    expect(await drum.alerts.list({ state: 'new', limit: 5 })).toEqual({ alerts: [], next: 'n' });
    expect(await drum.alerts.list()).toEqual({ alerts: [] });
    expect((await drum.alerts.get('a/b')).alert.id).toBe('a/b');
    expect((await drum.watches.add({ pattern: 'phone:+6681*' })).id).toBe('w');
    expect(await drum.watches.list({ after: 'n' })).toEqual({ watches: [] });
    await drum.watches.remove('w');
    expect((await drum.webhooks.register({ url: 'https://bank.example/hook' })).secret).toBe('whsec_x');
    expect(await drum.webhooks.list()).toEqual({ webhooks: [] });
    expect((await drum.webhooks.change('e', { active: true })).id).toBe('e');
    expect((await drum.webhooks.renewSecret('e')).secret).toBe('whsec_y');
    expect((await drum.webhooks.test('e')).id).toBe('msg_1');
    expect(await drum.webhooks.deliveries('e', { state: 'dead' })).toEqual({ deliveries: [] });
    expect(await drum.webhooks.replay('e', { since: now })).toEqual({ replayed: 2, more: false });
    await drum.webhooks.remove('e');
    expect(server.heard.every(({ headers }) => headers['drum-purpose'] === 'operation')).toBe(true);
    expect(server.heard.map(({ method, url }) => `${method} ${url}`)).toEqual(
      expect.arrayContaining(['DELETE /v1/watches/w', 'DELETE /v1/webhooks/e']),
    );
    server.answer((_, response) => sendJson(response, 200, { hello: 'proxy' }));
    await expect(drum.alerts.list()).rejects.toMatchObject({ code: 'unreadable' });
    await drum.close();
  });
});

describe('the client', () => {
  it('gives its key to the one server, and to no error and no log', async () => {
    const other = await openTestServer();
    server.answer((_, response) => void response.writeHead(307, { location: `${other.url}/v1/alerts` }).end());
    const { drum } = openTestClient(server.url);
    const error: unknown = await drum.alerts.list().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'client.redirected', status: 307 });
    expect(other.heard).toEqual([]);
    await other.close();
    const gone: unknown = await drum.alerts.list().catch((thrown: unknown) => thrown);
    expect(inspect([error, gone, drum], { depth: 10, showHidden: true })).not.toContain(testKey);
    const broken = (): unknown => openClient({ server: server.url, key: `${testKey}\nx` });
    expect(broken).toThrow(/^refused: client\.key$/);
    await drum.close();
  });

  it.each(['', 'drum.example', 'ftp://drum.example', 'https://user:pass@drum.example'])(
    'refuses %j as a server',
    (address) => {
      expect(() => openClient({ server: address, key: testKey })).toThrow(/^refused: client\.server$/);
    },
  );

  it('takes the key that is in force', async () => {
    answerScreening();
    const keys = ['first', 'second'];
    const { drum } = openTestClient(`${server.url}/`, { key: async () => keys.shift()! });
    await drum.screen(['x']);
    await drum.screen(['x']);
    expect(server.heard.map(({ headers }) => headers.authorization)).toEqual(['Bearer first', 'Bearer second']);
    await drum.close();
  });

  it('does nothing more once it is closed', async () => {
    const { drum } = openTestClient(server.url);
    expect(await drum.close()).toEqual({ unacknowledged: 0 });
    await expect(drum.screen(['x'])).rejects.toBeInstanceOf(ClientRefused);
    await expect(drum.alerts.list()).rejects.toMatchObject({ code: 'client.closed' });
    expect(() => drum.activity('payment')).toThrow(ClientRefused);
    expect(server.heard).toEqual([]);
  });

  it('reads no answer without end', async () => {
    server.answer((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const piece = ' '.repeat(1024 * 1024);
      const more = (): void => {
        while (!response.destroyed && response.write(piece));
      };
      response.on('drain', more);
      more();
    });
    const { drum } = openTestClient(server.url);
    await expect(drum.alerts.list()).rejects.toMatchObject({ code: 'unreadable' });
    await drum.close();
  });
});
