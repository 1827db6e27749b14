import { none, type Payments } from './payments.ts';

/** How far back a window reaches, and how many payments of each direction it holds at most. */
export const windowSpanMs = 3 * 24 * 3_600_000;
export const windowEntriesMax = 32;

/** The payments of an account in one direction, newest first; only the first `count` of each array count. */
export interface Side {
  count: number;
  /** As many as it holds: there may have been more. */
  isFull: boolean;
  readonly atMs: Float64Array;
  readonly dollars: Float64Array;
  /** The other end: a slot, or below 0. */
  readonly other: Int32Array;
  /** Where the payment lies in the ring. */
  readonly place: Int32Array;
}

/** An account as of `nowMs`: what it received and sent in the three days before. Filled anew for each payment, so never kept. */
export interface Window {
  account: number;
  nowMs: number;
  readonly ins: Side;
  readonly outs: Side;
}

function openSide(): Side {
  return {
    count: 0,
    isFull: false,
    atMs: new Float64Array(windowEntriesMax),
    dollars: new Float64Array(windowEntriesMax),
    other: new Int32Array(windowEntriesMax),
    place: new Int32Array(windowEntriesMax),
  };
}

export const openWindow = (): Window => ({ account: none, nowMs: 0, ins: openSide(), outs: openSide() });

/** With at most `entries` of each direction. */
export function fillWindow(
  window: Window,
  payments: Payments,
  { account, nowMs, entries = windowEntriesMax }: { account: number; nowMs: number; entries?: number },
): void {
  window.account = account;
  window.nowMs = nowMs;
  const sinceMs = nowMs - windowSpanMs;
  fill(window.ins, payments, { first: payments.lastIn(account), isIn: true, sinceMs, nowMs, entries });
  fill(window.outs, payments, { first: payments.lastOut(account), isIn: false, sinceMs, nowMs, entries });
}

function fill(
  side: Side,
  payments: Payments,
  {
    first,
    isIn,
    sinceMs,
    nowMs,
    entries,
  }: { first: number; isIn: boolean; sinceMs: number; nowMs: number; entries: number },
): void {
  let count = 0;
  let place = first;
  while (place !== none && count < entries) {
    const atMs = payments.atMs(place);
    if (atMs < sinceMs) break;
    if (atMs <= nowMs) {
      side.atMs[count] = atMs;
      side.dollars[count] = payments.dollars(place);
      side.other[count] = isIn ? payments.from(place) : payments.to(place);
      side.place[count] = place;
      count += 1;
    }
    place = isIn ? payments.earlierIn(place) : payments.earlierOut(place);
  }
  side.count = count;
  side.isFull = count === entries;
}

/** How many of a side happened at `sinceMs` or later. */
export function countSince({ atMs, count }: Side, sinceMs: number): number {
  let found = 0;
  while (found < count && atMs[found]! >= sinceMs) found += 1;
  return found;
}

/** The dollars of the newest `upTo` payments of a side. */
export function sumOf({ dollars }: Side, upTo: number): number {
  let sum = 0;
  for (let i = 0; i < upTo; i += 1) sum += dollars[i]!;
  return sum;
}

/** How many different accounts stand at the other end of the newest `upTo` payments; cash is none. */
export function distinctOf({ other }: Side, upTo: number): number {
  let distinct = 0;
  for (let i = 0; i < upTo; i += 1) if (other[i]! >= 0 && other.indexOf(other[i]!) === i) distinct += 1;
  return distinct;
}
