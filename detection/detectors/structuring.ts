import { Type, type Static } from 'typebox';
import { detector, type Verdict } from '../detector.ts';
import type { PaymentView } from '../payment-view.ts';
import { currencies } from '../state/money.ts';
import { judgeEach } from './anchors.ts';
import { count, hours, share } from './limits.ts';
import { instantOf, keysOf, moneyOf } from './money-facts.ts';
import { isBusy, isOwnMove, isPayer, isSettledCompany } from './standing.ts';
import { above, strengthOf, within } from './strength.ts';

const LegalLimit = Type.Object(
  {
    currency: Type.String({ pattern: '^[A-Z]{3}$' }),
    minor: Type.Integer({ minimum: 1, description: 'From above this on the law asks for more: minor units' }),
  },
  { additionalProperties: false },
);

const Limits = Type.Object({
  legalLimits: Type.Array(LegalLimit, {
    maxItems: 32,
    default: [
      { currency: 'THB', minor: 5_000_000 },
      { currency: 'THB', minor: 20_000_000 },
      { currency: 'VND', minor: 10_000_000 },
      { currency: 'VND', minor: 20_000_000 },
    ],
    description:
      'Thailand: a face scan above 50,000 baht, a day’s cap of 200,000; Viet Nam: above 10 million dong a payment and 20 million a day (Decision 2345)',
  }),
  belowShare: share(0.15, 'So near below a limit, as a part of it. Our own choice'),
  paymentsMin: count(3, 'So many. Our own choice'),
  withinHours: hours(24, 'In so long. Our own choice'),
  leftShareMin: share(
    0.6,
    'Of what left between the first and the last of them: on a pay day they are a few of many. Our own choice',
  ),
  slowHours: hours(72, 'Who waits longer is seen for so long, from `slowPaymentsMin` on. Our own choice'),
  slowPaymentsMin: count(5, 'As `paymentsMin`, for the slow. Our own choice'),
});
type Limits = Static<typeof Limits>;

function assess(view: PaymentView, limits: Limits, endMs: number, anchor: number): Verdict | undefined {
  const { own, payments, accounts } = view;
  const { outs, account } = own;
  const place = outs.place[anchor]!;
  const currency = currencies[payments.currency(place)]!;
  const minor = payments.minor(place);
  for (const { currency: of, minor: limit } of limits.legalLimits) {
    if (of !== currency || minor > limit || minor < (1 - limits.belowShare) * limit) continue;
    if (outs.count < limits.paymentsMin || isBusy(accounts, account, endMs) || isPayer(accounts, account, endMs))
      return undefined;
    if (isSettledCompany(accounts, account, endMs)) return undefined;
    const fastMs = endMs - limits.withinHours * 3_600_000;
    const slowMs = endMs - limits.slowHours * 3_600_000;
    const fast = countBelow(view, limits, limit, fastMs, anchor);
    if (fast >= limits.paymentsMin) return verdictOf(view, limits, limit, fastMs, anchor);
    const slow = countBelow(view, limits, limit, slowMs, anchor);
    if (slow >= limits.slowPaymentsMin) return verdictOf(view, limits, limit, slowMs, anchor);
  }
  return undefined;
}

/** Whether an entry is such a payment as the anchor: of its currency, near below the limit, to somebody else. */
function isBelow(
  { own, payments, accounts }: PaymentView,
  share: number,
  limit: number,
  anchor: number,
  o: number,
): boolean {
  const { outs, account } = own;
  const minor = payments.minor(outs.place[o]!);
  return (
    minor <= limit &&
    minor >= (1 - share) * limit &&
    payments.currency(outs.place[o]!) === payments.currency(outs.place[anchor]!) &&
    !isOwnMove(accounts, account, outs.other[o]!)
  );
}

function countBelow(
  view: PaymentView,
  { belowShare, leftShareMin }: Limits,
  limit: number,
  sinceMs: number,
  anchor: number,
): number {
  const { outs } = view.own;
  let found = 0;
  let below = 0;
  let all = 0;
  let first = anchor;
  for (let o = anchor; o < outs.count && outs.atMs[o]! >= sinceMs; o += 1) {
    all += outs.dollars[o]!;
    if (!isBelow(view, belowShare, limit, anchor, o)) continue;
    found += 1;
    below += outs.dollars[o]!;
    first = o;
  }
  // What left before the first of them does not count.
  for (let o = first + 1; o < outs.count && outs.atMs[o]! >= sinceMs; o += 1) all -= outs.dollars[o]!;
  return below >= leftShareMin * all ? found : 0;
}

function verdictOf(view: PaymentView, limits: Limits, limit: number, sinceMs: number, anchor: number): Verdict {
  const { outs } = view.own;
  const entries: number[] = [];
  for (let o = anchor; o < outs.count && outs.atMs[o]! >= sinceMs; o += 1)
    if (isBelow(view, limits.belowShare, limit, anchor, o)) entries.push(o);
  const places = entries.map((o) => outs.place[o]!);
  const sum = moneyOf(view, places);
  const least = Math.min(...places.map((place) => view.payments.minor(place)));
  const isFast = sinceMs === outs.atMs[anchor]! - limits.withinHours * 3_600_000;
  return {
    facts: {
      payments: entries.length,
      amount: sum.amount,
      currency: sum.currency,
      leastAmount: String(least),
      limitAmount: String(limit),
      firstAt: instantOf(outs.atMs[entries.at(-1)!]!),
      lastAt: instantOf(outs.atMs[anchor]!),
      withinHours: isFast ? limits.withinHours : limits.slowHours,
      paymentsMin: isFast ? limits.paymentsMin : limits.slowPaymentsMin,
    },
    counterparts: keysOf(
      view,
      entries.map((o) => outs.other[o]!),
    ),
    strength: strengthOf(above(entries.length, limits.paymentsMin - 1), within(least / limit, 1 - limits.belowShare)),
  };
}

export const structuring = detector({
  name: 'structuring',
  version: 1,
  on: ['payment'],
  typology: 'mule-account',
  urgency: 3,
  facts: [
    'payments',
    'amount',
    'currency',
    'leastAmount',
    'limitAmount',
    'firstAt',
    'lastAt',
    'withinHours',
    'paymentsMin',
  ],
  limits: Limits,
  find: (view: PaymentView, limits) => judgeEach(view, limits, view.own.outs, limits.slowHours * 3_600_000, assess),
});
