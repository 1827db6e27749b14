import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { accessRoutes } from './access/routes.ts';
import { openAccess, type Access } from './access/access.ts';
import { openJournal, type Journal } from './journal/journal.ts';
import { journalRoutes } from './journal/routes.ts';
import { systemClock, type Clock } from './kernel/clock.ts';
import { newSecret } from './kernel/ids.ts';
import { parsePolicy } from './kernel/policy.ts';
import { openClocks } from './platform/clocks.ts';
import type { Config } from './platform/config.ts';
import { openDb, type Db, type DbAddress } from './platform/db.ts';
import { startEmbeddedPostgres, type EmbeddedPostgres } from './platform/embedded-postgres.ts';
import { lockFolder } from './platform/folder-lock.ts';
import { openHttp, type Http } from './platform/http.ts';
import { openRates } from './platform/rates.ts';
import { refuseUnfinishedRestore } from './platform/restore.ts';
import { openSigner, readOrCreate } from './platform/signer.ts';
import { openTelemetry, type Telemetry } from './platform/telemetry.ts';
import { operatorRoutes } from './platform/operator-routes.ts';
import { openRedress, type Redress } from './redress/redress.ts';
import { redressRoutes } from './redress/routes.ts';
import { openRegistry, type Registry } from './registry/registry.ts';
import { registryRoutes } from './registry/routes.ts';
import { openScreening, type Screening } from './screening/screening.ts';
import { screeningRoutes } from './screening/routes.ts';

/** One nation's server, running. */
export interface House {
  readonly address: string;
  /** What the first administrator signs in with, once; null when somebody has. */
  readonly firstRun: { officer: string; code: string } | null;
  /** Settles with a reason if the server can no longer serve. */
  readonly failed: Promise<string>;
  /** Answers what was asked, writes what was promised, and ends. */
  close(): Promise<void>;
}

/** The rooms that answer over HTTP. */
export interface Rooms {
  readonly journal: Journal;
  readonly access: Access;
  readonly redress: Redress;
  readonly registry: Registry;
  readonly screening: Screening;
}

/** Every route of the server, in the order of the house. */
export function routesOf(http: Http, rooms: Rooms): void {
  const { journal, access, redress, registry, screening } = rooms;
  journalRoutes(http, journal, access);
  accessRoutes(http, access);
  redressRoutes(http, redress, access);
  registryRoutes(http, registry, access);
  screeningRoutes(http, screening, access);
}

/** Things to be closed, the last one opened first; one that fails does not keep the others open. */
function openStack(telemetry: Telemetry) {
  const opened: (() => Promise<unknown>)[] = [];
  return {
    add: (close: () => Promise<unknown>): void => void opened.push(close),
    async close(): Promise<void> {
      for (let close = opened.pop(); close !== undefined; close = opened.pop()) {
        await close().catch((error: unknown) => telemetry.log.error({ err: error }, 'closing'));
      }
    },
  };
}

/** Builds the rooms from the ground up, opens the door, and only then starts clocks and followers. */
export async function openHouse(config: Config, clock: Clock = systemClock): Promise<House> {
  const telemetry = openTelemetry({ level: config.logLevel, member: config.member });
  const stack = openStack(telemetry);
  try {
    const lock = await lockFolder(config.folder);
    stack.add(lock.release);
    await refuseUnfinishedRestore(config.folder);
    return await build(config, clock, telemetry, stack);
  } catch (error) {
    await stack.close();
    throw error;
  }
}

async function build(
  config: Config,
  clock: Clock,
  telemetry: Telemetry,
  stack: ReturnType<typeof openStack>,
): Promise<House> {
  const { member, folder } = config;
  const onError = (error: unknown): void => telemetry.log.error({ err: error }, 'background');
  const policy = parsePolicy(await readFile(config.policyFile, 'utf8'));
  if (policy.member !== member)
    throw new Error(`${config.policyFile} is the policy of ${policy.member}, not of ${member}`);
  const { db, postgres } = await openDatabase(config, telemetry, stack);
  const signer = await openSigner(join(folder, 'keys'), config.keyPassphrase);
  const rates = openRates(clock);
  const clocks = await openClocks({ db, clock, onError });
  stack.add(clocks.close);
  const journal = await openJournal({ db, clock, signer, member, onError });
  stack.add(journal.close);
  const access = await openAccess({ db, clock, clocks, rates, policy, telemetry, member });
  stack.add(access.close);
  const redress = await openRedress({ db, clock, clocks, policy, journal, access });
  const registry = await openRegistry({ db, clock, clocks, policy, journal, access, redress });
  const seed = await readOrCreate(join(folder, 'keys', 'index-seed'), () => newSecret('seed'));
  const screening = await openScreening({ db, clock, clocks, policy, journal, registry, access, telemetry, seed });
  stack.add(screening.close);
  const http = await openHttp(telemetry);
  stack.add(() => http.close());
  operatorRoutes(http, telemetry, { ready: screening.ready, check: () => db.query('SELECT 1') });
  routesOf(http, { journal, access, redress, registry, screening });
  await http.listen({ host: config.host, port: config.port });
  const { port } = http.server.address() as AddressInfo;
  const address = `http://${config.host.includes(':') ? `[${config.host}]` : config.host}:${port}`;
  await announce(folder, address, await access.localKey());
  stack.add(() => rm(join(folder, 'server.json'), { force: true }));
  clocks.start();
  return {
    address,
    firstRun: await access.firstRun(),
    failed: postgres?.ended ?? new Promise(() => undefined),
    close: stack.close,
  };
}

async function openDatabase(
  config: Config,
  telemetry: Telemetry,
  stack: ReturnType<typeof openStack>,
): Promise<{ db: Db; postgres: EmbeddedPostgres | undefined }> {
  const postgres =
    config.databaseUrl === undefined
      ? await startEmbeddedPostgres(config.folder, (line) => telemetry.log.debug({ line }, 'postgresql'))
      : undefined;
  if (postgres !== undefined) stack.add(postgres.stop);
  const address: DbAddress =
    postgres === undefined ? { url: config.databaseUrl! } : { ...postgres.connection, database: 'postgres' };
  const db = openDb({
    address,
    connectionsMax: 20,
    onError: (error) => telemetry.log.warn({ cause: error.message }, 'database connection'),
  });
  stack.add(db.close);
  await writePrivate(join(config.folder, 'database.json'), JSON.stringify(address));
  return { db, postgres };
}

/** Leaves what commands on this machine need where only the server's own user can read it. */
async function announce(folder: string, address: string, key: string): Promise<void> {
  await writePrivate(join(folder, 'operator.key'), `${key}\n`);
  await writePrivate(join(folder, 'server.json'), JSON.stringify({ address }));
}

async function writePrivate(path: string, text: string): Promise<void> {
  await mkdir(join(path, '..'), { recursive: true });
  await rm(path, { force: true });
  await writeFile(path, text, { mode: 0o600, flag: 'wx' });
}
