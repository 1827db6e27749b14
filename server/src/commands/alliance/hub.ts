import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { resolve } from 'node:path';
import type { Language } from '@bronze-drum/protocol/languages';
import type { Clock } from '../../kernel/clock.ts';
import { demoPath } from './demo.ts';
import { enter, enteringOf, type Entering } from './hub-entry.ts';
import { readFont } from './hub-fonts.ts';
import { chosenLanguage } from './hub-language.ts';
import { hubPage, hubPolicy, troublePage } from './hub-page.ts';
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

/** The page tells other origins nothing of itself; its own forms must say where they come from, or `isOwn` would not know them. */
const headersOf = ({ seats }: Plan) => ({
  'content-security-policy': hubPolicy(seats.map(({ address }) => address)),
  'cache-control': 'no-store',
  'referrer-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
});

/** The page that leads to the members, on this machine alone. */
export async function openHub(plan: Plan, data: string, clock: Clock): Promise<Hub> {
  const headers = headersOf(plan);
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
  async function act({ request, response, url, send }: Asked): Promise<void> {
    request.resume();
    if (!isOwn(request, plan)) return send(403, 'text/plain', 'Only from this page\n');
    const entering = enteringOf(url.pathname, storyView().run, languageFor(request, url));
    if (entering !== undefined) return open({ request, response, url, send }, entering);
    const steer = desk === undefined ? undefined : storyActs(desk, url)[url.pathname];
    if (steer === undefined) return send(404, 'text/plain', 'Not here\n');
    const done = steer();
    if (request.headers.accept?.includes('text/html') === true) {
      done.catch(() => undefined);
      response.writeHead(303, { location: `/?lang=${languageFor(request, url)}#story` }).end();
      return;
    }
    await done;
    send(200, 'application/json', JSON.stringify(storyView()));
  }

  /** Leads to a desk, signed in. Only a page of a browser has a use for it, and browsers say where a form comes from. */
  async function open({ request, response, url, send }: Asked, entering: Entering): Promise<void> {
    if (request.headers.origin === undefined) return send(403, 'text/plain', 'Only from this page\n');
    const entered = await enter(data, plan.seats, entering);
    if ('refused' in entered) {
      const status = entered.refused === 'unknown' ? 404 : 503;
      return send(status, 'text/html', troublePage(languageFor(request, url), entered.refused));
    }
    const { location } = entered;
    response.writeHead(303, { location, 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' }).end();
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const send: Send = (status, type, body) => {
      response.writeHead(status, { ...headers, 'content-type': `${type}; charset=utf-8` });
      response.end(request.method === 'HEAD' ? undefined : body);
    };
    const url = urlOf(request);
    if (url === undefined) return send(400, 'text/plain', 'Not an address\n');
    if (request.method === 'POST') return act({ request, response, url, send });
    if (request.method !== 'GET' && request.method !== 'HEAD') return send(405, 'text/plain', 'Only GET and POST\n');
    if (url.pathname === '/') {
      const view = { members: await members(), demoFile: resolve(demoPath(data)), story: storyView() };
      return send(200, 'text/html', hubPage({ language: languageFor(request, url), ...view }));
    }
    if (url.pathname === '/story') return send(200, 'application/json', JSON.stringify(storyView()));
    const font = await readFont(url.pathname);
    if (font !== undefined) {
      response.writeHead(200, { ...headers, 'content-type': 'font/woff2', 'cache-control': 'max-age=86400' });
      response.end(request.method === 'HEAD' ? undefined : font);
      return;
    }
    if (url.pathname !== '/healthz') return send(404, 'text/plain', 'Not here\n');
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

interface Asked {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
  readonly send: Send;
}

const urlOf = ({ url = '/' }: IncomingMessage): URL | undefined =>
  URL.parse(url.startsWith('/') ? `http://localhost${url}` : url) ?? undefined;

const languageFor = ({ headers }: IncomingMessage, { searchParams }: URL): Language =>
  chosenLanguage(searchParams.get('lang'), headers['accept-language']);

/** Before the servers are ready there is nothing to play on. */
const untold: StoryView = { story: '', title: 'Not ready yet', state: 'ready', steps: [], run: 1, missing: [] };

export const defaultSpeed = 60;
const speedMax = 10_000;

function storyActs(desk: StoryDesk, url: URL): Readonly<Record<string, () => Promise<unknown>>> {
  const asked = Number(url.searchParams.get('speed') ?? defaultSpeed);
  const speed = asked > 0 && asked <= speedMax ? asked : defaultSpeed;
  return {
    '/story/step': () => desk.step(),
    '/story/play': async () => desk.play(speed),
    '/story/pause': async () => desk.pause(),
    '/story/again': () => desk.again(),
  };
}

/** A browser says where a form comes from; and whoever made it call this machine by another name is not this page. */
function isOwn({ headers }: IncomingMessage, { hubPort, hubAddress }: Plan): boolean {
  const { origin, host } = headers;
  const hosts = [`localhost:${hubPort}`, `127.0.0.1:${hubPort}`];
  if (host === undefined || !hosts.includes(host)) return false;
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin') return false;
  return origin === undefined || origin === hubAddress || origin === `http://127.0.0.1:${hubPort}`;
}
