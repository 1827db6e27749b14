import { Type, type Static } from 'typebox';
import { detector, type Verdict } from '../detector.ts';
import type { PaymentView } from '../payment-view.ts';
import { none } from '../state/payments.ts';
import type { Trail } from '../state/trail.ts';
import { dollars, hours, share } from './limits.ts';
import { instantOf, keysOf, minutesBetween, moneyOf, percentOf } from './money-facts.ts';
import { above, below, strengthOf, within } from './strength.ts';
import { hidesWays, judgeTrails, wasPaidBefore, wasPaidOn, wayOf } from './trails.ts';

const Limits = Type.Object({
  hopsMin: Type.Integer({
    default: 3,
    minimum: 3,
    maximum: 8,
    description: 'Payments in the circle; two are a refund',
  }),
  withinHours: hours(72, 'Around in so long. Our own choice: as far as is remembered'),
  dollarsMin: dollars(150, 'What comes back, at least. Our own choice'),
  alikeMin: share(0.6, 'The smallest payment of the circle as a part of the largest. Our own choice'),
});
type Limits = Static<typeof Limits>;

function judge(view: PaymentView, limits: Limits, trail: Trail): Verdict | undefined {
  const { payments } = view;
  const last = trail.place[0]!;
  const home = payments.to(last);
  const sinceMs = payments.atMs(last) - limits.withinHours * 3_600_000;
  for (let entry = limits.hopsMin - 1; entry < trail.count; entry += 1) {
    if (payments.from(trail.place[entry]!) !== home || trail.depth[entry]! < limits.hopsMin - 1) continue;
    if (payments.atMs(trail.place[entry]!) < sinceMs) continue;
    const alike = alikeAlong(view, trail, entry);
    if (alike >= limits.alikeMin) return verdictOf(view, limits, wayOf(trail, entry), alike);
  }
  return undefined;
}

/** The smallest payment as a part of the largest; 0 if the way leads through a till, or through home. */
function alikeAlong(view: PaymentView, { place, parent }: Trail, entry: number): number {
  const { payments } = view;
  const home = payments.from(place[entry]!);
  let [least, most] = [Number.POSITIVE_INFINITY, 0];
  for (let at = entry; at !== none; at = parent[at]!) {
    const dollars = payments.dollars(place[at]!);
    if (dollars < least) least = dollars;
    if (dollars > most) most = dollars;
    const sender = payments.from(place[at]!);
    if (at !== entry && (sender === home || hidesWays(view, sender, payments.atMs(place[at]!)))) return 0;
  }
  return least / most;
}

function verdictOf(view: PaymentView, limits: Limits, way: readonly number[], alike: number): Verdict {
  const { payments } = view;
  const [first, last] = [way[0]!, way.at(-1)!];
  const [went, came] = [moneyOf(view, [first]), moneyOf(view, [last])];
  const [outMs, backMs] = [payments.atMs(first), payments.atMs(last)];
  return {
    facts: {
      hops: way.length,
      outAmount: went.amount,
      outCurrency: went.currency,
      backAmount: came.amount,
      backCurrency: came.currency,
      outAt: instantOf(outMs),
      backAt: instantOf(backMs),
      alikePercent: percentOf(alike),
      withinHours: limits.withinHours,
      hopsMin: limits.hopsMin,
    },
    counterparts: keysOf(
      view,
      way.map((place) => payments.to(place)),
    ),
    strength: strengthOf(
      above(payments.dollars(last), limits.dollarsMin),
      below(minutesBetween(outMs, backMs), limits.withinHours * 60),
      within(alike, limits.alikeMin),
    ),
  };
}

/** A circle closes where money comes in that is like what went out before; or it has closed since. */
function mayClose(view: PaymentView, { withinHours, alikeMin }: Limits): boolean {
  if (wasPaidOn(view)) return true;
  const { own, dollars, place, payments } = view;
  for (let o = 0; o < own.outs.count; o += 1) {
    const went = own.outs.dollars[o]!;
    if (went * alikeMin <= dollars && dollars * alikeMin <= went)
      return wasPaidBefore(payments, place, withinHours * 3_600_000);
  }
  return false;
}

export const cycle = detector({
  name: 'cycle',
  version: 1,
  on: ['payment'],
  typology: 'mule-account',
  urgency: 3,
  facts: [
    'hops',
    'outAmount',
    'outCurrency',
    'backAmount',
    'backCurrency',
    'outAt',
    'backAt',
    'alikePercent',
    'withinHours',
    'hopsMin',
  ],
  limits: Limits,
  find(view: PaymentView, limits) {
    if (view.dollars < limits.dollarsMin || view.end === 'out' || !mayClose(view, limits)) return undefined;
    return judgeTrails(view, limits, limits.withinHours * 3_600_000, judge);
  },
});
