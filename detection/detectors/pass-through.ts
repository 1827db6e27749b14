import { Type, type Static } from 'typebox';
import { detector, type Verdict } from '../detector.ts';
import type { PaymentView } from '../payment-view.ts';
import { firstUntil, judgeEach } from './anchors.ts';
import { distinctAt, entriesAt, follow, openFlow } from './flow.ts';
import { count, days, dollars, hours, minutes, share } from './limits.ts';
import { instantOf, keysOf, minutesBetween, moneyOf } from './money-facts.ts';
import { ageDays, isAgent, isBusy, learningDays } from './standing.ts';
import { above, below, strengthOf, within } from './strength.ts';

const Limits = Type.Object({
  withinMinutes: minutes(30, 'In and out again. Half of stolen money is gone in 3 minutes (Thai banks, 2025)'),
  dollarsMin: dollars(150, 'What came in, at least. Our own choice: about 5,000 baht'),
  shareMin: share(0.8, 'Of what came in, how much went out again. Our own choice'),
  slowHours: hours(6, 'Who waits past the minutes above is seen for so long, from `slowDollarsMin` on. Our own choice'),
  slowDollarsMin: dollars(1_000, 'As `dollarsMin`, for the slow. Our own choice'),
  slowShareMin: share(0.9, 'As `shareMin`, for the slow. Our own choice'),
  errandDollars: dollars(300, 'One payment in and one out of less than this are an errand, unless the account is new'),
  newDays: days(30, 'An account opened since is new. Our own choice'),
  outsMax: count(8, 'More payments out than this are spending, or fan-out. Our own choice'),
});
type Limits = Static<typeof Limits>;

/** Of what was paid out, at least so much must be the money that came in. */
const freshMin = 0.5;
const flow = openFlow();

function assess(view: PaymentView, limits: Limits, endMs: number, anchor: number): Verdict | undefined {
  const { own, accounts } = view;
  const newest = firstUntil(own.ins, endMs);
  const slowMs = limits.slowHours * 3_600_000;
  if (newest === own.ins.count || own.ins.atMs[newest]! < endMs - slowMs) return undefined;
  if (isBusy(accounts, own.account, endMs) || isAgent(view)) return undefined;
  const fastMs = limits.withinMinutes * 60_000;
  if (own.ins.atMs[newest]! >= endMs - fastMs) {
    follow(flow, view, endMs - fastMs, endMs);
    if (isPassed(anchor, limits.dollarsMin, limits.shareMin, limits.outsMax) && !isErrand(view, limits, endMs))
      return verdictOf(view, fastMs, limits.dollarsMin, limits.shareMin);
  }
  follow(flow, view, endMs - slowMs, endMs);
  if (isPassed(anchor, limits.slowDollarsMin, limits.slowShareMin, limits.outsMax))
    return verdictOf(view, slowMs, limits.slowDollarsMin, limits.slowShareMin);
  return undefined;
}

const isPassed = (anchor: number, dollarsMin: number, shareMin: number, outsMax: number): boolean =>
  flow.outs > 0 &&
  flow.outAt[flow.outs - 1] === anchor &&
  flow.inDollars >= dollarsMin &&
  flow.passedDollars >= shareMin * flow.inDollars &&
  flow.passedDollars >= freshMin * flow.outDollars &&
  flow.outs <= outsMax;

const isErrand = (view: PaymentView, { errandDollars, newDays }: Limits, endMs: number): boolean =>
  flow.ins === 1 &&
  flow.outs === 1 &&
  flow.inDollars < errandDollars &&
  ageDays(view, view.own.account, endMs, learningDays) >= newDays;

function verdictOf(view: PaymentView, spanMs: number, dollarsMin: number, shareMin: number): Verdict {
  const ins = entriesAt(view.own.ins, flow.inAt, flow.ins);
  const outs = entriesAt(view.own.outs, flow.outAt, flow.outs);
  const [came, went] = [moneyOf(view, ins.places), moneyOf(view, outs.places)];
  const minutes = minutesBetween(ins.firstMs, outs.lastMs);
  return {
    facts: {
      inAmount: came.amount,
      inCurrency: came.currency,
      outAmount: went.amount,
      outCurrency: went.currency,
      inAt: instantOf(ins.firstMs),
      outAt: instantOf(outs.lastMs),
      minutes,
      receivers: distinctAt(view.own.outs, flow.outAt, flow.outs),
      withinMinutes: spanMs / 60_000,
      shareMin,
    },
    counterparts: keysOf(view, [...outs.others, ...ins.others]),
    strength: strengthOf(
      above(flow.inDollars, dollarsMin),
      below(minutes, spanMs / 60_000),
      within(flow.passedDollars / flow.inDollars, shareMin),
    ),
  };
}

export const passThrough = detector({
  name: 'pass-through',
  version: 1,
  on: ['payment'],
  typology: 'mule-account',
  urgency: 1,
  facts: [
    'inAmount',
    'inCurrency',
    'outAmount',
    'outCurrency',
    'inAt',
    'outAt',
    'minutes',
    'receivers',
    'withinMinutes',
    'shareMin',
  ],
  limits: Limits,
  find: (view: PaymentView, limits) => judgeEach(view, limits, view.own.outs, limits.slowHours * 3_600_000, assess),
});
