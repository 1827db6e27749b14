import { inject } from 'vitest';
import { newId } from '../kernel/ids.ts';
import { openDb, type Db, type DbAddress } from './db.ts';

declare module 'vitest' {
  interface ProvidedContext {
    database: Exclude<DbAddress, { url: string }>;
  }
}

const onError = (): void => undefined;

/** An empty database of one test's own, on the PostgreSQL that the test run started. */
export async function openTestDb(): Promise<Db & { readonly address: DbAddress }> {
  const address = await createTestDatabase();
  return { ...openDb({ address, connectionsMax: 8, onError }), address };
}

/** The same for a whole server, as it would be told in DATABASE_URL. */
export async function testDatabaseUrl(): Promise<string> {
  const { host, port, user, password, database } = await createTestDatabase();
  return `postgresql://${user}:${password}@${encodeURIComponent(host)}:${port}/${database}`;
}

/** Another database like this one as it stands now, which nobody may be using: a backup of the moment. */
export async function copyTestDatabase(url: string): Promise<string> {
  const from = new URL(url).pathname.slice(1);
  const { database } = await createTestDatabase(`TEMPLATE ${from}`);
  return url.replace(from, database);
}

async function createTestDatabase(options = ''): Promise<Exclude<DbAddress, { url: string }>> {
  const server = inject('database');
  const database = `test_${newId().replaceAll('-', '')}`;
  const admin = openDb({ address: server, connectionsMax: 1, onError });
  await admin.query(`CREATE DATABASE ${database} ${options}`);
  await admin.close();
  return { ...server, database };
}
