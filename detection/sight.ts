import type { ActivityKind, ActivityRecords } from '@bronze-drum/protocol/activity/kinds';

/** One record as it comes into detection: read and checked before, its identifiers are keys. */
export interface Sight<K extends ActivityKind = ActivityKind> {
  /** Grows from record to record. */
  readonly number: number;
  readonly kind: K;
  readonly institution: string;
  /** The institution's own. */
  readonly id: string;
  readonly atMs: number;
  readonly record: ActivityRecords[K];
}
