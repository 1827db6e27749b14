import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openLedger, openTestServer, sendJson, testRuntime, type TestServer } from '@bronze-drum/client/test-client';
import type { ActivityRecord, ActivityRecords } from '@bronze-drum/protocol/activity/kinds';
import type { Order, OrderOutcome } from '@bronze-drum/protocol/orders';
import { foundingMembers } from '@bronze-drum/protocol/members';
import { historyMs } from '../frauds/marking.ts';
import { simulatedInstitutions } from '../world/institutions.ts';
import { openLiveWorld, type LiveEvent, type LiveOptions } from './live-world.ts';
import { openTestOffice, type TestOffice } from './test-office.ts';

const minuteMs = 60_000;

interface Told {
  readonly member: string;
  readonly institution: string;
  readonly record: ActivityRecord;
}

describe('the living world', () => {
  let server: TestServer;
  let told: Told[];
  let asked: string[];
  let advice: (identifier: string) => string;
  let away: boolean;
  let orders: { readonly to: string; readonly order: Order }[];
  let outcomes: Map<string, OrderOutcome>;
  let office: TestOffice;

  beforeEach(async () => {
    told = [];
    asked = [];
    advice = () => 'clear';
    away = false;
    orders = [];
    outcomes = new Map();
    office = await openTestOffice();
    const ledger = openLedger();
    server = await openTestServer(({ url, body, headers }, response) => {
      if (away) return void response.destroy();
      const [member = '', institution = ''] = (headers.authorization ?? '').replace('Bearer ', '').split('/');
      if (url === '/v1/screen') {
        const { identifiers } = JSON.parse(body) as { identifiers: string[] };
        asked.push(...identifiers);
        const results = identifiers.map((identifier) => ({
          identifier,
          advice: advice(identifier),
          tiers: [],
          typologies: [],
          members: [],
        }));
        return sendJson(response, 200, { now: '2026-01-05T00:00:00.000Z', results });
      }
      if (url === '/v1/stream') return sendJson(response, 404, { code: 'not-found.route' });
      if (url === '/v1/orders/keys') return sendJson(response, 200, { keys: [office.key] });
      const [, id, verb] = url.match(/^\/v1\/orders\/([^/?]+)\/(outcome|confirm)$/) ?? [];
      if (id !== undefined) {
        if (verb === 'outcome') outcomes.set(id, JSON.parse(body) as OrderOutcome);
        const at = orders.findIndex((one) => one.order.id === id);
        const [{ order }] = orders.splice(at, 1) as [(typeof orders)[number]];
        return sendJson(response, 200, { ...order, state: 'placed' });
      }
      if (url.startsWith('/v1/orders')) {
        const own = orders.filter((one) => headers.authorization === `Bearer ${one.to}`);
        return sendJson(response, 200, { orders: own.map(({ order }) => order) });
      }
      for (const line of body.split('\n'))
        told.push({ member, institution, record: JSON.parse(line) as ActivityRecord });
      sendJson(response, 200, ledger.take(body));
    });
  });
  afterEach(() => server.close());

  const servers = () =>
    foundingMembers.map((member) => ({
      member,
      url: server.url,
      institutions: simulatedInstitutions(member).map(({ id }) => ({ institution: id, key: `${member}/${id}` })),
    }));

  async function live(
    untilMs: number,
    options: Partial<LiveOptions> = {},
    meanwhile: (atMs: number) => void = () => undefined,
  ) {
    const runtime = testRuntime();
    const beganMs = runtime.now();
    const events: LiveEvent[] = [];
    const onEvent = (event: LiveEvent): void => void events.push(event);
    const world = openLiveWorld({
      servers: servers(),
      seed: 7,
      rate: 60,
      speed: 1,
      fraudShare: 0.2,
      runtime,
      onEvent,
      ...options,
    });
    while (runtime.now() < beganMs + untilMs) {
      meanwhile(runtime.now() - beganMs);
      await new Promise((resolve) => setImmediate(resolve));
    }
    const left = await world.close();
    return { world, runtime, beganMs, events, left };
  }

  test('is in the middle of things: within a minute frauds of several kinds are suspected at several members, over borders too', async () => {
    const { left, world } = await live(minuteMs);
    const suspected = told.filter(({ record }) => record.suspicion !== undefined);
    expect(new Set(suspected.map(({ member }) => member)).size).toBeGreaterThanOrEqual(4);
    expect(new Set(suspected.map(({ record }) => record.suspicion!.typology)).size).toBeGreaterThanOrEqual(4);
    const abroad = suspected.filter(
      ({ member, record }) =>
        'to' in record && record.to?.startsWith('account:') && !record.to.startsWith(`account:${member.toUpperCase()}`),
    );
    expect(abroad.length).toBeGreaterThan(0);
    expect(asked.length).toBeGreaterThan(5);
    expect(world.counts().reported).toBe(told.length);
    expect(left).toBe(0);
  });

  test('says when things happened as the clock says, however fast the world is', async () => {
    const { beganMs, runtime } = await live(minuteMs / 2, { speed: 20, rate: 10 });
    expect(told.length).toBeGreaterThan(50);
    for (const { record } of told) {
      expect(Date.parse(record.at)).toBeGreaterThanOrEqual(beganMs - historyMs - minuteMs);
      expect(Date.parse(record.at)).toBeLessThanOrEqual(runtime.now());
    }
  });

  test('gives other ids when it begins anew', async () => {
    await live(minuteMs / 2);
    const before = new Set(told.map(({ record }) => record.id));
    told = [];
    const later = testRuntime();
    await later.pause(2 * minuteMs);
    const runtime = { ...later, now: () => later.now(), pause: later.pause };
    const world = openLiveWorld({ servers: servers(), seed: 7, rate: 60, speed: 1, runtime });
    const beganMs = later.now();
    while (later.now() < beganMs + minuteMs / 2) await new Promise((resolve) => setImmediate(resolve));
    await world.close();
    expect(told.length).toBeGreaterThan(10);
    expect(told.every(({ record }) => !before.has(record.id))).toBe(true);
  });

  test('heeds a server that advises to hold most of the time, and what it stops has no sequel', async () => {
    advice = () => 'hold';
    const { events, world } = await live(2 * minuteMs);
    const { asked: questions, prevented } = world.counts();
    expect(prevented).toBeGreaterThan(5);
    expect(prevented).toBeLessThan(questions);
    expect(events.filter(({ kind }) => kind === 'prevented').length).toBe(prevented);
    const rejected = told.filter(({ record }) => 'state' in record && record.state === 'rejected');
    expect(rejected.length).toBeGreaterThan(0);
  });

  test('institutions answer their orders with what is there and what went on', async () => {
    const ordered = new Map<string, Order>();
    const issue = async (member: string, institution: string, from: string, currency: string): Promise<void> => {
      const all = { kind: 'hold-amount', amount: { value: '99999999999999', currency } } as const;
      const what = ordered.size % 4 === 0 ? ({ kind: 'report-onward' } as const) : all;
      ordered.set(from, await office.order(institution, from, what));
      orders.push({ to: `${member}/${institution}`, order: ordered.get(from)! });
    };
    const { world } = await live(2 * minuteMs, { servers: servers().filter(({ member }) => member === 'th') }, () => {
      for (const { member, institution, record } of told) {
        const { from, amount, side } = record as ActivityRecords['payment'];
        const isKept = from?.startsWith('account:') === true && side !== 'receiver';
        if (isKept && !ordered.has(from) && ordered.size < 40) void issue(member, institution, from, amount.currency);
      }
    });
    expect(world.counts().answered).toBeGreaterThan(0);
    expect(outcomes.size).toBe(world.counts().answered);
    for (const [id, { outcome, held }] of outcomes) {
      expect(['placed', 'partly', 'gone', 'refused'], id).toContain(outcome);
      // Nobody has as much as was ordered.
      if (outcome === 'placed') expect(held).toBeUndefined();
    }
  });

  test('goes on when a server is away, and tells it everything once it is back', async () => {
    const { left, events, world } = await live(3 * minuteMs, { rate: 20 }, (passedMs) => {
      away = passedMs > minuteMs / 2 && passedMs < minuteMs;
    });
    expect(events.some(({ kind }) => kind === 'trouble')).toBe(true);
    expect(left).toBe(0);
    expect(new Set(told.map(({ member, record }) => `${member} ${record.id}`)).size).toBe(world.counts().reported);
  });

  test('ends when whoever started it has ended, and says what it did', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'drum-live-'));
    const file = join(folder, 'demo.json');
    const members = Object.fromEntries(
      servers().map(({ member, url, institutions }) => [member, { url, institutions }]),
    );
    await writeFile(file, JSON.stringify({ members }));
    const program = new URL('../drum-simulate.ts', import.meta.url).pathname;
    const child = spawn(process.execPath, [program, '--live', file, '--with-parent'], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    let said = '';
    child.stdout.on('data', (piece: Buffer) => (said += piece.toString()));
    await expect.poll(() => told.length, { timeout: 30_000 }).toBeGreaterThan(3);
    child.stdin.end();
    const [code] = (await once(child, 'exit')) as [number];
    await rm(folder, { recursive: true });
    expect(code).toBe(0);
    expect(said).toMatch(
      /^The simulated world begins: 48 institutions of cn, kh, la, mm, th, vn, 60 records a minute\n/,
    );
    expect(said).toMatch(/The simulated world ends: reported \d+, asked \d+, prevented \d+/);
  });
});
