import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { resolve } from 'node:path';
import type { Clock } from '../../kernel/clock.ts';
import { demoPath } from './demo.ts';
import { hubPage, hubPolicy } from './hub-page.ts';
import { standingOf, type Standing } from './standing.ts';
import type { Plan, Seat } from './plan.ts';
import type { StoryDesk, StoryView } from './story-desk.ts';

export interface Hub {
  /** From now on the story can be played. */
  tell(desk: StoryDesk): void;
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
  let desk: StoryDesk | undefined;
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

  const storyView = (): StoryView => desk?.view() ?? untold;

  /** What the page's buttons and `drum story` ask for. A page of somebody else may not. */
  async function steer(request: IncomingMessage, response: ServerResponse, path: string, send: Send): Promise<void> {
    request.resume();
    if (!isOwn(request, plan)) return send(403, 'text/plain', 'Only from this page\n');
    const act = desk === undefined ? undefined : storyActs(desk, request)[path];
    if (act === undefined) return send(404, 'text/plain', 'Not here\n');
    const done = act();
    if (request.headers.accept?.includes('text/html') === true) {
      done.catch(() => undefined);
      response.writeHead(303, { location: '/#story' }).end();
      return;
    }
    await done;
    send(200, 'application/json', JSON.stringify(storyView()));
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const send: Send = (status, type, body) => {
      response.writeHead(status, { ...headers, 'content-type': `${type}; charset=utf-8` });
      response.end(request.method === 'HEAD' ? undefined : body);
    };
    const path = request.url?.split('?')[0] ?? '/';
    if (request.method === 'POST') return steer(request, response, path, send);
    if (request.method !== 'GET' && request.method !== 'HEAD') return send(405, 'text/plain', 'Only GET and POST\n');
    if (path === '/') {
      const demoFile = resolve(demoPath(data));
      return send(200, 'text/html', hubPage({ members: await members(), demoFile, story: storyView() }));
    }
    if (path === '/story') return send(200, 'application/json', JSON.stringify(storyView()));
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
    tell(told) {
      desk = told;
    },
    async close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

type Send = (status: number, type: string, body: string) => void;

/** Before the servers are ready there is nothing to play on. */
const untold: StoryView = { story: '', title: 'Not ready yet', state: 'ready', steps: [], run: 1, missing: [] };

export const defaultSpeed = 60;
const speedMax = 10_000;

function storyActs(desk: StoryDesk, request: IncomingMessage): Readonly<Record<string, () => Promise<unknown>>> {
  const asked = Number(new URL(request.url ?? '/', 'http://localhost').searchParams.get('speed') ?? defaultSpeed);
  const speed = asked > 0 && asked <= speedMax ? asked : defaultSpeed;
  return {
    '/story/step': () => desk.step(),
    '/story/play': async () => desk.play(speed),
    '/story/pause': async () => desk.pause(),
    '/story/again': () => desk.again(),
  };
}

/** A browser says where a form comes from; and whoever made it call this machine by another name is not this page. */
function isOwn({ headers: { origin, host } }: IncomingMessage, { hubPort, hubAddress }: Plan): boolean {
  const hosts = [`localhost:${hubPort}`, `127.0.0.1:${hubPort}`];
  if (host === undefined || !hosts.includes(host)) return false;
  return origin === undefined || origin === hubAddress || origin === `http://127.0.0.1:${hubPort}`;
}
