import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pause } from '../../platform/loops.ts';

const waitMs = 50;
const waits = 200;

/** A server that was killed leaves its PostgreSQL running. Only for a folder in which no server runs. */
export async function stopLeftDatabase(folder: string): Promise<void> {
  const cluster = join(folder, 'postgres');
  const pid = await pidOf(cluster);
  if (pid === null) return;
  process.kill(pid, 'SIGINT');
  for (let wait = 0; wait < waits && (await pidOf(cluster)) === pid; wait += 1) await pause(waitMs);
}

/** The database's process, or null. The number may be another program's by now; only ours names the folder. */
async function pidOf(cluster: string): Promise<number | null> {
  try {
    const pid = Number((await readFile(join(cluster, 'postmaster.pid'), 'utf8')).split('\n')[0]);
    process.kill(pid, 0);
    const commandLine = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => cluster);
    return commandLine.includes(cluster) ? pid : null;
  } catch {
    return null;
  }
}
