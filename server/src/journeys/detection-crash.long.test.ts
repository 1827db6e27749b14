import { expect, test } from 'vitest';
import { hasNatsServer } from '../platform/test-nats.ts';
import { processesCrashJourney } from './detection-crash-journey.ts';

const cases = [
  { where: 'PostgreSQL', withNats: false },
  { where: 'NATS', withNats: true },
];

for (const { where, withNats } of cases)
  test.skipIf(withNats && !hasNatsServer)(
    `processes that share the work, with the stream on ${where}: whichever is killed, no finding is lost or doubled`,
    async () => {
      const report = await processesCrashJourney(4, 20_261_122, { withNats });
      console.log(where, report);
      expect(report.mules).toBeGreaterThan(100);
      expect(report.wrong).toEqual([]);
      expect(report.gathered).toBe(report.found);
    },
  );
