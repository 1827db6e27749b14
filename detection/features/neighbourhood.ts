import type { Flat } from '../state/arrays.ts';
import { dayMs, type FeatureSource, type PaymentSight } from './payment-sight.ts';
import { openList, type RecentList, type RecentPayments } from './recent-payments.ts';

/** What is looked at in the payments of a neighbour. */
const neighbourMax = 8;
/** Through so many payments of the receiver the shapes are looked for, the newest. */
const followedMax = 12;

const motifs = ['triangle', 'square', 'siblings', 'diamond', 'sharedTo', 'sharedFrom', 'sharedFeeder'] as const;

/** The four lists around a payment: of its sender and of its receiver, out and in. */
export interface Surroundings {
  readonly fromOut: RecentList;
  readonly fromIn: RecentList;
  readonly toOut: RecentList;
  readonly toIn: RecentList;
  collect(payment: PaymentSight): void;
}

export function openSurroundings(recent: RecentPayments, max: number): Surroundings {
  const [fromOut, fromIn, toOut, toIn] = [openList(), openList(), openList(), openList()];
  return {
    fromOut,
    fromIn,
    toOut,
    toIn,
    collect({ from, to, atMs }) {
      if (from < 0) fromOut.length = fromIn.length = 0;
      else {
        recent.outOf(from, atMs, fromOut, max);
        recent.inTo(from, atMs, fromIn, max);
      }
      if (to < 0) toOut.length = toIn.length = 0;
      else {
        recent.outOf(to, atMs, toOut, max);
        recent.inTo(to, atMs, toIn, max);
      }
    },
  };
}

/**
 * Shapes that the payment closes or carries on, each as a number of ways and as a sum that halves with the age of the older part:
 * triangle (to → x → from), square (to → x → y → from), siblings (from → x ← y → to: two groups that pay each other across),
 * diamond (x → from, x → y → to: scattered and gathered), and those whom both ends pay, or by whom both are paid.
 */
export function openNeighbourhood(
  accounts: number,
  recent: RecentPayments,
  surroundings: Surroundings,
): FeatureSource & { readonly scratch: readonly Flat[] } {
  const { at, other } = recent;
  /** Whom the sender pays, and who pays it, marked with the number of the look. */
  const paidBySender = new Uint32Array(accounts);
  const paysSender = new Uint32Array(accounts);
  const weightOut = new Float32Array(accounts);
  const weightIn = new Float32Array(accounts);
  const near = openList();
  let look = 0;
  const counts = new Float64Array(motifs.length * 2);

  const freshness = (place: number, nowMs: number): number => 1 / (1 + Math.max(0, nowMs - at(place)) / (2 * dayMs));

  function hit(motif: number, weight: number): void {
    counts[motif * 2] = counts[motif * 2]! + 1;
    counts[motif * 2 + 1] = counts[motif * 2 + 1]! + weight;
  }

  function mark(nowMs: number): void {
    look += 1;
    const { fromOut, fromIn } = surroundings;
    for (let index = fromOut.length - 1; index >= 0; index -= 1) {
      const place = fromOut.places[index]!;
      paidBySender[other(place)] = look;
      weightOut[other(place)] = freshness(place, nowMs);
    }
    for (let index = fromIn.length - 1; index >= 0; index -= 1) {
      const place = fromIn.places[index]!;
      paysSender[other(place)] = look;
      weightIn[other(place)] = freshness(place, nowMs);
    }
  }

  function followReceiver(payment: PaymentSight): void {
    const { toOut } = surroundings;
    for (let index = 0; index < Math.min(followedMax, toOut.length); index += 1) {
      const place = toOut.places[index]!;
      const next = other(place);
      if (next === payment.from) continue;
      const weight = freshness(place, payment.atMs);
      if (paysSender[next] === look) hit(0, Math.min(weight, weightIn[next]!));
      if (paidBySender[next] === look) hit(4, Math.min(weight, weightOut[next]!));
      recent.outOf(next, payment.atMs, near, neighbourMax);
      for (let step = 0; step < near.length; step += 1) {
        const last = other(near.places[step]!);
        if (paysSender[last] === look && last !== payment.to) hit(1, Math.min(weight, weightIn[last]!));
      }
    }
  }

  function followThoseWhoPayReceiver(payment: PaymentSight): void {
    const { toIn } = surroundings;
    for (let index = 0; index < Math.min(followedMax, toIn.length); index += 1) {
      const place = toIn.places[index]!;
      const payer = other(place);
      if (payer === payment.from) continue;
      const weight = freshness(place, payment.atMs);
      if (paysSender[payer] === look) hit(5, Math.min(weight, weightIn[payer]!));
      if (paidBySender[payer] === look) hit(6, Math.min(weight, weightOut[payer]!));
      recent.outOf(payer, payment.atMs, near, neighbourMax);
      for (let step = 0; step < near.length; step += 1) {
        const sibling = other(near.places[step]!);
        if (sibling !== payment.to && paidBySender[sibling] === look) hit(2, Math.min(weight, weightOut[sibling]!));
      }
      recent.inTo(payer, payment.atMs, near, neighbourMax);
      for (let step = 0; step < near.length; step += 1) {
        const source = other(near.places[step]!);
        if (paysSender[source] === look && source !== payment.from) hit(3, Math.min(weight, weightIn[source]!));
      }
    }
  }

  return {
    names: motifs.flatMap((motif) => [`shape.${motif}.count`, `shape.${motif}.fresh`]),
    read(payment, row, offset) {
      if (payment.from < 0 || payment.to < 0) {
        row.fill(Number.NaN, offset, offset + counts.length);
        return;
      }
      counts.fill(0);
      mark(payment.atMs);
      followReceiver(payment);
      followThoseWhoPayReceiver(payment);
      row.set(counts, offset);
    },
    scratch: [paidBySender, paysSender, weightOut, weightIn],
  };
}
