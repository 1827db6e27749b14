import type { Found } from './watch.ts';
import type { Flat, Kept } from './state/arrays.ts';
import { openCells, type Cells } from './state/cells.ts';
import { openInterner, type Interner } from './state/interner.ts';
import { openLines, type Lines } from './state/lines.ts';
import { openRecentPairs, type RecentPairs } from './state/recent-pairs.ts';
import { openTallies, type Tallies } from './state/tallies.ts';

/** What is known of numbers, the devices and cells that they use, and whom they call. In pairs, `a` is named first. */
export interface TrafficState extends Kept {
  readonly numbers: Interner;
  readonly devices: Interner;
  readonly cellNames: Interner;
  readonly lines: Lines;
  readonly cells: Cells;
  /** Calls and messages of each device. */
  readonly deviceTraffic: Tallies;
  /** Device and number, marked with what it showed last in place of itself; device and cell, of devices with several numbers. */
  readonly onDevices: RecentPairs;
  readonly deviceCells: RecentPairs;
  /** Of who calls often: caller and called; caller and cell. */
  readonly callees: RecentPairs;
  readonly callerCells: RecentPairs;
  /** Cell and number, marked 1 if that is foreign there; cell and who received a link under a shown name. */
  readonly inCells: RecentPairs;
  readonly received: RecentPairs;
  /** When the first record of all happened. */
  readonly began: Float64Array;
  forget(number: number): void;
}

/** A number that calls or writes, with what the network knows of it; slots are -1 where nothing is told. */
export interface Act {
  readonly number: number;
  readonly key: string;
  readonly atMs: number;
  readonly device: number;
  readonly deviceKey: string;
  readonly cell: number;
  readonly cellName: string;
  /** A name for the number that a call showed in place of its own, or 0. */
  readonly shown: number;
  readonly found: Found;
}

export const noSlot = -1;
const hourMs = 3_600_000;
const dayHours = 24;

export interface TrafficSizes {
  readonly numbers: number;
  readonly devices: number;
  readonly cells: number;
}

export function openTrafficState(numbers: Interner, sizes: TrafficSizes): TrafficState {
  const { numbers: a, devices: d, cells: c } = sizes;
  const lines = openLines(a);
  const cells = openCells(c);
  const deviceTraffic = openTallies({ slots: d, columns: 1, stretches: dayHours + 1, stretchMs: hourMs });
  const onDevices = openRecentPairs({ a: d, b: a, capacity: d + a });
  const deviceCells = openRecentPairs({ a: d, b: c, capacity: Math.max(64, d >> 2) });
  const callees = openRecentPairs({ a, b: a, capacity: Math.max(1024, a >> 1) });
  const callerCells = openRecentPairs({ a, b: c, capacity: Math.max(64, a >> 3) });
  const inCells = openRecentPairs({ a: c, b: a, capacity: a });
  const received = openRecentPairs({ a: c, b: a, capacity: Math.max(1024, a >> 4) });
  const devices = openInterner(d, (slot) => {
    onDevices.forgetA(slot);
    deviceCells.forgetA(slot);
    deviceTraffic.forget(slot);
  });
  const cellNames = openInterner(c, (slot) => {
    deviceCells.forgetB(slot);
    callerCells.forgetB(slot);
    inCells.forgetA(slot);
    received.forgetA(slot);
    cells.forget(slot);
  });
  const began = new Float64Array(1);
  const pairs = { onDevices, deviceCells, callees, callerCells, inCells, received };
  const kept: readonly Kept[] = [lines, cells, deviceTraffic, ...Object.values(pairs), devices, cellNames];
  const arrays = (): readonly Flat[] => [began, ...kept.flatMap((each) => each.arrays())];

  return {
    numbers,
    devices,
    cellNames,
    lines,
    cells,
    deviceTraffic,
    began,
    ...pairs,
    forget(number) {
      onDevices.forgetB(number);
      callees.forgetA(number);
      callees.forgetB(number);
      callerCells.forgetA(number);
      inCells.forgetB(number);
      received.forgetB(number);
      lines.forget(number);
    },
    arrays,
  };
}

const keysMax = 8;
const stepsMax = 512;

/** Of the newest pairs of a list, the keys of those at the other end. */
export function keysOfPairs(
  pairs: RecentPairs,
  first: number,
  list: { sinceMs: number; next: (pair: number) => number; key: (pair: number) => string | undefined },
): string[] {
  const keys: string[] = [];
  let steps = 0;
  for (let pair = first; pair >= 0 && keys.length < keysMax; pair = list.next(pair)) {
    steps += 1;
    if (pairs.atMs(pair) < list.sinceMs || steps > stepsMax) break;
    const key = list.key(pair);
    if (key !== undefined) keys.push(key);
  }
  return keys;
}

/** An institution’s own name of a device says nothing to anybody else. */
export const identifierOf = (device: string | undefined): string | undefined =>
  device?.startsWith('device:') === true ? device : undefined;
