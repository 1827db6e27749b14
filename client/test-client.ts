import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import type { Payment } from '@bronze-drum/protocol/activity/payment';
import { openClient, type Client, type ClientOptions } from './client.ts';
import type { Runtime } from './runtime.ts';
import type { Trouble } from './trouble.ts';

/** A request as the server of a test heard it. */
export interface Heard {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export type Answer = (heard: Heard, response: ServerResponse) => void | Promise<void>;

export interface TestServer {
  readonly url: string;
  readonly heard: Heard[];
  /** How requests are answered from now on. */
  answer(next: Answer): void;
  close(): Promise<void>;
}

export async function openTestServer(first: Answer = (_, response) => void response.end()): Promise<TestServer> {
  const heard: Heard[] = [];
  let answer = first;
  const server = createServer((request, response) => {
    void (async () => {
      const pieces: Buffer[] = [];
      for await (const piece of request) pieces.push(piece as Buffer);
      const { method = '', url = '', headers } = request;
      const one = { method, url, headers, body: Buffer.concat(pieces).toString('utf8') };
      heard.push(one);
      await answer(one, response);
    })().catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    heard,
    answer(next) {
      answer = next;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

export function sendJson(response: ServerResponse, status: number, value: unknown, headers: object = {}): void {
  const type = status < 400 ? 'application/json' : 'application/problem+json';
  response.writeHead(status, { 'content-type': type, ...headers });
  response.end(JSON.stringify(value));
}

export interface TestRuntime extends Runtime {
  /** What was waited for, in order. */
  readonly pauses: number[];
}

/** Time that stands still but for pauses, which are over as soon as there is nothing else to do. */
export function testRuntime(random: () => number = () => 0.5): TestRuntime {
  const pauses: number[] = [];
  const pending: { atMs: number; resolve: () => void }[] = [];
  let nowMs = Date.parse('2026-11-20T03:00:00.000Z');
  const turn = (): void => {
    pending.sort((one, other) => one.atMs - other.atMs);
    const next = pending.shift();
    if (next === undefined) return;
    nowMs = Math.max(nowMs, next.atMs);
    next.resolve();
  };
  return {
    pauses,
    now: () => nowMs,
    random,
    pause(durationMs) {
      const { promise, resolve } = Promise.withResolvers<void>();
      pauses.push(durationMs);
      pending.push({ atMs: nowMs + durationMs, resolve });
      setImmediate(turn);
      return promise;
    },
  };
}

export interface TestClient {
  readonly drum: Client;
  readonly runtime: TestRuntime;
  readonly troubles: Trouble[];
}

export function openTestClient(server: string, options: Partial<ClientOptions> = {}): TestClient {
  const runtime = testRuntime();
  const troubles: Trouble[] = [];
  const onTrouble = (trouble: Trouble): void => void troubles.push(trouble);
  const drum = openClient({ server, key: testKey, runtime, onTrouble, requestMsMax: 5000, ...options });
  return { drum, runtime, troubles };
}

export const testKey = 'drum_secret-of-a-test';

export function testPayment(number: number, change: Partial<Payment> = {}): Payment {
  return {
    id: `p-${number}`,
    at: '2026-11-20T02:59:00.000Z',
    from: 'account:TH:014:1234567890',
    to: 'account:TH:004:9876543210',
    amount: { value: '48000000', currency: 'THB' },
    channel: 'mobile',
    ...change,
  };
}

/** Takes lines as the server does: each id once, in the order in which they come. */
export function openLedger() {
  const taken = new Map<string, string>();
  return {
    taken,
    take(body: string) {
      const report = { accepted: 0, known: 0, refused: 0, results: [] as object[] };
      body.split('\n').forEach((text, at) => {
        const { id } = JSON.parse(text) as { id: string };
        const before = taken.get(id);
        if (before === undefined) {
          taken.set(id, text);
          report.accepted += 1;
        } else if (before === text) {
          report.known += 1;
          report.results.push({ line: at + 1, id, state: 'known' });
        } else {
          report.refused += 1;
          report.results.push({ line: at + 1, id, state: 'refused', refused: 'conflict.record', params: { at } });
        }
      });
      return report;
    },
  };
}
