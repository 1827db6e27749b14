import { defineConfig } from 'vitest/config';
import { SummaryReporter } from './tidy/summary-reporter.ts';

/** The long tests: crashes, partitions, the previous release. `npm run check -- long` */
export default defineConfig({
  test: {
    include: ['**/*.long.test.ts'],
    exclude: ['**/node_modules/**'],
    globalSetup: ['vitest.database.ts'],
    reporters: ['default', new SummaryReporter()],
    passWithNoTests: false,
    testTimeout: 600_000,
    hookTimeout: 120_000,
  },
});
