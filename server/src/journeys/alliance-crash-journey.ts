import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { scheduler } from 'node:timers/promises';
import { startAlliance, type AllianceProcesses } from './alliance-processes.ts';
import { randomOf } from './crash-journey.ts';
import { signIn } from './founding.ts';
import { drum, type ServerProcess } from './server-process.ts';

const claim = {
  tier: 'observed',
  typologies: ['infrastructure'],
  offence: 'telecom-online-fraud',
  grading: { source: 'C', information: 3 },
  grounds: 'seen in an attack',
  audience: 'alliance',
  handling: { tlp: 'AMBER', conditions: [] },
};

/** A listing by what its author's users know of it: what was answered, and what may have happened without an answer. */
interface Fact {
  readonly member: string;
  readonly id: string;
  /** `asked`: no answer came to the withdrawal, so that both are right. */
  withdrawn: 'no' | 'asked' | 'yes';
}

interface Work {
  readonly facts: Map<string, Fact>;
  ended: boolean;
}

const downMax = 2;
const restartsMax = 5;
/** A pause between two sayings of one member: some twenty a second in all. */
const sayMs = 250;
/** A machine that is slow gets there late; nothing here is a measurement. */
const quietMsMax = 8 * 60_000;

/** Lists and withdraws at one member until the end; an outage is waited out. */
async function speak(alliance: AllianceProcesses, code: string, work: Work, random: () => number): Promise<void> {
  const place = alliance.codes.indexOf(code);
  const standing: string[] = [];
  for (let number = 0; !work.ended; number += 1) {
    const server = alliance.of(code);
    try {
      if (standing.length > 3 && random() < 0.3) {
        const key = standing.splice(Math.floor(random() * standing.length), 1)[0]!;
        await withdraw(server, work.facts.get(key)!);
      } else {
        const identifier = `45.${100 + place}.${number >> 8}.${number & 255}`;
        const { listing } = await server.call('POST', '/v1/registry/listings', { identifier, type: 'ip', ...claim });
        const key = `ip:${identifier}`;
        work.facts.set(key, { member: code, id: listing.id, withdrawn: 'no' });
        standing.push(key);
      }
    } catch {
      // Nothing was promised.
    }
    await scheduler.wait(sayMs * (0.5 + random()));
  }
}

async function withdraw(server: ServerProcess, fact: Fact): Promise<void> {
  fact.withdrawn = 'asked';
  const withdrawal = { reason: 'mistaken', grounds: 'another was meant' };
  await server.call('POST', `/v1/registry/listings/${fact.id}/withdrawal`, withdrawal);
  fact.withdrawn = 'yes';
}

/** Kills a server or its database every few seconds, and starts it again, for as long as it is told. Returns how often. */
async function destroy(alliance: AllianceProcesses, durationMs: number, random: () => number): Promise<number> {
  const down = new Map<string, Promise<void>>();
  let kills = 0;
  for (const until = performance.now() + durationMs; performance.now() < until;) {
    await scheduler.wait(2000 + random() * 2000);
    const code = alliance.codes[Math.floor(random() * alliance.codes.length)]!;
    if (down.has(code)) continue;
    while (down.size >= downMax) await Promise.race(down.values());
    const server = alliance.of(code);
    kills += 1;
    if (random() < 0.4) process.kill(await server.postgresPid(), 'SIGKILL');
    else server.child.kill('SIGKILL');
    const restarted = server.ended.then(() => restart(alliance, code)).finally(() => down.delete(code));
    restarted.catch(() => undefined);
    down.set(code, restarted);
  }
  await Promise.all(down.values());
  return kills;
}

/** Whatever keeps a server from starting for a moment is over soon. */
async function restart(alliance: AllianceProcesses, code: string, tries = 1): Promise<void> {
  try {
    await alliance.restart(code);
  } catch (error) {
    if (tries >= restartsMax) throw error;
    await scheduler.wait(1000);
    await restart(alliance, code, tries + 1);
  }
}

const digestAt = async (server: ServerProcess, now: string): Promise<string> =>
  (await server.call('GET', `/v1/registry/digest?book=alliance&now=${now}`)).sha256;

/** Whether everything that a server's neighbours hold of its book is all of it, and applied. */
async function isRead(server: ServerProcess): Promise<boolean> {
  const { links, recovering } = await server.call('GET', '/v1/federation/links');
  const whole = links.every(
    ({ state, read }: any) =>
      state === 'live' &&
      read.length > 0 &&
      read.every((book: any) => book.received === book.size && book.applied === book.size),
  );
  return whole && recovering.length === 0;
}

/** The digests at all of them once nothing is under way any more, or as they stand when the patience is over. */
async function digestsWhenQuiet(servers: readonly ServerProcess[]): Promise<string[]> {
  const now = new Date(Date.now() + 86_400_000).toISOString();
  for (const until = performance.now() + quietMsMax; ;) {
    const read = await Promise.all(servers.map((server) => isRead(server).catch(() => false)));
    const digests = await Promise.all(servers.map((server) => digestAt(server, now).catch(() => 'no answer')));
    const isQuiet = read.every(Boolean) && new Set(digests).size === 1;
    if (isQuiet || performance.now() > until) return digests;
    await scheduler.wait(1000);
  }
}

