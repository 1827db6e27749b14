import { defineConfig } from 'vitest/config';
import { SummaryReporter } from './tidy/summary-reporter.ts';

export default defineConfig({
  test: {
    include: ['{protocol,server,tidy,bench}/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/*.long.test.ts'],
    globalSetup: ['vitest.database.ts'],
    reporters: ['default', new SummaryReporter()],
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
