import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { scheduler } from 'node:timers/promises';
import { drum, startServerProcess, type ServerProcess } from './server-process.ts';

/** Park and Miller's generator: a run is repeated by its seed. */
export function randomOf(seed: number): () => number {
  let state = seed % 2147483647 || 1;
  return () => (state = (state * 48271) % 2147483647) / 2147483647;
}

const claim = {
  tier: 'observed',
  typologies: ['infrastructure'],
  offence: 'telecom-online-fraud',
  grading: { source: 'C', information: 3 },
  grounds: 'seen in an attack',
  audience: 'alliance',
  handling: { tlp: 'AMBER', conditions: [] },
};

const address = (number: number): string => `45.${(number >> 16) & 255}.${(number >> 8) & 255}.${number & 255}`;

const acknowledgedBeforeKill = 20;

interface Load {
  /** Every key whose listing was acknowledged. */
  readonly acknowledged: Set<string>;
  next: number;
}

/** Lists and imports until the server stops answering; remembers only what was acknowledged. */
async function load(server: ServerProcess, work: Load): Promise<void> {
  const single = async (): Promise<void> => {
    for (;;) {
      const identifier = address(work.next++);
      await server.call('POST', '/v1/registry/listings', { identifier, type: 'ip', ...claim });
      work.acknowledged.add(`ip:${identifier}`);
    }
  };
  const bulk = async (): Promise<void> => {
    const opened = await server.call('POST', '/v1/registry/imports', { ...claim, type: 'ip', source: 'a feed' });
    for (let { items } = opened.import; ;) {
      const batch = Array.from({ length: 400 }, (_, index) => ({
        line: items + index + 1,
        identifier: address(work.next++),
      }));
      const report = await server.call('POST', `/v1/registry/imports/${opened.import.id}/batches`, {
        after: items,
        digest: '0'.repeat(64),
        items: batch,
      });
      if (report.taken !== 400) throw new Error(`${report.taken} of 400 were taken`);
      items = report.items;
      for (const { identifier } of batch) work.acknowledged.add(`ip:${identifier}`);
    }
  };
  await Promise.allSettled([single(), single(), single(), bulk()]);
}

/** Once so much was acknowledged that a kill can lose something, however busy the machine is. */
async function underWay(work: Load, acknowledged: number): Promise<void> {
  for (let looks = 0; looks < 600 && work.acknowledged.size < acknowledged; looks += 1) await scheduler.wait(50);
}

async function killSomething(server: ServerProcess, database: boolean): Promise<void> {
  if (database) process.kill(await server.postgresPid(), 'SIGKILL');
  else server.child.kill('SIGKILL');
  await server.ended;
}

/** Every listing statement in the journal, and every listing in the registry, by key and how often. */
async function counts(server: ServerProcess): Promise<{ said: Map<string, number>; listed: Map<string, number> }> {
  const said = new Map<string, number>();
  for (let from = 0; ;) {
    const response = await fetch(`${server.address}/federation/v1/entries?book=alliance&from=${from}&limit=5000`, {
      headers: { authorization: `Bearer ${server.key}`, 'drum-purpose': 'audit' },
    });
    const lines = (await response.text()).split('\n').filter((line) => line !== '');
    for (const line of lines) {
      const { envelope, body } = JSON.parse(Buffer.from(JSON.parse(line).bytes, 'base64').toString('utf8'));
      if (envelope.kind !== 'listing') continue;
      said.set(body.key, (said.get(body.key) ?? 0) + 1);
    }
    from += lines.length;
    if (lines.length === 0) break;
  }
  const listed = new Map<string, number>();
  for (let after = ''; ;) {
    const page = await server.call('GET', `/v1/registry/listings?prefix=ip:45&limit=500${after}`);
    for (const { key } of page.listings) listed.set(key, (listed.get(key) ?? 0) + 1);
    if (page.next === undefined) break;
    after = `&after=${page.next}`;
  }
  return { said, listed };
}

/** The same, once what was said before the last stop, and had no number yet, has one. */
async function countsAtRest(server: ServerProcess): ReturnType<typeof counts> {
  for (let looks = 0; ; looks += 1) {
    const found = await counts(server);
    if (looks === 40 || [...found.listed.keys()].every((key) => found.said.has(key))) return found;
    await scheduler.wait(250);
  }
}

export interface CrashReport {
  readonly acknowledged: number;
  /** Acknowledged keys that are not in the journal and the registry exactly once each. */
  readonly lostOrDoubled: readonly string[];
  /** Keys of which the journal and the registry do not tell the same, and keys said more than once. */
  readonly disagreeing: readonly string[];
  /** What `drum verify` printed if it found something. */
  readonly audit: string;
}

/** Kills the server or its database at random moments under load, and looks at what is there afterwards. */
export async function crashJourney(rounds: number, seed: number): Promise<CrashReport> {
  const random = randomOf(seed);
  const data = await mkdtemp(join(tmpdir(), 'drum-crash-'));
  const work: Load = { acknowledged: new Set(), next: 1 };
  try {
    for (let round = 0; round < rounds; round += 1) {
      const server = await startServerProcess(data);
      const before = work.acknowledged.size;
      const loading = load(server, work);
      await underWay(work, before + acknowledgedBeforeKill);
      await scheduler.wait(random() * 900);
      await killSomething(server, round % 3 === 2);
      await loading;
    }
    const server = await startServerProcess(data);
    try {
      const { said, listed } = await countsAtRest(server);
      const audit = await drum(data, '--member', 'th', 'verify');
      const keys = new Set([...said.keys(), ...listed.keys()]);
      return {
        acknowledged: work.acknowledged.size,
        lostOrDoubled: [...work.acknowledged].filter((key) => said.get(key) !== 1 || listed.get(key) !== 1),
        disagreeing: [...keys].filter((key) => said.get(key) !== 1 || listed.get(key) !== 1),
        audit: audit.code === 0 ? '' : audit.out + audit.err,
      };
    } finally {
      server.child.kill('SIGTERM');
      await server.ended;
    }
  } finally {
    await rm(data, { recursive: true, force: true });
  }
}
