import type { Tx } from './db.ts';

/** One record on its way into the stream. */
export interface NewRecord {
  /** Who sends it, what it is, and the sender's own id: together its identity. */
  readonly source: string;
  readonly kind: number;
  readonly id: string;
  /** Of what it says; the same identity with another digest is a conflict. */
  readonly digest: string;
  readonly partition: number;
  /** When it happened. */
  readonly atMs: number;
  readonly text: string;
}

/** `number` grows in the order in which records become visible, without regard to partitions. */
export interface StoredRecord extends Omit<NewRecord, 'digest'> {
  readonly number: number;
  readonly receivedAtMs: number;
}

/** A known record was stored before, and is not stored again; nor is one in conflict. */
export type Appended = 'new' | 'known' | 'conflict';

export interface StreamConsumer {
  /** Of its durable cursor; a new name begins with the oldest record that is kept. */
  readonly name: string;
  /** All, unless some are named. */
  readonly partitions?: readonly number[];
  readonly batchMax?: number;
  /**
   * What it does and how far it has read become durable together. One that fails is called again with the same records
   * after a while, and so is one that did not come to its commit.
   */
  handle(tx: Tx, records: readonly StoredRecord[]): Promise<void>;
}

export interface Following {
  /** Resolves once everything that was appended before this call is handled; rejects if the handler fails. */
  caughtUp(): Promise<void>;
  close(): Promise<void>;
}

/** Records of many senders in one order, kept for a while, each stored once, read by many with cursors of their own. */
export interface Stream {
  readonly partitions: number;
  /**
   * Stores records in the order given; all of them or, when it throws, as far as anybody was told, none: `Refused` with
   * `too-many.records` when too much waits, `Outage` when the store is down. After an outage they may have been stored all
   * the same: to append them again is safe. Records that were stored longer ago than the stream remembers are new.
   */
  append(records: readonly NewRecord[]): Promise<Appended[]>;
  /** Those after a number, oldest first. */
  read(after: number, limit: number, partitions?: readonly number[]): Promise<StoredRecord[]>;
  follow(consumer: StreamConsumer): Following;
  /** Stores what is waiting, and ends. */
  close(): Promise<void>;
}
