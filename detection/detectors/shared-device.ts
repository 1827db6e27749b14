import { Type, type Static } from 'typebox';
import { detector, type Verdict } from '../detector.ts';
import type { SharingView } from '../device-view.ts';
import { instantOf } from './money-facts.ts';
import { others, peopleOf, usersSince } from './sharing.ts';
import { above } from './strength.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

const Limits = Type.Object({
  peopleMin: Type.Integer({
    default: 4,
    minimum: 2,
    maximum: 32,
    description:
      'People whose accounts are used on one device within a day. FATF: accounts that share devices; the number is ours',
  }),
  withinHours: Type.Number({ default: 24, minimum: 1, maximum: 72, description: 'In such a time' }),
  peopleOfWeekMin: Type.Integer({
    default: 6,
    minimum: 2,
    maximum: 64,
    description: 'Or so many within a week, for who takes his time; the number is ours',
  }),
});

/** One device on which the accounts of many people are used. */
export const sharedDevice = detector({
  name: 'shared-device',
  version: 1,
  on: ['payment', 'login'] as const,
  typology: 'mule-account',
  urgency: 2,
  limits: Limits,
  facts: ['people', 'accounts', 'withinHours', 'peopleMin', 'firstAt', 'lastAt'],
  find(view: SharingView, limits: Static<typeof Limits>): Verdict | undefined {
    if (view.known < limits.peopleMin && view.known < limits.peopleOfWeekMin) return undefined;
    return (
      findWithin(view, limits.withinHours * hourMs, limits.peopleMin) ??
      findWithin(view, 7 * dayMs, limits.peopleOfWeekMin)
    );
  },
});

function findWithin(view: SharingView, spanMs: number, peopleMin: number): Verdict | undefined {
  if (view.known < peopleMin || view.count(view.newestMs - spanMs, peopleMin) < peopleMin) return undefined;
  const users = view.users();
  const accounts = usersSince(users, view.newestMs - spanMs);
  if (accounts < peopleMin) return undefined;
  const people = peopleOf(users, accounts);
  if (people < peopleMin) return undefined;
  return {
    facts: {
      people,
      accounts,
      withinHours: spanMs / hourMs,
      peopleMin,
      firstAt: instantOf(users.atMs[accounts - 1]!),
      lastAt: instantOf(users.atMs[0]!),
    },
    counterparts: others(view, users, accounts, true),
    strength: above(people, peopleMin / 2),
  };
}
