import { Type, type Static } from 'typebox';
import { detector, type Verdict } from '../detector.ts';
import type { PaymentView } from '../payment-view.ts';
import { judgeEach } from './anchors.ts';
import { entriesAt, follow, openFlow } from './flow.ts';
import { days, dollars, hours, share } from './limits.ts';
import { instantOf, keysOf, moneyOf } from './money-facts.ts';
import { above, strengthOf, within } from './strength.ts';

const Limits = Type.Object({
  silentDays: days(60, 'Without any payment before it woke. Our own choice: accounts that are sold mostly slept'),
  awakeDays: days(7, 'Since it woke, at most. Our own choice'),
  withinHours: hours(24, 'In and out again in so long. Our own choice'),
  dollarsMin: dollars(1_000, 'What came in, at least. Our own choice'),
  leftShareMin: share(0.6, 'Of it, how much is gone again. Our own choice'),
});
type Limits = Static<typeof Limits>;

const dayMs = 24 * 3_600_000;
const flow = openFlow();

/** When it woke: after a silence that was seen, or, long after it was opened, for the first time since anything is seen. */
function wokeMs({ accounts, beganMs, own: { account } }: PaymentView, silentMs: number): number {
  if (accounts.sleptMs(account) >= silentMs) return accounts.wokeAtMs(account);
  return sleptUnseenMs(accounts.openedAtMs(account), accounts.firstAtMs(account), beganMs) >= silentMs
    ? accounts.firstAtMs(account)
    : Number.NEGATIVE_INFINITY;
}

const sleptUnseenMs = (openedAtMs: number, firstAtMs: number, beganMs: number): number =>
  openedAtMs > 0 ? firstAtMs - Math.max(openedAtMs, beganMs) : 0;

function assess(view: PaymentView, limits: Limits, endMs: number, anchor: number): Verdict | undefined {
  const awakeSinceMs = wokeMs(view, limits.silentDays * dayMs);
  if (endMs - awakeSinceMs > limits.awakeDays * dayMs) return undefined;
  follow(flow, view, endMs - limits.withinHours * 3_600_000, endMs);
  if (flow.outs === 0 || flow.outAt[flow.outs - 1] !== anchor || flow.inDollars < limits.dollarsMin) return undefined;
  return flow.passedDollars < limits.leftShareMin * flow.inDollars ? undefined : verdictOf(view, limits, awakeSinceMs);
}

function verdictOf(view: PaymentView, limits: Limits, awakeSinceMs: number): Verdict {
  const { accounts, own, beganMs } = view;
  const came = entriesAt(own.ins, flow.inAt, flow.ins);
  const went = entriesAt(own.outs, flow.outAt, flow.outs);
  const [inMoney, outMoney] = [moneyOf(view, came.places), moneyOf(view, went.places)];
  const { account } = own;
  const slept = Math.max(
    accounts.sleptMs(account),
    sleptUnseenMs(accounts.openedAtMs(account), accounts.firstAtMs(account), beganMs),
  );
  return {
    facts: {
      silentDays: Math.floor(slept / dayMs),
      wokeAt: instantOf(awakeSinceMs),
      inAmount: inMoney.amount,
      inCurrency: inMoney.currency,
      outAmount: outMoney.amount,
      outCurrency: outMoney.currency,
      withinHours: limits.withinHours,
      silentDaysMin: limits.silentDays,
    },
    counterparts: keysOf(view, [...went.others, ...came.others]),
    strength: strengthOf(
      above(slept / dayMs, limits.silentDays),
      above(flow.inDollars, limits.dollarsMin),
      within(flow.passedDollars / flow.inDollars, limits.leftShareMin),
    ),
  };
}

export const dormantAwakening = detector({
  name: 'dormant-awakening',
  version: 1,
  on: ['payment'],
  typology: 'mule-account',
  urgency: 2,
  facts: ['silentDays', 'wokeAt', 'inAmount', 'inCurrency', 'outAmount', 'outCurrency', 'withinHours', 'silentDaysMin'],
  limits: Limits,
  find: (view: PaymentView, limits) => judgeEach(view, limits, view.own.outs, limits.withinHours * 3_600_000, assess),
});
