import { expect, test } from 'vitest';
import { allianceCrashJourney } from './alliance-crash-journey.ts';

test(
  'six nations agree, and nothing acknowledged is lost, after two minutes of kills of their servers and databases',
  { timeout: 1_500_000 },
  async () => {
    const { kills, acknowledged, digests, ...faults } = await allianceCrashJourney(60_000, 77);
    expect(kills).toBeGreaterThan(5);
    expect(acknowledged).toBeGreaterThan(100);
    expect(faults).toEqual({ lost: [], suspicions: [], audits: [] });
    expect(digests).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/)]);
  },
);
