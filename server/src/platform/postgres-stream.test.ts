import { describe, expect, test } from 'vitest';
import { Outage } from '../kernel/refusals.ts';
import { dayPartitionsOf } from './day-partitions.ts';
import { openDb, type Db } from './db.ts';
import { openPostgresStream } from './postgres-stream.ts';
import { openTestDb } from './test-database.ts';
import {
  appendUntilStored,
  lossy,
  makeStreamTables,
  newStreamClock,
  record,
  streamContract,
  streamRememberMs,
  streamSchema,
  streamStartMs,
  type TestStream,
} from './test-stream.ts';

async function openTest(change: (db: Db) => Db = (db) => db): Promise<TestStream> {
  const db = await openTestDb();
  await makeStreamTables(db);
  const clock = newStreamClock();
  const errors: unknown[] = [];
  return {
    db,
    clock,
    errors,
    open: (options) =>
      openPostgresStream({
        db: change(db),
        clock,
        schema: streamSchema,
        partitions: 16,
        rememberMs: () => streamRememberMs,
        onError: (error) => errors.push(error),
        ...options,
      }),
    close: db.close,
  };
}

describe('a stream on PostgreSQL', () => streamContract(openTest));

test('when nobody knows whether a commit came about, the sender is told of an outage and may send it again', async () => {
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
  losses.after = 1;
  await expect(stream.append([record('a'), record('b')])).rejects.toBeInstanceOf(Outage);
  expect(await stream.append([record('b'), record('a', { digest: 'two' }), record('c')])).toEqual([
    'known',
    'conflict',
    'new',
  ]);
  losses.before = 1;
  await expect(stream.append([record('d')])).rejects.toBeInstanceOf(Outage);
  expect(await stream.append([record('d')])).toEqual(['new']);
  await following.caughtUp();
  expect(seen).toEqual(['earlier', 'a', 'b', 'c', 'd']);
  expect((await stream.read(0, 10)).map(({ number }) => number)).toEqual([1, 2, 3, 4, 5]);
  await stream.close();
  await t.close();
});

test('a second process that writes all the same costs no record and doubles none', async () => {
  const t = await openTest();
  const [one, two] = [await t.open(), await t.open()];
  for (let round = 0; round < 6; round += 1) {
    const batch = [record(`same-${round}`), record(`other-${round}`)];
    const answers = await Promise.all([one.append(batch), two.append(batch)]);
    expect(answers.flat().toSorted()).toEqual(['known', 'known', 'new', 'new']);
  }
  const all = await one.read(0, 100);
  expect(all).toHaveLength(12);
  expect(await two.read(0, 100)).toEqual(all);
  await one.close();
  await two.close();
  await t.close();
});

test('days whose time is over are dropped whole, and a late record makes none of them anew', async () => {
  const t = await openTest();
  const stream = await t.open();
  const days = dayPartitionsOf('activity.records');
  await stream.append([record('a')]);
  t.clock.advance(5 * streamRememberMs);
  await stream.append([record('late', { atMs: streamStartMs })]);
  expect(await days.days(t.db)).toEqual(['20260110', '20260120']);
  await t.db.tx((tx) => days.drop(tx, t.clock.now() - streamRememberMs));
  expect(await days.days(t.db)).toEqual(['20260120']);
  expect((await stream.read(1, 10)).map(({ id }) => id)).toEqual(['late']);
  await t.db.tx((tx) => days.drop(tx, t.clock.now() + streamRememberMs));
  expect(await stream.append([record('again')])).toEqual(['new']);
  await stream.close();
  await t.close();
});

test('a database that ends in the middle is an outage, and the stream goes on when it is back', async () => {
  const t = await openTest();
  const stream = await t.open();
  await stream.append([record('a')]);
  const killer = openDb({
    address: (t.db as Db & { address: never }).address,
    connectionsMax: 1,
    onError: () => undefined,
  });
  const answers: string[] = [];
  for (let round = 0; round < 10; round += 1) {
    const appending = stream.append([record(`r${round}`)]).then(
      () => 'stored',
      (error: unknown) => (error instanceof Outage ? 'outage' : String(error)),
    );
    await killer.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`,
    );
    answers.push(await appending);
  }
  expect(new Set(answers).difference(new Set(['stored', 'outage']))).toEqual(new Set());
  // The last connections that were ended may still be in the pool: whoever is told of an outage sends again.
  for (let round = 0; round < 10; round += 1) await appendUntilStored(stream, [record(`r${round}`)]);
  expect(await stream.read(0, 100)).toHaveLength(11);
  await killer.close();
  await stream.close();
  await t.close();
});
