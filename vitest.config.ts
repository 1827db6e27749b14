import { defineConfig } from 'vitest/config';
import { BegunFirst } from './tidy/begun-first.ts';
import { SummaryReporter } from './tidy/summary-reporter.ts';

export default defineConfig({
  test: {
    include: ['{protocol,detection,client,simulator,server,web,tidy,bench}/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/*.long.test.ts'],
    globalSetup: ['vitest.database.ts', 'vitest.desk.ts'],
    reporters: ['default', new SummaryReporter()],
    // Tests mostly wait: for databases, servers, clocks. By default one core of two would idle.
    maxWorkers: 2,
    sequence: { sequencer: BegunFirst },
    testTimeout: 60_000,
    // What takes milliseconds on a quiet machine may take seconds beside other tests.
    expect: { poll: { timeout: 20_000 } },
    hookTimeout: 120_000,
  },
});
