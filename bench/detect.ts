import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { startServerProcess, type ServerProcess } from '../server/src/journeys/server-process.ts';
import type { BenchOptions, Figure } from './bench.ts';
import { openAlertStream } from './detect-world/alert-stream.ts';
import { openBenchEngine } from './detect-world/engine.ts';
import { openPayments } from './detect-world/payments.ts';
import { rulesPerSecond } from './detect-world/rules-peer.ts';
import { halvesAgainstOne } from './detect-world/partitions.ts';

const sizeDefault = 10_000_000;
const chunkPayments = 50_000;
const goalPerSecond = 100_000;

/**
 * All detectors over payments of 200,000 people: in process; the same conditions asked of `json-rules-engine`; two processes
 * that share the partitions against one; and over HTTP into a server process, durable, until the alert is on an officer's
 * stream.
 */
export async function run(options: BenchOptions): Promise<Figure[]> {
  const size = options.size ?? sizeDefault;
  const own = inProcess(size);
  const peer = await rulesPerSecond();
  const [one, two] = await halvesAgainstOne(Math.min(size, 400_000));
  const live = await endToEnd();
  return [
    figure('all detectors on one core, in process', own.perSecond, 'payments/s', goalPerSecond),
    figure('the same against json-rules-engine', own.perSecond, 'payments/s', peer),
    figure('memory set aside for each live account', own.bytesPerAccount, 'bytes', 1000),
    figure('memory at the end against a fifth of the way', own.bytesAtEnd, 'bytes', own.bytesEarly),
    figure('two processes that share the partitions, against one', two, 'payments/s', one),
    figure('over HTTP, durable, looked at', live.perSecond, 'payments/s', 5000),
    figure('from the report to the alert, p50', live.p50Ms, 'ms', 1000),
    figure('from the report to the alert, p99', live.p99Ms, 'ms', 1000),
    figure('alerts that arrived, of all', live.arrived, 'alerts', live.expected),
  ];
}

const figure = (name: string, value: number, unit: string, baseline: number): Figure => ({
  name,
  value,
  unit,
  baseline,
  ratio: value / baseline,
});

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/** Payments are made in chunks outside the time that counts. */
function inProcess(size: number) {
  const engine = openBenchEngine(() => true);
  const next = openPayments(1);
  const rates: number[] = [];
  let bytesEarly = 0;
  for (let done = 0; done < size; done += chunkPayments) {
    const payments = next(chunkPayments);
    const began = performance.now();
    for (const payment of payments) engine.see(payment);
    rates.push(chunkPayments / ((performance.now() - began) / 1000));
    if (bytesEarly === 0 && done >= size / 5) bytesEarly = usedBytes();
  }
  // The first chunks find empty windows and code that is not yet compiled.
  const warm = rates.slice(Math.floor(rates.length / 5));
  const bytesPerAccount = engine.bytes() / engine.size().accounts;
  return { perSecond: median(warm), bytesPerAccount, bytesEarly, bytesAtEnd: usedBytes() };
}

function usedBytes(): number {
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

const liveSeconds = 20;
const livePerSecond = 5000;
const batchRecords = 250;
/** One payment in so many completes what a detector looks for. */
const findingEvery = 100;

/** Ordinary payments at a steady pace; now and then money that reached an account a minute ago goes on. */
async function endToEnd() {
  const data = await mkdtemp(join(tmpdir(), 'drum-detect-'));
  const server = await startServerProcess(data);
  try {
    const banks = await Promise.all(Array.from({ length: 20 }, (_, number) => bankOf(server, `bank-${number}`)));
    const stream = await openAlertStream(server);
    await report(server, banks, { seconds: 3, from: 50_000_000, onSent: () => undefined });
    await wait(2000);
    const sent = new Map<number, number>();
    const heardBefore = stream.count();
    const began = performance.now();
    await report(server, banks, { seconds: liveSeconds, from: 0, onSent: (number, atMs) => sent.set(number, atMs) });
    await stream.until(heardBefore + sent.size, 10_000);
    const seconds = (stream.lastMs() - began) / 1000;
    stream.close();
    const delays = [...sent].flatMap(([number, atMs]) => {
      const heard = stream.heardMs(accountOf(number));
      return heard === undefined ? [] : [heard - atMs];
    });
    const at = (share: number) =>
      delays.toSorted((a, b) => a - b)[Math.floor((delays.length - 1) * share)] ?? Number.NaN;
    return {
      perSecond: (liveSeconds * livePerSecond) / seconds,
      p50Ms: at(0.5),
      p99Ms: at(0.99),
      arrived: delays.length,
      expected: sent.size,
    };
  } finally {
    server.child.kill('SIGTERM');
    await server.ended;
    await rm(data, { recursive: true, force: true });
  }
}

async function bankOf(server: ServerProcess, id: string): Promise<string> {
  const quota = { perSecond: 1_000_000, burst: 1_000_000 };
  await server.call('POST', '/v1/institutions', { id, name: id, kind: 'bank', quota });
  return (await server.call('POST', `/v1/institutions/${id}/keys`, {})).key;
}

const accountOf = (number: number): string => `account:TH:902:${String(1_000_000_000 + number)}`;

interface Reporting {
  readonly seconds: number;
  readonly from: number;
  readonly onSent: (number: number, atMs: number) => void;
}

async function report(server: ServerProcess, banks: readonly string[], { seconds, from, onSent }: Reporting) {
  const began = performance.now();
  const calls: Promise<void>[] = [];
  for (let sent = 0; sent < livePerSecond * seconds; sent += batchRecords) {
    await wait(Math.max(0, (sent / livePerSecond) * 1000 - (performance.now() - began)));
    const atMs = performance.now();
    const nowMs = Date.now();
    const lines: string[] = [];
    for (let number = from + sent; number < from + sent + batchRecords; number += 1) {
      const isIn = number % findingEvery === 0;
      const isOut = number % findingEvery === 1;
      if (isOut) onSent(number - 1, atMs);
      lines.push(
        JSON.stringify({
          id: `p-${number}`,
          at: new Date(nowMs - (isIn ? 60_000 : 0)).toISOString(),
          from: isOut ? accountOf(number - 1) : `account:TH:901:${String(2_000_000_000 + ((number * 7) % 300_000))}`,
          to: isIn ? accountOf(number) : `account:TH:903:${String(3_000_000_000 + ((number * 13) % 5000))}`,
          amount: { value: isIn ? '48000000' : isOut ? '47500000' : '45000', currency: 'THB' },
          channel: isIn || isOut ? 'mobile' : 'qr',
        }),
      );
    }
    calls.push(post(server, banks[(sent / batchRecords) % banks.length]!, lines));
  }
  await Promise.all(calls);
}

async function post(server: ServerProcess, bank: string, lines: readonly string[]): Promise<void> {
  const response = await fetch(`${server.address}/v1/activity/payments`, {
    method: 'POST',
    headers: { authorization: `Bearer ${bank}`, 'content-type': 'application/x-ndjson' },
    body: lines.join('\n'),
  });
  const { accepted = 0 } = (await response.json()) as { accepted?: number };
  if (accepted !== lines.length) throw new Error(`${response.status}: ${accepted} of ${lines.length}`);
}
