import { access as reach, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { readScoreModel, type ScoreModel } from '@bronze-drum/detection/model/score-model';
import { readNetworks } from '@bronze-drum/detection/networks';
import type { Ground } from '@bronze-drum/detection/watch';
import { isRefusal } from '@bronze-drum/protocol/refusals';
import { accessRoutes } from './access/routes.ts';
import { openAccess, type Access } from './access/access.ts';
import { openActivity, type Activity } from './activity/activity.ts';
import { activityRoutes } from './activity/routes.ts';
import {
  openAlerts,
  openWebhooks,
  prepareAlerts,
  type Alerts,
  type AlertsParts,
  type Webhooks,
} from './alerts/alerts.ts';
import { alertRoutes, webhookRoutes } from './alerts/routes.ts';
import { openDetection, type Detection } from './detection/detection.ts';
import { detectionRoutes } from './detection/routes.ts';
import { openEvidence, type Evidence } from './evidence/evidence.ts';
import { evidenceRoutes } from './evidence/routes.ts';
import { openCalls, openDirectory, refuseWhenIsolated, type Directory } from './directory/directory.ts';
import { directoryRoutes } from './directory/routes.ts';
import { openFederation, type Federation } from './federation/federation.ts';
import { federationRoutes } from './federation/routes.ts';
import { openFunds, type Funds, type FundsParts } from './funds/funds.ts';
import { fundsRoutes } from './funds/routes.ts';
import { openJournal, type Journal } from './journal/journal.ts';
import { journalRoutes } from './journal/routes.ts';
import { systemClock, type Clock } from './kernel/clock.ts';
import { newSecret } from './kernel/ids.ts';
import { parsePolicy } from './kernel/policy.ts';
import { openLiaison, type OpenLiaison } from './liaison/liaison.ts';
import { liaisonRoutes } from './liaison/routes.ts';
import { openOrders, type OrdersRoom } from './orders/orders.ts';
import { orderRoutes } from './orders/routes.ts';
import { openBlobs } from './platform/blobs.ts';
import { openClocks } from './platform/clocks.ts';
import type { Config } from './platform/config.ts';
import { openDb, type Db, type DbAddress } from './platform/db.ts';
import { deskFiles } from './platform/desk-files.ts';
import { startEmbeddedPostgres, type EmbeddedPostgres } from './platform/embedded-postgres.ts';
import { lockFolder } from './platform/folder-lock.ts';
import { openHttp, type Http } from './platform/http.ts';
import { readTls } from './platform/mutual-tls.ts';
import { openNats } from './platform/nats-connection.ts';
import { openLive, type Live } from './platform/live.ts';
import { liveRoutes } from './platform/live-routes.ts';
import { openRates } from './platform/rates.ts';
import { refuseUnfinishedRestore } from './platform/restore.ts';
import { openSigner, readOrCreate, type Signer } from './platform/signer.ts';
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
  readonly directory: Directory;
  readonly federation: Federation;
  readonly evidence: Evidence;
  readonly redress: Redress;
  readonly registry: Registry;
  readonly screening: Screening;
  readonly activity: Activity;
  readonly detection: Detection;
  readonly alerts: Alerts;
  readonly webhooks: Webhooks;
  readonly live: Live;
  readonly orders: OrdersRoom;
  readonly liaison: OpenLiaison;
  readonly funds: Funds;
}

/** Every route of the server, in the order of the house. */
export function routesOf(http: Http, rooms: Rooms): void {
  const { journal, access, directory, federation, redress, registry, screening } = rooms;
  const { evidence, activity, detection, alerts, webhooks, live, orders, liaison, funds } = rooms;
  journalRoutes(http, journal, federation);
  accessRoutes(http, access);
  directoryRoutes(http, directory, access, federation.authenticateParty);
  federationRoutes(http, federation, access);
  evidenceRoutes(http, evidence, access, federation.authenticateParty);
  redressRoutes(http, redress, access);
  registryRoutes(http, registry, access);
  screeningRoutes(http, screening, access);
  activityRoutes(http, activity, access);
  detectionRoutes(http, detection, access);
  alertRoutes(http, alerts, access);
  webhookRoutes(http, webhooks, access);
  orderRoutes(http, orders, access);
  liaisonRoutes(http, liaison, access);
  fundsRoutes(http, funds, access);
  liveRoutes(http, live, access);
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
  const restoredMark = join(folder, 'restored.json');
  const restored = await exists(restoredMark);
  const journal = await openJournal({ db, clock, signer, member, onError, held: true });
  stack.add(journal.close);
  const secureCookies = config.tls !== undefined || config.address?.startsWith('https:') === true;
  const access = await openAccess({ db, clock, clocks, rates, policy, telemetry, member, secureCookies });
  stack.add(access.close);
  const tls = config.tls && (await readTls(config.tls));
  const http = await openHttp(telemetry, tls);
  const address = (): string => config.address ?? addressOf(config, http);
  const directory = await openDirectory({ db, clock, clocks, signer, access, member, address, onError });
  stack.add(directory.close);
  const calls = openCalls({
    self: member,
    clock,
    signer,
    callKeysOf: (party) => directory.keysOf(party, 'call', clock.now()),
    addressOf: (party) => directory.party(party)?.address,
    isIsolated: directory.isIsolated,
    tls,
  });
  stack.add(calls.close);
  const onRecovered = async (): Promise<void> => {
    if (await exists(restoredMark)) await rename(restoredMark, join(folder, 'recovered.json'));
  };
  const world = {
    db,
    clock,
    clocks,
    policy,
    signer,
    journal,
    access,
    directory,
    calls,
    telemetry,
    restored,
    onRecovered,
  };
  const federation = await openFederation(world);
  const blobs = await openBlobs(join(folder, 'blobs'));
  const evidence = await openEvidence({ ...world, blobs });
  const redress = await openRedress({ db, clock, clocks, policy, journal, access });
  const registry = await openRegistry({ db, clock, clocks, policy, journal, access, redress, telemetry });
  const seed = await readOrCreate(join(folder, 'keys', 'index-seed'), () => newSecret('seed'));
  const screening = await openScreening({ db, clock, clocks, policy, journal, registry, access, telemetry, seed });
  stack.add(screening.close);
  const happening = await openHappening({ ...world, federation, registry, screening, onError }, config, stack);
  const acting = await openActing({ ...world, ...happening, evidence, redress }, stack);
  stack.add(() => http.close());
  // Before the doors close, which waits for what is under way: a stream to a neighbour never ends by itself.
  stack.add(federation.close);
  refuseWhenIsolated(http, directory.isIsolated);
  operatorRoutes(http, telemetry, { ready: screening.ready, check: () => db.query('SELECT 1') });
  const ground = { journal, access, directory, federation, evidence, redress, registry, screening };
  routesOf(http, { ...ground, ...happening, ...acting });
  await deskFiles(http, { folder });
  await http.listen({ host: config.host, port: config.port });
  await announce(folder, addressOf(config, http), await access.localKey());
  stack.add(() => rm(join(folder, 'server.json'), { force: true }));
  happening.detection.start();
  happening.alerts.start();
  await acting.liaison.start();
  acting.funds.start();
  await federation.start();
  clocks.start();
  return {
    address: addressOf(config, http),
    firstRun: await access.firstRun(),
    failed: postgres?.ended ?? new Promise(() => undefined),
    close: stack.close,
  };
}

