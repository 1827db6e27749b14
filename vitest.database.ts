import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { startEmbeddedPostgres } from './server/src/platform/embedded-postgres.ts';

/** One PostgreSQL for the whole test run; each test makes databases of its own in it. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'drum-test-'));
  const postgres = await startEmbeddedPostgres(folder, () => undefined, 400);
  project.provide('database', { ...postgres.connection, database: 'postgres' });
  return async () => {
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  };
}
