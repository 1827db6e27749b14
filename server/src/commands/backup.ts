import { readdir, readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Command } from 'commander';
import { isPartyCode, type MemberCode } from '@bronze-drum/protocol/members';
import { hasPendingErasure, listBooks, tablesReadInOrder } from '../journal/export/export.ts';
import { backup } from '../platform/backup.ts';
import type { Manifest } from '../platform/backup-manifest.ts';
import type { DbAddress } from '../platform/db.ts';
import { CommandError, type ConnectionOptions } from './connection.ts';
import { counted, terminal, type Screen } from './terminal.ts';

/** The folder in which every room of this release has its own. */
export const roomsFolder = new URL('../', import.meta.url);

/** `drum backup`: writes everything that a server of this machine holds to a new folder, while it serves. */
export function backupCommand(): Command {
  return new Command('backup')
    .description('Back up the server on this machine to a new folder, while it serves')
    .argument('<folder>', 'where the backup goes; nothing may be there yet')
    .action(async (folder: string, _options: unknown, command: Command) => {
      await backUp(resolve(folder), command.optsWithGlobals<ConnectionOptions>(), Date.now(), terminal());
    });
}

export async function backUp(
  folder: string,
  options: ConnectionOptions,
  nowMs: number,
  screen: Screen,
): Promise<Manifest> {
  if (options.server !== undefined)
    throw new CommandError('a backup is made on the machine of the server: leave out --server');
  const member = options.member ?? (await firstMember(options.data));
  if (!isPartyCode(member)) throw new CommandError(`${options.member} is no member`);
  const dataFolder = join(options.data, member);
  const address = await databaseAddress(dataFolder, member);
  await refuseTaken(folder);
  const manifest = await backup({
    address,
    member,
    nowMs,
    folder,
    keysFolder: join(dataFolder, 'keys'),
    roomsFolder,
    inKeyOrder: tablesReadInOrder,
    books: (sql) => listBooks(sql, member),
    settled: async (sql) => !(await hasPendingErasure(sql)),
    progress: (table, at, of) => screen.progress(`${at + 1}/${of} ${table} …`),
  }).catch((error: unknown) => {
    throw explained(error, folder, member);
  });
  const rows = manifest.tables.reduce((sum, table) => sum + table.rows, 0);
  screen.line(
    `Backed up ${member} to ${folder}: ${counted(rows, 'row')} in ${counted(manifest.tables.length, 'table')}.`,
  );
  screen.line(`The signing keys in it open only with their passphrase, which is not in it: keep it elsewhere too.`);
  screen.line(`Check it with: drum verify ${folder}`);
  return manifest;
}

/** What the running server leaves in its folder for commands on its own machine. */
async function databaseAddress(dataFolder: string, member: MemberCode): Promise<DbAddress> {
  try {
    return JSON.parse(await readFile(join(dataFolder, 'database.json'), 'utf8')) as DbAddress;
  } catch {
    throw new CommandError(`no server of ${member} has been started here. Start it with: npm start`);
  }
}

async function firstMember(data: string): Promise<string> {
  const member = (await readdir(data).catch(() => [])).filter(isPartyCode).sort()[0];
  if (member === undefined) throw new CommandError(`no server has been started in ${data}. Start it with: npm start`);
  return member;
}

/** A backup never writes over anything, nor over what an interrupted one has left. */
export async function refuseTaken(folder: string): Promise<void> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw new CommandError(`${folder} is not a folder`);
  });
  if (names.length > 0) throw new CommandError(`there is something in ${folder} already: name a new folder`);
  const partial = `${folder}.partial`;
  const taken = await stat(partial).then(
    () => true,
    () => false,
  );
  if (taken)
    throw new CommandError(
      `${partial} is there: one like this was interrupted or is under way. If it is not, remove it and try again`,
    );
}

function explained(error: unknown, folder: string, member: string): unknown {
  if ((error as Error).name === 'Outage')
    return new CommandError(`the server of ${member} is not running. Start it with: npm start`, 'unreachable');
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOSPC') return new CommandError(`there is no room left for the backup: remove ${folder}.partial`);
  if (code === 'ENOENT' || code === 'EACCES')
    return new CommandError(`${folder} cannot be made: ${(error as Error).message}`);
  return error;
}