/** By key, how often a member's book at a server says that it lists it. */
async function saidAt(server: ServerProcess, member: string): Promise<Map<string, number>> {
  const said = new Map<string, number>();
  for (let from = 0; ;) {
    const query = `member=${member}&book=alliance&from=${from}&limit=5000`;
    const response = await fetch(`${server.address}/federation/v1/entries?${query}`, {
      headers: { authorization: `Bearer ${server.key}`, 'drum-purpose': 'audit' },
    });
    const lines = (await response.text()).split('\n').filter((line) => line !== '');
    for (const line of lines) {
      const { envelope, body } = JSON.parse(Buffer.from(JSON.parse(line).bytes, 'base64').toString('utf8'));
      if (envelope.kind === 'listing') said.set(body.key, (said.get(body.key) ?? 0) + 1);
    }
    from += lines.length;
    if (lines.length === 0) return said;
  }
}

/** By key, the states of its listings at a server. */
async function listedAt(server: ServerProcess): Promise<Map<string, string[]>> {
  const listed = new Map<string, string[]>();
  for (let after = ''; ;) {
    const page = await server.call('GET', `/v1/registry/listings?prefix=ip:45&limit=500${after}`);
    for (const { key, state } of page.listings) listed.set(key, [...(listed.get(key) ?? []), state]);
    if (page.next === undefined) return listed;
    after = `&after=${page.next}`;
  }
}

/** Facts that a server does not tell as its author's users know them. */
async function lostAt(server: ServerProcess, codes: readonly string[], facts: ReadonlyMap<string, Fact>) {
  const listed = await listedAt(server);
  const said = new Map<string, number>();
  for (const member of codes) for (const [key, count] of await saidAt(server, member)) said.set(key, count);
  return [...facts]
    .filter(([key, { withdrawn }]) => {
      const [state, ...others] = listed.get(key) ?? ['missing'];
      const isTrue = withdrawn === 'asked' || (withdrawn === 'yes') !== (state === 'listed');
      return !isTrue || state === 'missing' || others.length > 0 || said.get(key) !== 1;
    })
    .map(
      ([key, fact]) =>
        `${server.member}: ${key} ${JSON.stringify(fact)} is ${listed.get(key)?.join()}, said ${said.get(key)}`,
    );
}

async function suspicionsAt(server: ServerProcess): Promise<string[]> {
  const { forks } = await server.call('GET', '/v1/federation/forks');
  const headers = { ...(await signIn(server, 'supervisor')), 'drum-purpose': 'audit' };
  const { held } = await server.call('GET', '/v1/federation/quarantine', undefined, headers);
  return [...forks, ...held].map((one) => `${server.member}: ${JSON.stringify(one)}`);
}

export interface AllianceCrashReport {
  readonly kills: number;
  readonly acknowledged: number;
  /** What the six say of the alliance's listings: one digest if they agree. */
  readonly digests: readonly string[];
  readonly lost: readonly string[];
  /** Forks, and statements that are held back. */
  readonly suspicions: readonly string[];
  /** What `drum verify` printed at two of them, unless it found six whole books. */
  readonly audits: readonly string[];
}

/** Six nations under load, of which one after another is killed or loses its database; and how they stand afterwards. */
export async function allianceCrashJourney(durationMs: number, seed: number): Promise<AllianceCrashReport> {
  const random = randomOf(seed);
  const data = await mkdtemp(join(tmpdir(), 'drum-alliance-crash-'));
  const codes = ['cn', 'kh', 'la', 'mm', 'th', 'vn'];
  const work: Work = { facts: new Map(), ended: false };
  let alliance: AllianceProcesses | undefined;
  try {
    alliance = await startAlliance(data, codes);
    const speaking = codes.map((code) => speak(alliance!, code, work, random));
    const kills = await destroy(alliance, durationMs, random).finally(() => (work.ended = true));
    await Promise.all(speaking);
    const servers = codes.map((code) => alliance!.of(code));
    const digests = await digestsWhenQuiet(servers);
    const lost: string[] = [];
    const suspicions: string[] = [];
    for (const server of servers) {
      lost.push(...(await lostAt(server, codes, work.facts)));
      suspicions.push(...(await suspicionsAt(server)));
    }
    const audits: string[] = [];
    for (const member of ['th', 'vn']) {
      const { code, out, err } = await drum(data, '--member', member, 'verify');
      const whole = out.match(/^(?:[a-z]{2}\/)?alliance: \d+ statements?, verified/gm)?.length;
      if (code !== 0 || whole !== codes.length) audits.push(`${member}: ${code}\n${out}${err}`);
    }
    return { kills, acknowledged: work.facts.size, digests: [...new Set(digests)], lost, suspicions, audits };
  } finally {
    work.ended = true;
    await alliance?.close();
    await rm(data, { recursive: true, force: true });
  }
}
