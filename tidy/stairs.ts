import type { Breach } from './breach.ts';
import { importsOf } from './imports.ts';
import { isCode, isTest, type SourceFile } from './source.ts';

/** The rooms of the server from the top of the stairs to the bottom. A room may know only what stands above it. */
export const rooms = [
  'kernel',
  'platform',
  'journal',
  'access',
  'directory',
  'federation',
  'evidence',
  'redress',
  'registry',
  'screening',
  'activity',
  'detection',
  'alerts',
  'orders',
  'liaison',
  'funds',
  'telecom',
  'cases',
  'operations',
  'protection',
  'custody',
  'awareness',
  'insight',
  'governance',
] as const;

/** Not rooms with a door but the ground that all of them stand on: every file may be imported. */
const ground: readonly string[] = ['kernel', 'platform'];

/** May know every room: the commands, and the tests that walk through the whole house. */
const roofFolders: readonly string[] = ['commands', 'journeys'];

/** What a workspace may import besides itself. Tests are freer; the protocol's are not. */
const reach: Readonly<Record<string, readonly string[]>> = {
  protocol: [],
  detection: ['protocol'],
  server: ['protocol', 'detection'],
  client: ['protocol', 'detection'],
  web: ['protocol', 'client'],
  simulator: ['protocol', 'client'],
  bench: ['protocol', 'detection', 'server', 'client', 'simulator', 'web'],
  tidy: [],
};

interface Place {
  /** A room, or `roof` for house.ts, detect-house.ts, main.ts, commands/ and what stands outside src. */
  readonly room: string;
  /** The path inside the room. */
  readonly rest: string;
}

/** Where a file of the server stands, or undefined when its folder is not on the stairs. */
export function placeOf(path: string): Place | undefined {
  const inside = /^server\/src\/([^/]+)(?:\/(.+))?$/.exec(path);
  if (inside === null) return { room: 'roof', rest: path };
  const [, first = '', rest] = inside;
  if (rest === undefined)
    return isTest(path) || ['house.ts', 'detect-house.ts', 'main.ts'].includes(first)
      ? { room: 'roof', rest: first }
      : undefined;
  if (roofFolders.includes(first)) return { room: 'roof', rest: `${first}/${rest}` };
  return (rooms as readonly string[]).includes(first) ? { room: first, rest } : undefined;
}

/** Why the one file may not import the other, or undefined when it may. `isType`: nothing of it is there when the program runs. */
export function trespass(from: string, to: string, isType = false): string | undefined {
  if (from.startsWith('web/') && isContract(to))
    return isType || isTest(from) ? undefined : 'the desk takes only types of a contract';
  if (from.startsWith('web/') && to.startsWith('web/')) return trespassAtDesk(from, to);
  return trespassBetweenWorkspaces(from, to) ?? (to.startsWith('server/') ? trespassOnStairs(from, to) : undefined);
}

const isContract = (path: string): boolean => /^server\/src\/[^/]+\/(?:[a-z-]+-)?contract\.ts$/.test(path);

/** From the top of the desk to its ground; `main.tsx` stands above all. */
const deskFloors = ['shell', 'rooms', 'ui', 'link'];

function trespassAtDesk(from: string, to: string): string | undefined {
  const [mine, theirs] = [from, to].map((path) => /^web\/src\/([^/]+)\/([^/]+)/.exec(path));
  if (mine == null || theirs == null) return undefined;
  const [floor, room] = [deskFloors.indexOf(theirs[1]!), theirs[2]];
  if (deskFloors.indexOf(mine[1]!) > floor) return `${theirs[1]} stands above ${mine[1]}`;
  const isNextDoor = mine[1] === 'rooms' && theirs[1] === 'rooms' && mine[2] !== room;
  if (isNextDoor) return 'no room of the desk imports another: lead there by a link';
  const isDoor = mine[1] !== 'shell' || theirs[1] !== 'rooms' || to.endsWith('/room.ts');
  return isDoor ? undefined : `not a door: enter ${room} by its room.ts`;
}

