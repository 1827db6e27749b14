import type { Clock } from '../kernel/clock.ts';
import { dayOf, dayPartitionsOf } from './day-partitions.ts';
import type { Db } from './db.ts';
import { openLoop } from './loops.ts';
import type { RecordLog } from './record-log.ts';
import { openSeenIds } from './seen-ids.ts';
import { maskOf, type ReadRecords, type StoredRecord, type Stream } from './stream.ts';
import { followStream, handledUpTo } from './stream-following.ts';
import { openStreamQueue, type WaitingMax } from './stream-queue.ts';
import { openStreamTail } from './stream-tail.ts';
import { openStreamWriting, readLast } from './stream-writing.ts';

export interface LedgerStreamParts {
  readonly db: Db;
  readonly clock: Clock;
  /**
   * Where its tables `records`, `numbers`, `cursors` and `nats` are, made by the migrations of the room that it serves: those of
   * `activity` show how.
   */
  readonly schema: string;
  readonly partitions: number;
  /** For how long a record's identity is remembered at least. */
  readonly rememberMs: () => number;
  readonly onError: (error: unknown) => void;
  readonly waitingMax?: WaitingMax;
  /** Other processes write to it too, or this one only reads: slower to write, and it looks whether there is something new. */
  readonly isShared?: boolean;
}

const tailMax = { recordsMax: 50_000, charactersMax: 32 * 1024 * 1024 };
const seenBytesMax = 64 * 1024 * 1024;
const seenRows = 5000;
/** How many transactions of one writer are under way at once. */
const lanesMax = 3;
/** How often a shared stream is looked at: with news, in case some were lost. */
const pollMs = { withNews: 1000, without: 100 };

/**
 * A stream whose order, identities and cursors are in PostgreSQL, and whose texts are in a log. What comes while its writer is busy is stored
 * together, in one transaction. One process writes, unless it is shared; another that does so all the same costs speed, and no record.
 */
export async function openLedgerStream(parts: LedgerStreamParts, log: RecordLog): Promise<Stream> {
  const { db, clock, schema, partitions, rememberMs, onError, isShared = false } = parts;
  const days = dayPartitionsOf(`${schema}.records`);
  const tail = openStreamTail(tailMax);
  const seen = openSeenIds(seenBytesMax);
  const followers = new Set<ReturnType<typeof followStream>>();
  const wakeAll = (): void => followers.forEach((follower) => follower.wake());
  /** Known only where nobody else writes. */
  let last: number | undefined;
  let isClosed = false;

  const newest = async (): Promise<number> => last ?? readLast(db, schema);

  const writing = openStreamWriting({
    db,
    schema,
    log,
    days,
    seen,
    now: clock.now,
    isShared,
    rememberedFrom: () => dayOf(clock.now() - rememberMs()),
    last: () => last,
    written(records, from, upTo) {
      if (records.length > 0) tail.push(records, from, upTo);
      if (!isShared) last = upTo;
      wakeAll();
      if (records.length > 0) log.news?.tell();
    },
    uncertain() {
      tail.clear();
      last = undefined;
      wakeAll();
    },
    mistaken: () => rereading.wake(),
  });

  /** Reads from the table which identities there are, behind what goes on; until it has, each is looked up. */
  async function reread(): Promise<void> {
    if (isShared) return;
    const from = dayOf(clock.now() - rememberMs());
    const kept = (await days.days(db)).filter((day) => day >= from);
    for (const day of kept) seen.open(day);
    seen.trust();
    await writing.settled();
    for (const day of kept.toReversed()) {
      if (isClosed) return;
      await writing.readSeen(day, seenRows, () => isClosed);
    }
  }

  async function readOn(after: number, limit: number, mask: number | undefined): Promise<ReadRecords> {
    if (last !== undefined && after >= last) return { records: [], upTo: after };
    const held = tail.read(after, limit);
    if (held !== undefined) return { records: reaching(held.records, mask), upTo: held.upTo };
    const visible = await newest();
    return after >= visible ? { records: [], upTo: after } : log.read(after, limit, mask, visible);
  }

  async function read(after: number, limit: number, of?: readonly number[]): Promise<StoredRecord[]> {
    const records: StoredRecord[] = [];
    const mask = maskOf(of);
    const visible = await newest();
    for (let at = after; at < visible && records.length < limit;) {
      const more = await readOn(at, limit - records.length, mask);
      records.push(...more.records);
      at = more.upTo;
    }
    return records;
  }

  const queue = openStreamQueue({
    write: writing.write,
    waitingMax: parts.waitingMax,
    partitions,
    lanesMax: isShared ? 1 : lanesMax,
  });
  const rereading = openLoop(reread, { onError });
  const poll = log.news === undefined ? pollMs.without : pollMs.withNews;
  const cursors = `${schema}.cursors`;
  const looking = { db, cursors, newest, readOn, pollMs: isShared ? poll : undefined, onError };
  seen.doubt();
  if (isShared) log.news?.hear(wakeAll);
  else {
    await writing.reconcile();
    last = await newest();
  }
  rereading.wake();
  return {
    partitions,
    waiting: queue.waiting,
    append: queue.append,
    read,
    async drop(tx, beforeMs) {
      await days.drop(tx, beforeMs);
      log.drop(tx);
      // What is no longer kept is no longer handed out.
      tx.afterCommit(tail.clear);
    },
    follow(consumer) {
      const following = followStream(looking, consumer);
      followers.add(following);
      return {
        caughtUp: following.caughtUp,
        async close() {
          followers.delete(following);
          await following.close();
        },
      };
    },
    handledUpTo: (consumer) => handledUpTo(db, cursors, consumer),
    async close() {
      isClosed = true;
      await queue.close();
      await rereading.close();
      for (const following of followers) await following.close();
      await log.close();
    },
  };
}

const reaching = (records: readonly StoredRecord[], mask: number | undefined): readonly StoredRecord[] =>
  mask === undefined ? records : records.filter(({ reaches }) => (reaches & mask) !== 0);
