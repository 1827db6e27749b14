import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { resolve } from 'node:path';
import type { Clock } from '../../kernel/clock.ts';
import { demoPath } from './demo.ts';
import { hubPage, hubPolicy } from './hub-page.ts';
import { standingOf, type Standing } from './standing.ts';
import type { Plan, Seat } from './plan.ts';

export interface Hub {
  close(): Promise<void>;
}

/** Many windows on one page ask the servers no more often than one. */
const rememberedMs = 1000;

const headers = {
  'content-security-policy': hubPolicy,
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

/** The page that leads to the members, on this machine alone. */
export async function openHub(plan: Plan, data: string, clock: Clock): Promise<Hub> {
  let asked: { atMs: number; members: Promise<(Seat & Standing)[]> } | undefined;
  const members = (): Promise<(Seat & Standing)[]> => {
    if (asked === undefined || clock.now() - asked.atMs > rememberedMs) {
      const each = plan.seats.map(async (seat) => ({
        ...seat,
        ...(await standingOf(data, seat.member, seat.address)),
      }));
      asked = { atMs: clock.now(), members: Promise.all(each) };
    }
    return asked.members;
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const send = (status: number, type: string, body: string): void => {
      response.writeHead(status, { ...headers, 'content-type': `${type}; charset=utf-8` });
      response.end(request.method === 'HEAD' ? undefined : body);
    };
    if (request.method !== 'GET' && request.method !== 'HEAD') return send(405, 'text/plain', 'Only GET\n');
    const path = request.url?.split('?')[0];
    if (path === '/')
      return send(200, 'text/html', hubPage({ members: await members(), demoFile: resolve(demoPath(data)) }));
    if (path !== '/healthz') return send(404, 'text/plain', 'Not here\n');
    const states = (await members()).map(({ member, address, ready }) => ({ member, address, ready }));
    send(200, 'application/json', JSON.stringify({ members: states }));
  }

  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  server.listen(plan.hubPort, '127.0.0.1');
  await once(server, 'listening');
  return {
    async close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
