import { RetentionPolicy, StorageType, JetStreamApiError } from '@nats-io/jetstream';
import { newId } from '../kernel/ids.ts';
import { Outage } from '../kernel/refusals.ts';
import type { Db } from './db.ts';
import { pause } from './loops.ts';
import type { Nats } from './nats-connection.ts';
import { messageRecordsMax } from './nats-payload.ts';
import { readLast } from './stream-writing.ts';

/** Which stream of NATS holds the texts of a room's records, and from which number on. */
export interface NatsBinding {
  readonly stream: string;
  /** Numbers up to this one were given before; a multiple of `messageRecordsMax`. */
  readonly base: number;
}

/** The number before the first of a message's own. */
export const startOf = ({ base }: NatsBinding, sequence: number): number => base + sequence * messageRecordsMax;

/** The last number of a message, whether a record has it or not. */
export const endOf = (binding: NatsBinding, sequence: number): number =>
  startOf(binding, sequence) + messageRecordsMax - 1;

/** The message whose number this is; 0 for one that was given before. */
export const sequenceOf = ({ base }: NatsBinding, number: number): number =>
  Math.max(0, Math.floor((number - base) / messageRecordsMax));

const nanosecondsAMs = 1_000_000;
const dedupeMs = 120_000;
const replicas = 3;
const startAttempts = 20;
const startWaitMs = 500;

const apiCodes = { streamNotFound: 10_059, replicasWithoutCluster: 10_074 };
const isCode = (error: unknown, code: number): boolean => error instanceof JetStreamApiError && error.code === code;

/**
 * Finds the stream of this database, or makes one under a name of its own: `name` and a random id, so that servers which share a NATS
 * never mix. Throws when the stream has lost what was acknowledged.
 */
export async function bindStream(parts: {
  readonly db: Db;
  readonly schema: string;
  readonly nats: Nats;
  readonly name: string;
}): Promise<NatsBinding> {
  const { db, schema, nats, name } = parts;
  const binding = await db.tx(async (tx): Promise<NatsBinding> => {
    const last = await readLast(tx, schema, true);
    const [known] = await tx.query<NatsBinding & object>(`SELECT stream, base FROM ${schema}.nats`);
    if (known !== undefined) return known;
    const base = Math.ceil(last / messageRecordsMax) * messageRecordsMax;
    const fresh = { stream: `${name}-${newId()}`, base };
    await tx.query(`INSERT INTO ${schema}.nats (stream, base) VALUES ($1, $2)`, [fresh.stream, fresh.base]);
    return fresh;
  });
  for (let attempt = 1; ; attempt += 1) {
    try {
      const acknowledged = sequenceOf(binding, await readLast(db, schema));
      await nats.ask(
        () => openStream(nats, binding, acknowledged),
        (error) => error instanceof LostRecords,
      );
      return binding;
    } catch (error) {
      if (!(error instanceof Outage)) throw error;
      if (attempt === startAttempts)
        throw new Error(`the NATS stream ${binding.stream} cannot be opened: ${whyOf(error)}`, { cause: error });
      await pause(startWaitMs);
    }
  }
}

const whyOf = ({ cause, message }: Outage): string => (cause instanceof Error ? cause.message : message);

class LostRecords extends Error {}

export const lostText = (stream: string, acknowledged: number, held: number): string =>
  `the NATS stream ${stream} holds ${held} messages, but ${acknowledged} were acknowledged: give it back its data, or see docs/guides/operator.md on how to leave it`;

async function openStream(nats: Nats, { stream }: NatsBinding, acknowledged: number): Promise<void> {
  try {
    await nats.streams.streams.info(stream);
    return;
  } catch (error) {
    if (!isCode(error, apiCodes.streamNotFound)) throw error;
  }
  if (acknowledged > 0) throw new LostRecords(lostText(stream, acknowledged, 0));
  const make = (copies: number) =>
    nats.streams.streams.add({
      name: stream,
      subjects: [stream],
      retention: RetentionPolicy.Limits,
      storage: StorageType.File,
      num_replicas: copies,
      duplicate_window: dedupeMs * nanosecondsAMs,
      allow_direct: true,
      deny_delete: true,
    });
  try {
    await make(replicas);
  } catch (error) {
    if (!isCode(error, apiCodes.replicasWithoutCluster)) throw error;
    await make(1);
  }
}
