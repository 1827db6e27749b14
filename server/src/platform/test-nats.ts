import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pause } from './loops.ts';
import { readNatsAddress, type NatsAddress } from './nats-address.ts';
import { openNats, type Nats } from './nats-connection.ts';

/** As Debian's package of the same name installs it. */
const program = 'nats-server';

/** Whether it is installed on this machine. */
export const hasNatsServer = spawnSync(program, ['--version'], { stdio: 'ignore' }).status === 0;

/** The NATS that whoever started the tests wants them to use, if any. */
export const testNatsAddress = (): NatsAddress | undefined => readNatsAddress(process.env);

/** A connection to it. */
export async function openTestNats(): Promise<Nats | undefined> {
  const address = testNatsAddress();
  return address && openNats(address, () => undefined);
}

/** A nats-server of a test's own on loopback, or several that are a cluster, with their data in a temporary folder. */
export interface TestNatsServers {
  readonly address: NatsAddress;
  readonly count: number;
  /** Ends one as `kill -9` does. */
  kill(index: number): Promise<void>;
  /** Starts one again over the data that it left, and waits until it answers. */
  start(index: number): Promise<void>;
  /** Which of them leads a stream; undefined while none does. */
  leaderOf(stream: string): Promise<number | undefined>;
  close(): Promise<void>;
}

const host = '127.0.0.1';
const startWaitMs = 50;
const startMsMax = 30_000;

export async function startTestNats(count = 1): Promise<TestNatsServers> {
  const folder = await mkdtemp(join(tmpdir(), 'drum-nats-'));
  const ports = await freePorts(count * 3);
  const portOf = (index: number, use: 0 | 1 | 2): number => ports[index * 3 + use]!;
  const routes = Array.from({ length: count }, (_, index) => `nats://${host}:${portOf(index, 1)}`);
  const running: (ChildProcess | undefined)[] = [];

  async function writeConfig(index: number): Promise<string> {
    const file = join(folder, `${index}.conf`);
    const cluster = `cluster { name: test, listen: "${host}:${portOf(index, 1)}", routes: [${routes.join(', ')}] }`;
    const lines = [
      `server_name: n${index}`,
      `listen: "${host}:${portOf(index, 0)}"`,
      `http: "${host}:${portOf(index, 2)}"`,
      `jetstream { store_dir: "${join(folder, String(index))}", max_file_store: 50GB }`,
      count > 1 ? cluster : '',
    ];
    await writeFile(file, `${lines.join('\n')}\n`);
    return file;
  }

  const ask = async (index: number, path: string): Promise<unknown> => {
    const response = await fetch(`http://${host}:${portOf(index, 2)}${path}`);
    return response.ok ? response.json() : undefined;
  };

  async function isHealthy(index: number): Promise<boolean> {
    const health = (await ask(index, '/healthz?js-enabled-only=true').catch(() => undefined)) as
      | { status?: string }
      | undefined;
    if (health?.status !== 'ok' || count === 1) return health?.status === 'ok';
    const state = (await ask(index, '/jsz')) as { meta_cluster?: { leader?: string } };
    return state.meta_cluster?.leader !== undefined && state.meta_cluster.leader !== '';
  }

  async function begin(index: number): Promise<void> {
    const child = spawn(program, ['-c', await writeConfig(index)], { stdio: 'ignore' });
    running[index] = child;
  }

  async function untilHealthy(index: number): Promise<void> {
    for (let waited = 0; !(await isHealthy(index)); waited += startWaitMs) {
      if (waited > startMsMax || running[index]?.exitCode !== null) throw new Error('nats-server does not start');
      await pause(startWaitMs);
    }
  }

  async function kill(index: number): Promise<void> {
    const child = running[index];
    running[index] = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }

  for (let index = 0; index < count; index += 1) await begin(index);
  for (let index = 0; index < count; index += 1) await untilHealthy(index);
  return {
    address: {
      servers: Array.from({ length: count }, (_, index) => `nats://${host}:${portOf(index, 0)}`),
      isEncrypted: false,
    },
    count,
    kill,
    async start(index) {
      await begin(index);
      await untilHealthy(index);
    },
    async leaderOf(stream) {
      const asked = running.findIndex((child) => child !== undefined);
      const state = (await ask(asked, `/jsz?streams=true`)) as {
        account_details?: { stream_detail?: { name: string; cluster?: { leader?: string } }[] }[];
      };
      const details = state.account_details?.flatMap((account) => account.stream_detail ?? []) ?? [];
      const leader = details.find(({ name }) => name === stream)?.cluster?.leader;
      return leader === undefined ? undefined : Number(leader.slice(1));
    },
    async close() {
      for (let index = 0; index < count; index += 1) await kill(index);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function freePorts(count: number): Promise<number[]> {
  const probes = Array.from({ length: count }, () => createServer().listen(0, host));
  const ports: number[] = [];
  for (const probe of probes) {
    if (!probe.listening) await once(probe, 'listening');
    ports.push((probe.address() as AddressInfo).port);
  }
  for (const probe of probes) probe.close();
  return ports;
}
