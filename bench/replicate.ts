import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { startAlliance, type AllianceProcesses } from '../server/src/journeys/alliance-processes.ts';
import type { ServerProcess } from '../server/src/journeys/server-process.ts';
import { openDb, type DbAddress } from '../server/src/platform/db.ts';
import type { BenchOptions, Figure } from './bench.ts';

const codes = ['cn', 'kh', 'la', 'mm', 'th', 'vn'];
const author = 'th';
const others = codes.filter((code) => code !== author);
const backlogDefault = 500_000;
const liveCount = 2000;
const livePerSecond = 200;
const warmCount = 1000;

/** Goals of the design: milliseconds at the 99th percentile, and statements a second. */
const limits = { p99Ms: 50, one: 15_000, each: 6000 };

/**
 * Six servers, each a process with its own database. Live: from before a listing is posted to one until another answers
 * with it, 200 a second. Catching up: a backlog read by one follower, then by five at once; against a poll of the same
 * backlog in pages of 1,000 over HTTP into one plain table, as a TAXII client does it.
 */
export async function run(options: BenchOptions): Promise<Figure[]> {
  const backlog = options.size ?? backlogDefault;
  const data = await mkdtemp(join(tmpdir(), 'drum-replicate-'));
  const alliance = await startAlliance(data, codes);
  try {
    const callers = { officers: await analysts(alliance.of(author)), bank: await bankOf(alliance.of('vn')) };
    // Compilers and connections are warm before anything is measured.
    await liveLatencies(alliance, callers, { count: warmCount, perSecond: livePerSecond / 2, net: 8 });
    const live = await liveLatencies(alliance, callers, { count: liveCount, perSecond: livePerSecond, net: 9 });
    await cutOff(alliance);
    await fill(alliance.of(author), backlog, 1);
    const one = await catchUp(alliance, ['vn'], backlog);
    const poll = await pollSeconds(alliance.of(author), data, backlog);
    for (const code of others) await isolate(alliance.of(code), false);
    await cutOff(alliance);
    await fill(alliance.of(author), backlog, 2);
    const each = await catchUp(alliance, others, 2 * backlog);
    const speed = backlog / one.seconds;
    return [
      figure('replicate live p50', percentile(live, 0.5), 'ms', limits.p99Ms),
      figure('replicate live p99', percentile(live, 0.99), 'ms', limits.p99Ms),
      figure('replicate catch-up of one', speed, 'statements/s', limits.one),
      figure('replicate catch-up of one against a TAXII-style poll', speed, 'statements/s', backlog / poll),
      figure('replicate catch-up of five at once, each', backlog / each.seconds, 'statements/s', limits.each),
      figure('replicate memory of a follower after, against before', one.afterMb, 'MB', one.beforeMb),
    ];
  } finally {
    await alliance.close();
    await rm(data, { recursive: true, force: true });
  }
}

const figure = (name: string, value: number, unit: string, baseline: number): Figure => ({
  name,
  value,
  unit,
  baseline,
  ratio: value / baseline,
});

const claim = {
  tier: 'observed',
  typologies: ['infrastructure'],
  offence: 'telecom-online-fraud',
  grading: { source: 'C', information: 3 },
  grounds: 'named by the bench',
  audience: 'alliance',
  handling: { tlp: 'AMBER', conditions: [] },
};

/** Sessions of enough analysts that none calls more often than an officer may. */
async function analysts(server: ServerProcess): Promise<Record<string, string>[]> {
  const sessions: Record<string, string>[] = [];
  for (let number = 1; number <= livePerSecond / 40; number += 1) {
    const id = `analyst-${number}`;
    const body = { id, office: 'national-centre', name: id, roles: ['analyst'] };
    const { code } = await server.call('POST', '/v1/officers', body);
    const { token } = await server.call('POST', '/v1/sessions/one-time', {
      code,
      password: 'correct horse battery staple',
    });
    sessions.push({ authorization: `Bearer ${token}` });
  }
  return sessions;
}

/** The key of a bank that may ask as often as it likes. */
async function bankOf(server: ServerProcess): Promise<Record<string, string>> {
  const quota = { perSecond: 1_000_000, burst: 1_000_000 };
  await server.call('POST', '/v1/institutions', { id: 'bench-bank', name: 'A bank', kind: 'bank', quota });
  const { key } = await server.call('POST', '/v1/institutions/bench-bank/keys', {});
  return { authorization: `Bearer ${key}` };
}

