import { afterAll, beforeAll, beforeEach, afterEach, describe, expect, test } from 'vitest';
import { dayMs } from '../kernel/clock.ts';
import { Outage } from '../kernel/refusals.ts';
import { openDb, type Db } from './db.ts';
import { openNats, type Nats } from './nats-connection.ts';
import { openNatsStream } from './nats-stream.ts';
import { openPostgresStream } from './postgres-stream.ts';
import type { NewRecord, Stream } from './stream.ts';
import { openTestDb } from './test-database.ts';
import { hasNatsServer, startTestNats, type TestNatsServers } from './test-nats.ts';
import {
  appendUntilStored,
  lossy,
  makeStreamTables,
  newStreamClock,
  record,
  streamContract,
  streamRememberMs,
  streamSchema,
  type TestStream,
  type TestStreamOptions,
} from './test-stream.ts';

let servers: TestNatsServers;

interface TestNatsStream extends TestStream {
  readonly nats: Nats;
  /** The same tables without NATS. */
  openInPostgres(): Promise<Stream>;
  /** What it is called in NATS. */
  name(): Promise<string>;
}

async function openTest(change: (db: Db) => Db = (db) => db): Promise<TestNatsStream> {
  const db = await openTestDb();
  await makeStreamTables(db);
  const clock = newStreamClock();
  const errors: unknown[] = [];
  const onError = (error: unknown): void => void errors.push(error);
  const nats = await openNats(servers.address, onError);
  const parts = { clock, schema: streamSchema, partitions: 16, rememberMs: () => streamRememberMs, onError };
  return {
    db,
    clock,
    errors,
    nats,
    open: (options: TestStreamOptions = {}) =>
      openNatsStream({ ...parts, db: change(db), nats, name: 'activity-th', ...options }),
    openInPostgres: () => openPostgresStream({ ...parts, db }),
    async name() {
      const [row] = await db.query<{ stream: string }>(`SELECT stream FROM ${streamSchema}.nats`);
      return row!.stream;
    },
    async close() {
      await nats.close();
      await db.close();
    },
  };
}

const idsOf = async (stream: Stream): Promise<string[]> => (await stream.read(0, 100_000)).map(({ id }) => id);

const batch = (prefix: string, count: number): NewRecord[] =>
  Array.from({ length: count }, (_, index) => record(`${prefix}-${index}`));

describe.skipIf(!hasNatsServer)('a stream on NATS JetStream (needs nats-server on this machine)', () => {
  beforeAll(async () => {
    servers = await startTestNats();
  });
  afterAll(() => servers.close());

  streamContract(openTest);
  describe('with PostgreSQL beside it', withPostgres);
  describe('in trouble', inTrouble);
});

