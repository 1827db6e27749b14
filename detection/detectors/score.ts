import { Type } from 'typebox';
import { detector } from '../detector.ts';
import type { PaymentScore } from '../scoring.ts';

const Limits = Type.Object({
  chanceMin: Type.Number({
    minimum: 0,
    maximum: 1,
    default: 0.9,
    description:
      'From which calibrated chance on a payment is found. Our own choice: the model’s file names chances by alert budget',
  }),
});

/** A payment as it was scored. */
export interface ScoreView {
  readonly score: PaymentScore;
  readonly amount: string;
  readonly currency: string;
  readonly at: string;
  readonly counterparts: readonly string[];
}

/** A payment that is suspicious as a whole, though perhaps no single detector speaks. */
export const score = detector({
  name: 'score',
  version: 1,
  on: ['payment'],
  typology: 'mule-account',
  urgency: 2,
  facts: ['chancePercent', 'accountPercent', 'amount', 'currency', 'at', 'first', 'second', 'third', 'chanceMin'],
  limits: Limits,
  find({ score: { chance, account, reasons }, amount, currency, at, counterparts }: ScoreView, { chanceMin }) {
    if (chance < chanceMin) return undefined;
    const [first = '', second = '', third = ''] = reasons.map(({ code }) => code);
    return {
      facts: {
        chancePercent: Math.round(chance * 100),
        accountPercent: Math.round(account * 100),
        amount,
        currency,
        at,
        first,
        second,
        third,
        chanceMin,
      },
      counterparts,
      strength: (chance - chanceMin) / Math.max(1 - chanceMin, 0.01),
    };
  },
});
