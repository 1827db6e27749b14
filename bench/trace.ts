import { setTimeout as wait } from 'node:timers/promises';
import { follow, type Origin, type Traced, type TraceLimits } from '../server/src/funds/tracing/following.ts';
import { openPaymentIndex, type PaymentIndex } from '../server/src/funds/tracing/payment-index.ts';
import type { BenchOptions, Figure } from './bench.ts';
import { accountOf, keyOf, openChance, toldOf, worldPayments, type WorldPayment } from './trace-world/payments.ts';
import { openSqlPeer } from './trace-world/sql-peer.ts';

const sizeDefault = 10_000_000;
const traces = 600;
const warmTraces = 100;
const sqlQuestions = 40;
const hoursMax = 72;
const hourMs = 3_600_000;
const smallest = 100_000n;
const liveSeconds = 10;
const livePerSecond = 2000;
const liveTickMs = 5;
const traceEveryMs = 25;
const goalP99Ms = 20;
const goalAddsPerSecond = 100_000;
const goalBytes = 200;

/**
 * Money followed for five steps among payments in memory: how large they lie, how fast they come in, how long a trace takes;
 * the same questions asked by a recursive query of a table with an index; and traces while payments come in.
 */
export async function run(options: BenchOptions): Promise<Figure[]> {
  const size = options.size ?? sizeDefault;
  const accounts = options.accounts ?? Math.max(1000, Math.floor(size / 10));
  const index = openPaymentIndex({ seed: 99 });
  const origins: Origin[] = [];
  const later: WorldPayment[] = [];
  const chance = openChance(7);
  const liveCount = Math.min(liveSeconds * livePerSecond, Math.floor(size / 10));
  const addsPerSecond = fill(index, worldPayments(size, accounts), {
    until: size - liveCount,
    later,
    // Whoever is robbed in the last days has a trace that ends with what is known.
    see: (payment) => {
      if (chance() < (traces + warmTraces) / (size * 0.8) && payment.number < size * 0.9)
        origins.push(originOf(payment));
    },
  });
  const bytes = index.bytes() / index.size().payments;
  for (const origin of origins.slice(0, warmTraces)) trace(index, origin);
  const asked = origins.slice(warmTraces);
  const timed = asked.map((origin) => timedTrace(index, origin));
  const ours = timed.map(({ ms }) => ms);
  const edges = timed.map(({ traced }) => traced.edges.length);
  const sql = await askSql(size - liveCount, size, accounts, asked, timed);
  const live = await whileComing(index, later, asked);
  return [
    figure('memory a payment, accounts and references included', bytes, 'bytes', goalBytes),
    figure('payments taken in', addsPerSecond, 'payments/s', goalAddsPerSecond),
    figure('payments that a trace follows, mean (99th percentile)', mean(edges), 'payments', quantile(edges, 0.99)),
    figure(
      'payments followed of the same questions, mean (recursive SQL)',
      mean(sql.followed),
      'payments',
      mean(sql.payments),
    ),
    figure('five steps, p50', quantile(ours, 0.5), 'ms', goalP99Ms),
    figure('five steps, p99 (goal)', quantile(ours, 0.99), 'ms', goalP99Ms),
    figure(
      'five steps, p99, processor time alone',
      quantile(
        timed.map(({ cpuMs }) => cpuMs),
        0.99,
      ),
      'ms',
      goalP99Ms,
    ),
    figure('five steps, the same questions, mean (recursive SQL)', mean(sql.ours), 'ms', mean(sql.theirs)),
    figure(
      'five steps, the same questions, p99 (recursive SQL)',
      quantile(sql.ours, 0.99),
      'ms',
      quantile(sql.theirs, 0.99),
    ),
    figure('recursive SQL against ours, median of the ratios', quantile(sql.ratios, 0.5), 'times', 20),
    figure('recursive SQL against ours, of all time', mean(sql.theirs) / mean(sql.ours), 'times', 20),
    figure(
      'five steps while 2,000 payments/s come in, p99 (alone)',
      quantile(live.traces, 0.99),
      'ms',
      quantile(live.alone, 0.99),
    ),
    figure(
      'a payment is taken in meanwhile, p99 (with no traces)',
      quantile(live.adds, 0.99),
      'ms',
      quantile(live.quietAdds, 0.99),
    ),
  ];
}

const figure = (name: string, value: number, unit: string, baseline: number): Figure => ({
  name,
  value,
  unit,
  baseline,
  ratio: value / baseline,
});

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const quantile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) * share)] ?? Number.NaN;

interface Filling {
  readonly until: number;
  readonly later: WorldPayment[];
  readonly see: (payment: WorldPayment) => void;
}