function trespassBetweenWorkspaces(from: string, to: string): string | undefined {
  const [mine, theirs] = [workspaceOf(from), workspaceOf(to)];
  if (mine === theirs || mine === '') return undefined;
  if ((isTest(from) || from.startsWith('web/test/')) && mine !== 'protocol') return undefined;
  if (theirs === 'bench') return 'nothing but bench, tidy and tests imports bench';
  if (mine === 'server' && from.startsWith('server/src/commands/') && ['client', 'simulator'].includes(theirs))
    return undefined;
  return reach[mine]?.includes(theirs)
    ? undefined
    : `${mine} does not import ${theirs === '' ? 'files of the root' : theirs}`;
}

function workspaceOf(path: string): string {
  return path.includes('/') ? path.slice(0, path.indexOf('/')) : '';
}

function trespassOnStairs(from: string, to: string): string | undefined {
  // A benchmark measures the inside of a room.
  if (from.startsWith('bench/')) return undefined;
  const [mine, theirs] = [placeOf(from), placeOf(to)];
  if (mine === undefined || theirs === undefined || mine.room === theirs.room) return undefined;
  if (theirs.room === 'roof') {
    if (isTest(from) && theirs.rest === 'house.ts') return undefined;
    return `${mine.room} stands above house.ts, main.ts and commands/`;
  }
  const climbs = mine.room !== 'roof' && rank(theirs.room) > rank(mine.room);
  if (climbs) return `${theirs.room} stands below ${mine.room}: a room imports only rooms above it`;
  if (ground.includes(theirs.room) || isDoor(mine, theirs)) return undefined;
  if (isKit(theirs.rest) && (isTest(from) || isKit(mine.rest))) return undefined;
  return `not a door: enter ${theirs.room} by ${theirs.room}/${theirs.room}.ts or ${theirs.room}/contract.ts`;
}

/** What a room's tests are set up with, which the tests of rooms below may build on. */
function isKit(rest: string): boolean {
  return /^test-[a-z-]+\.ts$/.test(rest);
}

function rank(room: string): number {
  return (rooms as readonly string[]).indexOf(room);
}

function isDoor(visitor: Place, { room, rest }: Place): boolean {
  if (rest === `${room}.ts` || rest === 'contract.ts') return true;
  if (visitor.room !== 'roof') return false;
  // The house opens a room's routes and starts what follows the journal; commands use the doors of sub-folders too.
  if (visitor.rest === 'house.ts' || visitor.rest === 'detect-house.ts')
    return rest === 'routes.ts' || rest === 'follow.ts';
  return visitor.rest.startsWith('commands/') && /^([^/]+)\/\1\.ts$/.test(rest);
}

export interface Walk {
  readonly breaches: Breach[];
  /** How many imports between files of this repository were followed. */
  readonly edges: number;
}

/** Walks every import: the stairs, the doors, the borders between workspaces, and no cycles among files. */
export function walkStairs(files: readonly SourceFile[]): Walk {
  const code = files.filter(({ path }) => isCode(path));
  const known = new Set(code.map(({ path }) => path));
  const graph = new Map<string, string[]>();
  const breaches: Breach[] = [];
  let edges = 0;
  for (const file of code) {
    if (placeOf(file.path) === undefined)
      breaches.push({ path: file.path, what: 'is in no room of tidy/stairs.ts: the design names the rooms' });
    const targets = new Set<string>();
    for (const { line, target, isType } of importsOf(file, known)) {
      if (target === undefined) continue;
      edges++;
      if (known.has(target)) targets.add(target);
      const why = trespass(file.path, target, isType);
      if (why !== undefined) breaches.push({ path: file.path, line, what: `imports ${target}: ${why}` });
    }
    graph.set(file.path, [...targets]);
  }
  for (const cycle of cyclesIn(graph)) {
    breaches.push({ path: cycle[0] ?? '', what: `import cycle: ${[...cycle, cycle[0]].join(' → ')}` });
  }
  return { breaches, edges };
}

/** One cycle for each edge that closes one in a depth-first walk; none when there is none. */
export function cyclesIn(graph: ReadonlyMap<string, readonly string[]>): string[][] {
  const cycles: string[][] = [];
  const done = new Set<string>();
  const path: string[] = [];
  const visit = (file: string): void => {
    if (done.has(file)) return;
    const seenAt = path.indexOf(file);
    if (seenAt !== -1) {
      cycles.push(path.slice(seenAt));
      return;
    }
    path.push(file);
    for (const next of graph.get(file) ?? []) visit(next);
    path.pop();
    done.add(file);
  };
  for (const file of graph.keys()) visit(file);
  return cycles;
}
