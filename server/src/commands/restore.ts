import { copyFile, mkdir, readFile, rm } from 'node:fs/promises';
import { createPrivateKey } from 'node:crypto';
import { dirname, join, resolve } from 'node:path';
import { Command } from 'commander';
import { auditBook, type BookSource, type Finding } from '../journal/audit/audit.ts';
import { storedBooks } from '../journal/export/export.ts';
import { instantText } from '../kernel/clock.ts';
import type { Manifest } from '../platform/backup-manifest.ts';
import type { DbAddress, Sql } from '../platform/db.ts';
import { publishFolder, syncFolder, writeNewFile } from '../platform/durable-files.ts';
import { startEmbeddedPostgres } from '../platform/embedded-postgres.ts';
import { restoreDatabase, unfinishedRestore } from '../platform/restore.ts';
import { refuseTaken, roomsFolder } from './backup.ts';
import { CommandError, type ConnectionOptions } from './connection.ts';
import { journalIn, type JournalSource } from './journal-sources.ts';
import { terminal, type Screen } from './terminal.ts';
import { reportBooks, reportFiles } from './verify-report.ts';

export interface RestoreOptions extends ConnectionOptions {
  readonly passphraseFile?: string;
  /** A PostgreSQL to use instead of the embedded one; its database must be empty. */
  readonly databaseUrl?: string;
}

/** `drum restore`: makes the data folder of a server anew from a backup. */
export function restoreCommand(): Command {
  return new Command('restore')
    .description(
      'Restore a backup to this machine: into an empty data folder, and with DATABASE_URL into an empty database',
    )
    .argument('<folder>', 'the folder of the backup')
    .option(
      '--passphrase-file <file>',
      'what opens the signing keys; without it, put it in place before the server starts',
    )
    .action(async (folder: string, _options: unknown, command: Command) => {
      const url = process.env['DATABASE_URL'];
      const options = { ...command.optsWithGlobals<RestoreOptions>(), ...(url !== undefined && { databaseUrl: url }) };
      await restore(resolve(folder), options, Date.now(), terminal());
    });
}

/**
 * Verifies the backup, loads it beside the data folder, audits what was loaded, and only then puts it in place. What
 * was interrupted leaves no data folder, or one on which the server refuses to start.
 */
export async function restore(from: string, options: RestoreOptions, nowMs: number, screen: Screen): Promise<void> {
  const journal = await journalIn(from);
  const manifest = journal.backup;
  if (manifest === undefined) throw new CommandError(`${from} is an exported journal, not a backup`);
  if (options.member !== undefined && options.member !== manifest.member) {
    throw new CommandError(`the backup is of ${manifest.member}, not of ${options.member}`);
  }
  await verifyFirst(journal, from, screen);
  const folder = resolve(options.data, manifest.member);
  await refuseTaken(folder);
  const partial = `${folder}.partial`;
  await mkdir(dirname(folder), { recursive: true });
  const load = (address: DbAddress, beforeCommit?: () => Promise<void>): Promise<void> =>
    restoreDatabase({
      from,
      manifest,
      address,
      roomsFolder,
      check: (sql) => auditLoaded(sql, manifest),
      ...(beforeCommit && { beforeCommit }),
      progress: (table, at, of) => screen.progress(`${at + 1}/${of} ${table} …`),
    });
  try {
    await prepareFolder(partial, from, manifest, options, nowMs);
    if (options.databaseUrl === undefined) await loadEmbedded(partial, load);
    else await load({ url: options.databaseUrl }, () => publishFolder(partial, folder));
  } catch (error) {
    // A folder that has its name already keeps its mark: a commit that failed may have happened.
    await rm(partial, { recursive: true, force: true });
    throw error instanceof CommandError ? error : new CommandError(`nothing was restored: ${(error as Error).message}`);
  }
  const where = options.databaseUrl === undefined ? partial : folder;
  await rm(join(where, unfinishedRestore));
  await syncFolder(where);
  if (options.databaseUrl === undefined) await publishFolder(partial, folder);
  sayWhatIsNext(folder, manifest, options, screen);
}

async function verifyFirst(journal: JournalSource, from: string, screen: Screen): Promise<void> {
  const changed = await reportFiles(journal, from, screen);
  const { findings } = await reportBooks(journal.books, new Map(), screen);
  if (changed + findings > 0) throw new CommandError(`the backup is not what was backed up: nothing was restored`);
}

/** The data folder without its database, under another name, with the mark that it is not finished. */
async function prepareFolder(
  partial: string,
  from: string,
  manifest: Manifest,
  options: RestoreOptions,
  nowMs: number,
): Promise<void> {
  const keys = join(partial, 'keys');
  await mkdir(keys, { recursive: true, mode: 0o700 });
  await writeNewFile(join(partial, unfinishedRestore), ['A restore into this folder has not ended.\n']);
  for (const { path } of manifest.files.filter((file) => file.path.startsWith('keys/'))) {
    await copyFile(join(from, path), join(partial, path));
  }
  if (options.passphraseFile !== undefined) {
    const passphrase = (await readFile(options.passphraseFile, 'utf8')).trimEnd();
    openKey(await readFile(join(keys, 'checkpoint.pem'), 'utf8'), passphrase);
    await writeNewFile(join(keys, 'passphrase'), [`${passphrase}\n`]);
  }
  await syncFolder(keys);
  const restored = { at: instantText(nowMs), backupAt: manifest.at, note: manifest.note, books: manifest.books };
  await writeNewFile(join(partial, 'restored.json'), [`${JSON.stringify(restored, null, 2)}\n`]);
}

function openKey(pem: string, passphrase: string): void {
  try {
    createPrivateKey({ key: pem, passphrase });
  } catch {
    throw new CommandError('the passphrase does not open the signing keys of this backup');
  }
}

async function loadEmbedded(partial: string, load: (address: DbAddress) => Promise<void>): Promise<void> {
  const postgres = await startEmbeddedPostgres(partial, () => undefined);
  try {
    await load({ ...postgres.connection, database: 'postgres' });
  } finally {
    await postgres.stop();
  }
}

/** Reads back what was loaded, as a reader would: the roots must be those that were signed. */
async function auditLoaded(sql: Sql, manifest: Manifest): Promise<void> {
  const books: BookSource[] = await storedBooks(sql, manifest.member);
  const findings: Finding[] = [];
  for (const book of books)
    await auditBook(book, { report: (finding) => void (findings.length < 10 && findings.push(finding)) });
  const [first] = findings;
  if (first !== undefined) throw new Error(`${first.code} in ${first.book} ${first.number ?? ''}`);
  const notes = (list: readonly { name: string; note: string | null }[]): string =>
    list
      .map(({ name, note }) => JSON.stringify([name, note]))
      .sort()
      .join();
  if (notes(books.map(({ book, note }) => ({ name: book, note }))) !== notes(manifest.books)) {
    throw new Error('the books are not those of the manifest');
  }
}

function sayWhatIsNext(folder: string, manifest: Manifest, options: RestoreOptions, screen: Screen): void {
  screen.line(`Restored ${manifest.member} as of ${manifest.at} to ${folder}. Every root is the one that was signed.`);
  screen.line(`What was said after that instant is not in it: ${join(folder, 'restored.json')} names what is.`);
  if (options.passphraseFile !== undefined) return;
  screen.line(`Before the server starts, put the passphrase of its keys into ${join(folder, 'keys', 'passphrase')}`);
  screen.line('(readable by you alone), or into DRUM_KEY_PASSPHRASE.');
}
