import { isReader } from '@bronze-drum/protocol/members';
import { openAgenda } from './agenda.ts';
import { seededChance, type Chance } from './chance.ts';
import { numberSoon } from './author.ts';
import { show } from './comparing.ts';
import { emptyDisk, nameOf } from './disk.ts';
import { checkEnd, unsettled } from './ending.ts';
import { start } from './falling.ts';
import { mayLoseDisk, planFaults, resume } from './faults.ts';
import { applySoon, releaseHeld, repeatReceipts } from './follower.ts';
import { planOf, type Plan } from './plan.ts';
import { listen } from './reader.ts';
import { receive } from './receiving.ts';
import { recover } from './recovery.ts';
import { rightRules, type Rules } from './rules.ts';
import { act } from './workload.ts';
import { at, Broken, count, membersOf, othersOf, serverOf, soon, type Server, type World } from './world.ts';

export interface Failure {
  readonly ok: false;
  readonly seed: number;
  readonly invariant: string;
  readonly detail: string;
  readonly atMs: number;
  /** The last events, oldest first. */
  readonly trace: readonly string[];
}

export type Outcome = { readonly ok: true; readonly counts: ReadonlyMap<string, number> } | Failure;

const traceMax = 60;
const calmMsMax = 60 * 60_000;

/** Plays one seed's federation to its end. The same seed and rules give the same run, to the last event. */
export async function runSeed(
  seed: number,
  rules: Rules = rightRules,
  watch?: (line: string) => void,
): Promise<Outcome> {
  const trace: string[] = [];
  const events: (() => string)[] = [];
  const world = openWorld(seed, rules, (line) => {
    if (watch !== undefined) return watch(line());
    events.push(line);
    if (events.length > 2 * traceMax) events.splice(0, traceMax);
  });
  try {
    await play(world);
    return { ok: true, counts: world.counts };
  } catch (error) {
    for (const line of events.slice(-traceMax)) trace.push(line());
    const invariant = error instanceof Broken ? error.invariant : 'the simulation runs';
    const detail = error instanceof Broken ? error.message : String((error as Error).stack);
    return { ok: false, seed, invariant, detail, atMs: world.nowMs, trace };
  }
}

function openWorld(seed: number, rules: Rules, note: (line: () => string) => void): World {
  const chance = seededChance(seed);
  const plan = planOf(chance);
  const parties = [...plan.members, ...(plan.observer === null ? [] : [plan.observer])];
  const world: World = {
    chance,
    agenda: openAgenda(),
    rules,
    plan,
    servers: new Map(parties.map((party) => [party, openServer(chance, plan, party)])),
    truth: {
      said: new Map(),
      acknowledged: new Map(),
      excused: new Set(),
      paused: new Set(),
      signed: new Set(),
      cosigned: new Map(),
      shown: new Map(),
      before: new Map(),
    },
    counts: new Map(),
    cuts: new Set(),
    nowMs: 0,
    calm: false,
    sessions: 0,
    receive: (to, from, message) => receive(world, to, from, message),
    begin: (server) => begin(world, server),
    halfDone: (author) => mayLoseDisk(world, author),
    note(...parts) {
      const { nowMs } = world;
      const texts = () => parts.map((part) => (typeof part === 'function' ? part() : part));
      note(() => `${(nowMs / 1000).toFixed(3).padStart(9)} ${texts().join(' ')}`);
    },
  };
  return world;
}

function openServer(chance: Chance, plan: Plan, party: string): Server {
  const skewed = plan.faults.skewed && chance.hits(0.6);
  return {
    party,
    isMember: party !== plan.observer,
    disk: emptyDisk(),
    life: 0,
    up: false,
    links: new Map(),
    sessions: new Map(),
    staged: new Map(),
    taken: new Map(),
    receiptMs: new Map(),
    clock: {
      skewMs: skewed ? chance.between(-240, chance.hits(0.3) ? 420 : 240) * 1000 : 0,
      drift: skewed ? chance.between(-20, 20) / 1000 : 0,
    },
    backups: [],
    nature: plan.rogue?.member === party ? plan.rogue.nature : 'honest',
    twins: new Map(),
    second: new Set(),
  };
}

