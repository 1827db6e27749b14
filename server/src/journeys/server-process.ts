import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const program = join(root, 'server/src/main.ts');

export interface ServerProcess {
  readonly member: string;
  readonly child: ChildProcess;
  readonly address: string;
  readonly key: string;
  /** Everything that it has printed. */
  output(): string;
  /** Throws unless it succeeds. By the operator's own key unless other headers are given. */
  call<T = any>(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<T>;
  /** Settles when the process has ended. */
  readonly ended: Promise<unknown>;
  postgresPid(): Promise<number>;
}

/** `drum serve` as a process of its own, with the PostgreSQL that comes along, on a folder that outlives it. */
export async function startServerProcess(
  data: string,
  { member = 'th', port = 0, ...options }: ServerOptions = {},
): Promise<ServerProcess> {
  const { child, ended, output } = await startProcess(data, member, ['--port', String(port)], options);
  const folder = join(data, member);
  const { address } = JSON.parse(await readFile(join(folder, 'server.json'), 'utf8')) as { address: string };
  const key = (await readFile(join(folder, 'operator.key'), 'utf8')).trim();
  return {
    member,
    child,
    address,
    key,
    ended,
    output,
    call: caller({ member, child, address, key, output }),
    postgresPid: async () =>
      Number((await readFile(join(folder, 'postgres', 'postmaster.pid'), 'utf8')).split('\n')[0]),
  };
}

/** A process that only detects, beside a server that was started before in the same folder. */
export async function startDetectProcess(
  data: string,
  partitions: string,
  options: Omit<ServerOptions, 'port' | 'roles'> = {},
): Promise<Pick<ServerProcess, 'child' | 'ended' | 'output'>> {
  return startProcess(data, options.member ?? 'th', ['--partitions', partitions], { ...options, roles: 'detect' });
}

interface ServerOptions {
  readonly member?: string;
  readonly port?: number;
  readonly roles?: string;
  /** What is added to its environment. */
  readonly environment?: NodeJS.ProcessEnv;
}

async function startProcess(
  data: string,
  member: string,
  words: readonly string[],
  { roles = 'serve,detect', environment: added }: Omit<ServerOptions, 'port'>,
): Promise<Pick<ServerProcess, 'child' | 'ended' | 'output'>> {
  const environment = { ...process.env, ...added };
  delete environment['DATABASE_URL'];
  const child = spawn(
    process.execPath,
    [program, '--data', data, '--member', member, 'serve', '--roles', roles, ...words],
    { cwd: root, env: environment, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let output = '';
  const ended = once(child, 'exit');
  const ready = new Promise<void>((resolve) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        output += text;
        if (output.includes('is ready')) resolve();
      });
    }
  });
  const early = (async (): Promise<void> => {
    const [code] = await ended;
    if (!output.includes('is ready')) throw new Error(`the server ended (${code}) while starting:\n${output}`);
  })();
  await Promise.race([ready, early]);
  early.catch(() => undefined);
  return { child, ended, output: () => output };
}

function caller({
  member,
  child,
  address,
  key,
  output,
}: Pick<ServerProcess, 'member' | 'child' | 'address' | 'key' | 'output'>): ServerProcess['call'] {
  return async (method, path, body, headers = {}) => {
    const response = await fetch(`${address}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        'drum-purpose': 'operation',
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    }).catch((cause: unknown) => {
      const state = child.exitCode === null ? 'runs' : `has ended (${child.exitCode})`;
      throw new Error(`${member} ${method} ${path}: no answer; the server ${state}:\n${output().slice(-2000)}`, {
        cause,
      });
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  };
}

/** Runs one `drum` command to its end. */
export async function drum(data: string, ...words: string[]): Promise<{ code: number; out: string; err: string }> {
  const child = spawn(process.execPath, [program, '--data', data, ...words], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  const [code] = await once(child, 'close');
  return { code: code as number, out, err };
}

/** A port of this machine that nobody listens at now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
