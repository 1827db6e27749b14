import { expect, test } from 'vitest';
import { activityCrashJourney } from './activity-crash-journey.ts';

test(
  'no acknowledged record and no alert is lost or doubled by kill -9 of the server and of its database',
  { timeout: 180_000 },
  async () => {
    const { acknowledged, sentAgain, alerts, ...faults } = await activityCrashJourney(3, 11);
    console.log(`3 kills: ${acknowledged} records acknowledged, ${sentAgain} of them again, ${alerts} alerts`);
    expect(acknowledged).toBeGreaterThan(100);
    expect(faults).toEqual({ lostOrDoubled: [], wrongAlerts: [] });
  },
);
