import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { access, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { pathToFileURL } from 'node:url';
import { createGunzip } from 'node:zlib';
import { Defect } from '../kernel/assert.ts';
import { tableFile, type BackupTable, type Manifest } from './backup-manifest.ts';
import { inForeignKeyOrder, tablesOf, type CatalogTable } from './catalog.ts';
import { openCopySession, quoted, type CopySession } from './copy-session.ts';
import type { Db, DbAddress, Sql } from './db.ts';
import { migrate } from './migrations.ts';

/** This file in a data folder says that a restore into it has not ended: the server must not start on it. */
export const unfinishedRestore = 'restore.unfinished';

/** Throws when a restore into this data folder was interrupted. For the server, before it opens anything. */
export async function refuseUnfinishedRestore(folder: string): Promise<void> {
  const unfinished = await access(join(folder, unfinishedRestore)).then(
    () => true,
    () => false,
  );
  if (unfinished) throw new Error(`a restore into ${folder} was interrupted: remove the folder and restore again`);
}

export interface RestoreParts {
  /** The backup's folder, whose files have been compared with its manifest. */
  readonly from: string;
  readonly manifest: Manifest;
  readonly address: DbAddress;
  readonly roomsFolder: URL;
  /** Looks at what was loaded, before it stands. Throws to undo all of it. */
  check(sql: Sql): Promise<void>;
  /** The last step before the database commits. */
  beforeCommit?(): Promise<void>;
  progress?(table: string, at: number, of: number): void;
}

/**
 * Loads a backup into an empty database in one transaction: all of it stands, or nothing. Rooms are migrated to exactly
 * the backup's versions; what this release has beyond them is left to the next start.
 */
export async function restoreDatabase(parts: RestoreParts): Promise<void> {
  const { manifest } = parts;
  await refuseForeignMigrations(parts);
  const session = await openCopySession(parts.address);
  try {
    await session.query('BEGIN');
    const rooms = [...new Set(['platform', ...manifest.migrations.map((migration) => migration.room)])];
    await refuseFullDatabase(session, rooms);
    for (const room of rooms) {
      await migrate(onlyThisTransaction(session), room, pathToFileURL(`${join(parts.from, 'migrations', room)}/`));
    }
    const tables = await refuseOtherTables(session, manifest, rooms);
    await withoutTriggers(session);
    for (const [at, table] of tables.entries()) {
      parts.progress?.(`${table.schema}.${table.name}`, at, tables.length);
      await load(session, parts.from, table);
    }
    for (const { schema, name, last } of manifest.sequences) {
      await session.query('SELECT setval($1::regclass, $2)', [`${quoted(schema)}.${quoted(name)}`, last]);
    }
    await parts.check(session);
    await parts.beforeCommit?.();
    await session.query('COMMIT');
    await session.query('ANALYZE');
  } finally {
    // Closing the connection undoes what was not committed.
    await session.close();
  }
}

/** The SQL of a backup runs only where it is, byte for byte, the SQL of this release. */
async function refuseForeignMigrations({ from, manifest, roomsFolder }: RestoreParts): Promise<void> {
  for (const [room, migrations] of Map.groupBy(manifest.migrations, (migration) => migration.room)) {
    const names = new Set(migrations.map((migration) => migration.name));
    const others = (await readdir(join(from, 'migrations', room))).filter((name) => !names.has(name));
    if (others.length > 0) throw new Error(`the manifest does not name migrations/${room}/${others[0]}`);
  }
  for (const { room, name, digest } of manifest.migrations) {
    const sources = [new URL(`${room}/migrations/${name}`, roomsFolder), join(from, 'migrations', room, name)];
    for (const source of sources) {
      const text = await readFile(source).catch(() => undefined);
      if (text !== undefined && createHash('sha256').update(text).digest('hex') === digest) continue;
      throw new Error(
        `the backup was made by another release than this one (${room}/${name}): restore with that release, then upgrade`,
      );
    }
  }
}

async function refuseFullDatabase(sql: Sql, rooms: readonly string[]): Promise<void> {
  const taken = await sql.query<{ nspname: string }>('SELECT nspname FROM pg_namespace WHERE nspname = ANY ($1)', [
    rooms,
  ]);
  if (taken.length > 0)
    throw new Error(`the database is not empty: it has ${taken.map((row) => row.nspname).join(', ')}`);
}

/** A database whose every transaction is part of the one that is under way. */
function onlyThisTransaction(sql: Sql): Db {
  const never = (): never => {
    throw new Defect('a migration only runs SQL');
  };
  const { query } = sql;
  return {
    query,
    tx: (work) => work({ query, afterCommit: never, afterRollback: never, copyIn: never }),
    stream: never,
    session: never,
    close: never,
  };
}

/** The backup's tables in the order in which to load them; they must be just the tables that the migrations made. */
async function refuseOtherTables(sql: Sql, manifest: Manifest, rooms: readonly string[]): Promise<BackupTable[]> {
  const made = await makePartitions(sql, manifest, rooms);
  const spelled = (table: Omit<BackupTable, 'rows'>): string =>
    `${table.schema}.${table.name}(${table.columns.join()})`;
  const [here, there] = [made.map(spelled).sort(), manifest.tables.map(spelled).sort()];
  const odd = here.find((table) => !there.includes(table)) ?? there.find((table) => !here.includes(table));
  if (odd !== undefined || here.length !== there.length)
    throw new Error(`the backup's tables are not those of its migrations: ${odd}`);
  for (const { schema, name } of made) {
    // What a migration itself put into a table is in the backup too.
    const [row] = await sql.query(`SELECT 1 FROM ${quoted(schema)}.${quoted(name)} LIMIT 1`);
    if (row !== undefined) await sql.query(`DELETE FROM ${quoted(schema)}.${quoted(name)}`);
  }
  return inForeignKeyOrder(sql, manifest.tables);
}

/** Makes the parts of tables that the backup has and the migrations did not make. Returns every table there is then. */
async function makePartitions(sql: Sql, manifest: Manifest, rooms: readonly string[]): Promise<CatalogTable[]> {
  const made = new Set((await tablesOf(sql, rooms)).map(({ schema, name }) => `${schema}.${name}`));
  for (const { schema, name, partition } of manifest.tables) {
    if (partition === null || made.has(`${schema}.${name}`)) continue;
    const parent = `${quoted(schema)}.${quoted(partition.of)}`;
    await sql.query(`CREATE TABLE ${quoted(schema)}.${quoted(name)} PARTITION OF ${parent} ${partition.bound}`);
  }
  return tablesOf(sql, rooms);
}

/** Saves the checks of foreign keys, and what rooms do on inserting, where we may: what is loaded has been through both. */
async function withoutTriggers(sql: Sql): Promise<void> {
  await sql.query('SAVEPOINT triggers');
  try {
    await sql.query('SET LOCAL session_replication_role = replica');
  } catch {
    await sql.query('ROLLBACK TO triggers');
  }
}

async function load(session: CopySession, from: string, table: BackupTable): Promise<void> {
  const columns = table.columns.map(quoted).join(', ');
  const sink = session.copyIn(`COPY ${quoted(table.schema)}.${quoted(table.name)} (${columns}) FROM STDIN`);
  const path = tableFile(table);
  try {
    await pipeline(createReadStream(join(from, path)), createGunzip(), sink);
  } catch (error) {
    throw new Error(`${path} cannot be loaded: ${(error as Error).message}`, { cause: error });
  }
  if (sink.rowCount !== table.rows) throw new Error(`${path} has ${sink.rowCount} rows, not ${table.rows}`);
}
