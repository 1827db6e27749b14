import { assert } from '../kernel/assert.ts';
import { Outage, refuse } from '../kernel/refusals.ts';
import type { Appended, NewRecord } from './stream.ts';

export interface WaitingMax {
  readonly records: number;
  readonly characters: number;
}

export interface StreamQueueParts {
  /** Stores a group, and says what became of each record. */
  readonly write: (records: readonly NewRecord[]) => Promise<Appended[]>;
  /** How much may wait. */
  readonly waitingMax?: WaitingMax | undefined;
  readonly partitions: number;
  /** How many groups may be under way at once. */
  readonly lanesMax: number;
}

export interface StreamQueue {
  /** Records that wait to be stored. */
  waiting(): number;
  append(records: readonly NewRecord[]): Promise<Appended[]>;
  close(): Promise<void>;
}

interface Append {
  readonly records: readonly NewRecord[];
  readonly characters: number;
  readonly done: PromiseWithResolvers<Appended[]>;
}

const waitingMaxDefault = { records: 100_000, characters: 128 * 1024 * 1024 };
/** What one transaction takes of what waits. */
const groupMax = { records: 10_000, characters: 16 * 1024 * 1024 };
const retryAfterSeconds = 1;

/** What waits to be written, and who waits for it: what comes while the writer is busy is stored together. */
export function openStreamQueue(parts: StreamQueueParts): StreamQueue {
  const { write, waitingMax = waitingMaxDefault, partitions, lanesMax } = parts;
  const queue: Append[] = [];
  const waiting = { records: 0, characters: 0 };
  let isClosed = false;
  /** Those that still look for more. */
  let lanes = 0;
  const draining = new Set<Promise<void>>();

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
    // In the same turn as the last look: what comes later finds that nobody looks.
    lanes -= 1;
  }

  return {
    waiting: () => waiting.records,
    append(records) {
      if (isClosed) return Promise.reject(new Outage('the stream is closed', retryAfterSeconds));
      if (records.length === 0) return Promise.resolve([]);
      let characters = 0;
      for (const { text, id, reaches } of records) {
        assert(reaches > 0 && reaches < 1 << partitions, 'a record reaches some of the partitions');
        assert(text !== '', 'a record says something');
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
      if (lanes < lanesMax) {
        lanes += 1;
        const lane: Promise<void> = drain().finally(() => draining.delete(lane));
        draining.add(lane);
      }
      return done.promise;
    },
    async close() {
      isClosed = true;
      await Promise.all(draining);
    },
  };
}
