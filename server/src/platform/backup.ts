import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { MemberCode } from '@bronze-drum/protocol/members';
import { instantText } from '../kernel/clock.ts';
import {
  manifestName,
  manifestNote,
  migrationFile,
  tableFile,
  type BackupTable,
  type Manifest,
} from './backup-manifest.ts';
import { nestedPartitionsOf, roomsOf, sequencesOf, tablesOf, type CatalogTable } from './catalog.ts';
import { openCopySession, quoted, type CopySession } from './copy-session.ts';
import type { DbAddress, Sql } from './db.ts';
import { publishFolder, syncFolder, writeNewFile } from './durable-files.ts';

export interface BackupParts {
  readonly address: DbAddress;
  readonly member: MemberCode;
  readonly nowMs: number;
  /** The folder that the backup becomes; nothing may be there yet. */
  readonly folder: string;
  /** The data folder's keys. */
  readonly keysFolder: string;
  /** Where the rooms of this release have their folders, each with its migrations. */
  readonly roomsFolder: URL;
  /** Tables, as `schema.name`, whose rows are written in the order of their primary key, so that they can be read as a stream. */
  readonly inKeyOrder: ReadonlySet<string>;
  /** The journal's books as they stand in the snapshot. */
  books(sql: Sql): Promise<Manifest['books']>;
  /** Whether this instant is one to take; if not, another one is taken a moment later. */
  settled(sql: Sql): Promise<boolean>;
  progress?(table: string, at: number, of: number): void | Promise<void>;
}

const settleAttemptsMax = 50;
const settleMs = 100;

/**
 * Writes a backup of one instant of the database while servers go on writing. It grows under another name and has its
 * own only when all of it is on disk. Memory does not grow with the database.
 */
export async function backup(parts: BackupParts): Promise<Manifest> {
  const partial = `${parts.folder}.partial`;
  const session = await openCopySession(parts.address);
  try {
    await beginSettled(session, parts.settled);
    const rooms = await roomsOf(session);
    const nested = await nestedPartitionsOf(session, rooms);
    if (nested.length > 0) throw new Error(`a backup cannot hold parts that have parts: ${nested.join(', ')}`);
    await mkdir(partial, { mode: 0o700 });
    const files: Manifest['files'] = [];
    const migrations = await saveMigrations(session, parts, partial, files);
    const tables = await saveTables(session, parts, partial, files, await tablesOf(session, rooms));
    await saveKeys(parts, partial, files);
    const [version] = await session.query<{ server_version: string }>('SHOW server_version');
    const manifest: Manifest = {
      format: 1,
      member: parts.member,
      at: instantText(parts.nowMs),
      note: manifestNote,
      postgres: version!.server_version,
      migrations,
      tables,
      // Read last and outside the snapshot: a sequence may be ahead of the tables, never behind.
      sequences: await sequencesOf(session, rooms),
      books: await parts.books(session),
      files,
    };
    await writeNewFile(join(partial, manifestName), [`${JSON.stringify(manifest, null, 2)}\n`]);
    await publishFolder(partial, parts.folder);
    return manifest;
  } finally {
    await session.close();
  }
}

/** Begins the one transaction that sees the instant of the backup. */
async function beginSettled(session: CopySession, settled: (sql: Sql) => Promise<boolean>): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    await session.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    if (attempt === settleAttemptsMax || (await settled(session))) return;
    await session.query('ROLLBACK');
    await new Promise((resolve) => setTimeout(resolve, settleMs));
  }
}

/** The migrations that made these tables, which must be this release's: another release's tables are not ours to read. */
async function saveMigrations(
  sql: Sql,
  parts: BackupParts,
  partial: string,
  files: Manifest['files'],
): Promise<Manifest['migrations']> {
  const applied = await sql.query<Manifest['migrations'][number]>(
    'SELECT room, number, name, digest FROM platform.migrations ORDER BY room, number',
  );
  for (const migration of applied) {
    const { room, name, digest } = migration;
    const text = await readFile(new URL(`${room}/migrations/${name}`, parts.roomsFolder)).catch(() => Buffer.alloc(0));
    if (createHash('sha256').update(text).digest('hex') !== digest) {
      throw new Error(
        `the database was made by another release than this one (${room}/${name}): use that release's drum`,
      );
    }
    await mkdir(join(partial, 'migrations', room), { recursive: true, mode: 0o700 });
    await save(partial, migrationFile(migration), [text], files);
  }
  for (const room of new Set(applied.map((migration) => migration.room)))
    await syncFolder(join(partial, 'migrations', room));
  return applied;
}

async function saveTables(
  session: CopySession,
  parts: BackupParts,
  partial: string,
  files: Manifest['files'],
  tables: readonly CatalogTable[],
): Promise<BackupTable[]> {
  await mkdir(join(partial, 'tables'), { mode: 0o700 });
  const [snapshot] = await session.query<{ id: string }>('SELECT pg_export_snapshot() AS id');
  const reader = await openCopySession(parts.address);
  const saved: BackupTable[] = [];
  try {
    for (const [at, table] of tables.entries()) {
      const { schema, name, columns, partition } = table;
      await parts.progress?.(`${schema}.${name}`, at, tables.length);
      // A transaction for each table, all of one snapshot: a room that drops a part waits for that part, not for all.
      await reader.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
      await reader.query(`SET TRANSACTION SNAPSHOT '${snapshot!.id}'`);
      const rows = await saveTable(reader, parts, partial, files, table);
      await reader.query(rows === undefined ? 'ROLLBACK' : 'COMMIT');
      if (rows !== undefined) saved.push({ schema, name, columns: [...columns], rows, partition });
    }
  } finally {
    await reader.close();
  }
  await syncFolder(join(partial, 'tables'));
  return saved;
}

const undefinedTable = '42P01';

/** The number of rows; undefined if the table was a part that has been dropped meanwhile, because its time was over. */
async function saveTable(
  reader: CopySession,
  parts: BackupParts,
  partial: string,
  files: Manifest['files'],
  table: CatalogTable,
): Promise<number | undefined> {
  const { schema, name, columns, key, partition } = table;
  const list = (names: readonly string[]): string => names.map(quoted).join(', ');
  const order = parts.inKeyOrder.has(`${schema}.${name}`) ? ` ORDER BY ${list(key)}` : '';
  const from = `${quoted(schema)}.${quoted(name)}`;
  const rows = reader.copyOut(`COPY (SELECT ${list(columns)} FROM ${from}${order}) TO STDOUT`);
  try {
    await save(partial, tableFile(table), rows, files, true);
    return rows.rowCount;
  } catch (error) {
    if (partition === null || (error as { code?: string }).code !== undefinedTable) throw error;
    await rm(join(partial, tableFile(table)));
    return undefined;
  }
}

/** The encrypted keys. What opens them, the passphrase, stays where it is; and no seed of an index is worth keeping. */
async function saveKeys(parts: BackupParts, partial: string, files: Manifest['files']): Promise<void> {
  await mkdir(join(partial, 'keys'), { mode: 0o700 });
  for (const name of (await readdir(parts.keysFolder)).filter((name) => name.endsWith('.pem')).sort()) {
    await save(partial, `keys/${name}`, [await readFile(join(parts.keysFolder, name))], files);
  }
  await syncFolder(join(partial, 'keys'));
}

async function save(
  partial: string,
  path: string,
  content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  files: Manifest['files'],
  gzip = false,
): Promise<void> {
  files.push({ path, ...(await writeNewFile(join(partial, path), content, { gzip })) });
}
