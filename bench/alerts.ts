import { mkdtemp, rm } from 'node:fs/promises';
import { get, type ClientRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { startServerProcess, type ServerProcess } from '../server/src/journeys/server-process.ts';
import type { BenchOptions, Figure } from './bench.ts';

const streamsDefault = 500;
const streamsPerOfficer = 20;
const recordsPerSecond = 1000;
const batchRecords = 50;
/** One record in so many is suspected: 2 %, twice the share of fraud that the simulator takes for realistic. */
const suspectedEvery = 50;
const liveSeconds = 20;
const stormPerSecond = 10_000;
const stormSeconds = 5;

/** Goals: milliseconds at the 99th percentile. */
const limits = { liveMs: 250, listMs: 250, screenMs: 50 };

/**
 * One server as a process of its own. Live: from before a batch of activity is posted until an alert that follows from it
 * is on every one of 500 streams, 1,000 records a second. Storm: 10,000 records a second that are all suspected, each about
 * another account, from twenty banks; how fast the server answers meanwhile.
 */
export async function run(options: BenchOptions): Promise<Figure[]> {
  const streamCount = options.size ?? streamsDefault;
  const data = await mkdtemp(join(tmpdir(), 'drum-alerts-'));
  const server = await startServerProcess(data);
  try {
    const banks = await Promise.all(Array.from({ length: 20 }, (_, number) => bankOf(server, `bank-${number}`)));
    const officers = await officersOf(server, Math.ceil(streamCount / streamsPerOfficer));
    const heard = openHearing(server, officers, streamCount);
    await heard.open();
    await report(server, [banks[0]!], { perSecond: recordsPerSecond, seconds: 3, suspectedEvery, from: 900_000_000 });
    await wait(1000);
    heard.forget();
    await report(server, [banks[0]!], {
      perSecond: recordsPerSecond,
      seconds: liveSeconds,
      suspectedEvery,
      from: 0,
      onSent: heard.sent,
    });
    await wait(2000);
    const live = heard.latencies();
    const expected = ((recordsPerSecond * liveSeconds) / suspectedEvery) * streamCount;
    heard.close();
    const storm = await weather(server, banks, officers[0]!);
    return [
      figure(`alerts on ${streamCount} streams p50`, percentile(live, 0.5), 'ms', limits.liveMs),
      figure(`alerts on ${streamCount} streams p99`, percentile(live, 0.99), 'ms', limits.liveMs),
      figure('alerts that arrived, of all', live.length, 'messages', expected),
      figure('storm: records acknowledged', storm.acknowledgedPerSecond, 'records/s', stormPerSecond),
      figure('storm: list of alerts p95', percentile(storm.listMs, 0.95), 'ms', limits.listMs),
      figure('storm: screening p99', percentile(storm.screenMs, 0.99), 'ms', limits.screenMs),
    ];
  } finally {
    server.child.kill('SIGTERM');
    await server.ended;
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

function percentile(values: readonly number[], share: number): number {
  return [...values].sort((a, b) => a - b)[Math.floor((values.length - 1) * share)] ?? Number.NaN;
}

async function bankOf(server: ServerProcess, id: string): Promise<string> {
  const quota = { perSecond: 1_000_000, burst: 1_000_000 };
  await server.call('POST', '/v1/institutions', { id, name: id, kind: 'bank', quota });
  return (await server.call('POST', `/v1/institutions/${id}/keys`, {})).key;
}

async function officersOf(server: ServerProcess, count: number): Promise<string[]> {
  const tokens: string[] = [];
  for (let number = 0; number < count; number += 1) {
    const id = `duty-${number}`;
    const body = { id, office: 'national-centre', name: id, roles: ['duty-officer'] };
    const { code } = await server.call('POST', '/v1/officers', body);
    const password = 'correct horse battery staple';
    tokens.push((await server.call('POST', '/v1/sessions/one-time', { code, password })).token);
  }
  return tokens;
}

const accountOf = (number: number): string => `account:TH:902:${String(1_000_000_000 + number)}`;
const subject = /"subject":"account:TH:902:(\d{10})"/g;

interface Reporting {
  readonly perSecond: number;
  readonly seconds: number;
  readonly suspectedEvery: number;
  /** The number of the first record. */
  readonly from: number;
  readonly onSent?: (number: number, atMs: number) => void;
}

/** Posts batches at a steady pace, whatever the answers' speed; how many records were acknowledged. */
async function report(server: ServerProcess, banks: readonly string[], reporting: Reporting): Promise<number> {
  const { perSecond, seconds, suspectedEvery, from, onSent } = reporting;
  const size = Math.max(batchRecords, Math.round(perSecond / 100));
  const began = performance.now();
  const calls: Promise<number>[] = [];
  for (let sent = 0; sent < perSecond * seconds; sent += size) {
    await wait(Math.max(0, (sent / perSecond) * 1000 - (performance.now() - began)));
    const at = new Date().toISOString();
    const atMs = performance.now();
    const lines: string[] = [];
    for (let number = from + sent; number < from + sent + size; number += 1) {
      const isSuspected = number % suspectedEvery === 0;
      if (isSuspected) onSent?.(number, atMs);
      const suspicion = isSuspected ? ',"suspicion":{"typology":"mule-account","confirmed":false}' : '';
      lines.push(
        `{"id":"p-${number}","at":"${at}","from":"account:TH:901:2${String(number % 1_000_000).padStart(9, '0')}","to":"${accountOf(number)}","amount":{"value":"120000","currency":"THB"},"channel":"mobile"${suspicion}}`,
      );
    }
    calls.push(post(server, banks[(sent / size) % banks.length]!, lines.join('\n'), size));
  }
  return (await Promise.all(calls)).reduce((sum, count) => sum + count, 0);
}

async function post(server: ServerProcess, bank: string, body: string, size: number): Promise<number> {
  const response = await fetch(`${server.address}/v1/activity/payments`, {
    method: 'POST',
    headers: { authorization: `Bearer ${bank}`, 'content-type': 'application/x-ndjson' },
    body,
  });
  const { accepted = 0 } = (await response.json()) as { accepted?: number };
  if (response.status !== 429 && accepted !== size) throw new Error(`${response.status}: ${accepted} of ${size}`);
  return accepted;
}

/** Many streams that note when an account is named on each of them first. */
function openHearing(server: ServerProcess, officers: readonly string[], count: number) {
  const sentAt = new Map<number, number>();
  const seen = Array.from({ length: count }, () => new Set<number>());
  const requests: ClientRequest[] = [];
  let latencies: number[] = [];

  function hear(stream: Set<number>, text: string): void {
    const nowMs = performance.now();
    for (const [, digits = ''] of text.matchAll(subject)) {
      const number = Number(digits) - 1_000_000_000;
      const at = sentAt.get(number);
      if (at === undefined || stream.has(number)) continue;
      stream.add(number);
      latencies.push(nowMs - at);
    }
  }

  return {
    sent: (number: number, atMs: number) => void sentAt.set(number, atMs),
    forget() {
      sentAt.clear();
      latencies = [];
    },
    latencies: () => latencies,
    async open(): Promise<void> {
      await Promise.all(
        seen.map(
          (stream, place) =>
            new Promise<void>((resolve, reject) => {
              const authorization = `Bearer ${officers[Math.floor(place / streamsPerOfficer)]}`;
              const headers = { authorization, 'drum-purpose': 'alert', accept: 'text/event-stream' };
              const request = get(`${server.address}/v1/stream`, { headers, agent: false }, (response) => {
                if (response.statusCode !== 200) return reject(new Error(`a stream got ${response.statusCode}`));
                let rest = '';
                response.setEncoding('utf8').on('data', (text: string) => {
                  const whole = rest + text;
                  const end = whole.lastIndexOf('\n\n');
                  rest = whole.slice(end + 1);
                  if (end > 0) hear(stream, whole.slice(0, end));
                });
                response.on('error', () => undefined);
                resolve();
              });
              request.on('error', reject);
              requests.push(request);
            }),
        ),
      );
    },
    close: () => requests.forEach((request) => request.destroy()),
  };
}

/** How fast an officer's list and a bank's question are answered while everything is suspected at once. */
async function weather(
  server: ServerProcess,
  banks: readonly string[],
  officer: string,
): Promise<{ acknowledgedPerSecond: number; listMs: number[]; screenMs: number[] }> {
  const listMs: number[] = [];
  const screenMs: number[] = [];
  let over = false;
  const began = performance.now();
  const storm = report(server, banks, {
    perSecond: stormPerSecond,
    seconds: stormSeconds,
    suspectedEvery: 1,
    from: 10_000_000,
  }).finally(() => {
    over = true;
  });
  const timed = async (into: number[], ask: () => Promise<unknown>): Promise<void> => {
    while (!over) {
      const at = performance.now();
      await ask();
      into.push(performance.now() - at);
      await wait(20);
    }
  };
  const desk = { authorization: `Bearer ${officer}`, 'drum-purpose': 'alert' };
  await Promise.all([
    storm,
    timed(listMs, () => server.call('GET', '/v1/alerts?limit=50', undefined, desk)),
    timed(screenMs, () =>
      server.call('POST', '/v1/screen', { identifiers: [accountOf(1)] }, { authorization: `Bearer ${banks[1]}` }),
    ),
  ]);
  const seconds = (performance.now() - began) / 1000;
  return { acknowledgedPerSecond: (await storm) / seconds, listMs, screenMs };
}
