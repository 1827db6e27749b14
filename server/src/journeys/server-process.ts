import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const program = join(root, 'server/src/main.ts');

export interface ServerProcess {
  readonly child: ChildProcess;
  readonly address: string;
  readonly key: string;
  /** Everything that it has printed. */
  output(): string;
  call<T = any>(method: string, path: string, body?: unknown): Promise<T>;
  /** Settles when the process has ended. */
  readonly ended: Promise<unknown>;
  postgresPid(): Promise<number>;
}

/** `drum serve` as a process of its own, with the PostgreSQL that comes along, on a folder that outlives it. */
export async function startServerProcess(data: string): Promise<ServerProcess> {
  const environment = { ...process.env };
  delete environment['DATABASE_URL'];
  const child = spawn(process.execPath, [program, '--data', data, '--member', 'th', 'serve', '--port', '0'], {
    cwd: root,
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
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
  const folder = join(data, 'th');
  const { address } = JSON.parse(await readFile(join(folder, 'server.json'), 'utf8')) as { address: string };
  const key = (await readFile(join(folder, 'operator.key'), 'utf8')).trim();
  return {
    child,
    address,
    key,
    ended,
    output: () => output,
    async call(method, path, body) {
      const response = await fetch(`${address}${path}`, {
        method,
        headers: {
          authorization: `Bearer ${key}`,
          'drum-purpose': 'operation',
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
      return text === '' ? undefined : JSON.parse(text);
    },
    postgresPid: async () =>
      Number((await readFile(join(folder, 'postgres', 'postmaster.pid'), 'utf8')).split('\n')[0]),
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
