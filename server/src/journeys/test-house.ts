import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openHouse } from '../house.ts';
import { systemClock, type Clock } from '../kernel/clock.ts';
import { testDatabaseUrl } from '../platform/test-database.ts';
import { testNatsAddress } from '../platform/test-nats.ts';

export interface TestHouse {
  readonly member: string;
  readonly address: string;
  /** Its data folder. */
  readonly folder: string;
  readonly databaseUrl: string;
  /** The key of commands on the server's own machine. */
  readonly operatorKey: string;
  readonly firstRun: { officer: string; code: string } | null;
  call(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<{ status: number; body: any }>;
  /** With `keep` the folder stays, for a house that is opened on it again. */
  close(keep?: boolean): Promise<void>;
}

/** A whole server in this process, on a database of its own, as its users meet it: over HTTP. */
export async function openTestHouse(
  clock: Clock = systemClock,
  options: {
    readonly member?: string;
    /** Of an earlier house, to be opened again. */
    readonly folder?: string;
    readonly databaseUrl?: string;
    readonly port?: number;
    readonly policyFile?: string;
  } = {},
): Promise<TestHouse> {
  const member = options.member ?? 'th';
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'drum-house-')));
  const databaseUrl = options.databaseUrl ?? (await testDatabaseUrl());
  const house = await openHouse(
    {
      member,
      folder,
      host: '127.0.0.1',
      port: options.port ?? 0,
      databaseUrl,
      nats: testNatsAddress(),
      policyFile: options.policyFile ?? fileURLToPath(new URL(`../../../policies/${member}.json`, import.meta.url)),
      logLevel: 'silent',
      keyPassphrase: undefined,
      tls: undefined,
      address: undefined,
      roles: ['serve', 'detect'],
      webhooksToPrivate: true,
    },
    clock,
  );
  const operatorKey = (await readFile(join(folder, 'operator.key'), 'utf8')).trim();
  return {
    member,
    folder,
    databaseUrl,
    address: house.address,
    operatorKey,
    firstRun: house.firstRun,
    async call(method, path, body, headers = {}) {
      const response = await fetch(`${house.address}${path}`, {
        method,
        headers: {
          authorization: `Bearer ${operatorKey}`,
          'drum-purpose': 'investigation',
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      const text = await response.text();
      return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
    },
    async close(keep = false) {
      await house.close();
      if (!keep) await rm(folder, { recursive: true, force: true });
    },
  };
}
