import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { openActivityReading } from './activity/activity.ts';
import { openDetectionWatch } from './detection/detection.ts';
import { modelIn, networksIn } from './house.ts';
import { systemClock } from './kernel/clock.ts';
import { newId } from './kernel/ids.ts';
import { parsePolicy } from './kernel/policy.ts';
import type { Config } from './platform/config.ts';
import { openDb, type DbAddress } from './platform/db.ts';
import { openHttp } from './platform/http.ts';
import { openNats } from './platform/nats-connection.ts';
import { operatorRoutes } from './platform/operator-routes.ts';
import { openTelemetry } from './platform/telemetry.ts';

/** A process that only looks for patterns in what is reported, running. */
export interface DetectHouse {
  /** Where it tells operators how it is. */
  readonly address: string;
  close(): Promise<void>;
}

/**
 * Looks at some partitions of what a member's server takes in, beside that server or on another machine. It waits while
 * another process looks at them, and takes over when that one ends, however it ends.
 */
export async function openDetectHouse(config: Config): Promise<DetectHouse> {
  const { member, folder, nats: natsAddress } = config;
  const telemetry = openTelemetry({ level: config.logLevel, member });
  const onError = (error: unknown): void => telemetry.log.error({ err: error }, 'background');
  const policy = parsePolicy(await readFile(config.policyFile, 'utf8'));
  const opened: (() => Promise<unknown>)[] = [];
  const close = async (): Promise<void> => {
    for (let end = opened.pop(); end !== undefined; end = opened.pop()) await end().catch(onError);
  };
  try {
    const db = openDb({
      address: await databaseOf(config),
      connectionsMax: 8,
      onError: (error) => telemetry.log.warn({ cause: error.message }, 'database connection'),
    });
    opened.push(db.close);
    const nats = natsAddress && (await openNats(natsAddress, onError));
    if (nats !== undefined) opened.push(nats.close);
    const shared = { db, clock: systemClock, policy, telemetry, nats, member };
    const activity = await openActivityReading(shared);
    opened.push(activity.close);
    const watch = await openDetectionWatch({
      ...shared,
      activity,
      networkOf: await networksIn(config.networksFile),
      model: await modelIn(config.scoreModelFile),
      folder: join(folder, 'detection'),
      partitions: config.partitions,
      watcher: `${hostname()} ${newId()}`,
      onError,
    });
    opened.push(watch.close);
    const http = await openHttp(telemetry, undefined);
    opened.push(() => http.close());
    operatorRoutes(http, telemetry, { ready: watch.isWatching, check: () => db.query('SELECT 1') });
    await http.listen({ host: config.host, port: config.port });
    watch.start();
    return { address: http.listeningOrigin, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** As the environment says, or where the server in this folder says that its own database is. */
async function databaseOf({ databaseUrl, folder, member }: Config): Promise<DbAddress> {
  if (databaseUrl !== undefined) return { url: databaseUrl };
  const text = await readFile(join(folder, 'database.json'), 'utf8').catch(() => {
    throw new Error(
      `DATABASE_URL is not set, and no server of ${member} runs in ${folder}: start that one first, or name its database`,
    );
  });
  return JSON.parse(text) as DbAddress;
}
