import { defineConfig } from 'vitest/config';
import { BegunFirst } from './tidy/begun-first.ts';
import { SummaryReporter } from './tidy/summary-reporter.ts';

/** The long tests: crashes, partitions, the previous release. `npm run check -- long` */
export default defineConfig({
  test: {
    include: ['**/*.long.test.ts'],
    exclude: ['**/node_modules/**'],
    globalSetup: ['vitest.database.ts', 'vitest.desk.ts'],
    reporters: ['default', new SummaryReporter()],
    passWithNoTests: false,
    // Tests mostly wait: for databases, servers, clocks. By default one core of two would idle.
    maxWorkers: 2,
    sequence: { sequencer: BegunFirst },
    testTimeout: 600_000,
    hookTimeout: 120_000,
  },
});
