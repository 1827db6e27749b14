import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import type { Actor } from '../kernel/actor.ts';
import { refuse } from '../kernel/refusals.ts';
import { openHttp } from './http.ts';
import { liveRoutes, type LiveAccess } from './live-routes.ts';
import { openTelemetry } from './telemetry.ts';
import { eventsOf, openTestLive, testViewer } from './test-live.ts';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** A server with the stream and nothing else. */
async function openDesks(change: Partial<LiveAccess> = {}) {
  const hub = openTestLive();
  const http = await openHttp(openTelemetry({ level: 'silent', member: 'th' }));
  const access: LiveAccess = {
    authenticate: (request) =>
      request.headers.authorization === 'Bearer mali' ? testViewer('mali') : refuse('unauthenticated.missing'),
    requirePermission(actor: Actor, permission) {
      if (!('permissions' in actor) || !actor.permissions.has(permission)) refuse('forbidden.permission');
    },
    ...change,
  };
  liveRoutes(http, hub.live, access, 20);
  await http.listen({ host: '127.0.0.1', port: 0 });
  closing.push(() => http.close());
  const { port } = http.server.address() as AddressInfo;
  const get = (path = '/v1/stream', headers: Record<string, string> = {}) =>
    fetch(`http://127.0.0.1:${port}${path}`, { headers: { authorization: 'Bearer mali', ...headers } });
  return { ...hub, http, port, get };
}

async function nextOf(reader: ReadableStreamDefaultReader<Uint8Array>) {
  const { done, value } = await reader.read();
  return done ? undefined : eventsOf(Buffer.from(value).toString());
}

test('a desk reads a stream of events that nothing on the way keeps or holds back', async () => {
  const desks = await openDesks();
  const response = await desks.get();
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('text/event-stream');
  expect(response.headers.get('cache-control')).toBe('no-store');
  expect(response.headers.get('x-accel-buffering')).toBe('no');
  const reader = response.body!.getReader();
  expect((await nextOf(reader))![0]).toMatchObject({ event: 'hello' });
  desks.say({ id: 'a' });
  expect(await nextOf(reader)).toMatchObject([{ id: 'alerts=1', event: 'alert' }]);
  await reader.cancel();
});

test('it resumes by the header, and for those who cannot send one by the address', async () => {
  const desks = await openDesks();
  desks.say({ id: 'a' }, { id: 'b' }, { id: 'c' });
  for (const [path, headers] of [
    ['/v1/stream', { 'last-event-id': 'alerts=2' }],
    ['/v1/stream?after=alerts%3D2', {}],
    ['/v1/stream?after=alerts%3D1', { 'last-event-id': 'alerts=2' }],
  ] as const) {
    const reader = (await desks.get(path, headers)).body!.getReader();
    await nextOf(reader);
    expect((await nextOf(reader))!.map(({ id }) => id)).toEqual(['alerts=3']);
    await reader.cancel();
  }
});

test('who may not read, and what cannot be resumed, is refused before the stream begins', async () => {
  const desks = await openDesks({ authenticate: () => ({ ...testViewer('mali'), permissions: new Set() }) });
  expect((await desks.get()).status).toBe(403);
  const others = await openDesks();
  const malformed = await others.get('/v1/stream', { 'last-event-id': 'nonsense' });
  expect([malformed.status, ((await malformed.json()) as { code: string }).code]).toEqual([
    400,
    'malformed.last-event-id',
  ]);
  expect((await others.get('/v1/stream', { authorization: '' })).status).toBe(401);
});

test('the twenty-first stream of an officer is told when to come again', async () => {
  const desks = await openDesks();
  const open = await Promise.all(Array.from({ length: 20 }, () => desks.get()));
  const refused = await desks.get();
  expect(refused.status).toBe(429);
  expect(refused.headers.get('retry-after')).toBe('10');
  await open[0]!.body!.cancel();
  await expect
    .poll(async () => {
      const again = await desks.get();
      await again.body!.cancel();
      return again.status;
    })
    .toBe(200);
  await Promise.all(open.slice(1).map(({ body }) => body!.cancel()));
});

test('a desk that goes away leaves nothing behind, however it goes', async () => {
  const desks = await openDesks();
  for (let round = 0; round < 30; round += 1) {
    const socket = connect(desks.port, '127.0.0.1');
    socket.write('GET /v1/stream HTTP/1.1\r\nhost: x\r\nauthorization: Bearer mali\r\n\r\n');
    if (round % 2 === 0) await once(socket, 'data');
    socket.destroy();
  }
  await expect.poll(async () => (await desks.get()).status).toBe(200);
});

test('the stream of whoever may no longer read ends within a minute, if access can be asked without a use', async () => {
  const state = { may: true };
  const recheck = (): Actor => (state.may ? testViewer('mali') : refuse('unauthenticated.revoked'));
  const desks = await openDesks({ recheck });
  const reader = (await desks.get()).body!.getReader();
  await nextOf(reader);
  desks.say({ id: 'a' });
  expect(await nextOf(reader)).toHaveLength(1);
  state.may = false;
  expect(await nextOf(reader)).toBeUndefined();
});

test('whoever has moved to another office begins anew', async () => {
  const state = { office: 'national-centre' };
  const desks = await openDesks({ recheck: () => testViewer('mali', state.office) });
  const reader = (await desks.get()).body!.getReader();
  await nextOf(reader);
  state.office = 'mae-sot';
  expect(await nextOf(reader)).toBeUndefined();
});

test('a session is not used by looking on', async () => {
  let asked = 0;
  const desks = await openDesks({
    authenticate() {
      asked += 1;
      return testViewer('mali');
    },
  });
  const reader = (await desks.get()).body!.getReader();
  await nextOf(reader);
  desks.clock.advance(16_000);
  await nextOf(reader);
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(asked).toBe(1);
  await reader.cancel();
});

test('a server that closes does not wait for those who look on', async () => {
  const desks = await openDesks();
  const readers = await Promise.all(Array.from({ length: 5 }, async () => (await desks.get()).body!.getReader()));
  await Promise.all(readers.map((reader) => nextOf(reader)));
  const ended = Promise.all(readers.map((reader) => nextOf(reader)));
  await desks.http.close();
  expect(await ended).toEqual([undefined, undefined, undefined, undefined, undefined]);
});

test('the stream is part of the published contract', async () => {
  const desks = await openDesks();
  const operation = (desks.http.swagger() as any).paths['/v1/stream'].get;
  expect(Object.keys(operation.responses['200'].content)).toEqual(['text/event-stream']);
});
