import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, open, readFile, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { readyLine } from '../serve.ts';
import { compiledPath } from './compiled.ts';
import type { Seat } from './plan.ts';

/** How `drum serve` is started for a seat. */
export interface Launch {
  /** The file that the `drum` command is. */
  readonly program: string;
  readonly data: string;
  readonly environment: NodeJS.ProcessEnv;
}

export interface MemberProcess {
  /** Settles once the server says that it is ready; never when it ends before. */
  readonly ready: Promise<void>;
  /** How it ended; settles when it has. */
  readonly ended: Promise<string>;
  signal(name: NodeJS.Signals): void;
}

export const logPath = (data: string, member: string): string => join(data, member, 'server.log');

/** What would make six servers one: their database, certificates and addresses are their own. */
const notInherited = ['DATABASE_URL', 'DRUM_DATA', 'DRUM_KEY', 'DRUM_TLS_CERT', 'DRUM_TLS_KEY', 'DRUM_TLS_CA'] as const;

/** Six servers share one machine: less room for young objects saves about 30 MB each. */
const heapOptions = ['--max-semi-space-size=8'];

/**
 * Starts a member's server. It ends by itself when this process does, however that ends: it watches the pipe that is its
 * standard input. In a session of its own, so that Ctrl-C reaches it through us alone.
 */
export async function startMember(seat: Seat, launch: Launch): Promise<MemberProcess> {
  const { program, data } = launch;
  const environment: NodeJS.ProcessEnv = {
    ...launch.environment,
    DRUM_ADDRESS: seat.address,
    DRUM_WEBHOOKS_TO_PRIVATE: 'yes',
    NODE_COMPILE_CACHE: compiledPath(data),
  };
  for (const name of notInherited) delete environment[name];
  await mkdir(join(data, seat.member), { recursive: true });
  const log = await openLog(logPath(data, seat.member));
  const words = ['--data', data, '--member', seat.member, 'serve', '--port', String(seat.port), '--with-parent'];
  const child = spawn(process.execPath, [...heapOptions, program, ...words], {
    env: environment,
    detached: true,
    stdio: ['pipe', 'pipe', log.fd],
  });
  await log.close();
  child.stdin?.on('error', () => undefined);
  const ready = Promise.withResolvers<void>();
  let said = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-2000);
    if (said.includes(readyLine(seat.member))) ready.resolve();
  });
  const failed = new Promise<string>((resolve) => child.on('error', (error) => resolve(error.message)));
  const exited = once(child, 'exit').then(([code, signal]) => (signal === null ? `with code ${code}` : `by ${signal}`));
  return {
    ready: ready.promise,
    ended: Promise.race([failed, exited]),
    signal: (name) => void child.kill(name),
  };
}

/** A new log; the one of the last start is kept beside it. */
async function openLog(path: string) {
  if ((await stat(path).catch(() => undefined)) !== undefined) await rename(path, `${path}.1`);
  return open(path, 'wx', 0o600);
}

const linesShown = 8;
const charactersShown = 2000;

/** The last lines of a server's log. */
export async function lastLines(data: string, member: string): Promise<string[]> {
  const text = await readFile(logPath(data, member), 'utf8').catch(() => '');
  return text.slice(-charactersShown).split('\n').filter(Boolean).slice(-linesShown);
}
