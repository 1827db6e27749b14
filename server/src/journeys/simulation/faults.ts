import { bookFor } from '@bronze-drum/protocol/members';
import { isReader } from '@bronze-drum/protocol/members';
import { generationOf, say } from './author.ts';
import { bookOn, copyBook, copyDisk, nameOf, type Disk } from './disk.ts';
import { crash, start } from './falling.ts';
import { pairOf, send } from './network.ts';
import { tellKeys } from './receiving.ts';
import { listing } from './sayings.ts';
import { at, clockOf, count, membersOf, othersOf, serverOf, textOf, type Server, type World } from './world.ts';

/** Writes what will go wrong into the agenda. */
export function planFaults(world: World): void {
  const { faults, durationMs, rogue } = world.plan;
  const times = (howOften: number, fault: (world: World) => void): void => {
    for (let time = 0; time < howOften; time += 1)
      at(world, world.chance.below(durationMs), () => ifNotCalm(world, fault));
  };
  times(faults.partitions, cutOff);
  times(faults.crashes, crashOne);
  times(faults.rotations, rotateOne);
  times(faults.pauses, pauseOne);
  times(faults.probes, probe);
  for (let time = 0; time < faults.restores; time += 1) planRestore(world);
  if (rogue?.nature === 'forks')
    at(world, world.chance.below(durationMs / 2), () => beginFork(world, serverOf(world, rogue.member)));
}

const ifNotCalm = (world: World, fault: (world: World) => void): void => (world.calm ? undefined : fault(world));

function cutOff(world: World): void {
  const { chance } = world;
  const parties = chance.shuffle([...world.servers.keys()]);
  const group = new Set(parties.slice(0, chance.hits(0.5) ? 1 : chance.between(1, parties.length - 1)));
  const one = chance.hits(0.4);
  const pairs = parties
    .filter((party) => !group.has(party))
    .slice(0, one ? 1 : undefined)
    .flatMap((outside) => [...group].slice(0, one ? 1 : undefined).map((inside) => pairOf(inside, outside)));
  count(world, one ? 'pair cut off' : 'group cut off');
  world.note('cut', pairs.join(' '));
  for (const pair of pairs) world.cuts.add(pair);
  at(world, chance.between(10, 150) * 1000, () => {
    for (const pair of pairs) world.cuts.delete(pair);
  });
}

function crashOne(world: World): void {
  const server = world.chance.pick([...world.servers.values()]);
  if (server.up) crash(world, server);
}

function rotateOne(world: World): void {
  const member = world.chance.pick(membersOf(world));
  if (!member.up || member.disk.recovery !== null) return;
  member.disk.generations.set(member.party, generationOf(member, member.party) + 1);
  count(world, 'key rotated');
  for (const { party } of othersOf(world, member)) tellKeys(world, member, party);
}

function pauseOne(world: World): void {
  const member = world.chance.pick(membersOf(world));
  if (!member.up) return;
  const { party: neighbour } = world.chance.pick(othersOf(world, member));
  member.disk.paused.add(neighbour);
  member.links.delete(neighbour);
  member.sessions.delete(neighbour);
  world.truth.paused.add(`${member.party}>${neighbour}`);
  count(world, 'paused');
  world.note(member.party, 'pauses', neighbour);
  at(world, world.chance.between(20, 150) * 1000, () => resume(world, member, neighbour));
}

export function resume(world: World, member: Server, neighbour: string): void {
  if (!world.truth.paused.delete(`${member.party}>${neighbour}`)) return;
  member.disk.paused.delete(neighbour);
  count(world, 'resumed');
}

/** Somebody asks for books by guess: some are there but not for it, some are not there at all. */
function probe(world: World): void {
  const { chance } = world;
  const server = chance.pick([...world.servers.values()]);
  const { party: author } = chance.pick(othersOf(world, server).filter(({ isMember }) => isMember));
  if (!server.up || world.truth.paused.has(`${server.party}>${author}`)) return;
  const guess = chance.hits(0.3) ? 'domestic' : bookFor(author, [chance.pick(othersOf(world, server)).party]);
  if (isReader(guess, server.party, server.isMember)) return;
  count(world, 'probed');
  send(world, server, author, { type: 'positions', session: 'probe', positions: `${guess}:0` });
}

