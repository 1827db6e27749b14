import type { LedgerStreamParts } from './ledger-stream.ts';
import type { Nats } from './nats-connection.ts';
import { openNatsStream } from './nats-stream.ts';
import { openPostgresStream } from './postgres-stream.ts';
import type { Stream } from './stream.ts';

export interface StreamParts extends LedgerStreamParts {
  /** With it, the stream is on NATS JetStream. */
  readonly nats?: Nats | undefined;
  /** What a stream of NATS is called, before a random id. */
  readonly name: string;
}

/** A room's stream, in PostgreSQL or on NATS. */
export function openStream({ nats, ...parts }: StreamParts): Promise<Stream> {
  return nats === undefined ? openPostgresStream(parts) : openNatsStream({ ...parts, nats });
}
