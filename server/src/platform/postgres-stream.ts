import { assert } from '../kernel/assert.ts';
import type { Clock } from '../kernel/clock.ts';
import { Outage, refuse } from '../kernel/refusals.ts';
import { dayOf, dayPartitionsOf } from './day-partitions.ts';
import type { Db, Tx } from './db.ts';
import { openLoop } from './loops.ts';
import { openSeenIds } from './seen-ids.ts';
import type { Appended, NewRecord, Stream } from './stream.ts';
import { followStream } from './stream-following.ts';
import { openStreamTail } from './stream-tail.ts';
import { openStreamWriting, readRecordsAfter } from './stream-writing.ts';

export interface PostgresStreamParts {
  readonly db: Db;
  readonly clock: Clock;
  /** Where its tables `records`, `numbers` and `cursors` are, made by the migrations of the room that it serves. */
  readonly schema: string;
  readonly partitions: number;
  /** For how long a record's identity is remembered at least. */
  readonly rememberMs: () => number;
  readonly onError: (error: unknown) => void;
  /** How much may wait for the store. */
  readonly waitingMax?: { readonly records: number; readonly characters: number };
}

export interface PostgresStream extends Stream {
  /** Records that wait to be stored. */
  waiting(): number;
  /** Drops the days that ended before an instant. */
  drop(tx: Tx, beforeMs: number): Promise<void>;
}

interface Append {
  readonly records: readonly NewRecord[];
  readonly characters: number;
  readonly done: PromiseWithResolvers<Appended[]>;
}

const waitingMaxDefault = { records: 100_000, characters: 128 * 1024 * 1024 };
/** What one transaction takes of what waits. */
const groupMax = { records: 10_000, characters: 16 * 1024 * 1024 };
/** How many transactions are under way at once. */
const lanesMax = 3;
const tailMax = { recordsMax: 50_000, charactersMax: 32 * 1024 * 1024 };
const seenBytesMax = 64 * 1024 * 1024;
const seenRows = 5000;
const retryAfterSeconds = 1;

/**
 * The stream in PostgreSQL. What comes while its writer is busy is stored together, in one transaction. One process writes;
 * another that does so all the same costs speed, and no record.
 */
