import type { Surroundings } from './neighbourhood.ts';
import { dayMs, daysSince, type FeatureSource, type PaymentSight } from './payment-sight.ts';
import type { RecentList, RecentPayments } from './recent-payments.ts';

const perList = [
  'count',
  'count.7d',
  'others',
  'others.7d',
  'others.1d',
  'newShare',
  'mean',
  'deviation',
  'sameUsd',
  'span.3',
  'span.6',
  'usd.toMean',
] as const;
const perMatch = ['match', 'match.since', 'match.count', 'usd.toSum.2d', 'usd.toSum.10d'] as const;
const lists = ['from.out', 'from.in', 'to.out', 'to.in'] as const;

/** What the newest payments around this one look like, and what of it came in before: passed on whole, less a fee, or in parts. */
export function openRecentLists(recent: RecentPayments, surroundings: Surroundings): FeatureSource {
  const { at, other, usd, isNew } = recent;
  const others = new Int32Array(32);

  function isAnother(count: number, slot: number): boolean {
    for (let index = 0; index < count; index += 1) if (others[index] === slot) return false;
    return true;
  }

  function describe(list: RecentList, payment: PaymentSight, row: Float32Array, offset: number): void {
    let [withinWeek, distinct, distinctWeek, distinctDay, fresh, same] = [0, 0, 0, 0, 0, 0];
    let sum = 0;
    let squares = 0;
    for (let index = 0; index < list.length; index += 1) {
      const place = list.places[index]!;
      const age = payment.atMs - at(place);
      const paid = usd(place);
      if (age <= 7 * dayMs) withinWeek += 1;
      if (isAnother(distinct, other(place))) {
        others[distinct++] = other(place);
        if (age <= 7 * dayMs) distinctWeek += 1;
        if (age <= dayMs) distinctDay += 1;
      }
      fresh += isNew(place);
      if (Math.abs(paid - payment.usd) <= 0.02 * payment.usd) same += 1;
      sum += paid;
      squares += paid * paid;
    }
    const { length } = list;
    const mean = sum / length;
    row[offset] = length;
    row[offset + 1] = withinWeek;
    row[offset + 2] = distinct;
    row[offset + 3] = distinctWeek;
    row[offset + 4] = distinctDay;
    row[offset + 5] = fresh / length;
    row[offset + 6] = mean;
    row[offset + 7] = length < 2 ? Number.NaN : Math.sqrt(Math.max(0, squares / length - mean * mean));
    row[offset + 8] = same;
    row[offset + 9] = length < 3 ? Number.NaN : daysSince(at(list.places[2]!), payment.atMs);
    row[offset + 10] = length < 6 ? Number.NaN : daysSince(at(list.places[5]!), payment.atMs);
    row[offset + 11] = payment.usd / mean;
  }

  function match(list: RecentList, payment: PaymentSight, row: Float32Array, offset: number): void {
    let best = Number.NaN;
    let nearest = Number.POSITIVE_INFINITY;
    let since = Number.NaN;
    let [count, twoDays, tenDays] = [0, 0, 0];
    for (let index = 0; index < list.length; index += 1) {
      const place = list.places[index]!;
      const age = payment.atMs - at(place);
      const ratio = payment.usd / usd(place);
      const distance = Math.abs(ratio - 0.95);
      if (distance < nearest) {
        nearest = distance;
        best = ratio;
        since = age / dayMs;
      }
      if (distance <= 0.06) count += 1;
      if (age <= 2 * dayMs) twoDays += usd(place);
      if (age <= 10 * dayMs) tenDays += usd(place);
    }
    row[offset] = best;
    row[offset + 1] = since;
    row[offset + 2] = count;
    row[offset + 3] = payment.usd / twoDays;
    row[offset + 4] = payment.usd / tenDays;
  }

  const { fromOut, fromIn, toOut, toIn } = surroundings;
  return {
    names: [
      ...lists.flatMap((list) => perList.map((name) => `recent.${list}.${name}`)),
      ...['from.in', 'to.out'].flatMap((list) => perMatch.map((name) => `recent.${list}.${name}`)),
    ],
    read(payment, row, offset) {
      describe(fromOut, payment, row, offset);
      describe(fromIn, payment, row, offset + perList.length);
      describe(toOut, payment, row, offset + 2 * perList.length);
      describe(toIn, payment, row, offset + 3 * perList.length);
      match(fromIn, payment, row, offset + 4 * perList.length);
      match(toOut, payment, row, offset + 4 * perList.length + perMatch.length);
    },
  };
}