/** Payments a second, without the time in which they are made up. */
function fill(index: PaymentIndex, payments: Iterable<WorldPayment>, { until, later, see }: Filling): number {
  let ms = 0;
  let batch: WorldPayment[] = [];
  const flush = (): void => {
    const told = batch.map(toldOf);
    const began = performance.now();
    for (const payment of told) index.add(payment);
    ms += performance.now() - began;
    batch = [];
  };
  for (const payment of payments) {
    if (payment.number >= until) {
      later.push(payment);
      continue;
    }
    see(payment);
    batch.push(payment);
    if (batch.length === 20_000) flush();
  }
  flush();
  return until / (ms / 1000);
}

const originOf = ({ from, to, amount, atMs, number }: WorldPayment): Origin => ({
  from: keyOf(from),
  to: keyOf(to),
  amount: BigInt(amount),
  currency: 'THB',
  atMs,
  reference: `E2E-2026-${number}`,
  hop: 1,
});

const limitsFor = (origin: Origin): TraceLimits => ({
  method: 'haircut',
  hopsMax: 5,
  untilMs: origin.atMs + hoursMax * hourMs,
  // As in Thailand's policy: 1,000 baht.
  smallest: { THB: smallest },
  placesMax: 5000,
  edgesMax: 20_000,
  pooledPayersMin: 200,
  self: 'th',
  homeOf: () => 'th',
  isMerchant: () => false,
  reports: () => true,
});

const trace = (index: PaymentIndex, origin: Origin): Traced => follow(index, [origin], limitsFor(origin));

interface Timed {
  readonly ms: number;
  /** What the machine's other work does not add to. */
  readonly cpuMs: number;
  readonly traced: Traced;
}

function timedTrace(index: PaymentIndex, origin: Origin): Timed {
  const cpu = process.threadCpuUsage();
  const began = performance.now();
  const traced = trace(index, origin);
  const ms = performance.now() - began;
  const { user, system } = process.threadCpuUsage(cpu);
  return { ms, cpuMs: (user + system) / 1000, traced };
}

/** The same questions of SQL: after a few that bring the table into memory. */
async function askSql(
  until: number,
  size: number,
  accounts: number,
  asked: readonly Origin[],
  timed: readonly Timed[],
) {
  const peer = await openSqlPeer(upTo(worldPayments(size, accounts), until));
  const theirs: number[] = [];
  const ours: number[] = [];
  const payments: number[] = [];
  const followed: number[] = [];
  const questions = asked
    .map((origin, at) => ({ origin, ...timed[at]! }))
    .filter((_, at) => at % Math.floor(asked.length / sqlQuestions) === 0);
  try {
    for (const round of ['warm', 'timed']) {
      for (const { origin, traced, ms } of questions) {
        const stops = traced.places
          .filter(({ end, key }) => key !== null && (end === 'pooled' || key === origin.from))
          .map(({ key }) => accountOf(key!));
        const began = performance.now();
        const found = stops.includes(accountOf(origin.to!))
          ? 0
          : await peer.ask({
              to: accountOf(origin.to!),
              atMs: origin.atMs,
              untilMs: origin.atMs + hoursMax * hourMs,
              hopsMax: 5,
              smallest: Number(smallest),
              stops,
            });
        if (round === 'warm' || found === 0) continue;
        theirs.push(performance.now() - began);
        ours.push(ms);
        payments.push(found);
        followed.push(traced.edges.length - 1);
      }
    }
  } finally {
    await peer.close();
  }
  return { theirs, ours, payments, followed, ratios: theirs.map((ms, at) => ms / ours[at]!) };
}

function* upTo(payments: Iterable<WorldPayment>, until: number): Generator<WorldPayment> {
  for (const payment of payments) if (payment.number < until) yield payment;
}

/** Payments come in at a steady pace, first alone and then beside traces. Of a payment it counts from when it was due. */
async function whileComing(index: PaymentIndex, later: readonly WorldPayment[], origins: readonly Origin[]) {
  const half = Math.floor(later.length / 2);
  const quiet = await pace(index, later.slice(0, half), []);
  const alone = origins.map((origin) => timedTrace(index, origin).ms);
  const busy = await pace(index, later.slice(half), origins);
  return { quietAdds: quiet.adds, adds: busy.adds, traces: busy.traces, alone };
}

async function pace(index: PaymentIndex, payments: readonly WorldPayment[], origins: readonly Origin[]) {
  const adds: number[] = [];
  const taken: number[] = [];
  const perTick = (livePerSecond * liveTickMs) / 1000;
  const began = performance.now();
  for (let tick = 0, opened = 0; tick * perTick < payments.length; tick += 1) {
    const dueMs = began + tick * liveTickMs;
    const early = dueMs - performance.now();
    if (early > 0) await wait(early);
    const told = payments.slice(tick * perTick, (tick + 1) * perTick).map(toldOf);
    for (const payment of told) index.add(payment);
    // A tick is late by up to a millisecond because of the timer itself.
    adds.push(performance.now() - Math.max(dueMs, began));
    if (origins.length === 0 || (tick * liveTickMs) % traceEveryMs !== 0) continue;
    taken.push(timedTrace(index, origins[opened % origins.length]!).ms);
    opened += 1;
  }
  return { adds, traces: taken };
}
