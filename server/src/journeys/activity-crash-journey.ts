import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { scheduler } from 'node:timers/promises';
import { openDb, type DbAddress } from '../platform/db.ts';
import { randomOf } from './crash-journey.ts';
import { startServerProcess, type ServerProcess } from './server-process.ts';

const mules = 40;
const muleOf = (number: number): string => `account:TH:902:${String(1_000_000_000 + (number % mules))}`;
const batchRecords = 25;

interface Batch {
  readonly ids: readonly string[];
  readonly text: string;
}

/** What one bank has to tell: batches are sent until they are acknowledged, as a bank does it that keeps a spool. */
interface Load {
  next: number;
  readonly unacknowledged: Batch[];
  readonly acknowledged: Set<string>;
  sentAgain: number;
}

function newBatch(work: Load): Batch {
  const numbers = Array.from({ length: batchRecords }, () => work.next++);
  const lines = numbers.map((number) =>
    JSON.stringify({
      id: `p-${number}`,
      at: new Date(Date.now()).toISOString(),
      from: `account:TH:901:${String(2_000_000_000 + number)}`,
      to: muleOf(number),
      amount: { value: '100000', currency: 'THB' },
      channel: 'mobile',
      suspicion: { typology: 'mule-account', confirmed: false },
    }),
  );
  return { ids: numbers.map((number) => `p-${number}`), text: `${lines.join('\n')}\n` };
}

async function send(server: ServerProcess, bank: string, work: Load, batch: Batch): Promise<void> {
  const response = await fetch(`${server.address}/v1/activity/payments`, {
    method: 'POST',
    headers: { authorization: `Bearer ${bank}`, 'content-type': 'application/x-ndjson' },
    body: batch.text,
  });
  const answer = (await response.json()) as { accepted: number; known: number; refused: number };
  if (!response.ok || answer.accepted + answer.known !== batch.ids.length || answer.refused !== 0)
    throw new Error(`${response.status} ${JSON.stringify(answer)}`);
  work.sentAgain += answer.known;
  for (const id of batch.ids) work.acknowledged.add(id);
}

/** Four senders, until the server stops answering. */
async function load(server: ServerProcess, bank: string, work: Load): Promise<void> {
  const sender = async (): Promise<void> => {
    for (;;) {
      const batch = work.unacknowledged.shift() ?? newBatch(work);
      try {
        await send(server, bank, work, batch);
      } catch {
        work.unacknowledged.push(batch);
        return;
      }
    }
  };
  await Promise.all([sender(), sender(), sender(), sender()]);
}

async function bankOf(server: ServerProcess): Promise<string> {
  const quota = { perSecond: 1_000_000, burst: 10_000_000 };
  await server.call('POST', '/v1/institutions', { id: 'bank', name: 'A bank', kind: 'bank', quota });
  const { key } = await server.call('POST', '/v1/institutions/bank/keys', {});
  return key;
}

/** How often each record is stored, as the database says itself. */
async function storedRecords(data: string): Promise<Map<string, number>> {
  const address = JSON.parse(await readFile(join(data, 'th', 'database.json'), 'utf8')) as DbAddress;
  const db = openDb({ address, connectionsMax: 1, onError: () => undefined });
  try {
    const rows = await db.query<{ id: string; times: number }>(
      'SELECT id, count(*) AS times FROM activity.records GROUP BY id',
    );
    return new Map(rows.map(({ id, times }) => [id, times]));
  } finally {
    await db.close();
  }
}

interface SeenAlert {
  readonly subject: string;
  readonly reasons: readonly { readonly kind: string; readonly count: number }[];
}

/** Alerts about mules, once nothing is added to them any more. */
async function settledAlerts(server: ServerProcess, expected: number): Promise<SeenAlert[]> {
  for (let tries = 0; ; tries += 1) {
    const { alerts } = await server.call<{ alerts: SeenAlert[] }>(
      'GET',
      '/v1/alerts?kind=suspected-activity&for=all&limit=200',
    );
    const found = alerts.reduce((sum, { reasons }) => sum + countOf(reasons), 0);
    if (found >= expected || tries === 100) {
      await scheduler.wait(500);
      return (await server.call<{ alerts: SeenAlert[] }>('GET', '/v1/alerts?kind=suspected-activity&for=all&limit=200'))
        .alerts;
    }
    await scheduler.wait(100);
  }
}

const countOf = (reasons: SeenAlert['reasons']): number =>
  reasons.reduce((sum, { kind, count }) => sum + (kind === 'suspected-activity' ? count : 0), 0);

export interface ActivityCrashReport {
  readonly acknowledged: number;
  /** Records that were acknowledged at a second sending: their first had been stored without an answer. */
  readonly sentAgain: number;
  readonly alerts: number;
  /** Acknowledged records that are not stored exactly once. */
  readonly lostOrDoubled: readonly string[];
  /** Mules whose one alert does not count exactly the records that name them, and mules with none or several. */
  readonly wrongAlerts: readonly string[];
}

/** Kills the server or its database at random moments while a bank reports, and looks at what is there afterwards. */
export async function activityCrashJourney(rounds: number, seed: number): Promise<ActivityCrashReport> {
  const random = randomOf(seed);
  const data = await mkdtemp(join(tmpdir(), 'drum-activity-crash-'));
  const work: Load = { next: 0, unacknowledged: [], acknowledged: new Set(), sentAgain: 0 };
  try {
    let bank: string | undefined;
    for (let round = 0; round < rounds; round += 1) {
      const server = await startServerProcess(data);
      bank ??= await bankOf(server);
      const loading = load(server, bank, work);
      await scheduler.wait(100 + random() * 1200);
      if (round % 3 === 2) process.kill(await server.postgresPid(), 'SIGKILL');
      else server.child.kill('SIGKILL');
      await server.ended;
      await loading;
    }
    const server = await startServerProcess(data);
    try {
      for (const batch of work.unacknowledged.splice(0)) await send(server, bank!, work, batch);
      const alerts = await settledAlerts(server, work.acknowledged.size);
      const stored = await storedRecords(data);
      return {
        acknowledged: work.acknowledged.size,
        sentAgain: work.sentAgain,
        alerts: alerts.length,
        lostOrDoubled: [...new Set([...work.acknowledged, ...stored.keys()])].filter(
          (id) => stored.get(id) !== 1 || !work.acknowledged.has(id),
        ),
        wrongAlerts: wrongAlerts(work, alerts),
      };
    } finally {
      server.child.kill('SIGTERM');
      await server.ended;
    }
  } finally {
    await rm(data, { recursive: true, force: true });
  }
}

function wrongAlerts({ next }: Load, alerts: readonly SeenAlert[]): string[] {
  const expected = new Map<string, number>();
  for (let number = 0; number < next; number += 1)
    expected.set(muleOf(number), (expected.get(muleOf(number)) ?? 0) + 1);
  return [...expected].flatMap(([mule, count]) => {
    const about = alerts.filter(({ subject }) => subject === mule);
    const counted = about.reduce((sum, { reasons }) => sum + countOf(reasons), 0);
    return about.length === 1 && counted === count ? [] : [`${mule}: ${about.length} alerts, ${counted} of ${count}`];
  });
}
