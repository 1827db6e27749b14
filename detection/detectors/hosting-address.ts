import { Type, type Static } from 'typebox';
import { detector, type Verdict } from '../detector.ts';
import type { AccessView } from '../device-view.ts';
import { dollars, days, minutes } from './limits.ts';
import { instantOf } from './money-facts.ts';
import { above, strengthOf } from './strength.ts';

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

const Limits = Type.Object({
  dollarsMin: dollars(150, 'Of the payment; ours'),
  withinMinutes: minutes(60, 'From the use of such an address to the payment; ours'),
  usesMin: Type.Integer({
    default: 2,
    minimum: 1,
    maximum: 100,
    description: 'Uses in a row from hosting, VPN or satellite networks (a listed address counts at once); ours',
  }),
  habitDays: days(14, 'Who has used such networks for so long has the habit of it, and is let be; ours'),
});

/** A payment made by way of a network where customers of a bank seldom are: hosting, VPN, satellite, or a listed address. */
export const hostingAddress = detector({
  name: 'hosting-address',
  version: 1,
  on: ['payment', 'login'] as const,
  typology: 'infrastructure',
  urgency: 3,
  limits: Limits,
  facts: ['network', 'uses', 'usedAt', 'paidAt', 'amount', 'currency', 'withinMinutes', 'dollarsMin'],
  find(view: AccessView, limits: Static<typeof Limits>): Verdict | undefined {
    const { payment, oddAtMs } = view;
    if (oddAtMs === 0 || payment.dollars < limits.dollarsMin) return undefined;
    const afterMs = payment.atMs - oddAtMs;
    if (afterMs < 0 || afterMs > limits.withinMinutes * minuteMs) return undefined;
    const isListed = view.oddKind === 'listed';
    if (!isListed && view.oddRow < limits.usesMin) return undefined;
    if (!isListed && oddAtMs - view.oddSinceMs > limits.habitDays * dayMs) return undefined;
    return {
      facts: {
        network: view.oddKind,
        uses: view.oddRow,
        usedAt: instantOf(oddAtMs),
        paidAt: instantOf(payment.atMs),
        amount: String(payment.minor),
        currency: payment.currency,
        withinMinutes: limits.withinMinutes,
        dollarsMin: limits.dollarsMin,
      },
      counterparts: [view.address, payment.to].filter((key) => key !== undefined),
      strength: strengthOf(
        above(payment.dollars, limits.dollarsMin),
        above(view.oddRow, limits.usesMin / 2),
        isListed ? 1 : 0,
      ),
    };
  },
});
