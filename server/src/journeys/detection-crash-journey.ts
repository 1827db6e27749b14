import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { scheduler } from 'node:timers/promises';
import { openDb, type Db, type DbAddress } from '../platform/db.ts';
import { startTestNats, type TestNatsServers } from '../platform/test-nats.ts';
import { randomOf } from './crash-journey.ts';
import { startDetectProcess, startServerProcess, type ServerProcess } from './server-process.ts';

const batchMules = 12;
const muleOf = (number: number): string => `account:TH:902:${String(1_000_000_000 + number)}`;

/** Money reaches a mule, and goes on four minutes later: each mule is to be found once. */
function linesOf(number: number, nowMs: number): string[] {
  const payment = (id: string, minutesAgo: number, ends: object, baht: number) =>
    JSON.stringify({
      id,
      at: new Date(nowMs - minutesAgo * 60_000).toISOString(),
      ...ends,
      amount: { value: String(baht * 100), currency: 'THB' },
      channel: 'mobile',
    });
  const from = `account:TH:901:${String(2_000_000_000 + number)}`;
  const to = `account:TH:903:${String(3_000_000_000 + number)}`;
  return [
    payment(`in-${number}`, 5, { from, to: muleOf(number) }, 480_000),
    payment(`out-${number}`, 1, { from: muleOf(number), to }, 470_000),
  ];
}

interface Work {
  next: number;
  readonly unacknowledged: { readonly first: number; readonly text: string }[];
  /** Mules all of whose records were acknowledged. */
  readonly mules: Set<string>;
  records: number;
}

async function send(
  server: ServerProcess,
  bank: string,
  work: Work,
  batch: Work['unacknowledged'][number],
): Promise<void> {
  const response = await fetch(`${server.address}/v1/activity/payments`, {
    method: 'POST',
    headers: { authorization: `Bearer ${bank}`, 'content-type': 'application/x-ndjson' },
    body: batch.text,
    signal: AbortSignal.timeout(20_000),
  });
  const answer = (await response.json()) as { accepted: number; known: number };
  if (!response.ok || answer.accepted + answer.known !== batchMules * 2)
    throw new Error(`${response.status} ${JSON.stringify(answer)}`);
  work.records += batchMules * 2;
  for (let i = 0; i < batchMules; i += 1) work.mules.add(muleOf(batch.first + i));
}

function newBatch(work: Work): Work['unacknowledged'][number] {
  const first = work.next;
  work.next += batchMules;
  const nowMs = Date.now();
  const lines = Array.from({ length: batchMules }, (_, i) => linesOf(first + i, nowMs)).flat();
  return { first, text: `${lines.join('\n')}\n` };
}

/** Sends until told to stop, and keeps what was not acknowledged. */
async function load(server: () => ServerProcess, bank: string, work: Work, isOver: () => boolean): Promise<void> {
  const sender = async (): Promise<void> => {
    while (!isOver()) {
      const batch = work.unacknowledged.shift() ?? newBatch(work);
      try {
        await send(server(), bank, work, batch);
        await scheduler.wait(20);
      } catch {
        work.unacknowledged.push(batch);
        await scheduler.wait(200);
      }
    }
  };
  await Promise.all([sender(), sender()]);
}

async function bankOf(server: ServerProcess): Promise<string> {
  const quota = { perSecond: 1_000_000, burst: 10_000_000 };
  await server.call('POST', '/v1/institutions', { id: 'bank', name: 'A bank', kind: 'bank', quota });
  const { key } = await server.call('POST', '/v1/institutions/bank/keys', {});
  return key;
}

export interface DetectionCrashReport {
  readonly records: number;
  readonly mules: number;
  readonly findings: number;
  readonly kills: Readonly<Record<string, number>>;
  /** Mules with no finding of `pass-through`, or with several. */
  readonly wrong: readonly string[];
  /** Findings of all detectors, and how many of them alerts count. */
  readonly found: number;
  readonly gathered: number;
}

async function openDatabase(data: string): Promise<Db> {
  const address = JSON.parse(await readFile(join(data, 'th', 'database.json'), 'utf8')) as DbAddress;
  return openDb({ address, connectionsMax: 1, onError: () => undefined });
}

async function countsOf(db: Db, text: string): Promise<Map<string, number>> {
  const rows = await db.query<{ subject: string; count: number }>(text);
  return new Map(rows.map(({ subject, count }) => [subject, count]));
}

const triesMax = 240;
const findingsText = `SELECT subject, count(*)::integer AS count FROM detection.findings WHERE detector = 'pass-through' GROUP BY subject`;
/** Whatever the detector: a flood of new subjects becomes one alert, which counts them. */
const gatheredText = `SELECT (SELECT count(*)::integer FROM detection.findings WHERE mode = 'on') AS found,
  (SELECT coalesce(sum((reason ->> 'count')::integer), 0)::integer FROM alerts.alerts, jsonb_array_elements(reasons::jsonb) AS reason
   WHERE recipient = 'officers' AND reason ->> 'kind' = 'detection') AS gathered`;

