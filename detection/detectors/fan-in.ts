import { Type, type Static } from 'typebox';
import { detector, type Verdict } from '../detector.ts';
import type { PaymentView } from '../payment-view.ts';
import type { Side } from '../state/window.ts';
import { firstUntil, judgeEach } from './anchors.ts';
import { distinctAt, entriesAt, follow, openFlow } from './flow.ts';
import { count, days, dollars, hours, share, times } from './limits.ts';
import { instantOf, keysOf, moneyOf, percentOf } from './money-facts.ts';
import { ageDays, isAgent, isBusy, learningDays, usualInsPerDay } from './standing.ts';
import { above, strengthOf, within } from './strength.ts';

const Limits = Type.Object({
  sendersMin: count(
    8,
    'Different accounts that paid in. FATF: many unrelated payers into one; the number is our own choice',
  ),
  withinHours: hours(24, 'In so long. AUSTRAC: same-day consolidation'),
  dollarsMin: dollars(300, 'Together, at least. Our own choice'),
  leftShareMin: share(0.6, 'Of it, how much left again within the hours. Our own choice'),
  payeesMax: count(4, 'And to no more accounts: who gathers does not spread. Our own choice'),
  heldHours: hours(3, 'While its usual day is not known: it stayed no longer, as takings do. Our own choice'),
  usualTimes: times(5, 'Who is paid every day, as shops are: so many times its usual day. Our own choice'),
  newDays: days(30, 'On a person’s account opened since, nothing need have left yet. Our own choice'),
});
type Limits = Static<typeof Limits>;

/** Of what was paid out, at least so much must be the money that came in. */
const freshMin = 0.6;
const flow = openFlow();

function assess(view: PaymentView, limits: Limits, endMs: number): Verdict | undefined {
  const { own, accounts } = view;
  const { ins, account } = own;
  const spanMs = limits.withinHours * 3_600_000;
  const least = firstUntil(ins, endMs) + limits.sendersMin - 1;
  if (least >= ins.count || ins.atMs[least]! < endMs - spanMs) return undefined;
  if (isBusy(accounts, account, endMs) || isAgent(view)) return undefined;
  const isNew = accounts.isCompany(account) === 0 && ageDays(view, account, endMs, learningDays) < limits.newDays;
  if (!isNew && !hasPaidSince(own.outs, ins.atMs[least]!, endMs)) return undefined;
  follow(flow, view, endMs - spanMs, endMs);
  if (flow.ins < limits.sendersMin || flow.inDollars < limits.dollarsMin) return undefined;
  if (!isNew && !hasLeft(view, limits, endMs)) return undefined;
  const senders = distinctAt(ins, flow.inAt, flow.ins);
  return senders < limits.sendersMin ? undefined : verdictOf(view, limits, senders);
}

function hasPaidSince(outs: Side, sinceMs: number, endMs: number): boolean {
  const newest = firstUntil(outs, endMs);
  return newest < outs.count && outs.atMs[newest]! >= sinceMs;
}

/** Gathered and passed on, and not as a shop passes on what it takes every day. */
function hasLeft(view: PaymentView, limits: Limits, endMs: number): boolean {
  const { outs, ins, account } = view.own;
  if (flow.passedDollars < limits.leftShareMin * flow.inDollars || flow.passedDollars < freshMin * flow.outDollars)
    return false;
  if (distinctAt(outs, flow.outAt, flow.outs) > limits.payeesMax) return false;
  const usual = usualInsPerDay(view.accounts, account, endMs, ins.count);
  return Number.isNaN(usual) ? flow.heldMs <= limits.heldHours * 3_600_000 : flow.ins >= limits.usualTimes * usual;
}

function verdictOf(view: PaymentView, limits: Limits, senders: number): Verdict {
  const ins = entriesAt(view.own.ins, flow.inAt, flow.ins);
  const came = moneyOf(view, ins.places);
  const left = flow.passedDollars / flow.inDollars;
  const outs = entriesAt(view.own.outs, flow.outAt, flow.outs);
  return {
    facts: {
      senders,
      inAmount: came.amount,
      inCurrency: came.currency,
      firstAt: instantOf(ins.firstMs),
      lastAt: instantOf(ins.lastMs),
      leftPercent: percentOf(left),
      withinHours: limits.withinHours,
      sendersMin: limits.sendersMin,
    },
    counterparts: keysOf(view, [...outs.others, ...ins.others]),
    strength: strengthOf(
      above(senders, limits.sendersMin),
      above(flow.inDollars, limits.dollarsMin),
      within(left, limits.leftShareMin),
    ),
  };
}

export const fanIn = detector({
  name: 'fan-in',
  version: 1,
  on: ['payment'],
  typology: 'mule-account',
  urgency: 2,
  facts: ['senders', 'inAmount', 'inCurrency', 'firstAt', 'lastAt', 'leftPercent', 'withinHours', 'sendersMin'],
  limits: Limits,
  find: (view: PaymentView, limits) =>
    judgeEach(view, limits, view.own.ins, limits.withinHours * 3_600_000, assess) ??
    judgeEach(view, limits, view.own.outs, limits.withinHours * 3_600_000, assess),
});
