import type { Kept } from '../state/arrays.ts';
import type { Surroundings } from './neighbourhood.ts';
import { dayMs, type FeatureSource, type PaymentSight } from './payment-sight.ts';
import type { RecentList, RecentPayments } from './recent-payments.ts';

/** What earlier payments of both ends were thought of: an account is a mule in many payments, rarely in one. */
export interface Suspicion extends FeatureSource, Kept {
  /** The first opinion of this payment, from 0 to 1. */
  note(payment: PaymentSight, opinion: number): void;
  forget(slot: number): void;
}

const valuesPerAccount = 10;
/** Sums as sender and as receiver that halve after 3 days and after 20, and for good with counts; the highest so far. */
const perEnd = ['out.3d', 'out.20d', 'in.3d', 'in.20d', 'out.mean', 'in.mean', 'out.max', 'in.max'] as const;
const perList = ['max', 'mean', 'fresh', 'others'] as const;
const lists = ['from.out', 'from.in', 'to.out', 'to.in'] as const;

export function openSuspicion(accounts: number, recent: RecentPayments, surroundings: Surroundings): Suspicion {
  const { at, other, opinion } = recent;
  const values = new Float32Array(accounts * valuesPerAccount);
  const decayed = new Float64Array(accounts);

  function decay(slot: number, atMs: number): void {
    const passed = atMs - decayed[slot]!;
    if (passed <= 0) return;
    decayed[slot] = atMs;
    const base = slot * valuesPerAccount;
    const [fast, slow] = [2 ** (-passed / (3 * dayMs)), 2 ** (-passed / (20 * dayMs))];
    values[base] = values[base]! * fast;
    values[base + 1] = values[base + 1]! * slow;
    values[base + 2] = values[base + 2]! * fast;
    values[base + 3] = values[base + 3]! * slow;
  }

  function readEnd(slot: number, atMs: number, row: Float32Array, offset: number): void {
    decay(slot, atMs);
    const base = slot * valuesPerAccount;
    for (let index = 0; index < 4; index += 1) row[offset + index] = values[base + index]!;
    row[offset + 4] = values[base + 4]! / values[base + 5]!;
    row[offset + 5] = values[base + 6]! / values[base + 7]!;
    row[offset + 6] = values[base + 8]!;
    row[offset + 7] = values[base + 9]!;
  }

  function describe(list: RecentList, atMs: number, row: Float32Array, offset: number): void {
    let [max, sum, fresh, others] = [0, 0, 0, 0];
    for (let index = 0; index < list.length; index += 1) {
      const place = list.places[index]!;
      const thought = opinion(place);
      const account = other(place) * valuesPerAccount;
      if (thought > max) max = thought;
      sum += thought;
      fresh += thought / (1 + Math.max(0, atMs - at(place)) / (2 * dayMs));
      others += values[account + 1]! + values[account + 3]!;
    }
    row[offset] = max;
    row[offset + 1] = sum / list.length;
    row[offset + 2] = fresh;
    row[offset + 3] = others / list.length;
  }

  function add(slot: number, side: number, opinion: number, atMs: number): void {
    decay(slot, atMs);
    const base = slot * valuesPerAccount;
    values[base + side * 2] = values[base + side * 2]! + opinion;
    values[base + side * 2 + 1] = values[base + side * 2 + 1]! + opinion;
    values[base + 4 + side * 2] = values[base + 4 + side * 2]! + opinion;
    values[base + 5 + side * 2] = values[base + 5 + side * 2]! + 1;
    values[base + 8 + side] = Math.max(values[base + 8 + side]!, opinion);
  }

  const { fromOut, fromIn, toOut, toIn } = surroundings;
  return {
    names: [
      ...['from', 'to'].flatMap((end) => perEnd.map((name) => `suspicion.${end}.${name}`)),
      ...lists.flatMap((list) => perList.map((name) => `suspicion.recent.${list}.${name}`)),
    ],
    read(payment, row, offset) {
      const width = perEnd.length;
      if (payment.from < 0) row.fill(Number.NaN, offset, offset + width);
      else readEnd(payment.from, payment.atMs, row, offset);
      if (payment.to < 0) row.fill(Number.NaN, offset + width, offset + 2 * width);
      else readEnd(payment.to, payment.atMs, row, offset + width);
      const after = offset + 2 * width;
      describe(fromOut, payment.atMs, row, after);
      describe(fromIn, payment.atMs, row, after + perList.length);
      describe(toOut, payment.atMs, row, after + 2 * perList.length);
      describe(toIn, payment.atMs, row, after + 3 * perList.length);
    },
    note(payment, opinion) {
      add(payment.from, 0, opinion, payment.atMs);
      add(payment.to, 1, opinion, payment.atMs);
    },
    forget(slot) {
      values.fill(0, slot * valuesPerAccount, (slot + 1) * valuesPerAccount);
      decayed[slot] = 0;
    },
    arrays: () => [values, decayed],
  };
}
