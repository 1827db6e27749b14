import { mkdir, open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';

export interface FolderLock {
  release(): Promise<void>;
}

/**
 * Makes this process the only server of a data folder. A lock left by a process that is gone is taken over; the start
 * time in it tells that process from a later one of the same number.
 */
export async function lockFolder(folder: string): Promise<FolderLock> {
  await mkdir(folder, { recursive: true });
  const path = join(folder, 'server.lock');
  for (let attempt = 0; attempt < 3; attempt += 1) {
    try {
      const file = await open(path, 'wx', 0o600);
      await file.writeFile(`${process.pid} ${(await startedAt(process.pid)) ?? ''}\n`);
      await file.close();
      return { release: () => rm(path, { force: true }) };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const [pid, started] = (await readFile(path, 'utf8').catch(() => '')).trim().split(' ');
    if (pid !== undefined && (await isAlive(Number(pid), started))) {
      throw new Error(`a server is already running on ${folder} (process ${pid})`);
    }
    await rm(path, { force: true });
  }
  throw new Error(`the lock of ${folder} could not be taken`);
}

async function isAlive(pid: number, started: string | undefined): Promise<boolean> {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  const now = await startedAt(pid);
  return now === undefined || started === undefined || started === '' || now === started;
}

/** When a process started, in the kernel's ticks; undefined where the system does not tell. */
async function startedAt(pid: number): Promise<string | undefined> {
  const line = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  // Field 22 of proc(5)'s stat; the second, the command in parentheses, may hold spaces.
  return line?.slice(line.lastIndexOf(')') + 2).split(' ')[19];
}
