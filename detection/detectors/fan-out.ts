import { Type, type Static } from 'typebox';
import { detector, type Verdict } from '../detector.ts';
import type { PaymentView } from '../payment-view.ts';
import { firstUntil, judgeEach } from './anchors.ts';
import { entriesAt, follow, openFlow } from './flow.ts';
import { count, dollars, hours, share } from './limits.ts';
import { instantOf, keysOf, moneyOf, percentOf } from './money-facts.ts';
import { isAgent, isBusy, isPayer, isSettledCompany } from './standing.ts';
import { above, strengthOf, within } from './strength.ts';

const Limits = Type.Object({
  receiversMin: count(
    5,
    'Different accounts that it went on to: five and more onward payments after a victim’s credit (Thailand, 2024)',
  ),
  withinHours: hours(24, 'In so long after it came. Our own choice'),
  heldHours: hours(
    12,
    'It stayed no longer, on the average: wages are paid the day after a firm is paid. Our own choice',
  ),
  dollarsMin: dollars(300, 'What came in, at least. Our own choice'),
  shareMin: share(0.6, 'Of what came in, how much went on. Our own choice'),
});
type Limits = Static<typeof Limits>;

/** Of what was paid out, at least so much must be the money that came in. */
const freshMin = 0.6;
/** A payment of less than this part of what came in is no part of a fan. */
const pieceMin = 0.02;
const creditMin = 0.05;
const flow = openFlow();

function assess(view: PaymentView, limits: Limits, endMs: number, anchor: number): Verdict | undefined {
  const { own, accounts } = view;
  const { outs, ins, account } = own;
  const sinceMs = endMs - limits.withinHours * 3_600_000;
  const least = anchor + limits.receiversMin - 1;
  if (least >= outs.count || outs.atMs[least]! < sinceMs) return undefined;
  const newest = firstUntil(ins, outs.atMs[least]!);
  if (newest === ins.count || ins.atMs[newest]! < sinceMs) return undefined;
  if (isBusy(accounts, account, endMs) || isPayer(accounts, account, endMs) || isAgent(view)) return undefined;
  if (isSettledCompany(accounts, account, endMs)) return undefined;
  follow(flow, view, sinceMs, endMs);
  if (flow.outs < limits.receiversMin || flow.outAt[flow.outs - 1] !== anchor) return undefined;
  if (flow.inDollars < limits.dollarsMin || flow.passedDollars < limits.shareMin * flow.inDollars) return undefined;
  if (flow.passedDollars < freshMin * flow.outDollars) return undefined;
  if (flow.heldMs > limits.heldHours * 3_600_000 || outs.dollars[anchor]! < pieceMin * flow.inDollars) return undefined;
  if (creditsOf(view) * 2 > flow.outs) return undefined;
  const receivers = receiversOf(view, endMs);
  return receivers < limits.receiversMin ? undefined : verdictOf(view, limits, receivers);
}

/** The payments in that matter: a fan has few, and agents and shops as many as they pay. */
function creditsOf({ own: { ins } }: PaymentView): number {
  let credits = 0;
  for (let n = 0; n < flow.ins; n += 1) if (ins.dollars[flow.inAt[n]!]! >= creditMin * flow.inDollars) credits += 1;
  return credits;
}

/** Different accounts that a good part went to; shops and billers are where ordinary people spend. */
function receiversOf({ own: { outs }, accounts }: PaymentView, endMs: number): number {
  let receivers = 0;
  for (let n = 0; n < flow.outs; n += 1) {
    const at = flow.outAt[n]!;
    const receiver = outs.other[at]!;
    if (receiver < 0 || outs.dollars[at]! < pieceMin * flow.inDollars || isBusy(accounts, receiver, endMs)) continue;
    let before = 0;
    while (before < n && outs.other[flow.outAt[before]!]! !== receiver) before += 1;
    if (before === n) receivers += 1;
  }
  return receivers;
}

function verdictOf(view: PaymentView, limits: Limits, receivers: number): Verdict {
  const ins = entriesAt(view.own.ins, flow.inAt, flow.ins);
  const outs = entriesAt(view.own.outs, flow.outAt, flow.outs);
  const [came, went] = [moneyOf(view, ins.places), moneyOf(view, outs.places)];
  const share = flow.passedDollars / flow.inDollars;
  return {
    facts: {
      receivers,
      inAmount: came.amount,
      inCurrency: came.currency,
      outAmount: went.amount,
      outCurrency: went.currency,
      inAt: instantOf(ins.firstMs),
      outAt: instantOf(outs.lastMs),
      sharePercent: percentOf(share),
      withinHours: limits.withinHours,
      receiversMin: limits.receiversMin,
    },
    counterparts: keysOf(view, [...outs.others, ...ins.others]),
    strength: strengthOf(
      above(receivers, limits.receiversMin - 1),
      above(flow.inDollars, limits.dollarsMin),
      within(share, limits.shareMin),
    ),
  };
}

export const fanOut = detector({
  name: 'fan-out',
  version: 1,
  on: ['payment'],
  typology: 'mule-account',
  urgency: 1,
  facts: [
    'receivers',
    'inAmount',
    'inCurrency',
    'outAmount',
    'outCurrency',
    'inAt',
    'outAt',
    'sharePercent',
    'withinHours',
    'receiversMin',
  ],
  limits: Limits,
  find: (view: PaymentView, limits) => judgeEach(view, limits, view.own.outs, limits.withinHours * 3_600_000, assess),
});