/** The rooms of what happens as it happens: what institutions report, and what follows for whom. */
async function openHappening(
  parts: Omit<AlertsParts, 'activity' | 'detection' | 'screening' | 'live' | 'webhooks' | 'access'> &
    Pick<Rooms, 'access' | 'screening'> & { readonly signer: Signer; readonly onError: (error: unknown) => void },
  { folder, networksFile, scoreModelFile, roles, webhooksToPrivate, nats: natsAddress }: Config,
  stack: ReturnType<typeof openStack>,
): Promise<Pick<Rooms, 'activity' | 'detection' | 'alerts' | 'webhooks' | 'live'>> {
  const { db, access } = parts;
  const nats = natsAddress && (await openNats(natsAddress, parts.onError));
  if (nats !== undefined) stack.add(nats.close);
  const activity = await openActivity({ ...parts, nats });
  stack.add(activity.close);
  const networkOf = await networksIn(networksFile);
  const detection = await openDetection({
    ...parts,
    activity,
    networkOf,
    model: await modelIn(scoreModelFile),
    folder: join(folder, 'detection'),
    isWatchedElsewhere: !roles.includes('detect'),
  });
  stack.add(detection.close);
  const live = openLive(parts);
  stack.add(live.close);
  access.desk.tellPresence(live);
  access.approvals.tellOn(live);
  await prepareAlerts(db);
  const secretSeed = parts.signer.secretFor('webhooks');
  const webhooks = await openWebhooks({ ...parts, secretSeed, mayReachPrivate: webhooksToPrivate });
  stack.add(webhooks.close);
  const alerts = await openAlerts({
    ...parts,
    activity,
    detection,
    live,
    webhooks,
    kindOfOffice: access.offices.kindOf,
  });
  stack.add(alerts.close);
  return { activity, detection, alerts, webhooks, live };
}

/** The rooms in which somebody acts: what institutions are told to do, what members ask of each other, and the money. */
async function openActing(
  parts: Omit<FundsParts, 'orders' | 'liaison' | 'directory' | 'signer'> &
    Pick<Rooms, 'directory' | 'evidence' | 'live' | 'webhooks'> & { readonly signer: Signer },
  stack: ReturnType<typeof openStack>,
): Promise<Pick<Rooms, 'orders' | 'liaison' | 'funds'>> {
  const orders = await openOrders(parts);
  stack.add(orders.close);
  const liaison = await openLiaison(parts);
  stack.add(liaison.close);
  const funds = await openFunds({ ...parts, orders, liaison });
  stack.add(funds.close);
  return { orders, liaison, funds };
}

/** Reads the file of networks, if there is one. Throws with the line that cannot be read. */
export async function networksIn(file: string | undefined): Promise<Ground['networkOf']> {
  if (file === undefined) return () => undefined;
  const networks = readNetworks(await readFile(file, 'utf8'));
  if (isRefusal(networks)) throw new Error(`${file}: ${networks.refused} ${JSON.stringify(networks.params ?? {})}`);
  return networks.networkOf;
}

/** Reads a model, if there is one. Throws if it cannot be used. */
export async function modelIn(file: string | undefined): Promise<ScoreModel | undefined> {
  return file === undefined ? undefined : readScoreModel(await readFile(file, 'utf8'));
}

/** Where commands on this machine reach the server. */
function addressOf(config: Config, http: Http): string {
  const { port } = http.server.address() as AddressInfo;
  const host = config.host.includes(':') ? `[${config.host}]` : config.host;
  return `${config.tls === undefined ? 'http' : 'https'}://${host}:${port}`;
}

async function exists(path: string): Promise<boolean> {
  return reach(path).then(
    () => true,
    () => false,
  );
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
