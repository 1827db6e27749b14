import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { castOf, institutionOf } from '@bronze-drum/simulator/story/casting';
import { expect, onTestFinished, test } from 'vitest';
import { freePort } from '../../journeys/server-process.ts';
import { systemClock } from '../../kernel/clock.ts';
import { openDemo } from './demo.ts';
import { openHub } from './hub.ts';
import type { Plan, Seat } from './plan.ts';
import { testFolder } from './test-folder.ts';

const token = 'drums_of-the-test';

async function listening(answer: RequestListener): Promise<number> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

/** A hub, and a member's server that lets its officers in and knows one trace and two requests. */
async function openTestHub(parts: { signIn?: number } = {}) {
  const mule = castOf(1)['mule-vn'];
  const asked: { path: string; bearer: string | undefined; body: string }[] = [];
  const answers: Readonly<Record<string, unknown>> = {
    '/v1/traces': { traces: [{ id: 'trace-1' }], next: null },
    '/v1/requests': { requests: [{ id: 'request-2' }, { id: 'request-1' }], next: null },
    '/v1/requests/request-2': { body: { account: 'account:VN:970436:1' } },
    '/v1/requests/request-1': { body: { account: mule } },
  };
  const port = await listening((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += String(chunk)));
    request.on('end', () => {
      const path = request.url ?? '';
      asked.push({ path, bearer: request.headers.authorization, body });
      const [place = ''] = path.split('?');
      const answer = place === '/v1/sessions' ? { officer: 'x', token, expiresAt: 'later' } : answers[place];
      const status = place === '/v1/sessions' ? (parts.signIn ?? 201) : answer === undefined ? 404 : 200;
      const text = status >= 400 ? { code: 'unauthenticated.sign-in', status, title: 'No' } : answer;
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(text));
    });
  });
  const hubPort = await freePort();
  const address = `http://localhost:${port}`;
  const seat: Seat = { member: 'th', name: 'Thailand', port, address };
  const plan: Plan = { hubPort, hubAddress: `http://localhost:${hubPort}`, seats: [seat] };
  const data = await testFolder();
  const demo = await openDemo(data, [seat]);
  await demo.addKey('th', { institution: 'demo-bank', kind: 'bank', key: 'drumk_demo' });
  await demo.addKey('th', { institution: institutionOf('th', 'bank 3'), kind: 'bank', key: 'drumk_three' });
  const hub = await openHub(plan, data, systemClock);
  onTestFinished(() => hub.close());
  const own = { origin: plan.hubAddress };
  const post = (path: string, headers: Record<string, string> = own) =>
    fetch(`${plan.hubAddress}${path}`, { method: 'POST', headers, redirect: 'manual' });
  return { plan, demo: demo.of('th'), asked, address, post };
}

test('one click opens a desk as an officer, in the language of the page: the session stands behind the # alone', async () => {
  const { post, asked, address, demo } = await openTestHub();
  const answer = await post('/enter/th/duty-officer?lang=km');
  expect(answer.status).toBe(303);
  expect(answer.headers.get('location')).toBe(`${address}/enter?lang=km#${token}`);
  expect(answer.headers.get('referrer-policy')).toBe('no-referrer');
  expect(answer.headers.get('cache-control')).toBe('no-store');
  expect(await answer.text()).toBe('');
  const { officer, password } = demo.officers.find(({ roles }) => roles.includes('duty-officer'))!;
  expect(JSON.parse(asked[0]!.body)).toEqual({ officer, password });
});

test('one click opens the desk of a demo bank', async () => {
  const { post, address } = await openTestHub();
  const answer = await post('/enter/th/demo-bank');
  expect(answer.headers.get('location')).toBe(`${address}/enter/institution?lang=en#drumk_demo`);
});