export async function openPostgresStream(parts: PostgresStreamParts): Promise<PostgresStream> {
  const { db, clock, schema, partitions, rememberMs, onError } = parts;
  const days = dayPartitionsOf(`${schema}.records`);
  const tail = openStreamTail(tailMax);
  const seen = openSeenIds(seenBytesMax);
  const followers = new Set<ReturnType<typeof followStream>>();
  const wakeAll = (): void => followers.forEach((follower) => follower.wake());
  let last: number | undefined;
  let isClosed = false;

  const newest = async (): Promise<number> => {
    if (last !== undefined) return last;
    const [row] = await db.query<{ last: number }>(`SELECT last FROM ${schema}.numbers`);
    assert(row !== undefined, `${schema}.numbers has its row`);
    return row.last;
  };

  const writing = openStreamWriting({
    db,
    schema,
    days,
    seen,
    now: clock.now,
    rememberedFrom: () => dayOf(clock.now() - rememberMs()),
    last: () => last,
    written(records, upTo) {
      tail.push(records);
      last = upTo;
      wakeAll();
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

  async function readOn(after: number, limit: number, of: readonly number[] | undefined) {
    if (last !== undefined && after >= last) return { records: [], upTo: after };
    const held = tail.read(after, limit);
    const upTo = held?.at(-1)?.number;
    if (held !== undefined && upTo !== undefined)
      return { records: of === undefined ? held : held.filter(({ partition }) => of.includes(partition)), upTo };
    const visible = await newest();
    const records = await readRecordsAfter(db, schema, after, limit, of);
    const isAll = records.length < limit;
    return { records, upTo: isAll ? Math.max(visible, records.at(-1)?.number ?? after) : records.at(-1)!.number };
  }

  const queue = openQueue({ write: writing.write, waitingMax: parts.waitingMax ?? waitingMaxDefault, partitions });
  const rereading = openLoop(reread, { onError });
  seen.doubt();
  last = await newest();
  rereading.wake();
  return {
    partitions,
    waiting: queue.waiting,
    append: queue.append,
    async drop(tx, beforeMs) {
      await days.drop(tx, beforeMs);
      // What is no longer kept is no longer handed out.
      tx.afterCommit(tail.clear);
    },
    read: async (after, limit, of) => [...(await readOn(after, limit, of)).records],
    follow(consumer) {
      const following = followStream({ db, cursors: `${schema}.cursors`, newest, readOn, onError }, consumer);
      followers.add(following);
      return {
        caughtUp: following.caughtUp,
        async close() {
          followers.delete(following);
          await following.close();
        },
      };
    },
    async close() {
      isClosed = true;
      await queue.close();
      await rereading.close();
      for (const following of followers) await following.close();
    },
  };
}

/** What waits to be written, and who waits for it. */
function openQueue(parts: {
  readonly write: (records: readonly NewRecord[]) => Promise<Appended[]>;
  readonly waitingMax: { readonly records: number; readonly characters: number };
  readonly partitions: number;
}) {
  const { write, waitingMax, partitions } = parts;
  const queue: Append[] = [];
  const waiting = { records: 0, characters: 0 };
  let isClosed = false;
  const lanes = new Set<Promise<void>>();

  /** At least one append, and as many more as one transaction should hold. */
  function nextGroup(): Append[] {
    let records = 0;
    let characters = 0;
    const end = queue.findIndex((append, index) => {
      records += append.records.length;
      characters += append.characters;
      return index > 0 && (records > groupMax.records || characters > groupMax.characters);
    });
    return queue.splice(0, end === -1 ? queue.length : end);
  }

  function release({ records, characters }: Append): void {
    waiting.records -= records.length;
    waiting.characters -= characters;
  }

  async function writeGroup(group: readonly Append[]): Promise<void> {
    try {
      const results = await write(group.flatMap(({ records }) => records));
      for (const append of group) release(append);
      let from = 0;
      for (const { records, done } of group) {
        done.resolve(results.slice(from, from + records.length));
        from += records.length;
      }
    } catch (error) {
      // What one of them brought must not be the others' trouble.
      if (error instanceof Outage || group.length === 1)
        for (const append of group) {
          release(append);
          append.done.reject(error);
        }
      else for (const append of group) await writeGroup([append]);
    }
  }

  /** Writes group after group, each beginning while others are under way. */
  async function drain(): Promise<void> {
    // What comes in the same turn is one group.
    await Promise.resolve();
    while (queue.length > 0) await writeGroup(nextGroup());
  }

  return {
    waiting: () => waiting.records,
    append(records: readonly NewRecord[]): Promise<Appended[]> {
      if (isClosed) return Promise.reject(new Outage('the stream is closed', retryAfterSeconds));
      if (records.length === 0) return Promise.resolve([]);
      let characters = 0;
      for (const { text, id, partition } of records) {
        assert(partition >= 0 && partition < partitions, 'a record is in one of the partitions');
        characters += text.length + id.length;
      }
      const isFull =
        waiting.records + records.length > waitingMax.records ||
        waiting.characters + characters > waitingMax.characters;
      // However large it is, it is taken when nothing else waits: refused, it would be refused for ever.
      if (isFull && waiting.records > 0)
        return Promise.resolve().then(() => refuse('too-many.records', { retryAfterSeconds }));
      waiting.records += records.length;
      waiting.characters += characters;
      const done = Promise.withResolvers<Appended[]>();
      queue.push({ records, characters, done });
      if (lanes.size < lanesMax) {
        const lane: Promise<void> = drain().finally(() => lanes.delete(lane));
        lanes.add(lane);
      }
      return done.promise;
    },
    async close() {
      isClosed = true;
      await Promise.all(lanes);
    },
  };
}
