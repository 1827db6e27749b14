import { Type, type Static } from 'typebox';
import { detector, type Verdict } from '../detector.ts';
import type { PaymentView } from '../payment-view.ts';
import { judgeEach } from './anchors.ts';
import { isAbroad, isCash, isCrypto } from './exits.ts';
import { entriesAt, follow, openFlow } from './flow.ts';
import { count, days, dollars, hours, minutes, share } from './limits.ts';
import { instantOf, keysOf, moneyOf, percentOf } from './money-facts.ts';
import { above, below, strengthOf, within } from './strength.ts';

const Limits = Type.Object({
  registeredDays: days(365, 'Registered less than a year ago (Thailand’s profile of corporate mules, 2025)'),
  capitalDollarsMax: dollars(30_000, 'A capital of 1 million baht or less (the same)'),
  accountsMin: count(
    3,
    'Or one person with so many accounts: one person, many companies (the same). The number is our own choice',
  ),
  withinHours: hours(24, 'Straight to coins, abroad or to cash: in so long. Our own choice'),
  straightMinutes: minutes(60, 'Straight to anybody else: in so long. Our own choice'),
  shareMin: share(0.8, 'Of what came in, how much went straight on. Our own choice'),
  dollarsMin: dollars(1_500, 'What came in, at least: about 50,000 baht. Our own choice'),
});
type Limits = Static<typeof Limits>;

const dayMs = 24 * 3_600_000;
const flow = openFlow();

/** For how many days the company has been registered; NaN if nobody told. */
function registeredFor({ accounts, own: { account } }: PaymentView, endMs: number): number {
  const registeredAtMs = accounts.registeredAtMs(account);
  return registeredAtMs > 0 ? (endMs - registeredAtMs) / dayMs : Number.NaN;
}

function assess(view: PaymentView, limits: Limits, endMs: number, anchor: number): Verdict | undefined {
  const { own, accounts } = view;
  const isYoung =
    registeredFor(view, endMs) < limits.registeredDays && accounts.capital(own.account) <= limits.capitalDollarsMax;
  if (!isYoung && view.accountsOfController(own.account) < limits.accountsMin) return undefined;
  follow(flow, view, endMs - limits.straightMinutes * 60_000, endMs);
  if (isStraight(limits, anchor, flow.passedDollars)) return verdictOf(view, limits, endMs, flow.passedDollars);
  follow(flow, view, endMs - limits.withinHours * 3_600_000, endMs);
  if (!isStraight(limits, anchor, flow.passedDollars)) return undefined;
  const left = leftByExits(view);
  return isStraight(limits, anchor, left) ? verdictOf(view, limits, endMs, left) : undefined;
}

const isStraight = ({ dollarsMin, shareMin }: Limits, anchor: number, left: number): boolean =>
  flow.outs > 0 &&
  flow.outAt[flow.outs - 1] === anchor &&
  flow.inDollars >= dollarsMin &&
  left >= shareMin * flow.inDollars;

function leftByExits(view: PaymentView): number {
  let left = 0;
  for (let n = 0; n < flow.outs; n += 1) {
    const o = flow.outAt[n]!;
    if (isCash(view, o) || isCrypto(view, o) || isAbroad(view, o)) left += view.own.outs.dollars[o]!;
  }
  return Math.min(left, flow.inDollars);
}

function verdictOf(view: PaymentView, limits: Limits, endMs: number, left: number): Verdict {
  const came = entriesAt(view.own.ins, flow.inAt, flow.ins);
  const went = entriesAt(view.own.outs, flow.outAt, flow.outs);
  const [inMoney, outMoney] = [moneyOf(view, came.places), moneyOf(view, went.places)];
  const registered = registeredFor(view, endMs);
  const accounts = view.accountsOfController(view.own.account);
  const share = left / flow.inDollars;
  return {
    facts: {
      // -1 if nobody told.
      registeredDays: Number.isNaN(registered) ? -1 : Math.max(0, Math.floor(registered)),
      accounts,
      inAmount: inMoney.amount,
      inCurrency: inMoney.currency,
      outAmount: outMoney.amount,
      outCurrency: outMoney.currency,
      inAt: instantOf(came.firstMs),
      outAt: instantOf(went.lastMs),
      straightPercent: percentOf(share),
      shareMin: limits.shareMin,
    },
    counterparts: keysOf(view, [...went.others, ...came.others]),
    strength: strengthOf(
      above(flow.inDollars, limits.dollarsMin),
      within(share, limits.shareMin),
      Math.max(
        above(accounts, limits.accountsMin - 1),
        below(Number.isNaN(registered) ? limits.registeredDays : registered, limits.registeredDays),
      ),
    ),
  };
}

export const corporateMule = detector({
  name: 'corporate-mule',
  version: 1,
  on: ['payment'],
  typology: 'mule-account',
  urgency: 1,
  facts: [
    'registeredDays',
    'accounts',
    'inAmount',
    'inCurrency',
    'outAmount',
    'outCurrency',
    'inAt',
    'outAt',
    'straightPercent',
    'shareMin',
  ],
  limits: Limits,
  find: (view: PaymentView, limits) =>
    view.accounts.isCompany(view.own.account) === 1
      ? judgeEach(view, limits, view.own.outs, limits.withinHours * 3_600_000, assess)
      : undefined,
});
