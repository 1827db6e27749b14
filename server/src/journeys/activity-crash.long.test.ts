import { expect, test } from 'vitest';
import { activityCrashJourney } from './activity-crash-journey.ts';

test('records and alerts survive nine kills at random moments', { timeout: 600_000 }, async () => {
  const { acknowledged, sentAgain, alerts, ...faults } = await activityCrashJourney(9, 20261122);
  console.log(`9 kills: ${acknowledged} records acknowledged, ${sentAgain} of them again, ${alerts} alerts`);
  expect(acknowledged).toBeGreaterThan(1000);
  expect(faults).toEqual({ lostOrDoubled: [], wrongAlerts: [] });
});