async function judged(data: string, work: Work, kills: Record<string, number>): Promise<DetectionCrashReport> {
  const db = await openDatabase(data);
  try {
    for (let tries = 0; ; tries += 1) {
      const findings = await countsOf(db, findingsText);
      const [totals] = await db.query<{ found: number; gathered: number }>(gatheredText);
      const wrong = [...work.mules]
        .filter((mule) => findings.get(mule) !== 1)
        .map((mule) => `${mule}: ${findings.get(mule) ?? 0} findings`);
      const isSettled = wrong.length === 0 && totals!.found === totals!.gathered;
      if (isSettled || tries === triesMax)
        return { records: work.records, mules: work.mules.size, findings: findings.size, kills, wrong, ...totals! };
      await scheduler.wait(250);
    }
  } finally {
    await db.close();
  }
}

const newWork = (): Work => ({ next: 0, unacknowledged: [], mules: new Set(), records: 0 });

async function finish(server: ServerProcess, bank: string, work: Work): Promise<void> {
  for (const batch of work.unacknowledged.splice(0)) await send(server, bank, work, batch);
}

/** Kills the server, which detects too, or its database at random moments while a bank reports. */
export async function serverCrashJourney(rounds: number, seed: number): Promise<DetectionCrashReport> {
  const random = randomOf(seed);
  const data = await mkdtemp(join(tmpdir(), 'drum-detection-crash-'));
  const work = newWork();
  const kills = { server: 0, postgres: 0 };
  try {
    let bank: string | undefined;
    for (let round = 0; round < rounds; round += 1) {
      const server = await startServerProcess(data);
      bank ??= await bankOf(server);
      let isOver = false;
      const loading = load(
        () => server,
        bank,
        work,
        () => isOver,
      );
      await scheduler.wait(300 + random() * 1500);
      if (round % 3 === 2) {
        process.kill(await server.postgresPid(), 'SIGKILL');
        kills.postgres += 1;
      } else {
        server.child.kill('SIGKILL');
        kills.server += 1;
      }
      isOver = true;
      await server.ended;
      await loading;
    }
    const server = await startServerProcess(data);
    try {
      await finish(server, bank!, work);
      return await judged(data, work, kills);
    } finally {
      server.child.kill('SIGTERM');
      await server.ended;
    }
  } finally {
    await rm(data, { recursive: true, force: true });
  }
}

/**
 * A server that takes in, three processes that detect (two halves, and one that stands by for the first), and the stream on
 * PostgreSQL or NATS: one after another is killed under load, and started again.
 */
export async function processesCrashJourney(
  rounds: number,
  seed: number,
  { withNats }: { readonly withNats: boolean },
): Promise<DetectionCrashReport> {
  const random = randomOf(seed);
  const data = await mkdtemp(join(tmpdir(), 'drum-detection-crash-'));
  const work = newWork();
  const kills: Record<string, number> = { server: 0, detector: 0, nats: 0 };
  const nats: TestNatsServers | undefined = withNats ? await startTestNats() : undefined;
  const environment = { NATS_URL: nats?.address.servers.join(',') ?? '' };
  const halves = ['0-7', '8-15', '0-7'];
  let server = await startServerProcess(data, { roles: 'serve', environment });
  const detecting = await Promise.all(halves.map((half) => startDetectProcess(data, half, { environment })));
  try {
    const bank = await bankOf(server);
    let isOver = false;
    const loading = load(
      () => server,
      bank,
      work,
      () => isOver,
    );
    const acts = [
      async () => {
        const which = Math.floor(random() * detecting.length);
        detecting[which]!.child.kill('SIGKILL');
        await detecting[which]!.ended;
        detecting[which] = await startDetectProcess(data, halves[which]!, { environment });
        kills['detector']! += 1;
      },
      async () => {
        // Its database goes with it: processes that detect beside it lose theirs too, and come back by themselves.
        server.child.kill('SIGKILL');
        await server.ended;
        server = await startServerProcess(data, { roles: 'serve', environment, port: 0 });
        kills['server']! += 1;
      },
      async () => {
        if (nats === undefined) return;
        await nats.kill(0);
        await nats.start(0);
        kills['nats']! += 1;
      },
    ];
    for (let round = 0; round < rounds; round += 1) {
      await scheduler.wait(500 + random() * 1500);
      await acts[round % acts.length]!();
    }
    await scheduler.wait(1000);
    isOver = true;
    await loading;
    await finish(server, bank, work);
    return await judged(data, work, kills);
  } finally {
    for (const { child } of [...detecting, server]) child.kill('SIGTERM');
    await Promise.all([...detecting, server].map(({ ended }) => ended));
    await nats?.close();
    await rm(data, { recursive: true, force: true });
  }
}
