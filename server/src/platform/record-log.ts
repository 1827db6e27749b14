import type { Tx } from './db.ts';
import type { NewRecord, ReadRecords } from './stream.ts';

/** Where a stream keeps what its records say; who sent them, their numbers and how far each consumer is are in PostgreSQL. */
export interface RecordLog {
  /** The texts are in the table too. */
  readonly isTable: boolean;
  /** Gives records the numbers after `from`, the last one that was given. Throws at what could not be kept. */
  place(records: readonly NewRecord[], from: number, receivedAtMs: number): PlacedRecords;
  /**
   * Puts into the table what the log holds beyond it, if there is any, and says so. Before anything else is stored, after a
   * start or a failure: what the log kept for a transaction that did not come to its commit is then known.
   */
  reconcile(): Promise<boolean>;
  /** Records that reach the partitions of a mask, after a number and up to the last one that is visible. */
  read(after: number, limit: number, mask: number | undefined, visible: number): Promise<ReadRecords>;
  /** Lets go of what the table knows no more; in the transaction that dropped it there. */
  drop(tx: Tx): void;
  /** How processes tell each other that there is something new; without it they have to look. */
  readonly news?: { tell(): void; hear(then: () => void): void };
  close(): Promise<void>;
}

/** Records with their numbers, on their way into the log. */
export interface PlacedRecords {
  numberOf(index: number): number;
  /** The last number that is taken; one that no record has counts as read together with those before it. */
  readonly end: number;
  /** Resolves once they are durable. Called at once, so that what was placed first is kept first. */
  keep(): Promise<void>;
  /** Whether the log has answered that it keeps this record, as one that we gave it. */
  isKept(index: number): boolean;
}

/** Somebody else gave numbers, so that what this process believes of the stream is not all of it. */
export class OthersWrote extends Error {}
