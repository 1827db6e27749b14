import { expect, test } from 'vitest';
import { serverCrashJourney } from './detection-crash-journey.ts';

test('no finding is lost or doubled by kill -9 of the server and of its database', { timeout: 300_000 }, async () => {
  const report = await serverCrashJourney(3, 20_261_122);
  console.log(report);
  expect(report.mules).toBeGreaterThan(50);
  expect(report.wrong).toEqual([]);
  expect(report.gathered).toBe(report.found);
});
