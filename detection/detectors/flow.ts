import { paymentChannels } from '@bronze-drum/protocol/activity/payment';
import type { PaymentView } from '../payment-view.ts';
import { outside } from '../state/payments.ts';
import { windowEntriesMax, type Side } from '../state/window.ts';
import { firstUntil } from './anchors.ts';
import { isOwnMove, isPayer } from './standing.ts';

/** What came into an account within a stretch of time and how much of it went on; filled anew each time. */
export interface Flow {
  /** Of what others paid in. */
  inDollars: number;
  ins: number;
  /** Of the payments that took from it: all they were, and how much of it they took. */
  outDollars: number;
  outs: number;
  passedDollars: number;
  /** How long it stayed, on the average of a dollar, if all of it went on. */
  heldMs: number;
  /** Where they stand in the window, oldest first; only the first `ins` and `outs` count. */
  readonly inAt: Int32Array;
  readonly outAt: Int32Array;
}

export const openFlow = (): Flow => ({
  inDollars: 0,
  ins: 0,
  outDollars: 0,
  outs: 0,
  passedDollars: 0,
  heldMs: 0,
  inAt: new Int32Array(windowEntriesMax),
  outAt: new Int32Array(windowEntriesMax),
});

/** What somebody buys at an exchange, on the way to an own account there. */
export const exchange = paymentChannels.indexOf('exchange');

/** Whether an entry of the side of ins brings money of others: no cash, no salary, nothing of the holder's own. */
export const isFresh = ({ accounts, own, payments }: PaymentView, i: number, atMs: number): boolean => {
  const other = own.ins.other[i]!;
  return (
    other !== outside &&
    payments.channel(own.ins.place[i]!) !== exchange &&
    !isOwnMove(accounts, own.account, other) &&
    !isPayer(accounts, other, atMs)
  );
};

/** Follows the money from `sinceMs` to `endMs`: what comes in makes a pool, and whatever is paid takes from it first. */
export function follow(flow: Flow, view: PaymentView, sinceMs: number, endMs: number): void {
  const { ins, outs, account } = view.own;
  flow.inDollars = 0;
  flow.ins = 0;
  flow.outDollars = 0;
  flow.outs = 0;
  flow.passedDollars = 0;
  let came = 0;
  let went = 0;
  let pool = 0;
  let i = oldestSince(ins, sinceMs);
  let o = oldestSince(outs, sinceMs);
  const firstIn = firstUntil(ins, endMs);
  const firstOut = firstUntil(outs, endMs);
  while (i >= firstIn || (o >= firstOut && pool > 0)) {
    if (i >= firstIn && (o < firstOut || ins.atMs[i]! <= outs.atMs[o]!)) {
      if (isFresh(view, i, endMs)) {
        pool += ins.dollars[i]!;
        flow.inDollars += ins.dollars[i]!;
        came += ins.dollars[i]! * (ins.atMs[i]! - sinceMs);
        flow.inAt[flow.ins] = i;
        flow.ins += 1;
      }
      i -= 1;
      continue;
    }
    if (pool > 0 && !isOwnMove(view.accounts, account, outs.other[o]!)) {
      const dollars = outs.dollars[o]!;
      const taken = dollars < pool ? dollars : pool;
      pool -= taken;
      flow.passedDollars += taken;
      went += taken * (outs.atMs[o]! - sinceMs);
      flow.outDollars += dollars;
      flow.outAt[flow.outs] = o;
      flow.outs += 1;
    }
    o -= 1;
  }
  flow.heldMs = flow.passedDollars > 0 ? Math.max(0, went / flow.passedDollars - came / flow.inDollars) : 0;
}

/** The oldest entry of a side that is not before an instant: an index, or -1. */
export function oldestSince({ atMs, count }: Side, sinceMs: number): number {
  let oldest = count - 1;
  while (oldest >= 0 && atMs[oldest]! < sinceMs) oldest -= 1;
  return oldest;
}

/** The entries of a side that a flow names, and what a finding tells of them. */
export function entriesAt(side: Side, at: Int32Array, count: number) {
  const indices = [...at.subarray(0, count)];
  return {
    places: indices.map((index) => side.place[index]!),
    others: indices.map((index) => side.other[index]!),
    firstMs: count > 0 ? side.atMs[indices[0]!]! : 0,
    lastMs: count > 0 ? side.atMs[indices.at(-1)!]! : 0,
  };
}

/** How many different accounts stand at the other ends of some entries; cash is none. */
export function distinctAt({ other }: Side, at: Int32Array, count: number): number {
  let different = 0;
  for (let n = 0; n < count; n += 1) {
    const account = other[at[n]!]!;
    let before = 0;
    while (before < n && other[at[before]!]! !== account) before += 1;
    if (account >= 0 && before === n) different += 1;
  }
  return different;
}