test('a step of the story leads to the thing itself, as soon as it is there', async () => {
  const { post, address, asked } = await openTestHub();
  const to = async (path: string): Promise<string | null> => (await post(path)).headers.get('location');
  const way = (path: string): string => `${address}/enter?lang=en&to=${encodeURIComponent(path)}#${token}`;
  expect(await to('/look/the-report/0')).toBe(way('/traces/trace-1'));
  expect(asked.at(-1)).toMatchObject({ bearer: `Bearer ${token}` });
  expect(await to('/look/the-report/2')).toBe(
    `${address}/enter/institution?lang=en&to=%2Finstitution%2Forders#drumk_three`,
  );
  expect(await to('/look/the-report/3')).toBe(way('/requests/request-1'));
  expect(await to('/look/held-at-once/1')).toBe(way('/holds?trace=trace-1'));
  expect(await to('/look/khmer/0')).toBe(way('/requests'));
  expect(await to('/look/the-call/0')).toBe(way('/'));
});

test('a page of somebody else opens no desk, nor does whoever does not say where the click came from', async () => {
  const { post, plan, asked } = await openTestHub();
  for (const headers of [
    { origin: 'http://elsewhere.example' },
    { origin: 'null' },
    { origin: plan.seats[0]!.address },
    { origin: plan.hubAddress, 'sec-fetch-site': 'cross-site' },
    { origin: plan.hubAddress, 'sec-fetch-site': 'same-site' },
    {},
  ] as Record<string, string>[]) {
    const answer = await post('/enter/th/duty-officer', headers);
    expect(answer.status).toBe(403);
    expect(answer.headers.get('location')).toBeNull();
  }
  expect((await fetch(`${plan.hubAddress}/enter/th/duty-officer`, { redirect: 'manual' })).status).toBe(404);
  expect(asked.filter(({ path }) => path === '/v1/sessions')).toEqual([]);
});

test('only the buttons that there are lead anywhere', async () => {
  const { post } = await openTestHub();
  const strangers = [
    '/enter/xx/duty-officer',
    '/enter/th/operator',
    '/enter/th',
    '/enter/th/duty-officer/x',
    '/look/x/0',
  ];
  for (const path of [...strangers, '/look/the-report/9', '/look/constructor/0', '/enter/__proto__/duty-officer']) {
    expect((await post(path)).status, path).toBe(404);
  }
});

test('a sign-in that is refused says what to do, in the language of the page', async () => {
  const { post } = await openTestHub({ signIn: 401 });
  const answer = await post('/enter/th/analyst?lang=vi');
  expect(answer.status).toBe(503);
  const page = await answer.text();
  expect(page).toContain('<html lang="vi">');
  expect(page).toContain('Máy chủ từ chối lượt đăng nhập thử');
});

test('no password, session or key is on the page, and its forms may lead to the desks alone', async () => {
  const { plan, demo, post } = await openTestHub();
  await post('/enter/th/duty-officer');
  const answer = await fetch(`${plan.hubAddress}/`, { headers: { 'accept-language': 'th-TH,th;q=0.9' } });
  const page = await answer.text();
  expect(page).toContain('<html lang="th">');
  const secrets = [...demo.officers.map(({ password }) => password), ...demo.institutions.map(({ key }) => key), token];
  for (const secret of secrets) expect(page).not.toContain(secret);
  expect(answer.headers.get('content-security-policy')).toContain(`form-action 'self' ${plan.seats[0]!.address};`);
});

test('letters that a machine has no font for come from the page’s own address, and nothing else does', async () => {
  const { plan } = await openTestHub();
  const page = await (await fetch(plan.hubAddress)).text();
  const fonts = [...page.matchAll(/url\((\/fonts\/[^)]+)\)/g)].map(([, path]) => path!);
  expect(fonts).toHaveLength(8);
  for (const path of fonts) {
    const answer = await fetch(plan.hubAddress + path);
    expect([path, answer.status, answer.headers.get('content-type')]).toEqual([path, 200, 'font/woff2']);
    expect(
      Buffer.from(await answer.arrayBuffer())
        .subarray(0, 4)
        .toString('latin1'),
    ).toBe('wOF2');
  }
  for (const path of ['/fonts/latin-400.woff2', '/fonts/khmer-500.woff2', '/fonts/..%2f..%2findex.html'])
    expect((await fetch(plan.hubAddress + path)).status).toBe(404);
});
