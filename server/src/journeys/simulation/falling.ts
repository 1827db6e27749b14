import type { CrashPoint } from './plan.ts';
import { at, count, type Server, type World } from './world.ts';

/** The server dies: what was not on its disk is gone, and what it was about to do does not happen. */
export function crash(world: World, server: Server): void {
  server.up = false;
  server.life += 1;
  for (const lost of [server.links, server.sessions, server.staged, server.taken, server.receiptMs]) lost.clear();
  count(world, 'crash');
  if (server.disk.pending.length > 0) count(world, 'crash between commit and signature');
  world.note(server.party, 'crashed');
}

export function start(world: World, server: Server): void {
  if (server.up) return;
  server.up = true;
  server.life += 1;
  world.note(server.party, 'started');
  world.begin(server);
}

/** Some servers die at the very moment between two commits. */
export function mayFall(world: World, server: Server, point: CrashPoint): void {
  if (world.calm || !world.chance.hits(world.plan.faults.crashAt[point])) return;
  const { life } = server;
  at(world, 0, () => {
    if (!server.up || server.life !== life) return;
    count(world, `crash when ${point}`);
    crash(world, server);
  });
}
