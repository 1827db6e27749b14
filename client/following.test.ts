import type { ServerResponse } from 'node:http';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { StreamEvent } from './following.ts';
import { openTestClient, openTestServer, sendJson, type Answer, type TestServer } from './test-client.ts';

let server: TestServer;
beforeEach(async () => {
  server = await openTestServer();
});
afterEach(() => server.close());

function begin(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
  response.write('retry: 2000\n\n');
}

const frame = (number: number, data = `{"n":${number}}`): string =>
  `id: alerts=${number}\nevent: alert\ndata: ${data}\n\n`;

async function collect(events: AsyncIterable<StreamEvent>, count: number): Promise<StreamEvent[]> {
  const collected: StreamEvent[] = [];
  for await (const event of events) if (collected.push(event) === count) break;
  return collected;
}

const numbersOf = (events: readonly StreamEvent[]): number[] => events.map(({ data }) => (data as { n: number }).n);

describe('the stream', () => {
  it('goes on behind the last event, also behind one that nobody was told', async () => {
    const answers: Answer[] = [
      (_, response) => {
        begin(response);
        response.write(frame(1) + frame(2), () => response.destroy());
      },
      (_, response) => {
        begin(response);
        response.end(`${frame(3)}: beat\nid: alerts=7\n\nid: alerts=8\ndata: "half`);
      },
      (_, response) => {
        begin(response);
        response.write(frame(8));
      },
    ];
    server.answer((heard, response) => answers.shift()?.(heard, response));
    const { drum, troubles } = openTestClient(server.url);
    expect(numbersOf(await collect(drum.stream(), 4))).toEqual([1, 2, 3, 8]);
    expect(server.heard.map(({ url, headers }) => [url, headers['last-event-id']])).toEqual([
      ['/v1/stream', undefined],
      ['/v1/stream', 'alerts=2'],
      ['/v1/stream', 'alerts=7'],
    ]);
    expect(server.heard[0]!.headers.accept).toBe('text/event-stream');
    expect(troubles.map(({ what, error }) => [what, error.code])).toEqual([['stream', 'unreachable']]);
    await drum.close();
  });

  it('begins where its reader left off, and hears of alerts alone if that is asked', async () => {
    server.answer((_, response) => {
      begin(response);
      response.write('id: alerts=5\nevent: hello\ndata: {"at":{"alerts":5}}\n\n');
      response.write('event: order\ndata: {"o":1}\n\n');
      response.write('id: alerts=9\nevent: more\ndata: {"topic":"orders","skipped":1}\n\n');
      response.write('id: alerts=9\nevent: more\ndata: {"topic":"alerts","skipped":4}\n\n');
      response.write(frame(10));
    });
    const { drum } = openTestClient(server.url);
    const events = await collect(drum.alerts.stream({ lastEventId: 'alerts=4' }), 2);
    expect(server.heard[0]!.headers['last-event-id']).toBe('alerts=4');
    expect(events).toEqual([
      { id: 'alerts=9', event: 'more', data: { topic: 'alerts', skipped: 4 } },
      { id: 'alerts=10', event: 'alert', data: { n: 10 } },
    ]);
    await drum.close();
  });

  it('is not taken for alive when nothing comes', async () => {
    server.answer((_, response) => {
      begin(response);
      if (server.heard.length === 2) response.write(frame(1));
    });
    const { drum, troubles } = openTestClient(server.url, { silenceMsMax: 50 });
    expect(await collect(drum.stream(), 1)).toHaveLength(1);
    expect(troubles.map(({ error }) => error.code)).toEqual(['late']);
    await drum.close();
  });

  it('comes back later and later while the server is away, at the least when it asks', async () => {
    const answers: Answer[] = [
      (_, response) => void response.destroy(),
      (_, response) => sendJson(response, 503, { code: 'unavailable' }),
      (_, response) => sendJson(response, 429, { code: 'too-many.streams' }, { 'retry-after': '10' }),
      (_, response) => sendJson(response, 200, { sign: 'in' }),
    ];
    server.answer((heard, response) => {
      const answer = answers.shift();
      if (answer !== undefined) return answer(heard, response);
      begin(response);
      response.write(frame(1));
      return undefined;
    });
    const { drum, runtime, troubles } = openTestClient(server.url);
    await collect(drum.stream(), 1);
    expect(runtime.pauses).toEqual([150, 300, 10_060, 1200]);
    expect(troubles.map(({ error }) => error.code)).toEqual([
      'unreachable',
      'unavailable',
      'too-many.streams',
      'unreadable',
    ]);
    await drum.close();
  });

  it('ends with a refusal that will not pass', async () => {
    server.answer((_, response) => sendJson(response, 403, { code: 'forbidden.permission' }));
    const { drum } = openTestClient(server.url);
    await expect(collect(drum.stream(), 1)).rejects.toMatchObject({ code: 'forbidden.permission', status: 403 });
    expect(server.heard).toHaveLength(1);
    await drum.close();
  });

  it('tells of an event that cannot be read, and goes on', async () => {
    server.answer((_, response) => {
      begin(response);
      response.write(frame(1, '{') + frame(2));
    });
    const { drum, troubles } = openTestClient(server.url);
    expect(numbersOf(await collect(drum.stream(), 1))).toEqual([2]);
    expect(troubles.map(({ error }) => error.code)).toEqual(['unreadable']);
    await drum.close();
  });

  it('ends, and lets the server know, when its reader stops, takes the signal away or closes the client', async () => {
    let open = 0;
    server.answer((_, response) => {
      open += 1;
      response.on('close', () => (open -= 1));
      begin(response);
      response.write(frame(1));
    });
    const { drum, troubles } = openTestClient(server.url);
    await collect(drum.stream(), 1);
    await expect.poll(() => open).toBe(0);

    const stop = new AbortController();
    const heard: StreamEvent[] = [];
    for await (const event of drum.stream({ signal: stop.signal })) {
      heard.push(event);
      stop.abort();
    }
    expect(heard).toHaveLength(1);
    await expect.poll(() => open).toBe(0);

    const reading = collect(drum.stream(), 99);
    await expect.poll(() => open).toBe(1);
    await drum.close();
    expect((await reading).length).toBeLessThanOrEqual(1);
    await expect.poll(() => open).toBe(0);
    expect(troubles).toEqual([]);
  });

  it('tells each event once and in order, however often it breaks', async () => {
    const breaks = fc.array(
      fc.record({ events: fc.integer({ min: 0, max: 5 }), how: fc.constantFrom('end', 'cut', 'refuse', 'half') }),
      { maxLength: 12 },
    );
    await fc.assert(
      fc.asyncProperty(breaks, fc.integer({ min: 1, max: 30 }), async (script, count) => {
        const plan = [...script];
        server.answer(({ headers }, response) => {
          const part = plan.shift();
          if (part?.how === 'refuse') return sendJson(response, 503, { code: 'unavailable' });
          let next = Number(/\d+/.exec(headers['last-event-id'] as string) ?? '0') + 1;
          const last = Math.min(count, part === undefined ? count : next + part.events - 1);
          let text = '';
          for (; next <= last; next++) text += frame(next);
          begin(response);
          if (part?.how === 'half') text += frame(next).slice(0, -1);
          if (part === undefined) response.write(text);
          else if (part.how === 'cut') response.write(text, () => response.destroy());
          else response.end(text);
          return undefined;
        });
        const { drum } = openTestClient(server.url);
        expect(numbersOf(await collect(drum.stream(), count))).toEqual(
          Array.from({ length: count }, (_, at) => at + 1),
        );
        await drum.close();
      }),
      { numRuns: 60 },
    );
  });
});
