import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { vi } from 'vitest';
import type { WebhookEvent } from '@bronze-drum/protocol/webhooks';
import { openTestAccess, type Answer } from '../access/test-access.ts';
import { instantText } from '../kernel/clock.ts';
import { migrate } from '../platform/migrations.ts';
import { openTelemetry } from '../platform/telemetry.ts';
import { openWebhooks, type Webhooks } from './webhooks/webhooks.ts';
import { webhookRoutes } from './webhooks/routes.ts';

export interface Received {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

type Respond = (received: Received, response: ServerResponse) => void;

/** A bank's server on this machine, which answers as it is told and keeps what it was sent. */
export async function openReceiver(respond: Respond = (_received, response) => response.writeHead(204).end()) {
  const received: Received[] = [];
  const state = { respond };
  const server = createServer((request: IncomingMessage, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const one = {
        path: request.url!,
        headers: request.headers as Record<string, string>,
        body: Buffer.concat(chunks).toString(),
      };
      received.push(one);
      state.respond(one, response);
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks?from=drum`,
    received,
    ids: () => received.map(({ headers }) => headers['webhook-id']),
    answer(next: Respond | number, headers: Record<string, string> = {}): void {
      state.respond =
        typeof next === 'function' ? next : (_received, response) => response.writeHead(next, headers).end();
    },
    async close(): Promise<void> {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}

/** What a client of the library would read; throws if the signature does not verify. */
export function verify(secret: string, { body, headers }: Received, nowMs: number): WebhookEvent {
  const now = vi.spyOn(Date, 'now').mockReturnValue(nowMs);
  try {
    return new Webhook(secret).verify(body, headers) as WebhookEvent;
  } finally {
    now.mockRestore();
  }
}

export function alertEvent(id: string, kind: 'watch' | 'corroboration' = 'watch'): WebhookEvent {
  const at = instantText(Date.UTC(2026, 0, 1));
  return {
    type: 'alert',
    timestamp: at,
    data: {
      id,
      kind,
      subject: 'phone:+66812345678',
      priority: 'P2',
      state: 'new',
      reasons: [],
      count: 1,
      firstAt: at,
      lastAt: at,
    },
  };
}

/** The webhooks over an empty database, with two banks and a wallet; servers on this machine may be called. */
export async function openTestWebhooks(options: { mayReachPrivate?: boolean } = {}) {
  const house = await openTestAccess();
  const { db, clock, access, http } = house;
  await migrate(db, 'alerts', new URL('migrations/', import.meta.url));
  const open = (): Promise<Webhooks> =>
    openWebhooks({
      db,
      clock,
      access,
      telemetry: openTelemetry({ level: 'silent', member: 'th' }),
      secretSeed: 'a seed',
      mayReachPrivate: options.mayReachPrivate ?? true,
      pollMs: 20,
    });
  const keys = new Map<string, string>();
  for (const [id, kind] of [
    ['bank-a', 'bank'],
    ['bank-b', 'bank'],
    ['wallet-c', 'wallet'],
  ] as const) {
    const quota = { perSecond: 1000, burst: 1000 };
    await access.institutions.add(house.administrator, { id, name: id, kind, quota });
    keys.set(id, (await access.keys.issue(house.administrator, id, {})).key);
  }
  let webhooks = await open();
  webhookRoutes(
    http,
    // The room may be opened anew in the middle of a test.
    new Proxy({} as Webhooks, { get: (_target, name) => webhooks[name as keyof Webhooks] }),
    access,
  );
  const call = (method: string, path: string, body?: unknown, by = 'bank-a'): Promise<Answer> =>
    house.call(method, `/v1/webhooks${path}`, keys.get(by) ?? by, body);
  return {
    ...house,
    call,
    keys,
    async reopen(): Promise<void> {
      await webhooks.close();
      webhooks = await open();
    },
    /** An endpoint of a bank's, and its secret. */
    async register(url: string, more: object = {}, by = 'bank-a'): Promise<{ id: string; secret: string }> {
      const { status, body } = await call('POST', '', { url, ...more }, by);
      if (status !== 201) throw new Error(`refused: ${JSON.stringify(body)}`);
      return body as { id: string; secret: string };
    },
    enqueue: (...event: Parameters<Webhooks['enqueue']>): Promise<void> => webhooks.enqueue(...event),
    say: (event: WebhookEvent, institution = 'bank-a'): Promise<void> =>
      db.tx((tx) => webhooks.enqueue(tx, institution, event)),
    async deliveries(id: string, state?: string): Promise<Record<string, unknown>[]> {
      const { body } = await call('GET', `/${id}/deliveries?limit=200${state === undefined ? '' : `&state=${state}`}`);
      return body['deliveries'] as Record<string, unknown>[];
    },
    async endpoint(id: string): Promise<Record<string, unknown>> {
      const { body } = await call('GET', '?limit=200');
      return (body['webhooks'] as Record<string, unknown>[]).find((one) => one['id'] === id)!;
    },
    async close(): Promise<void> {
      await webhooks.close();
      await house.close();
    },
  };
}