/** Milliseconds from before each listing is posted in Thailand until Viet Nam answers with it. */
async function liveLatencies(
  alliance: AllianceProcesses,
  { officers, bank }: { officers: readonly Record<string, string>[]; bank: Record<string, string> },
  { count, perSecond, net }: { count: number; perSecond: number; net: number },
): Promise<number[]> {
  const waiting = new Map<string, number>();
  const latencies: number[] = [];
  const began = performance.now();
  let posted = 0;
  const watch = async (): Promise<void> => {
    while (latencies.length < count) {
      const asked = [...waiting.keys()];
      // Often enough to see milliseconds, and seldom enough to leave the processors to the servers.
      await wait(4);
      if (asked.length === 0) continue;
      const { results } = await alliance.of('vn').call('POST', '/v1/screen', { identifiers: asked }, bank);
      const nowMs = performance.now();
      for (const [at, result] of results.entries()) {
        if (result.advice === 'clear') continue;
        latencies.push(nowMs - waiting.get(asked[at]!)!);
        waiting.delete(asked[at]!);
      }
    }
  };
  const post = async (): Promise<void> => {
    const calls: Promise<unknown>[] = [];
    while (posted < count) {
      const due = Math.min(count, Math.floor(((performance.now() - began) / 1000) * perSecond));
      for (; posted < due; posted += 1) {
        const identifier = `ip:45.${posted >> 8}.${posted & 255}.${net}`;
        waiting.set(identifier, performance.now());
        const officer = officers[posted % officers.length]!;
        calls.push(alliance.of(author).call('POST', '/v1/registry/listings', { identifier, ...claim }, officer));
      }
      await wait(2);
    }
    await Promise.all(calls);
  };
  await Promise.all([watch(), post()]);
  return latencies;
}

function percentile(values: readonly number[], share: number): number {
  return [...values].sort((a, b) => a - b)[Math.floor((values.length - 1) * share)]!;
}

async function isolate(server: ServerProcess, isolated: boolean): Promise<void> {
  await server.call('POST', '/v1/directory/isolation', { isolated, reason: 'the bench' });
}

const batchItems = 5000;

/** Waits until every other server has all there is, and cuts each of them off. */
async function cutOff(alliance: AllianceProcesses): Promise<void> {
  const { books } = await alliance.of(author).call('GET', '/federation/v1/books');
  const size = books.find((book: { name: string }) => book.name === 'alliance').size;
  for (const code of others) {
    while (!(await hasAll(alliance.of(code), size))) await wait(50);
    await isolate(alliance.of(code), true);
  }
}

/** Lists what is to be caught up with, as an import does. */
async function fill(server: ServerProcess, count: number, round: number): Promise<void> {
  const terms = { ...claim, type: 'ip', source: `bench backlog ${round}` };
  const opened = await server.call('POST', '/v1/registry/imports', terms);
  const items: { line: number; identifier: string }[] = [];
  for (let number = 0; number < count; number += 1) {
    const identifier = `${60 + (number >> 16)}.${(number >> 8) & 255}.${number & 255}.${round}`;
    items.push({ line: number + 1, identifier });
    if (items.length < batchItems && number + 1 < count) continue;
    const after = number + 1 - items.length;
    const body = { after, digest: '0'.repeat(64), items: items.splice(0) };
    await server.call('POST', `/v1/registry/imports/${opened.import.id}/batches`, body);
  }
}

/** Lets followers hear the author again, and waits until their rooms have applied everything; alerts come after. */
async function catchUp(
  alliance: AllianceProcesses,
  followers: readonly string[],
  backlog: number,
): Promise<{ seconds: number; beforeMb: number; afterMb: number }> {
  const watched = alliance.of(followers[0]!);
  const beforeMb = await residentMb(watched);
  const began = performance.now();
  for (const code of followers) await isolate(alliance.of(code), false);
  for (const code of followers) {
    while (!(await hasAll(alliance.of(code), backlog + warmCount + liveCount))) await wait(50);
  }
  const seconds = (performance.now() - began) / 1000;
  return { seconds, beforeMb, afterMb: await residentMb(watched) };
}

async function hasAll(server: ServerProcess, size: number): Promise<boolean> {
  const { links } = await server.call('GET', '/v1/federation/links');
  const link = links.find(({ party }: { party: string }) => party === author);
  const book = link?.reads.find((read: { book: string }) => read.book === 'alliance');
  return book !== undefined && book.applied >= size;
}

async function residentMb(server: ServerProcess): Promise<number> {
  const status = await readFile(`/proc/${server.child.pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
}

/** Seconds to read the backlog page by page, each page asked for once the last one is stored. */
async function pollSeconds(server: ServerProcess, data: string, backlog: number): Promise<number> {
  const address = JSON.parse(await readFile(join(data, 'cn', 'database.json'), 'utf8')) as DbAddress;
  const db = openDb({ address, connectionsMax: 2, onError: () => undefined });
  await db.query('CREATE TABLE polled (number bigint PRIMARY KEY, object jsonb NOT NULL)');
  const began = performance.now();
  let from = 0;
  while (from < backlog) {
    const response = await fetch(`${server.address}/federation/v1/entries?book=alliance&from=${from}&limit=1000`, {
      headers: { authorization: `Bearer ${server.key}`, 'drum-purpose': 'audit' },
    });
    const lines = (await response.text()).split('\n').filter((line) => line !== '');
    if (lines.length === 0) throw new Error('the backlog is not there');
    const texts = lines.map((line) => Buffer.from(JSON.parse(line).bytes, 'base64').toString('utf8'));
    await db.query(
      'INSERT INTO polled SELECT $1::bigint + row.at - 1, row.object::jsonb FROM unnest($2::text[]) WITH ORDINALITY AS row (object, at)',
      [from, texts],
    );
    from += lines.length;
  }
  const seconds = (performance.now() - began) / 1000;
  await db.close();
  return seconds;
}
