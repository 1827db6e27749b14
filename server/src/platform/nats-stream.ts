import { openLedgerStream, type LedgerStreamParts } from './ledger-stream.ts';
import { bindStream } from './nats-binding.ts';
import type { Nats } from './nats-connection.ts';
import { openNatsLog } from './nats-log.ts';
import type { Stream } from './stream.ts';

export interface NatsStreamParts extends LedgerStreamParts {
  readonly nats: Nats;
  /** What the name of its stream in NATS begins with, before a random id. */
  readonly name: string;
}

/** The stream on NATS JetStream: what records say is there, and in PostgreSQL are their identities, their numbers and the cursors. */
export async function openNatsStream(parts: NatsStreamParts): Promise<Stream> {
  const { db, schema, nats, name, isShared = false, onError } = parts;
  const binding = await bindStream({ db, schema, nats, name });
  return openLedgerStream(parts, openNatsLog({ db, schema, nats, binding, isShared, onError }));
}
