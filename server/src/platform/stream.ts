import type { Tx } from './db.ts';

/** The bit mask of some partitions; undefined stands for all. */
export const maskOf = (partitions: readonly number[] | undefined): number | undefined =>
  partitions?.reduce((mask, partition) => mask | (1 << partition), 0);

/** One record on its way into the stream. */
export interface NewRecord {
  /** Who sends it, what it is, and the sender's own id: together its identity. */
  readonly source: string;
  readonly kind: number;
  readonly id: string;
  /** Of what it says; the same identity with another digest is a conflict. */
  readonly digest: string;
  /** One bit for each partition that it reaches, 1 << partition; at least one. */
  readonly reaches: number;
  /** When it happened. */
  readonly atMs: number;
  /** Not empty. */
  readonly text: string;
}

/** `number` grows in the order in which records become visible, without regard to partitions. */
export interface StoredRecord extends Omit<NewRecord, 'digest'> {
  readonly number: number;
  readonly receivedAtMs: number;
}

/** Some records, and the number up to which there are no others. */
export interface ReadRecords {
  readonly records: readonly StoredRecord[];
  readonly upTo: number;
}

/** A known record was stored before, and is not stored again; nor is one in conflict. */
export type Appended = 'new' | 'known' | 'conflict';

export interface StreamConsumer {
  /** Of its durable cursor. */
  readonly name: string;
  /** After which record a new name begins; otherwise with the oldest that is kept. */
  readonly from?: number;
  /** It is given what reaches one of them; everything, unless some are named. */
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
  /** At most 30: a bit mask has room for so many. */
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
  /** The number of the last record that a consumer has durably handled; 0 before its first. */
  handledUpTo(consumer: string): Promise<number>;
  /** Records that wait to be stored. */
  waiting(): number;
  /** Drops the days that ended before an instant. */
  drop(tx: Tx, beforeMs: number): Promise<void>;
  /** Stores what is waiting, and ends. */
  close(): Promise<void>;
}
