import { Type, type Static } from 'typebox';
import { detector, type Verdict } from '../detector.ts';
import type { SwarmView } from '../line-view.ts';
import { instantOf, percentOf } from './money-facts.ts';
import { above, strengthOf } from './strength.ts';

const minuteMs = 60_000;

const Limits = Type.Object({
  numbersMin: Type.Integer({
    default: 20,
    minimum: 2,
    maximum: 250,
    description: 'Foreign numbers at one cell (NBTC watches border cells for high volume); the number is ours',
  }),
  withinMinutes: Type.Number({ default: 60, minimum: 15, maximum: 120, description: 'In such a time; ours' }),
  shareMin: Type.Number({ default: 0.5, minimum: 0.01, maximum: 1, description: 'Of all numbers there; ours' }),
  actsPerNumberMin: Type.Number({
    default: 3,
    minimum: 1,
    maximum: 100,
    description: 'Calls and messages by each on average: a traveller calls home once; ours',
  }),
});

/** Many foreign numbers that call and write a lot from one cell. The subject is each of them that does so itself. */
export const roamingSwarm = detector({
  name: 'roaming-swarm',
  version: 1,
  on: ['call', 'message'] as const,
  typology: 'infrastructure',
  urgency: 2,
  limits: Limits,
  facts: ['cell', 'foreign', 'numbers', 'sharePercent', 'acts', 'untilAt', 'withinMinutes', 'numbersMin'],
  find(view: SwarmView, limits: Static<typeof Limits>): Verdict | undefined {
    const sinceMs = view.newestMs - limits.withinMinutes * minuteMs;
    const acts = view.foreignActs(sinceMs);
    if (acts < limits.numbersMin * limits.actsPerNumberMin) return undefined;
    if (view.ownActs(sinceMs) < limits.actsPerNumberMin) return undefined;
    const { all, foreign } = view.numbers(sinceMs);
    if (foreign < limits.numbersMin || foreign < all * limits.shareMin) return undefined;
    if (acts < foreign * limits.actsPerNumberMin) return undefined;
    return {
      facts: {
        cell: view.cell,
        foreign,
        numbers: all,
        sharePercent: percentOf(foreign / all),
        acts,
        untilAt: instantOf(view.newestMs),
        withinMinutes: limits.withinMinutes,
        numbersMin: limits.numbersMin,
      },
      counterparts: view.others(sinceMs),
      strength: strengthOf(above(foreign, limits.numbersMin / 2), above(foreign / all, limits.shareMin / 2)),
    };
  },
});
