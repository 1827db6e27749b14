import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isPartyCode } from '@bronze-drum/protocol/members';
import type { Problem } from '../platform/problem.ts';

/** How a command reaches a server: the options that every such command takes. */
export interface ConnectionOptions {
  /** A server on this machine, by its member; by default the first one in the data folder. */
  readonly member?: string;
  /** A server anywhere, by its address; its key then comes from DRUM_KEY. */
  readonly server?: string;
  readonly data: string;
  readonly key?: string;
}

export interface Connection {
  readonly address: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Sends JSON and returns the answer's JSON. Throws a CommandError that says what to do about a refusal. */
  call<T>(method: string, path: string, body?: unknown): Promise<T>;
}

/** Something that the user of a command can put right; printed without a stack. */
export class CommandError extends Error {
  override name = 'CommandError';
  readonly code: string;

  constructor(message: string, code = 'command') {
    super(message);
    this.code = code;
  }
}

/**
 * Connects to a server. On its own machine the server leaves its address and an operator's key in its data folder,
 * readable by whoever runs it; elsewhere both are given.
 */
export async function connect(options: ConnectionOptions): Promise<Connection> {
  const { address, key } = options.server === undefined ? await local(options) : remote(options.server, options.key);
  const headers = { authorization: `Bearer ${key}`, 'drum-purpose': 'operation' };
  return {
    address,
    headers,
    async call<T>(method: string, path: string, body?: unknown): Promise<T> {
      const response = await send(`${address}${path}`, {
        method,
        headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      if (response.ok) return (response.status === 204 ? undefined : await response.json()) as T;
      throw await refusalOf(response);
    },
  };
}

async function send(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch {
    throw new CommandError(`no server answers at ${new URL(url).origin}. Start it with: npm start`, 'unreachable');
  }
}

/** A refusal as one line that a person can act on. */
export async function refusalOf(response: Response): Promise<CommandError> {
  const problem = (await response.json().catch(() => undefined)) as Problem | undefined;
  if (problem?.code === undefined) return new CommandError(`the server answered ${response.status}`, 'unreadable');
  const params = Object.entries(problem.params ?? {}).map(([name, value]) => `${name} ${value}`);
  return new CommandError(`refused: ${[problem.code, ...params].join(', ')}`, problem.code);
}

function remote(server: string, key: string | undefined): { address: string; key: string } {
  if (key === undefined) throw new CommandError('set DRUM_KEY to the key with which you may speak to that server');
  return { address: server.replace(/\/$/, ''), key };
}

async function local(options: ConnectionOptions): Promise<{ address: string; key: string }> {
  const member = options.member ?? (await firstMember(options.data));
  const folder = join(options.data, member);
  try {
    const { address } = JSON.parse(await readFile(join(folder, 'server.json'), 'utf8')) as { address: string };
    const key = options.key ?? (await readFile(join(folder, 'operator.key'), 'utf8')).trim();
    return { address, key };
  } catch {
    throw new CommandError(`no server of ${member} has been started in ${options.data}. Start it with: npm start`);
  }
}

async function firstMember(data: string): Promise<string> {
  const names = await readdir(data).catch(() => []);
  const member = names.filter(isPartyCode).sort()[0];
  if (member === undefined) throw new CommandError(`no server has been started in ${data}. Start it with: npm start`);
  return member;
}
