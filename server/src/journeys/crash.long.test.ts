import { expect, test } from 'vitest';
import { crashJourney } from './crash-journey.ts';

test('what was acknowledged survives twenty kills at random moments', { timeout: 600_000 }, async () => {
  const { acknowledged, ...faults } = await crashJourney(20, 20261121);
  expect(acknowledged).toBeGreaterThan(200);
  expect(faults).toEqual({ lostOrDoubled: [], disagreeing: [], audit: '' });
});
