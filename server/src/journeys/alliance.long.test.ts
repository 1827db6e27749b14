import { once } from 'node:events';
import { mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openAllianceProgram, until, type AllianceProgram, type AllianceRun } from './alliance-program.ts';
import { drum } from './server-process.ts';

let alliance: AllianceProgram;
let data: string;
let latest: AllianceRun;

beforeAll(async () => {
  alliance = await openAllianceProgram();
  ({ data } = alliance);
});
afterAll(() => alliance.close());

async function start(members = 'th,kh'): Promise<AllianceRun> {
  latest = await alliance.start('--members', members);
  return latest;
}

async function signIn(member: string, officer: string): Promise<any> {
  const { url, officers } = (await alliance.demo()).members[member];
  const { password } = officers.find((each: any) => each.officer === officer);
  const response = await fetch(`${url}/v1/sessions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ officer, password }),
  });
  const { token } = (await response.json()) as { token: string };
  const session = await fetch(`${url}/v1/session`, { headers: { authorization: `Bearer ${token}` } });
  return session.json();
}

let written: unknown;

test('two members start, found their alliance, and officers of both can sign in', async () => {
  const { output } = await start();
  expect(output()).toContain('Allied, by the signatures of all: kh, th');
  written = await alliance.demo();
  expect((await stat(join(data, 'demo.json'))).mode & 0o777).toBe(0o600);
  const { institutions } = (await alliance.demo()).members.kh;
  expect(institutions.slice(0, 2).map(({ institution }: any) => institution)).toEqual(['demo-bank', 'demo-telecom']);
  expect(new Set(institutions.map(({ kind }: any) => kind)).size).toBe(5);
  expect(await signIn('kh', 'duty-1')).toMatchObject({ member: 'kh', roles: ['duty-officer'] });
  expect(await signIn('th', 'administrator')).toMatchObject({ member: 'th', roles: ['administrator'] });
});

test('an institution asks with its key, and hears of what a neighbour listed', async () => {
  const [bank] = (await alliance.demo()).members.th.institutions;
  const headers = { authorization: `Bearer ${bank.key}`, 'content-type': 'application/json' };
  const body = JSON.stringify({ identifiers: ['45.66.77.88'] });
  const feed = join(data, 'feed.txt');
  await writeFile(feed, '45.66.77.88\n');
  const words = ['--as', 'ip', '--tier', 'observed', '--source', 'a feed'];
  const listed = await drum(data, '--member', 'kh', 'import', feed, ...words);
  expect(listed).toMatchObject({ code: 0 });
  const hears = async (): Promise<boolean> => {
    const response = await fetch(`${alliance.addressOf('th')}/v1/screen`, { method: 'POST', headers, body });
    return (await response.text()).includes('"watch"');
  };
  expect(await until(hears)).toBe(true);
});

test('the page and its health say who is there', async () => {
  // On a busy machine a server may be asked, and not answer in time, once.
  const isReady = async (): Promise<boolean> =>
    (await (await fetch(`${alliance.addressOf('hub')}/`)).text()).includes('2 of 2 servers ready.');
  expect(await until(isReady)).toBe(true);
  const page = await fetch(`${alliance.addressOf('hub')}/`);
  expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
  const text = await page.text();
  for (const { password } of (await alliance.demo()).members.th.officers) expect(text).not.toContain(password);
  const health = await (await fetch(`${alliance.addressOf('hub')}/healthz`)).json();
  expect(health).toEqual({
    members: [
      { member: 'kh', address: alliance.addressOf('kh'), ready: true },
      { member: 'th', address: alliance.addressOf('th'), ready: true },
    ],
  });
});

test('a newcomer sees alerts of several kinds at the desks within a minute or two', { timeout: 180_000 }, async () => {
  const kinds = new Set<string>();
  const isLively = async (): Promise<boolean> => {
    for (const member of ['kh', 'th']) {
      const { code, out } = await drum(data, '--member', member, 'alerts', '--json');
      expect(code).toBe(0);
      for (const alert of JSON.parse(out)) {
        expect(alert).toMatchObject({
          subject: expect.any(String),
          state: expect.any(String),
          time: expect.any(String),
        });
        kinds.add(alert.kind);
      }
    }
    return kinds.size >= 4;
  };
  expect(await until(isLively, 120), [...kinds].join(', ')).toBe(true);
});

test('the story is steered from the command line and by the page’s buttons, but not from another page', async () => {
  const words = ['--base-port', String(alliance.basePort), '--json'];
  const status = await drum(data, 'story', 'status', ...words);
  // Its other members are not here.
  expect(JSON.parse(status.out)).toMatchObject({ state: 'ready', missing: ['la', 'mm', 'vn'] });
  const post = (headers: Record<string, string>) =>
    fetch(`${alliance.addressOf('hub')}/story/pause`, { method: 'POST', headers, redirect: 'manual' });
  expect((await post({ accept: 'text/html', origin: alliance.addressOf('hub') })).status).toBe(303);
  expect((await post({ origin: 'http://elsewhere.example' })).status).toBe(403);
});

test('a member that is cut off hears nobody until it is healed', async () => {
  expect(await drum(data, 'alliance', 'cut', 'th')).toMatchObject({ code: 0 });
  expect((await drum(data, 'alliance', 'status')).out).toMatch(/th .* cut off {2}0 of 1/);
  expect(await drum(data, 'alliance', 'heal', 'th')).toMatchObject({ code: 0 });
  const isHealed = async (): Promise<boolean> => /th .* up +1 of 1/.test((await drum(data, 'alliance', 'status')).out);
  expect(await until(isHealed, 30)).toBe(true);
});

test('a second alliance on the same data or the same ports is told why not', async () => {
  const same = await drum(data, 'alliance', '--base-port', '1');
  expect(same).toMatchObject({ code: 1 });
  expect(same.err).toContain('already running');
  const other = await mkdtemp(join(tmpdir(), 'drum-alliance-other-'));
  const taken = await drum(other, 'alliance', '--members', 'th,kh', '--base-port', String(alliance.basePort));
  expect(taken.err).toContain(`another program has the ports ${alliance.basePort} (the page)`);
  await rm(other, { recursive: true });
});

test('a server that dies is started again', async () => {
  const pid = (await readFile(join(data, 'kh', 'server.lock'), 'utf8')).split(' ')[0];
  process.kill(Number(pid), 'SIGKILL');
  const isBack = async (): Promise<boolean> => {
    const now = await readFile(join(data, 'kh', 'server.lock'), 'utf8').catch(() => `${pid} `);
    const ready = await fetch(`${alliance.addressOf('kh')}/readyz`).catch(() => undefined);
    return now.split(' ')[0] !== pid && ready?.ok === true;
  };
  expect(await until(isBack, 300)).toBe(true);
});

test('Ctrl-C stops everything, and the next start finds it as it was', async () => {
  const first = latest.child;
  const ended = once(first, 'exit');
  first.kill('SIGINT');
  expect(await ended).toEqual([0, null]);
  expect(await alliance.processes()).toEqual([]);
  const { output } = await start();
  expect(output()).toContain('Allied, by the signatures of all: kh, th');
  expect(await alliance.demo()).toEqual(written);
  expect(await signIn('kh', 'supervisor-2')).toMatchObject({ roles: ['supervisor'] });
});

test('beginning anew is refused while the alliance runs', async () => {
  const refused = await drum(data, 'alliance', '--fresh', '--base-port', '1');
  expect(refused).toMatchObject({ code: 1 });
  expect(await readdir(data)).toEqual(expect.arrayContaining(['kh', 'th', 'demo.json']));
});

test('a kill of the alliance leaves no server and no database behind', async () => {
  const child = latest.child;
  child.kill('SIGKILL');
  expect(await until(async () => (await alliance.processes()).length === 0)).toBe(true);
});

test('a member that comes later is admitted by the signatures of all', async () => {
  const { child, ended, output } = await start('th,kh,vn');
  expect(output()).toContain('Allied, by the signatures of all: kh, th, vn');
  const isHeard = async (): Promise<boolean> => /kh .* up +2 of 2/.test((await drum(data, 'alliance', 'status')).out);
  expect(await until(isHeard, 30)).toBe(true);
  child.kill('SIGTERM');
  await ended;
  expect(await alliance.processes()).toEqual([]);
});
