import type { Hop } from '@bronze-drum/detection/payment-book';
import type { Sight } from '@bronze-drum/detection/sight';
import { hash } from 'node:crypto';
import type { Activity } from '../activity/activity.ts';
import type { Tx } from '../platform/db.ts';
import type { Following, NewRecord, StoredRecord, Stream } from '../platform/stream.ts';

/** A payment from who is watched here to who is watched elsewhere, with what lies behind it. */
export interface Forwarded {
  readonly hops: readonly Hop[];
  readonly sight: Sight<'payment'>;
}

/** How processes that watch different partitions tell each other where money came from. */
export interface Forwarding {
  /** Durable once it resolves; what is told twice is heard once. */
  tell(forwards: readonly Forwarded[]): Promise<void>;
  follow(
    name: string,
    handle: (tx: Tx, batch: readonly (Forwarded & { number: number })[]) => Promise<void>,
  ): Following;
  /** What was told to this process after a number and up to another. */
  readAgain(
    after: number,
    upTo: number,
    take: (page: readonly (Forwarded & { number: number })[]) => void,
  ): Promise<void>;
  readUpTo(name: string): Promise<number>;
}

const pageRecords = 500;

export function openForwarding(parts: {
  readonly stream: Stream;
  readonly activity: Pick<Activity, 'partitionOf'>;
  readonly partitions: readonly number[];
}): Forwarding {
  const { stream, activity, partitions } = parts;

  function recordOf({ hops, sight }: Forwarded): NewRecord {
    const text = JSON.stringify({ hops, sight });
    return {
      source: 'detection',
      kind: 0,
      id: String(sight.number),
      digest: hash('sha256', text, 'base64url').slice(0, 22),
      reaches: 1 << activity.partitionOf(sight.record.to!),
      atMs: sight.atMs,
      text,
    };
  }

  return {
    async tell(forwards) {
      await stream.append(forwards.map(recordOf));
    },
    follow: (name, handle) =>
      stream.follow({ name, partitions, handle: (tx, records) => handle(tx, records.map(forwardedOf)) }),
    async readAgain(after, upTo, take) {
      for (let at = after; at < upTo;) {
        const page = (await stream.read(at, pageRecords, partitions)).filter(({ number }) => number <= upTo);
        if (page.length === 0) return;
        take(page.map(forwardedOf));
        at = page.at(-1)!.number;
      }
    },
    readUpTo: stream.handledUpTo,
  };
}

function forwardedOf({ number, text }: StoredRecord): Forwarded & { number: number } {
  return { ...(JSON.parse(text) as Forwarded), number };
}
