import { Type, type Static } from 'typebox';
import { detector, type Verdict } from '../detector.ts';
import type { PaymentView } from '../payment-view.ts';
import { judgeEach } from './anchors.ts';
import { distinctAt, entriesAt, follow, openFlow } from './flow.ts';
import { count, days, dollars, hours, share } from './limits.ts';
import { keysOf, moneyOf } from './money-facts.ts';
import { ageDays, learningDays } from './standing.ts';
import { above, below, strengthOf, within } from './strength.ts';

const Limits = Type.Object({
  newDays: days(30, 'Opened since, as its institution tells, or else first seen since. Our own choice'),
  withinHours: hours(24, 'In so long. Our own choice'),
  paymentsMin: count(10, 'So many payments, in and out. Our own choice'),
  dollarsMin: dollars(3_000, 'Or so much that came in. Our own choice'),
  smallDollarsMin: dollars(300, 'Many payments count from this sum on, so that a student’s first week is none'),
  leftShareMin: share(0.5, 'Of what came in, how much is gone again: savings that were moved stay. Our own choice'),
});
type Limits = Static<typeof Limits>;

const flow = openFlow();

function assess(view: PaymentView, limits: Limits, endMs: number, anchor: number): Verdict | undefined {
  const { own } = view;
  const age = ageDays(view, own.account, endMs, learningDays);
  if (!(age < limits.newDays)) return undefined;
  follow(flow, view, endMs - limits.withinHours * 3_600_000, endMs);
  if (flow.outs === 0 || flow.outAt[flow.outs - 1] !== anchor || flow.inDollars < limits.smallDollarsMin)
    return undefined;
  if (flow.inDollars < limits.dollarsMin && flow.ins + flow.outs < limits.paymentsMin) return undefined;
  if (flow.passedDollars < limits.leftShareMin * flow.inDollars) return undefined;
  // One payment in and a few out are a first salary, or savings that pay for something.
  if (flow.ins === 1 && flow.inDollars < limits.dollarsMin) return undefined;
  return verdictOf(view, limits, age);
}

function verdictOf(view: PaymentView, limits: Limits, age: number): Verdict {
  const { ins, outs } = view.own;
  const came = entriesAt(ins, flow.inAt, flow.ins);
  const went = entriesAt(outs, flow.outAt, flow.outs);
  const [inMoney, outMoney] = [moneyOf(view, came.places), moneyOf(view, went.places)];
  return {
    facts: {
      ageDays: Math.max(0, Math.floor(age)),
      payments: flow.ins + flow.outs,
      senders: distinctAt(ins, flow.inAt, flow.ins),
      inAmount: inMoney.amount,
      inCurrency: inMoney.currency,
      outAmount: outMoney.amount,
      outCurrency: outMoney.currency,
      withinHours: limits.withinHours,
      newDays: limits.newDays,
    },
    counterparts: keysOf(view, [...went.others, ...came.others]),
    strength: strengthOf(
      Math.max(above(flow.ins + flow.outs, limits.paymentsMin), above(flow.inDollars, limits.dollarsMin)),
      below(age, limits.newDays),
      within(flow.passedDollars / flow.inDollars, limits.leftShareMin),
    ),
  };
}

export const newAccountBurst = detector({
  name: 'new-account-burst',
  version: 1,
  on: ['payment'],
  typology: 'mule-account',
  urgency: 2,
  facts: [
    'ageDays',
    'payments',
    'senders',
    'inAmount',
    'inCurrency',
    'outAmount',
    'outCurrency',
    'withinHours',
    'newDays',
  ],
  limits: Limits,
  find: (view: PaymentView, limits) => judgeEach(view, limits, view.own.outs, limits.withinHours * 3_600_000, assess),
});
