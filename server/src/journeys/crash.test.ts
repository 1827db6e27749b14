import { expect, test } from 'vitest';
import { crashJourney } from './crash-journey.ts';

test(
  'what was acknowledged survives kill -9 of the server and of its database, once each',
  { timeout: 120_000 },
  async () => {
    const { acknowledged, ...faults } = await crashJourney(3, 7);
    expect(acknowledged).toBeGreaterThan(30);
    expect(faults).toEqual({ lostOrDoubled: [], disagreeing: [], audit: '' });
  },
);
