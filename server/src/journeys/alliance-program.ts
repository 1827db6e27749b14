import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pause } from '../platform/loops.ts';
import { freePort } from './server-process.ts';

const program = fileURLToPath(new URL('../main.ts', import.meta.url));
/** In the order of their addresses, after the page's. */
const seats = ['cn', 'kh', 'la', 'mm', 'th', 'vn'];

export interface AllianceRun {
  readonly child: ChildProcess;
  /** Settles when the process has ended. */
  readonly ended: Promise<unknown>;
  /** Everything that it has printed. */
  output(): string;
}

/** `drum alliance` as its users start it, on a folder and ports of its own. */
export interface AllianceProgram {
  readonly data: string;
  readonly basePort: number;
  /** Of the page, or of a member's server. */
  addressOf(who: string): string;
  /** Starts it, and waits until it is ready or has ended. */
  start(...words: string[]): Promise<AllianceRun>;
  /** The sign-ins and keys that it wrote down. */
  demo(): Promise<any>;
  /** The numbers of all its processes. */
  processes(): Promise<string[]>;
  close(): Promise<void>;
}

export async function openAllianceProgram(): Promise<AllianceProgram> {
  const data = await mkdtemp(join(tmpdir(), 'drum-alliance-'));
  const basePort = await freeBasePort();
  const begun: ChildProcess[] = [];
  const processes = (): Promise<string[]> => processesOf(data);
  return {
    data,
    basePort,
    processes,
    addressOf: (who) => `http://localhost:${basePort + (who === 'hub' ? 0 : seats.indexOf(who) + 1)}`,
    async start(...words) {
      const call = [program, '--data', data, 'alliance', '--base-port', String(basePort), ...words];
      const child = spawn(process.execPath, call, { stdio: ['ignore', 'pipe', 'pipe'] });
      begun.push(child);
      let output = '';
      for (const stream of [child.stdout, child.stderr])
        stream.setEncoding('utf8').on('data', (text) => (output += text));
      const ended = once(child, 'exit');
      await until(async () => output.includes('The alliance is ready') || child.exitCode !== null, 900);
      return { child, ended, output: () => output };
    },
    demo: async () => JSON.parse(await readFile(join(data, 'demo.json'), 'utf8')),
    async close() {
      for (const child of begun) child.kill('SIGKILL');
      await until(async () => (await processes()).length === 0);
      await rm(data, { recursive: true, force: true });
    },
  };
}

/** Seven ports in a row that nobody has. */
async function freeBasePort(): Promise<number> {
  for (;;) {
    const base = await freePort();
    if (base + 7 > 65_535) continue;
    const probes = Array.from({ length: 7 }, (_, place) => createServer().listen(base + place, '127.0.0.1'));
    const listening = await Promise.allSettled(probes.map((probe) => once(probe, 'listening')));
    const isFree = probes.every((probe, place) => (probe.address() as AddressInfo | null)?.port === base + place);
    for (const probe of probes) probe.close();
    if (isFree && listening.every(({ status }) => status === 'fulfilled')) return base;
  }
}

/** Looks ten times a second, for so many times. */
export async function until(holds: () => Promise<boolean>, attempts = 150): Promise<boolean> {
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    if (await holds()) return true;
    await pause(100);
  }
  return false;
}

async function processesOf(folder: string): Promise<string[]> {
  const numbers = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(numbers.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')));
  return numbers.filter((_, place) => lines[place]!.includes(folder));
}
