import type { Statement } from '@bronze-drum/protocol/statements/envelope';
import type { Act, Agenda } from './agenda.ts';
import type { Chance } from './chance.ts';
import type { BookState, Disk } from './disk.ts';
import type { Growth } from './tree.ts';
import type { ShownEntry } from '@bronze-drum/protocol/federation/checks';
import type { Message } from './messages.ts';
import type { Plan } from './plan.ts';
import type { Rules } from './rules.ts';

const startMs = Date.UTC(2026, 0, 5, 2, 30);

/** A page that was verified and is not yet on the disk. */
export interface Staged {
  readonly growth: Growth;
  readonly entries: readonly ShownEntry[];
  readonly note: string;
  readonly noted: number;
  readonly root: Uint8Array;
  readonly proof: readonly string[];
}

/** One server of the federation. What stands between `disk` and `clock` is lost in a crash. */
export interface Server {
  readonly party: string;
  readonly isMember: boolean;
  disk: Disk;
  /** Grows with each start, so that what an earlier life had planned does not happen. */
  life: number;
  up: boolean;
  /** Readers that listen, each with its session and the next number of each book. */
  readonly links: Map<string, { readonly session: string; readonly next: Map<string, number> }>;
  /** Authors that are listened to. */
  readonly sessions: Map<string, string>;
  readonly staged: Map<string, Staged[]>;
  /** What each author has taken of our receipts, by book. */
  readonly taken: Map<string, string>;
  /** When the newest receipt for each book was sent: an answer to an older one says nothing. */
  readonly receiptMs: Map<string, number>;
  readonly clock: { readonly skewMs: number; readonly drift: number };
  readonly backups: Disk[];
  readonly nature: 'honest' | 'forks' | 'misfits';
  /** Of a server that forks: the second history of a book, and who is shown it. */
  readonly twins: Map<string, BookState>;
  readonly second: Set<string>;
}

/** What really happened, which no server knows and every invariant is measured by. */
export interface Truth {
  readonly said: Map<string, Statement>;
  readonly acknowledged: Map<string, { readonly member: string; readonly book: string }>;
  /** Said after the backup that was restored, and read by nobody. */
  readonly excused: Set<string>;
  readonly paused: Set<string>;
  readonly signed: Set<string>;
  readonly cosigned: Map<string, { readonly name: string; readonly size: number; readonly root: Uint8Array }>;
  /** Checkpoints that a reader was shown while it had not all that they cover. */
  readonly shown: Map<string, { readonly name: string; readonly size: number; readonly root: Uint8Array }>;
  /** How far a restored server's copies had come before. */
  readonly before: Map<string, Map<string, number>>;
}

export interface World {
  readonly chance: Chance;
  readonly agenda: Agenda;
  readonly rules: Rules;
  readonly plan: Plan;
  readonly servers: ReadonlyMap<string, Server>;
  readonly truth: Truth;
  readonly counts: Map<string, number>;
  readonly cuts: Set<string>;
  nowMs: number;
  /** Faults have ended, and everybody is up. */
  calm: boolean;
  sessions: number;
  receive(to: Server, from: string, message: Message): void | Promise<void>;
  /** What a server does when it starts. */
  begin(server: Server): void;
  /** Something is half done between these two: the worst moment for the author to lose its disk. */
  halfDone(author: string): void;
  note(...parts: readonly (string | number | (() => string))[]): void;
}

/** An invariant that does not hold. */
export class Broken extends Error {
  override name = 'Broken';
  readonly invariant: string;
  constructor(invariant: string, detail: string) {
    super(detail);
    this.invariant = invariant;
  }
}

export function mustHold(condition: boolean, invariant: string, detail: () => string): void {
  if (!condition) throw new Broken(invariant, detail());
}

export const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

export function count(world: World, what: string, by = 1): void {
  world.counts.set(what, (world.counts.get(what) ?? 0) + by);
}

/** The present as a server's own clock has it. */
export function clockOf(world: World, { clock }: Server): number {
  return Math.floor(startMs + world.nowMs * (1 + clock.drift) + clock.skewMs);
}

export function at(world: World, delayMs: number, act: Act): void {
  world.agenda.add(world.nowMs + delayMs, act);
}

/** Something that a server does by itself in a moment, unless it crashes before. */
export function soon(world: World, server: Server, delayMs: number, act: Act): void {
  const { life } = server;
  at(world, delayMs, () => (server.up && server.life === life ? act() : undefined));
}

export const membersOf = (world: World): Server[] => [...world.servers.values()].filter(({ isMember }) => isMember);

/** Everybody else. */
export function othersOf(world: World, server: Server): Server[] {
  return [...world.servers.values()].filter((other) => other !== server);
}

export function serverOf(world: World, party: string): Server {
  return world.servers.get(party)!;
}
