import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { lockFolder, type FolderLock } from '../../platform/folder-lock.ts';
import { CommandError } from '../connection.ts';
import { demoPath } from './demo.ts';
import { networksPath } from './simulated.ts';
import { stopOrphan } from '../../platform/embedded-postgres.ts';
import { markerPath, readMarker } from './marker.ts';
import { exists } from './private-file.ts';
import { storyPath } from './story-desk.ts';

/** Deletes what an alliance made in a data folder, and nothing else. Refuses while one of its servers runs. */
export async function startAfresh(data: string): Promise<string[]> {
  const made: string[] = [];
  for (const member of (await readMarker(data)).members) if (await exists(join(data, member))) made.push(member);
  await lockAll(made.map((member) => join(data, member)));
  for (const member of made) {
    await stopOrphan(join(data, member));
    await rm(join(data, member), { recursive: true });
  }
  await rm(demoPath(data), { force: true });
  await rm(storyPath(data), { force: true });
  await rm(networksPath(data), { force: true });
  // Last: as long as it is there, what could not be deleted is still known as the alliance's.
  await rm(markerPath(data), { force: true });
  return made;
}

/** The locks stand in the folders, and go with them. */
async function lockAll(folders: readonly string[]): Promise<void> {
  const locks: FolderLock[] = [];
  try {
    for (const folder of folders) locks.push(await lockFolder(folder));
  } catch (error) {
    for (const lock of locks) await lock.release();
    throw new CommandError(`nothing was deleted: ${(error as Error).message}. Stop it first`);
  }
}
