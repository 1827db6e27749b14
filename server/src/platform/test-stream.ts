import { afterEach, expect, test } from 'vitest';
import { hourMs, testClock, type TestClock } from '../kernel/clock.ts';
import { Outage } from '../kernel/refusals.ts';
import { migrate } from './migrations.ts';
import type { Db, Tx } from './db.ts';
import type { LedgerStreamParts } from './ledger-stream.ts';
import type { NewRecord, StoredRecord, Stream } from './stream.ts';

export const streamStartMs = Date.UTC(2026, 0, 10, 12);
export const streamRememberMs = 48 * hourMs;
/** Of the room whose tables the tests use. */
export const streamSchema = 'activity';

export type TestStreamOptions = Pick<LedgerStreamParts, 'waitingMax' | 'isShared'>;

export interface TestStream {
  /** Where consumers' handlers do their work. */
  readonly db: Db;
  readonly clock: TestClock;
  readonly errors: unknown[];
  /** Opens the stream over the same store, as after a restart; it has 16 partitions and remembers for two days. */
  open(options?: TestStreamOptions): Promise<Stream>;
  close(): Promise<void>;
}

export const newStreamClock = (): TestClock => testClock(streamStartMs);

export function record(id: string, change: Partial<NewRecord> = {}): NewRecord {
  const text = JSON.stringify({ id, note: 'tab \t, back \\ and ບັນຊີ' });
  return { source: 'bank-a', kind: 0, id, digest: 'one', reaches: 1 << 3, atMs: streamStartMs, text, ...change };
}

const numbered = (count: number, prefix = 'r'): NewRecord[] =>
  Array.from({ length: count }, (_, index) => record(`${prefix}${index}`, { reaches: 1 << (index % 16) }));

const idsOf = (records: readonly StoredRecord[]): string[] => records.map(({ id }) => id);

/** What every stream must do, whatever it is built on. */
export function streamContract(openTest: () => Promise<TestStream>): void {
  const opened: { close(): Promise<void> }[] = [];
  const reopen: Reopen = async (t, options) => {
    const stream = await t.open(options);
    opened.push(stream);
    return stream;
  };
  const openStream: OpenStream = async () => {
    const t = await openTest();
    opened.push(t);
    return { t, stream: await reopen(t) };
  };
  afterEach(async () => {
    for (const each of opened.splice(0).toReversed()) await each.close();
  });
  storingContract(openStream, reopen);
  readingContract(openStream, reopen);
  troubleContract(openStream, reopen);
  sharedContract(openStream, reopen);
}

/** The tables of a stream, as `activity` makes them. */
export const makeStreamTables = (db: Db): Promise<void> =>
  migrate(db, streamSchema, new URL('../activity/migrations/', import.meta.url));

/** A database whose answer to the next commits never arrives; they may have happened. */
export function lossy(db: Db, losses: { after: number; before: number; atCommit: number }): Db {
  const lose = (): never => {
    throw new Outage('the database does not answer', 2);
  };
  return {
    ...db,
    async tx(work) {
      if (losses.before > 0) {
        losses.before -= 1;
        lose();
      }
      const value = await db.tx(async (tx) => {
        const done = await work(tx);
        if (losses.atCommit > 0) {
          losses.atCommit -= 1;
          lose();
        }
        return done;
      });
      if (losses.after > 0) {
        losses.after -= 1;
        lose();
      }
      return value;
    },
  };
}

