import { Type, type Static } from 'typebox';
import { detector, type Verdict } from '../detector.ts';
import type { SwapView } from '../line-view.ts';
import { dollars, hours } from './limits.ts';
import { instantOf } from './money-facts.ts';
import { above, below, strengthOf } from './strength.ts';

const hourMs = 3_600_000;

const Limits = Type.Object({
  withinHours: hours(24, 'From the swap to the payment or log-in; ours'),
  dollarsMin: dollars(150, 'Of the payment; ours'),
  loginAfterDocument: Type.Boolean({
    default: false,
    description: 'Also a log-in alone where the operator saw a document: who buys a telephone often does both; ours',
  }),
  afterLiveness: Type.Boolean({
    default: false,
    description: 'Also where the operator saw the subscriber alive before it gave out the card; ours',
  }),
});

/** A new card for a number, and then money leaves its holder’s account, or somebody signs in to it from a new device. */
export const simSwapThenPayment = detector({
  name: 'sim-swap-then-payment',
  version: 1,
  on: ['payment', 'login', 'sim'] as const,
  typology: 'sim-swap',
  urgency: 1,
  limits: Limits,
  facts: ['event', 'check', 'swapAt', 'act', 'actAt', 'amount', 'currency', 'withinHours', 'dollarsMin'],
  find(view: SwapView, limits: Static<typeof Limits>): Verdict | undefined {
    const { swapAtMs, actAtMs, act } = view;
    const afterMs = actAtMs - swapAtMs;
    const spanMs = limits.withinHours * hourMs;
    if (afterMs < 0 || afterMs > spanMs) return undefined;
    if (view.check === 'liveness' && !limits.afterLiveness) return undefined;
    if (act === 'login' && view.check === 'document' && !limits.loginAfterDocument) return undefined;
    if (act === 'payment' && view.dollars < limits.dollarsMin) return undefined;
    return {
      facts: {
        event: view.event,
        check: view.check,
        swapAt: instantOf(swapAtMs),
        act,
        actAt: instantOf(actAtMs),
        ...(act === 'payment' && { amount: String(view.minor), currency: view.currency }),
        withinHours: limits.withinHours,
        dollarsMin: limits.dollarsMin,
      },
      counterparts: view.to === undefined ? [] : [view.to],
      strength: strengthOf(
        act === 'payment' ? above(view.dollars, limits.dollarsMin / 2) : 0,
        below(afterMs, spanMs),
        view.check === 'none' ? 1 : 0.5,
      ),
    };
  },
});
