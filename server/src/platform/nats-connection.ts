import { jetstream, jetstreamManager, type JetStreamClient, type JetStreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { Outage } from '../kernel/refusals.ts';
import { endsWithin, pause } from './loops.ts';
import type { NatsAddress } from './nats-address.ts';

/** The one connection of this process to NATS. It connects again by itself, to any server of the cluster. */
export interface Nats {
  readonly connection: NatsConnection;
  readonly streams: JetStreamManager;
  readonly publish: JetStreamClient['publish'];
  /** Whatever fails in the work is an outage, except what `isOurs` knows. While there is no connection it is not begun. */
  ask<T>(work: () => Promise<T>, isOurs?: (error: unknown) => boolean): Promise<T>;
  close(): Promise<void>;
}

/** How long an answer may take. */
const answerMsMax = 5000;
const reconnectWaitMs = 200;
const pingMs = 5000;
const startAttempts = 20;
const startWaitMs = 500;
const retryAfterSeconds = 2;

/** Connects, with some patience for a server that is starting too. */
export async function openNats(address: NatsAddress, onError: (error: unknown) => void): Promise<Nats> {
  const connection = await connectPatiently(address);
  const streams = await jetstreamManager(connection, { timeout: answerMsMax, checkAPI: false });
  const client = jetstream(connection, { timeout: answerMsMax });
  let isConnected = true;
  const watching = (async () => {
    for await (const status of connection.status()) {
      if (status.type === 'disconnect' || status.type === 'staleConnection') isConnected = false;
      if (status.type === 'reconnect') isConnected = true;
      if (status.type === 'error') onError(status.error);
    }
  })().catch(onError);
  return {
    connection,
    streams,
    publish: client.publish.bind(client),
    async ask(work, isOurs = () => false) {
      // What is sent now would wait in memory for the connection, and arrive when nobody expects it any more.
      if (!isConnected) throw new Outage('NATS is not connected', retryAfterSeconds);
      try {
        return await work();
      } catch (error) {
        if (error instanceof Outage || isOurs(error)) throw error;
        throw new Outage('NATS does not answer', retryAfterSeconds, { cause: error });
      }
    },
    async close() {
      // To a server that is gone, nothing can be said.
      if (isConnected) await endsWithin(connection.flush().catch(onError), answerMsMax);
      await connection.close();
      await watching;
    },
  };
}

async function connectPatiently(address: NatsAddress): Promise<NatsConnection> {
  const { servers, user, password, token, caFile, isEncrypted } = address;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await connect({
        servers: servers.map((server) => server.slice(server.indexOf('//') + 2)),
        name: 'bronze-drum',
        ...(user !== undefined && { user, pass: password ?? '' }),
        ...(token !== undefined && { token }),
        ...(isEncrypted && { tls: { ...(caFile !== undefined && { caFile }) } }),
        maxReconnectAttempts: -1,
        reconnectTimeWait: reconnectWaitMs,
        pingInterval: pingMs,
        maxPingOut: 2,
        timeout: answerMsMax,
        ignoreAuthErrorAbort: true,
      });
    } catch (error) {
      if (attempt === startAttempts)
        throw new Error(`NATS does not answer at ${servers.join(', ')}: ${String(error)}`, { cause: error });
      await pause(startWaitMs);
    }
  }
}
