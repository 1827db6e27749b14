import { Type, type Static } from 'typebox';
import { detector, type Verdict } from '../detector.ts';
import type { PaymentView } from '../payment-view.ts';
import { hours, dollars, share } from './limits.ts';
import { instantOf, keysOf, minutesBetween, moneyOf } from './money-facts.ts';
import { isBusy } from './standing.ts';
import { above, strengthOf } from './strength.ts';
import { hidesWays, wasPaidBefore, wayOf } from './trails.ts';

const Limits = Type.Object({
  dollarsMin: dollars(3, 'Paid to or by a listed account itself, at least: about 100 baht. Our own choice'),
  tillDollarsMin: dollars(
    300,
    'Paid by a listed account to a shop or biller, at least: its owner knows nothing. Our own choice',
  ),
  distanceMax: Type.Integer({
    default: 3,
    minimum: 1,
    maximum: 4,
    description: 'Payments between it and the listed account. Our own choice',
  }),
  withinHours: hours(24, 'From the listed account’s payment to this one, by way of others. Our own choice'),
  wayDollarsMin: dollars(150, 'As `dollarsMin`, by way of others. Our own choice'),
  shareMin: share(
    0.5,
    'Of the money here, each payment on the way was at least this part, and no more than its inverse',
  ),
});
type Limits = Static<typeof Limits>;

function findDirect(view: PaymentView, limits: Limits): Verdict | undefined {
  const { accounts, payments, place, own, end, dollars } = view;
  const other = end === 'in' ? payments.from(place) : payments.to(place);
  if (other < 0 || accounts.listed(other) === 0 || dollars < limits.dollarsMin) return undefined;
  const isTill = end === 'in' && isBusy(accounts, own.account, view.atMs);
  if (isTill && dollars < limits.tillDollarsMin) return undefined;
  return verdictOf(view, limits, [place], accounts.listed(other));
}

/** By way of others, the nearest first: what came here had left a listed account not long before. */
function findBehind(view: PaymentView, limits: Limits): Verdict | undefined {
  const { accounts, payments } = view;
  const trail = view.trail();
  const sinceMs = view.atMs - limits.withinHours * 3_600_000;
  for (let entry = 1; entry < trail.count; entry += 1) {
    if (trail.depth[entry]! + 1 > limits.distanceMax) return undefined;
    const from = payments.from(trail.place[entry]!);
    if (from < 0 || from === view.own.account || accounts.listed(from) === 0) continue;
    if (payments.atMs(trail.place[entry]!) < sinceMs) continue;
    const way = wayOf(trail, entry);
    if (isOneWay(view, limits, way)) return verdictOf(view, limits, way, accounts.listed(from));
  }
  return undefined;
}

function isOneWay(view: PaymentView, { shareMin }: Limits, way: readonly number[]): boolean {
  const { payments, dollars } = view;
  return way.every((place, at) => {
    const part = payments.dollars(place) / dollars;
    if (part < shareMin || part > 1 / shareMin) return false;
    return at === 0 || !hidesWays(view, payments.from(place), payments.atMs(place));
  });
}

function verdictOf(view: PaymentView, limits: Limits, way: readonly number[], listed: number): Verdict {
  const { payments, end, own } = view;
  const [first, last] = [way[0]!, way.at(-1)!];
  const money = moneyOf(view, [last]);
  const other = end === 'in' ? payments.from(first) : payments.to(last);
  return {
    facts: {
      direction: end === 'in' ? 'from' : 'to',
      distance: way.length,
      certainty: listed === 2 ? 'confirmed' : 'suspected',
      amount: money.amount,
      currency: money.currency,
      at: instantOf(payments.atMs(last)),
      minutes: minutesBetween(payments.atMs(first), payments.atMs(last)),
      withinHours: limits.withinHours,
      distanceMax: limits.distanceMax,
    },
    counterparts: keysOf(
      view,
      [other, ...way.map((place) => payments.from(place))].filter((each) => each !== own.account),
    ),
    strength: strengthOf(listed / 2, 1 / way.length, above(payments.dollars(last), limits.dollarsMin)),
  };
}

export const listedCounterpart = detector({
  name: 'listed-counterpart',
  version: 1,
  on: ['payment'],
  typology: 'mule-account',
  urgency: 1,
  facts: ['direction', 'distance', 'certainty', 'amount', 'currency', 'at', 'minutes', 'withinHours', 'distanceMax'],
  limits: Limits,
  find(view: PaymentView, limits) {
    const direct = findDirect(view, limits);
    if (direct !== undefined || view.end === 'out' || view.dollars < limits.wayDollarsMin) return direct;
    if (!wasPaidBefore(view.payments, view.place, limits.withinHours * 3_600_000)) return undefined;
    if (hidesWays(view, view.own.account, view.atMs)) return undefined;
    return findBehind(view, limits);
  },
});
