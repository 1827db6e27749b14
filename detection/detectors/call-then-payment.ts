import { Type, type Static } from 'typebox';
import { detector, type Verdict } from '../detector.ts';
import type { CallPaymentView } from '../line-view.ts';
import { dollars, minutes } from './limits.ts';
import { instantOf } from './money-facts.ts';
import { above, below, strengthOf } from './strength.ts';

const Limits = Type.Object({
  dollarsMin: dollars(150, 'Of the payment; ours'),
  afterMinutes: minutes(
    30,
    'From the end of the call to the payment: half of the money is gone in 3 (Thai police); ours',
  ),
  secondsMin: Type.Integer({
    default: 60,
    minimum: 0,
    maximum: 7200,
    description: 'Of the call: who hangs up at once is not persuaded; ours',
  }),
});

/** A payment while its payer is on the line with a listed or spoofed number, or soon after. The subject is who is paid. */
export const callThenPayment = detector({
  name: 'call-then-payment',
  version: 1,
  on: ['payment', 'call'] as const,
  typology: 'spoofed-call',
  urgency: 1,
  limits: Limits,
  facts: [
    'callAt',
    'callSeconds',
    'spoofed',
    'callerListed',
    'paidAt',
    'amount',
    'currency',
    'onTheLine',
    'afterMinutes',
  ],
  find(view: CallPaymentView, limits: Static<typeof Limits>): Verdict | undefined {
    const { callAtMs, callSeconds, paidAtMs, listed } = view;
    if ((listed === 0 && !view.isSpoofed) || callSeconds < limits.secondsMin) return undefined;
    if (view.dollars < limits.dollarsMin) return undefined;
    const spanMs = limits.afterMinutes * 60_000;
    const afterMs = paidAtMs - (callAtMs + callSeconds * 1000);
    if (paidAtMs < callAtMs || afterMs > spanMs) return undefined;
    return {
      facts: {
        callAt: instantOf(callAtMs),
        callSeconds,
        spoofed: view.isSpoofed,
        callerListed: listed === 2 ? 'confirmed' : listed === 1 ? 'suspected' : 'no',
        paidAt: instantOf(paidAtMs),
        amount: String(view.minor),
        currency: view.currency,
        onTheLine: afterMs <= 0,
        afterMinutes: limits.afterMinutes,
      },
      counterparts: [view.caller, view.to === undefined ? undefined : view.from].filter((key) => key !== undefined),
      strength: strengthOf(
        above(view.dollars, limits.dollarsMin),
        below(afterMs, spanMs),
        listed === 2 || (listed === 1 && view.isSpoofed) ? 1 : 0.5,
      ),
    };
  },
});
