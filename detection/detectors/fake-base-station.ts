import { Type, type Static } from 'typebox';
import { detector, type Verdict } from '../detector.ts';
import type { StationView } from '../line-view.ts';
import { instantOf } from './money-facts.ts';
import { above } from './strength.ts';

const hourMs = 3_600_000;

const Limits = Type.Object({
  recipientsMin: Type.Integer({
    default: 20,
    minimum: 2,
    maximum: 1000,
    description: 'Numbers that received such messages (Thai press on fake base stations); the number is ours',
  }),
  hoursMax: Type.Number({
    default: 3,
    minimum: 0.25,
    maximum: 24,
    description: 'So long ago the cell was first seen, at the most: it is driven about; ours',
  }),
  learningHours: Type.Number({
    default: 1,
    minimum: 0,
    maximum: 168,
    description: 'So long this has been watching before the cell came: at first all cells are new; ours',
  }),
  everydayMax: Type.Integer({
    default: 0,
    minimum: 0,
    maximum: 1000,
    description: 'Calls and messages of everyday life in it: a new cell of an operator has them at once; ours',
  }),
});

/** A cell that nobody knew, in which people receive links under a shown name, and nobody calls. The subject is the link. */
export const fakeBaseStation = detector({
  name: 'fake-base-station',
  version: 1,
  on: ['message'] as const,
  typology: 'fake-base-station',
  urgency: 1,
  limits: Limits,
  facts: ['cell', 'recipients', 'shown', 'firstAt', 'untilAt', 'hoursMax', 'recipientsMin'],
  find(view: StationView, limits: Static<typeof Limits>): Verdict | undefined {
    if (view.everyday > limits.everydayMax) return undefined;
    if (view.newestMs - view.firstAtMs > limits.hoursMax * hourMs) return undefined;
    if (view.firstAtMs - view.beganMs < limits.learningHours * hourMs) return undefined;
    const recipients = view.recipients(view.firstAtMs, 1000);
    if (recipients < limits.recipientsMin) return undefined;
    return {
      facts: {
        cell: view.cell,
        recipients,
        shown: view.shown,
        firstAt: instantOf(view.firstAtMs),
        untilAt: instantOf(view.newestMs),
        hoursMax: limits.hoursMax,
        recipientsMin: limits.recipientsMin,
      },
      counterparts: [],
      strength: above(recipients, limits.recipientsMin / 2),
    };
  },
});
