import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { assert } from '../kernel/assert.ts';
import type { Db } from './db.ts';

interface Migration {
  readonly number: number;
  readonly name: string;
  readonly text: string;
  readonly digest: string;
}

// One number for this program in PostgreSQL's space of advisory locks: "DRUM" in ASCII.
const migrationLock = 0x4452554d;

/**
 * Brings one room's schema up to date: each numbered file once, in order, each in its own transaction. A file that has
 * been applied may not change any more.
 */
export async function migrate(db: Db, room: string, folder: URL): Promise<void> {
  const migrations = await readMigrations(folder);
  for (const migration of migrations) {
    await db.tx(async (tx) => {
      await tx.query('SELECT pg_advisory_xact_lock($1)', [migrationLock]);
      await tx.query('CREATE SCHEMA IF NOT EXISTS platform');
      await tx.query(
        `CREATE TABLE IF NOT EXISTS platform.migrations (
           room text NOT NULL, number integer NOT NULL, name text NOT NULL, digest text NOT NULL,
           applied_at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (room, number))`,
      );
      const [applied] = await tx.query<{ digest: string }>(
        'SELECT digest FROM platform.migrations WHERE room = $1 AND number = $2',
        [room, migration.number],
      );
      if (applied !== undefined) {
        assert(applied.digest === migration.digest, `${room}/${migration.name} changed after it was applied`);
        return;
      }
      await tx.query(`CREATE SCHEMA IF NOT EXISTS ${room}`);
      await tx.query(migration.text);
      await tx.query('INSERT INTO platform.migrations (room, number, name, digest) VALUES ($1, $2, $3, $4)', [
        room,
        migration.number,
        migration.name,
        migration.digest,
      ]);
    });
  }
}

async function readMigrations(folder: URL): Promise<Migration[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort();
  return Promise.all(
    names.map(async (name, index) => {
      const number = Number(name.slice(0, 4));
      assert(number === index + 1, `migrations are numbered without gaps: ${name}`);
      const text = await readFile(new URL(name, folder), 'utf8');
      return { number, name, text, digest: createHash('sha256').update(text).digest('hex') };
    }),
  );
}