function withPostgres(): void {
  let t: TestNatsStream;
  beforeEach(async () => {
    t = await openTest();
  });
  afterEach(() => t.close());

  test('a database that had its stream in PostgreSQL goes on: what it has is read first, and known', async () => {
    const before = await t.openInPostgres();
    await before.append(batch('old', 30));
    const handled: string[] = [];
    const handle = async (_: unknown, records: readonly { id: string }[]): Promise<void> =>
      void handled.push(...records.map(({ id }) => id));
    await before.close();
    const stream = await t.open();
    await stream.append(batch('new', 30));
    expect(await stream.append([record('old-1'), record('old-2', { digest: 'two' }), record('new-1')])).toEqual([
      'known',
      'conflict',
      'known',
    ]);
    const following = stream.follow({ name: 'reader', batchMax: 7, handle });
    await following.caughtUp();
    const all = [...batch('old', 30), ...batch('new', 30)].map(({ id }) => id);
    expect(handled).toEqual(all);
    expect(await idsOf(stream)).toEqual(all);
    expect(await t.db.query(`SELECT id FROM ${streamSchema}.records WHERE text <> '' AND id LIKE 'new%'`)).toEqual([]);
    await stream.close();
    // Without NATS its records would be missing: that is said, and not found out later.
    await expect(t.openInPostgres()).rejects.toThrow('set NATS_URL');
  });

  test('what may no longer be kept is purged from NATS too', async () => {
    const stream = await t.open();
    await stream.append(batch('first', 10));
    t.clock.advance(5 * dayMs);
    await stream.append(batch('second', 10));
    await stream.append(batch('third', 10));
    await t.db.tx((tx) => stream.drop(tx, t.clock.now() - 2 * dayMs));
    const held = async (): Promise<number> => (await t.nats.streams.streams.info(await t.name())).state.messages;
    await expect.poll(held).toBe(2);
    const kept = [...batch('second', 10), ...batch('third', 10)].map(({ id }) => id);
    expect(await idsOf(stream)).toEqual(kept);
    await t.db.tx((tx) => stream.drop(tx, t.clock.now() + 2 * dayMs));
    await expect.poll(held).toBe(0);
    expect(await idsOf(stream)).toEqual([]);
    expect(await stream.append([record('first-1')])).toEqual(['new']);
    await stream.close();
  });

  test('a large batch becomes several messages, and is read in its order', async () => {
    const stream = await t.open();
    const text = JSON.stringify('ບັນຊີ'.repeat(2000));
    const large = batch('large', 200).map((each) => ({ ...each, text }));
    await stream.append(large);
    await stream.append(batch('many', 9000));
    const { state } = await t.nats.streams.streams.info(await t.name());
    expect(state.messages).toBeGreaterThan(10);
    const again = await t.open();
    expect(await idsOf(again)).toEqual([...large, ...batch('many', 9000)].map(({ id }) => id));
    expect((await again.read(0, 1))[0]!.text).toBe(text);
    // One record that no message could hold is nobody else's trouble.
    const answers = await Promise.allSettled([
      again.append([record('too-large', { text: 'x'.repeat(2_000_000) })]),
      again.append([record('fine')]),
    ]);
    expect(answers.map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
    await again.close();
    await stream.close();
  });

  test('a stream that lost what was acknowledged is not written to', async () => {
    const stream = await t.open();
    await stream.append(batch('gone', 3));
    await stream.close();
    await t.nats.streams.streams.delete(await t.name());
    await expect(t.open()).rejects.toThrow('holds 0 messages, but 1 were acknowledged');
    // The operator gives it up: what it held is missing, and the rest goes on under new numbers.
    await t.db.query(`DELETE FROM ${streamSchema}.nats`);
    const again = await t.open();
    expect(await again.append([record('gone-1'), record('next')])).toEqual(['known', 'new']);
    expect(await idsOf(again)).toEqual(['next']);
    await again.close();
  });
}

function inTrouble(): void {
  test('what NATS has kept and PostgreSQL has not is known, and stored once', async () => {
    const losses = { after: 0, before: 0, atCommit: 0 };
    const t = await openTest((db) => lossy(db, losses));
    const stream = await t.open();
    await stream.append([record('earlier')]);
    const seen: string[] = [];
    const following = stream.follow({
      name: 'reader',
      handle: async (_, records) => void seen.push(...records.map(({ id }) => id)),
    });
    await following.caughtUp();
    for (const kind of ['after', 'atCommit', 'before'] as const) {
      await following.caughtUp();
      losses[kind] = 1;
      await expect(stream.append([record(`${kind}-a`), record(`${kind}-b`)])).rejects.toBeInstanceOf(Outage);
      const isKept = kind !== 'before';
      expect(
        await stream.append([record(`${kind}-b`), record(`${kind}-a`, { digest: 'two' }), record(`${kind}-c`)]),
      ).toEqual([isKept ? 'known' : 'new', isKept ? 'conflict' : 'new', 'new']);
    }
    await following.close();
    // Also by the process that comes after one that was killed in between.
    losses.atCommit = 1;
    await expect(stream.append([record('last')])).rejects.toBeInstanceOf(Outage);
    const again = await t.open();
    expect(await again.append([record('last')])).toEqual(['known']);
    await again
      .follow({ name: 'reader', handle: async (_, records) => void seen.push(...records.map(({ id }) => id)) })
      .caughtUp();
    expect(seen).toEqual(await idsOf(again));
    expect(seen.toSorted()).toEqual(
      [
        'earlier',
        ...['after', 'atCommit', 'before'].flatMap((kind) => ['a', 'b', 'c'].map((name) => `${kind}-${name}`)),
        'last',
      ].toSorted(),
    );
    await again.close();
    await stream.close();
    await t.close();
  });

  test('a second process that writes all the same costs no record and doubles none', async () => {
    const t = await openTest();
    const [one, two] = [await t.open(), await t.open()];
    for (let round = 0; round < 6; round += 1) {
      const both = [record(`same-${round}`), record(`other-${round}`)];
      const answers = await Promise.all([one.append(both), two.append(both)]);
      expect(answers.flat().toSorted()).toEqual(['known', 'known', 'new', 'new']);
    }
    expect(await idsOf(one)).toHaveLength(12);
    expect(await two.read(0, 100)).toEqual(await one.read(0, 100));
    await one.close();
    await two.close();
    await t.close();
  });

  test('database connections that end in the middle lose no record and double none', async () => {
    const t = await openTest();
    const stream = await t.open();
    const address = (t.db as Db & { address: never }).address;
    const killer = openDb({ address, connectionsMax: 1, onError: () => undefined });
    let outages = 0;
    for (let round = 0; round < 12; round += 1) {
      const appending = [0, 1, 2].map((sender) => appendUntilStored(stream, batch(`r${round}-${sender}`, 20)));
      await killer.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`,
      );
      for (const each of appending) outages += await each;
    }
    expect(outages).toBeGreaterThan(0);
    const ids = await idsOf(stream);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toHaveLength(12 * 3 * 20);
    await killer.close();
    await stream.close();
    await t.close();
  });

  test('a nats-server that is killed in the middle is an outage, and no record is lost or doubled', async () => {
    const t = await openTest();
    const stream = await t.open();
    const seen: string[] = [];
    const following = stream.follow({
      name: 'reader',
      batchMax: 33,
      handle: async (_, records) => void seen.push(...records.map(({ id }) => id)),
    });
    let isOver = false;
    let outages = 0;
    const stored: string[] = [];
    const sender = async (name: number): Promise<void> => {
      for (let round = 0; !isOver; round += 1) {
        const records = batch(`s${name}-${round}`, 25);
        outages += await appendUntilStored(stream, records);
        stored.push(...records.map(({ id }) => id));
      }
    };
    const sending = [0, 1, 2, 3].map(sender);
    for (let kill = 0; kill < 3; kill += 1) {
      const before = stored.length;
      await expect.poll(() => stored.length).toBeGreaterThan(before + 200);
      await servers.kill(0);
      await servers.start(0);
    }
    const before = stored.length;
    await expect.poll(() => stored.length).toBeGreaterThan(before + 200);
    isOver = true;
    await Promise.all(sending);
    await expect
      .poll(() =>
        following.caughtUp().then(
          () => seen.length,
          () => 0,
        ),
      )
      .toBe(stored.length);
    expect(outages).toBeGreaterThan(0);
    expect(seen.toSorted()).toEqual(stored.toSorted());
    expect(await idsOf(stream)).toEqual(seen);
    await stream.close();
    await t.close();
  });
}