async function play(world: World): Promise<void> {
  const { plan, chance } = world;
  for (const server of world.servers.values()) {
    count(world, server.clock.skewMs === 0 ? 'true clock' : 'skewed clock');
    count(world, server.isMember ? 'member' : 'observer');
    start(world, server);
    at(world, chance.below(plan.pollMs), () => tick(world, server));
  }
  for (let said = 0; said < plan.statements; said += 1) at(world, chance.below(plan.durationMs), () => act(world));
  planFaults(world);
  at(world, plan.durationMs, () => calmDown(world));
  let settled = false;
  at(world, plan.durationMs + 20_000, function look() {
    settled = unsettled(world) === undefined;
    if (settled) return;
    if (world.nowMs > plan.durationMs + calmMsMax) throw new Broken('nothing stops', unsettled(world)!);
    at(world, 20_000, look);
  });
  await run(world, () => settled);
  compareAll(world);
  const untilMs = world.nowMs + 2000;
  await run(world, () => world.nowMs > untilMs);
  await checkEnd(world);
}

async function run(world: World, isOver: () => boolean): Promise<void> {
  while (!isOver()) {
    const next = world.agenda.next();
    if (next === undefined) return;
    world.nowMs = next.atMs;
    count(world, 'events');
    const done = next.run();
    if (done !== undefined) await done;
  }
}

/** What a server does when it starts: go on with what its disk says is not done. */
function begin(world: World, server: Server): void {
  applySoon(world, server);
  if (server.isMember) numberSoon(world, server);
  soon(world, server, world.chance.between(10, 2000), () => work(world, server));
}

function tick(world: World, server: Server): void | Promise<void> {
  const { chance, plan } = world;
  at(world, chance.between(plan.pollMs * 0.7, plan.pollMs * 1.3), () => tick(world, server));
  if (server.up) return work(world, server);
  if (chance.hits(0.6)) start(world, server);
  return undefined;
}

/** What is done again and again, so that nothing hangs on one message. */
async function work(world: World, server: Server): Promise<void> {
  releaseHeld(world, server);
  recover(world, server);
  if (server.disk.pending.length > 0) numberSoon(world, server);
  for (const { party } of membersOf(world)) {
    if (party === server.party) continue;
    listen(world, server, party);
    await repeatReceipts(world, server, party);
  }
  if (world.chance.hits(0.6)) compareOne(world, server);
}

function compareOne(world: World, server: Server): void {
  const copies = [...server.disk.books.keys()].filter((name) => nameOf(name).member !== server.party);
  if (copies.length === 0) return;
  const { member, book } = nameOf(world.chance.pick(copies));
  const others = readersBeside(world, server, member, book);
  if (others.length > 0) show(world, server, world.chance.pick(others), member, book);
}

function readersBeside(world: World, server: Server, member: string, book: string): string[] {
  return othersOf(world, server)
    .filter(({ party, isMember }) => party !== member && isReader(book, party, isMember))
    .map(({ party }) => party);
}

/** Faults end, everybody is started, and nobody is paused. */
function calmDown(world: World): void {
  world.calm = true;
  world.cuts.clear();
  for (const pause of world.truth.paused) {
    const [member, neighbour] = pause.split('>') as [string, string];
    resume(world, serverOf(world, member), neighbour);
  }
  for (const server of world.servers.values()) if (!server.up) start(world, server);
  world.note('calm');
}

/** Every two readers of a book that was told in two ways compare; of others, some do. */
function compareAll(world: World): void {
  for (const server of world.servers.values()) {
    compareOne(world, server);
    for (const author of world.servers.values())
      for (const book of author.twins.keys())
        for (const other of readersBeside(world, server, author.party, book))
          if (server !== author && server.disk.books.has(`${author.party}/${book}`))
            show(world, server, other, author.party, book);
  }
}