/** From here on one author tells two histories of its book: one to some readers, one to the others. */
function beginFork(world: World, author: Server): void {
  const { chance } = world;
  const readers = chance.shuffle(othersOf(world, author).filter(({ isMember }) => isMember));
  author.twins.set('alliance', copyBook(bookOn(author.disk, author.party, 'alliance')));
  for (const { party } of readers.slice(0, chance.between(1, readers.length - 1))) author.second.add(party);
  count(world, 'two histories');
  world.note(author.party, 'forks for', [...author.second].join(' '));
  if (author.up) sayToBoth(world, author);
}

function sayToBoth(world: World, author: Server): void {
  const body = listing(world.chance, author.party, 'ip:45.67.0.1', 1, clockOf(world, author));
  say(world, author, [{ book: 'alliance', kind: 'listing', body }]);
}

function planRestore(world: World): void {
  const { chance, plan } = world;
  const server = chance.pick([...world.servers.values()]);
  if (server.nature !== 'honest') return;
  const backupMs = chance.below(plan.durationMs * 0.7);
  at(world, backupMs, () => void server.backups.push(copyDisk(server.disk)));
  at(world, chance.between(backupMs + 1, plan.durationMs), () => tryRestore(world, server, 6));
}

/**
 * Only one disaster at a time: what an author and the only reader of it both lose, nobody can give back, and the
 * design leaves that to officers.
 */
function tryRestore(world: World, server: Server, tries: number): void {
  const backup = server.backups.at(-1);
  if (world.calm || backup === undefined || server.disk.recovery !== null) return;
  if (world.rules.maySign({ recovering: true }) || everybodyIsWhole(world)) return restore(world, server, backup);
  if (tries > 0) at(world, 12_000, () => tryRestore(world, server, tries - 1));
}

function everybodyIsWhole(world: World): boolean {
  for (const [party, sizes] of world.truth.before) {
    const { disk } = serverOf(world, party);
    if (disk.recovery !== null) return false;
    for (const [name, size] of sizes) if ((disk.books.get(name)?.leaves.length ?? 0) < size) return false;
  }
  return true;
}

function restore(world: World, server: Server, backup: Disk): void {
  const { truth } = world;
  if (server.up) crash(world, server);
  excuse(world, server, backup);
  const sizes = [...server.disk.books].filter(([name]) => nameOf(name).member !== server.party);
  truth.before.set(server.party, new Map(sizes.map(([name, { leaves }]) => [name, leaves.length])));
  const generation = generationOf(server, server.party);
  server.disk = copyDisk(backup);
  // Keys are kept apart from the database, and officers pause again whom they had paused.
  server.disk.generations.set(server.party, generation);
  server.disk.paused.clear();
  for (const { party } of othersOf(world, server))
    if (truth.paused.has(`${server.party}>${party}`)) server.disk.paused.add(party);
  if (server.isMember) {
    world.sessions += 1;
    server.disk.recovery = { question: `q${world.sessions}`, settled: new Set(), remembered: new Map() };
  }
  // Later backups hold a history that is no longer this server's.
  server.backups.length = 0;
  count(world, 'restored from a backup');
  world.note(server.party, 'restored');
  at(world, world.chance.between(500, 20_000), () => start(world, server));
}

/** Loses an author's disk while what it said is half way. */
export function mayLoseDisk(world: World, author: string): void {
  const server = serverOf(world, author);
  if (server.backups.length === 0 || world.calm || !world.chance.hits(world.plan.faults.restoreHalfDone)) return;
  count(world, 'restored while something was half done');
  at(world, 0, () => tryRestore(world, server, 0));
}

/** What the backup lacks and nobody else holds cannot come back. */
function excuse(world: World, server: Server, backup: Disk): void {
  const kept = new Set(backup.pending.map(({ leaf }) => textOf(leaf.commitment)));
  const disks = [backup, ...othersOf(world, server).map(({ disk }) => disk)];
  for (const disk of disks)
    for (const [name, { leaves }] of disk.books)
      if (nameOf(name).member === server.party) for (const leaf of leaves) kept.add(textOf(leaf.commitment));
  for (const [commitment, { member }] of world.truth.acknowledged)
    if (member === server.party && !kept.has(commitment)) world.truth.excused.add(commitment);
}
