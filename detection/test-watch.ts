import type { ActivityKind, ActivityRecords } from '@bronze-drum/protocol/activity/kinds';
import { keysOf } from '@bronze-drum/protocol/activity/reading';
import type { Static, TObject } from 'typebox';
import type { Facts, Named } from './detector.ts';
import { openDeviceWatch } from './device-watch.ts';
import { joinsOf } from './joins.ts';
import { openLineWatch } from './line-watch.ts';
import { pack, unpack } from './state/arrays.ts';
import type { Listed } from './state/accounts.ts';
import type { Ground, Network, Watch } from './watch.ts';

export interface TestFinding {
  readonly detector: string;
  readonly subject: string;
  readonly facts: Facts;
  readonly counterparts: readonly string[];
  readonly strength: number;
}

type Draft<K extends ActivityKind> = Omit<ActivityRecords[K], 'id' | 'at'>;

export interface TestWatch {
  readonly watch: Watch;
  /** What was found, in order. */
  readonly found: TestFinding[];
  /** A record, so many minutes after the beginning of the test's day. */
  see<K extends ActivityKind>(kind: K, minute: number, record: Draft<K>, institution?: string): void;
  /** What a detector found, by subject, each once. */
  subjects(detector: string): string[];
  /** Writes down all that is known, and goes on with it in a new watch. */
  moved(): TestWatch;
}

export interface TestWorld {
  readonly listed?: Readonly<Record<string, Listed>>;
  readonly networks?: Readonly<Record<string, Network>>;
  readonly limits?: Readonly<Record<string, object>>;
  readonly owns?: (key: string) => boolean;
  readonly size?: number;
}

/** The first instant of the test's day. */
export const dayBeginsMs = Date.UTC(2026, 0, 5);
export const minuteAt = (minute: number): string => new Date(Math.round(dayBeginsMs + minute * 60_000)).toISOString();

export const phone = (number: number): string => `phone:+668${String(10_000_000 + number)}`;
export const phoneAbroad = (number: number): string => `phone:+959${String(40_000_000 + number)}`;
export const account = (number: number, bank = '014'): string => `account:TH:${bank}:${String(1_000_000_000 + number)}`;
export const imei = (number: number): string => `device:35${String(1_000_000_000_000 + number)}`;
/** 5,000 baht are some 150 dollars. */
export const baht = (amount: number) => ({ value: String(amount * 100), currency: 'THB' });

export const openTestDevices = (world: TestWorld = {}): TestWatch =>
  openTestWatch(world, (ground, size) => openDeviceWatch(ground, { devices: size, addresses: size, accounts: size }));

export const openTestLines = (world: TestWorld = {}): TestWatch =>
  openTestWatch(world, (ground, size) => openLineWatch(ground, { numbers: size, devices: size, cells: size }));

/** The same watch in two processes: each record reaches those that own something that it names, or by which it is joined. */
export function inTwoParts(open: (world: TestWorld) => TestWatch, world: TestWorld) {
  const parts = [0, 1].map((half) => {
    const owns = (key: string): boolean => [...key].reduce((sum, each) => sum + each.charCodeAt(0), 0) % 2 === half;
    return { owns, watch: open({ ...world, owns }) };
  });
  const see: TestWatch['see'] = (kind, minute, record, institution = 'bank-a') => {
    const joins = joinsOf({ kind, institution, record: record as never });
    const keys = [...keysOf(kind, record as never).map(({ key }) => key), ...joins];
    for (const { owns, watch } of parts) if (keys.some(owns)) watch.see(kind, minute, record, institution);
  };
  return { see, found: () => parts.flatMap(({ watch }) => watch.found) };
}

function openTestWatch(world: TestWorld, open: (ground: Ground, size: number) => Watch): TestWatch {
  const { listed = {}, networks = {}, limits = {}, owns = () => true, size = 4096 } = world;
  const ground: Ground = {
    country: 'TH',
    listed: (key) => listed[key] ?? 0,
    networkOf: (ip) => networks[ip],
    owns,
    limitsOf: (detector) => ({ ...defaultsOf(detector), ...limits[detector.name] }),
  };
  const watch = open(ground, size);
  const found: TestFinding[] = [];
  let number = 0;
  return {
    watch,
    found,
    see(kind, minute, record, institution = 'bank-a') {
      number += 1;
      const atMs = Math.round(dayBeginsMs + minute * 60_000);
      const whole = { id: String(number), at: new Date(atMs).toISOString(), ...record } as never;
      watch.see({ number, kind, institution, id: String(number), atMs, record: whole }, (detector, subject, verdict) =>
        found.push({ detector: detector.name, subject, ...verdict }),
      );
    },
    subjects: (detector) => [
      ...new Set(found.filter((each) => each.detector === detector).map(({ subject }) => subject)),
    ],
    moved() {
      const next = openTestWatch(world, open);
      if (!unpack(pack(watch.arrays()), next.watch.arrays())) throw new Error('what was written down is not read back');
      return next;
    },
  };
}

function defaultsOf<L extends TObject>({ limits }: Named<L>): Static<L> {
  const defaults = Object.entries(limits.properties).map(([name, schema]) => [
    name,
    (schema as { default?: unknown }).default,
  ]);
  return Object.fromEntries(defaults) as Static<L>;
}