/** Appends as whoever is told of an outage does: again and again. */
export async function appendUntilStored(stream: Stream, records: readonly NewRecord[]): Promise<number> {
  for (let outages = 0; ; outages += 1) {
    try {
      await stream.append(records);
      return outages;
    } catch (error) {
      if (!(error instanceof Outage)) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

type OpenStream = () => Promise<{ t: TestStream; stream: Stream }>;
type Reopen = (t: TestStream, options?: Parameters<TestStream['open']>[0]) => Promise<Stream>;

function storingContract(openStream: OpenStream, reopen: Reopen): void {
  test('a record is stored as it came, and numbers grow in the order given', async () => {
    const { stream } = await openStream();
    expect(await stream.append([record('a'), record('b', { kind: 4, reaches: 1 << 15 })])).toEqual(['new', 'new']);
    const [a, b] = await stream.read(0, 10);
    const { digest: _, ...said } = record('a');
    expect(a).toEqual({ ...said, number: a!.number, receivedAtMs: streamStartMs });
    expect(b).toMatchObject({ id: 'b', kind: 4, reaches: 1 << 15 });
    expect(b!.number).toBeGreaterThan(a!.number);
  });

  test('the same record again is known, and the same id with other content is a conflict; neither is stored', async () => {
    const { t, stream } = await openStream();
    await stream.append([record('a')]);
    expect(await stream.append([record('a'), record('a', { digest: 'two' }), record('a', { kind: 1 })])).toEqual([
      'known',
      'conflict',
      'new',
    ]);
    expect(await stream.append([record('a', { source: 'bank-b' })])).toEqual(['new']);
    await stream.close();
    const again = await reopen(t);
    expect(await again.append([record('a'), record('a', { digest: 'two' })])).toEqual(['known', 'conflict']);
    expect(await again.read(0, 10)).toHaveLength(3);
  });

  test('a record that comes twice in one batch, or in two at once, is stored once', async () => {
    const { stream } = await openStream();
    const twice = [record('a'), record('a'), record('a', { digest: 'two' })];
    expect(await stream.append(twice)).toEqual(['new', 'known', 'conflict']);
    const batch = numbered(50, 'same');
    const answers = await Promise.all([1, 2, 3].map(() => stream.append(batch)));
    for (let i = 0; i < batch.length; i += 1)
      expect(answers.map((answer) => answer[i]!).toSorted()).toEqual(['known', 'known', 'new']);
    expect(await stream.read(0, 1000)).toHaveLength(51);
  });

  test('a record is remembered over midnight, for as long as is promised', async () => {
    const { t, stream } = await openStream();
    await stream.append([record('a')]);
    t.clock.advance(streamRememberMs - 1);
    expect(await stream.append([record('a'), record('b')])).toEqual(['known', 'new']);
    const again = await reopen(t);
    expect(await again.append([record('a'), record('b', { digest: 'two' })])).toEqual(['known', 'conflict']);
  });
}

function readingContract(openStream: OpenStream, reopen: Reopen): void {
  test('numbers go on after a restart', async () => {
    const { t, stream } = await openStream();
    await stream.append(numbered(20));
    await stream.close();
    const again = await reopen(t);
    await again.append([record('later')]);
    const all = await again.read(0, 100);
    expect(idsOf(all)).toEqual([...idsOf(all.slice(0, 20)), 'later']);
    expect(all.map(({ number }) => number)).toEqual(all.map(({ number }) => number).toSorted((a, b) => a - b));
  });

  test('reading goes on after a number, so many at a time, and of some partitions alone', async () => {
    const { t, stream } = await openStream();
    await stream.append(numbered(64));
    for (const from of [stream, await reopen(t)]) {
      const first = await from.read(0, 10);
      expect(first).toHaveLength(10);
      const second = await from.read(first.at(-1)!.number, 100);
      expect(idsOf([...first, ...second])).toEqual(numbered(64).map(({ id }) => id));
      const some = await from.read(0, 100, [2, 5]);
      expect(some.map(({ reaches }) => Math.log2(reaches))).toEqual([2, 5, 2, 5, 2, 5, 2, 5]);
      expect(await from.read(second.at(-1)!.number, 10)).toEqual([]);
    }
  });

  test('a consumer is given every record once and in order, also what came before it and after a restart', async () => {
    const { t, stream } = await openStream();
    const seen: string[] = [];
    const consumer = {
      name: 'reader',
      batchMax: 7,
      handle: async (_: Tx, records: readonly StoredRecord[]) => void seen.push(...idsOf(records)),
    };
    await stream.append(numbered(20, 'before'));
    const following = stream.follow(consumer);
    await following.caughtUp();
    await Promise.all([stream.append(numbered(30, 'x')), stream.append(numbered(30, 'y'))]);
    await following.caughtUp();
    await stream.close();
    const again = await reopen(t);
    await again.append([record('last')]);
    await again.follow(consumer).caughtUp();
    expect(seen).toEqual(idsOf(await again.read(0, 1000)));
    expect(seen).toHaveLength(81);
  });

  test('a consumer of some partitions sees those alone', async () => {
    const { stream } = await openStream();
    const seen: string[] = [];
    const handle = async (_: Tx, records: readonly StoredRecord[]) => void seen.push(...idsOf(records));
    const following = stream.follow({ name: 'some', partitions: [1], batchMax: 2, handle });
    await stream.append(numbered(64));
    await following.caughtUp();
    expect(seen).toEqual(['r1', 'r17', 'r33', 'r49']);
  });

  test('a record that reaches several partitions is given once to whoever has one of them', async () => {
    const { t, stream } = await openStream();
    const seen = new Map<string, string[]>();
    const follow = (from: Stream, name: string, partitions?: readonly number[]): Promise<void> => {
      const ids: string[] = seen.get(name) ?? [];
      seen.set(name, ids);
      const handle = async (_: Tx, records: readonly StoredRecord[]) => void ids.push(...idsOf(records));
      return from.follow({ name, handle, ...(partitions && { partitions }) }).caughtUp();
    };
    const records = [
      record('both', { reaches: 0b11 }),
      record('first', { reaches: 0b1 }),
      record('last', { reaches: 1 << 15 }),
      record('all', { reaches: 0xffff }),
    ];
    await stream.append(records);
    await stream.append(records);
    await follow(stream, 'two', [0, 1]);
    await follow(stream, 'one', [1]);
    await stream.close();
    const again = await reopen(t);
    await follow(again, 'two', [0, 1]);
    await follow(again, 'end', [15, 7]);
    await follow(again, 'everything');
    expect(Object.fromEntries(seen)).toEqual({
      two: ['both', 'first', 'all'],
      one: ['both', 'all'],
      end: ['last', 'all'],
      everything: ['both', 'first', 'last', 'all'],
    });
    expect(idsOf(await again.read(0, 10, [1, 15]))).toEqual(['both', 'last', 'all']);
  });

  test('what a consumer does and how far it has read stand or fall together', async () => {
    const { t, stream } = await openStream();
    await t.db.query('CREATE TABLE public.handled (id text)');
    let failures = 2;
    const handle = async (tx: Tx, records: readonly StoredRecord[]): Promise<void> => {
      for (const { id } of records) await tx.query('INSERT INTO public.handled VALUES ($1)', [id]);
      failures -= 1;
      if (failures >= 0) throw new Error('not now');
    };
    await stream.append(numbered(10));
    const following = stream.follow({ name: 'worker', handle });
    const other: string[] = [];
    const beside = stream.follow({ name: 'beside', handle: async (_, records) => void other.push(...idsOf(records)) });
    await beside.caughtUp();
    await expect
      .poll(() =>
        following.caughtUp().then(
          () => 'done',
          () => 'failing',
        ),
      )
      .toBe('done');
    const handled = await t.db.query<{ id: string }>('SELECT id FROM public.handled');
    expect(handled.map(({ id }) => id)).toEqual(idsOf(await stream.read(0, 100)));
    expect(other).toHaveLength(10);
  });

  test('a reader that only looks ahead never misses a record, however many write', async () => {
    const { stream } = await openStream();
    const seen: StoredRecord[] = [];
    let isDone = false;
    const reading = (async (): Promise<void> => {
      for (;;) {
        const last = isDone;
        const more = await stream.read(seen.at(-1)?.number ?? 0, 37);
        seen.push(...more);
        if (more.length === 0 && last) return;
        await new Promise((resolve) => setImmediate(resolve));
      }
    })();
    for (let round = 0; round < 8; round += 1)
      await Promise.all([...'abcde'].map((name) => stream.append(numbered(1 + (round % 3) * 40, `${name}${round}-`))));
    isDone = true;
    await reading;
    expect(seen).toEqual(await stream.read(0, 10_000));
    expect(new Set(idsOf(seen)).size).toBe(seen.length);
  });
}

function troubleContract(openStream: OpenStream, reopen: Reopen): void {
  test('when too much waits, more is refused with a time to come back, and what waits is stored', async () => {
    const { t, stream } = await openStream();
    await stream.close();
    const narrow = await reopen(t, { waitingMax: { records: 100, characters: 1_000_000 } });
    const first = narrow.append(numbered(150, 'large'));
    await expect(narrow.append(numbered(1, 'late'))).rejects.toMatchObject({
      refusal: { refused: 'too-many.records', params: { retryAfterSeconds: 1 } },
    });
    expect(await first).toHaveLength(150);
    expect(await narrow.append(numbered(1, 'late'))).toEqual(['new']);
  });

  test('what one sender brings that cannot be stored is no trouble to the others', async () => {
    const { stream } = await openStream();
    const [good, bad] = await Promise.allSettled([
      stream.append([record('good')]),
      stream.append([record('bad', { text: 'a\0b' })]),
    ]);
    expect([good.status, bad.status]).toEqual(['fulfilled', 'rejected']);
    expect(idsOf(await stream.read(0, 10))).toEqual(['good']);
  });
}

function sharedContract(openStream: OpenStream, reopen: Reopen): void {
  test('several processes may write to one stream and follow it; each record is stored once and seen by all', async () => {
    const { t, stream } = await openStream();
    await stream.append(numbered(3, 'before'));
    await stream.close();
    const streams = [await reopen(t, { isShared: true }), await reopen(t, { isShared: true })];
    const seen = streams.map((): string[] => []);
    const followings = streams.map((each, index) =>
      each.follow({
        name: `reader-${index}`,
        handle: async (_, records) => void seen[index]!.push(...idsOf(records)),
      }),
    );
    for (let round = 0; round < 4; round += 1) {
      const same = numbered(5, `same-${round}-`);
      const answers = await Promise.all(
        streams.map((each, index) => each.append([...same, ...numbered(20, `own-${round}-${index}-`)])),
      );
      expect(answers.flat().filter((answer) => answer === 'new')).toHaveLength(45);
    }
    const all = idsOf(await streams[0]!.read(0, 1000));
    expect(new Set(all).size).toBe(3 + 4 * 45);
    expect(all).toHaveLength(3 + 4 * 45);
    // What one process stores, the other comes to by itself.
    for (const ids of seen) await expect.poll(() => ids.length).toBe(all.length);
    expect(seen).toEqual([all, all]);
    for (const following of followings) await following.caughtUp();
    expect(await streams[1]!.handledUpTo('reader-0')).toBe((await streams[0]!.read(0, 1000)).at(-1)!.number);
    expect(await streams[1]!.handledUpTo('nobody')).toBe(0);
  });
}
