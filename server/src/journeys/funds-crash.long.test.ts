import { expect, test } from 'vitest';
import { fundsCrashJourney } from './funds-crash-journey.ts';

test(
  'no report, order, answer or hold is lost or doubled by kill -9 of the server and of its database, and no hold outlives its clock',
  { timeout: 300_000 },
  async () => {
    const { reports, outcomes, ordered, endedWhileDown, kills, ...faults } = await fundsCrashJourney(4, 20_261_122);
    console.log({ kills, reports, outcomes, ordered, endedWhileDown });
    expect(Math.min(reports, outcomes, ordered, endedWhileDown)).toBeGreaterThan(3);
    expect(faults).toEqual({
      reportsWrong: [],
      reportsForgotten: [],
      unpaired: [],
      orderedTwice: [],
      outcomesLost: [],
      ordersLost: [],
      sumsWrong: [],
      overdue: [],
      journalWrong: [],
      audit: '',
    });
  },
);
