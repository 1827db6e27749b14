import { Type, type Static } from 'typebox';
import { detector, type Verdict } from '../detector.ts';
import type { PaymentView } from '../payment-view.ts';
import { trailMax, type Trail } from '../state/trail.ts';
import { dollars, minutes, share } from './limits.ts';
import { instantOf, keysOf, minutesBetween, moneyOf } from './money-facts.ts';
import { isOwnMove } from './standing.ts';
import { above, below, strengthOf } from './strength.ts';
import { hidesWays, judgeTrails, partPassedOn, wasPaidBefore, wasPaidOn, wayOf } from './trails.ts';

const Limits = Type.Object({
  hopsMin: Type.Integer({
    default: 3,
    minimum: 2,
    maximum: 8,
    description:
      'Payments one after the other: “motorcades” through many accounts (UNODC); the number is our own choice',
  }),
  hopMinutes: minutes(60, 'From one to the next. Thailand’s hotline aims to freeze a chain within 60 minutes'),
  shareMin: share(
    0.7,
    'Of what an account on the way got, how much it passed on, in one payment or several. Our own choice',
  ),
  dollarsMin: dollars(60, 'The last payment, at least: about 2,000 baht. Our own choice'),
  slowHopMinutes: minutes(
    240,
    'Who waits past the minutes above is seen for so long, from `slowDollarsMin` on. Our own choice',
  ),
  slowDollarsMin: dollars(150, 'As `dollarsMin`, for the slow: about 5,000 baht. Our own choice'),
});
type Limits = Static<typeof Limits>;

/** A payment is a piece of what came from this part of it on; and more than came is other money. */
const pieceMin = 0.15;
const pieceMax = 1.3;
const isLinked = new Uint8Array(trailMax);

function judge(view: PaymentView, limits: Limits, trail: Trail): Verdict | undefined {
  let longest = 0;
  const isSlow = view.payments.dollars(trail.place[0]!) >= limits.slowDollarsMin;
  const hopMinutes = isSlow ? Math.max(limits.hopMinutes, limits.slowHopMinutes) : limits.hopMinutes;
  isLinked[0] = 1;
  for (let entry = 1; entry < trail.count; entry += 1) {
    const parent = trail.parent[entry]!;
    isLinked[entry] =
      isLinked[parent] === 1 &&
      isPassedOn(view, limits.shareMin, hopMinutes * 60_000, trail.place[entry]!, trail.place[parent]!)
        ? 1
        : 0;
    if (isLinked[entry] === 1 && trail.depth[entry]! > trail.depth[longest]!) longest = entry;
  }
  if (trail.depth[longest]! + 1 < limits.hopsMin) return undefined;
  return verdictOf(view, limits, wayOf(trail, longest), hopMinutes);
}

/** Whether what came is what went on, soon after and for the most part. */
function isPassedOn(view: PaymentView, shareMin: number, hopMs: number, came: number, went: number): boolean {
  const { payments, accounts } = view;
  if (payments.atMs(went) - payments.atMs(came) > hopMs) return false;
  const part = payments.dollars(went) / payments.dollars(came);
  if (part < pieceMin || part > pieceMax) return false;
  const [from, between] = [payments.from(came), payments.to(came)];
  if (hidesWays(view, between, payments.atMs(went)) || isOwnMove(accounts, from, between)) return false;
  return part >= shareMin || partPassedOn(payments, came, hopMs) >= shareMin;
}

function verdictOf(view: PaymentView, limits: Limits, way: readonly number[], hopMinutes: number): Verdict {
  const { payments } = view;
  const [first, last] = [way[0]!, way.at(-1)!];
  const [began, ended] = [moneyOf(view, [first]), moneyOf(view, [last])];
  const [firstMs, lastMs] = [payments.atMs(first), payments.atMs(last)];
  const minutes = minutesBetween(firstMs, lastMs);
  return {
    facts: {
      hops: way.length,
      firstAmount: began.amount,
      firstCurrency: began.currency,
      lastAmount: ended.amount,
      lastCurrency: ended.currency,
      firstAt: instantOf(firstMs),
      lastAt: instantOf(lastMs),
      minutes,
      hopMinutes,
      hopsMin: limits.hopsMin,
    },
    counterparts: keysOf(view, [...way.map((place) => payments.to(place)).reverse(), payments.from(first)]),
    strength: strengthOf(
      above(way.length, limits.hopsMin - 1),
      above(payments.dollars(last), limits.dollarsMin),
      below(minutes, hopMinutes * (way.length - 1)),
    ),
  };
}

export const layeredChain = detector({
  name: 'layered-chain',
  version: 1,
  on: ['payment'],
  typology: 'mule-account',
  urgency: 1,
  facts: [
    'hops',
    'firstAmount',
    'firstCurrency',
    'lastAmount',
    'lastCurrency',
    'firstAt',
    'lastAt',
    'minutes',
    'hopMinutes',
    'hopsMin',
  ],
  limits: Limits,
  find(view: PaymentView, limits) {
    if (view.dollars < limits.dollarsMin) return undefined;
    const hopMs = Math.max(limits.hopMinutes, limits.slowHopMinutes) * 60_000;
    if (!wasPaidBefore(view.payments, view.place, hopMs) && !wasPaidOn(view)) return undefined;
    if (view.end === 'in' && hidesWays(view, view.own.account, view.atMs)) return undefined;
    return judgeTrails(view, limits, hopMs * 8, judge);
  },
});
