import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Db } from './db.ts';
import { openTelemetry } from './telemetry.ts';
import { openTestDb } from './test-database.ts';

let db: Db;
beforeAll(async () => {
  db = await openTestDb();
  await db.query('CREATE TABLE numbers (number text PRIMARY KEY, count integer)');
});
afterAll(() => db.close());

test('a database error is logged by its code and place, without the values that it quotes', async () => {
  const lines: string[] = [];
  const { log } = openTelemetry({
    level: 'info',
    member: 'th',
    destination: { write: (line) => void lines.push(line) },
  });
  await db.query("INSERT INTO numbers VALUES ('+66812345678', 1)");
  for (const text of ["INSERT INTO numbers VALUES ('+66812345678', 2)", "SELECT '+66812345678'::integer"]) {
    const error = await db.query(text).catch((caught: unknown) => caught);
    log.error({ err: error }, 'defect');
    log.error({ err: new Error('wrapped', { cause: error }) }, 'defect');
  }
  expect(lines).toHaveLength(4);
  expect(lines.join('')).not.toContain('812345678');
  expect(JSON.parse(lines[0]!)).toMatchObject({ member: 'th', err: { code: '23505', constraint: 'numbers_pkey' } });
});
