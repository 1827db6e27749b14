import { inject } from 'vitest';
import { newId } from '../kernel/ids.ts';
import { openDb, type Db, type DbAddress } from './db.ts';

declare module 'vitest' {
  interface ProvidedContext {
    database: Exclude<DbAddress, { url: string }>;
  }
}

/** An empty database of one test's own, on the PostgreSQL that the test run started. */
export async function openTestDb(): Promise<Db & { readonly address: DbAddress }> {
  const server = inject('database');
  const database = `test_${newId().replaceAll('-', '')}`;
  const onError = (): void => undefined;
  const admin = openDb({ address: server, connectionsMax: 1, onError });
  await admin.query(`CREATE DATABASE ${database}`);
  await admin.close();
  const address = { ...server, database };
  return { ...openDb({ address, connectionsMax: 8, onError }), address };
}
