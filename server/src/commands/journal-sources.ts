import { stat } from 'node:fs/promises';
import type { BookSource } from '../journal/audit/audit.ts';
import { copiedBooks, exportedBooks, isExport, remoteBooks } from '../journal/export/export.ts';
import { backupRows, readManifest, type Manifest } from '../platform/backup-manifest.ts';
import { CommandError, refusalOf, type Connection } from './connection.ts';

/** A journal to be audited, and the backup that it is part of, if it is. */
export interface JournalSource {
  readonly books: readonly BookSource[];
  readonly backup: Manifest | undefined;
}

/** The journal in a folder: a backup or an export. */
export async function journalIn(folder: string): Promise<JournalSource> {
  const isFolder = await stat(folder).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!isFolder) throw new CommandError(`there is no folder ${folder}`);
  try {
    const manifest = await readManifest(folder);
    if (manifest !== undefined) return { books: await backupBooks(folder, manifest), backup: manifest };
    if (await isExport(folder)) return { books: await exportedBooks(folder), backup: undefined };
  } catch (error) {
    throw new CommandError(`${folder} cannot be read: ${(error as Error).message}`);
  }
  throw new CommandError(`${folder} is neither a backup nor an exported journal: it has no manifest.json and no books`);
}

function backupBooks(folder: string, manifest: Manifest): Promise<BookSource[]> {
  return copiedBooks((schema, name) => backupRows(folder, manifest, schema, name), manifest.member);
}

/** The journal of a running server, as far as we may read it. */
export async function journalAt(connection: Connection): Promise<JournalSource> {
  const get = async (path: string): Promise<Response> => {
    const response = await fetch(`${connection.address}${path}`, { headers: connection.headers }).catch(
      () => undefined,
    );
    if (response === undefined)
      throw new CommandError(`no server answers at ${connection.address}. Start it with: npm start`, 'unreachable');
    if (!response.ok) throw await refusalOf(response);
    return response;
  };
  return { books: await remoteBooks(get), backup: undefined };
}
