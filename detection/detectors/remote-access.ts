import { Type, type Static } from 'typebox';
import { detector, type Verdict } from '../detector.ts';
import type { AccessView } from '../device-view.ts';
import { dollars, minutes } from './limits.ts';
import { instantOf, minutesBetween } from './money-facts.ts';
import { above, below, strengthOf } from './strength.ts';

const minuteMs = 60_000;

const Limits = Type.Object({
  dollarsMin: dollars(150, 'Of the payment; ours'),
  withinMinutes: minutes(60, 'From the log-in to the payment; ours'),
});

/** A payment out of an account soon after it was signed in to while a tool for remote control was running. */
export const remoteAccess = detector({
  name: 'remote-access',
  version: 1,
  on: ['payment', 'login'] as const,
  typology: 'remote-access',
  urgency: 1,
  limits: Limits,
  facts: ['loginAt', 'paidAt', 'minutes', 'amount', 'currency', 'withinMinutes', 'dollarsMin'],
  find({ payment, remoteAtMs }: AccessView, limits: Static<typeof Limits>): Verdict | undefined {
    if (remoteAtMs === 0 || payment.dollars < limits.dollarsMin) return undefined;
    const afterMs = payment.atMs - remoteAtMs;
    const spanMs = limits.withinMinutes * minuteMs;
    if (afterMs < 0 || afterMs > spanMs) return undefined;
    return {
      facts: {
        loginAt: instantOf(remoteAtMs),
        paidAt: instantOf(payment.atMs),
        minutes: minutesBetween(remoteAtMs, payment.atMs),
        amount: String(payment.minor),
        currency: payment.currency,
        withinMinutes: limits.withinMinutes,
        dollarsMin: limits.dollarsMin,
      },
      counterparts: payment.to === undefined ? [] : [payment.to],
      strength: strengthOf(above(payment.dollars, limits.dollarsMin), below(afterMs, spanMs)),
    };
  },
});
