import { expect, test } from 'vitest';
import type { Tx } from './db.ts';
import { openNats } from './nats-connection.ts';
import { openNatsStream } from './nats-stream.ts';
import type { StoredRecord } from './stream.ts';
import { openTestDb } from './test-database.ts';
import { hasNatsServer, startTestNats } from './test-nats.ts';
import {
  appendUntilStored,
  makeStreamTables,
  newStreamClock,
  record,
  streamRememberMs,
  streamSchema,
} from './test-stream.ts';

const rounds = 8;
const senders = 4;
const batchRecords = 100;
const recordsARound = 4000;

test.skipIf(!hasNatsServer)(
  'three NATS servers of which one after the other is killed under load lose no acknowledged record and double none',
  async () => {
    const servers = await startTestNats(3);
    const db = await openTestDb();
    await makeStreamTables(db);
    const errors: unknown[] = [];
    const onError = (error: unknown): void => void errors.push(error);
    const nats = await openNats(servers.address, onError);
    const open = (isShared = false) =>
      openNatsStream({
        db,
        clock: newStreamClock(),
        nats,
        name: 'activity-th',
        schema: streamSchema,
        partitions: 16,
        rememberMs: () => streamRememberMs,
        onError,
        isShared,
      });
    const stream = await open();
    const other = await open(true);
    const [{ name } = { name: '' }] = await db.query<{ name: string }>(
      `SELECT stream AS name FROM ${streamSchema}.nats`,
    );
    expect((await nats.streams.streams.info(name)).config.num_replicas).toBe(3);

    const seen: string[] = [];
    const seenByOther: string[] = [];
    const into = (ids: string[]) => async (_: Tx, records: readonly StoredRecord[]) =>
      void ids.push(...records.map(({ id }) => id));
    const following = stream.follow({ name: 'all', handle: into(seen) });
    const followingOther = other.follow({ name: 'some', partitions: [0, 1, 2, 3], handle: into(seenByOther) });

    const stored: string[] = [];
    let outages = 0;
    let isOver = false;
    const send = async (sender: number): Promise<void> => {
      for (let round = 0; !isOver; round += 1) {
        const records = Array.from({ length: batchRecords }, (_, index) =>
          record(`${sender}-${round}-${index}`, { reaches: (1 << (index % 16)) | (1 << ((index * 7) % 16)) }),
        );
        outages += await appendUntilStored(stream, records);
        stored.push(...records.map(({ id }) => id));
      }
    };
    const untilMore = async (): Promise<void> => {
      const before = stored.length;
      await expect.poll(() => stored.length, { timeout: 60_000 }).toBeGreaterThan(before + recordsARound);
    };
    const sending = Array.from({ length: senders }, (_, sender) => send(sender));
    let leaders = 0;
    for (let round = 0; round < rounds; round += 1) {
      await untilMore();
      const leader = await servers.leaderOf(name);
      // The one that leads, and another, in turn.
      const victim = round % 2 === 0 && leader !== undefined ? leader : (round * 2 + 1) % servers.count;
      leaders += victim === leader ? 1 : 0;
      await servers.kill(victim);
      await untilMore();
      await servers.start(victim);
    }
    await untilMore();
    isOver = true;
    await Promise.all(sending);
    const countOf = (each: { caughtUp(): Promise<void> }, ids: readonly string[]) => () =>
      each.caughtUp().then(
        () => ids.length,
        () => -1,
      );
    await expect.poll(countOf(following, seen), { timeout: 60_000 }).toBe(stored.length);
    const again = await open();
    const kept = await again.read(0, 10_000_000);
    const reaching = kept.filter(({ reaches }) => (reaches & 0b1111) !== 0);
    await expect.poll(countOf(followingOther, seenByOther), { timeout: 60_000 }).toBe(reaching.length);
    console.log(
      `${rounds} of three NATS servers killed, ${leaders} of them leaders: ${stored.length} records acknowledged, ` +
        `${outages} outages told to senders, ${kept.length} kept, ${new Set(kept.map(({ id }) => id)).size} different`,
    );
    expect(kept.map(({ id }) => id)).toEqual(seen);
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.toSorted()).toEqual(stored.toSorted());
    expect(seenByOther).toEqual(reaching.map(({ id }) => id));
    await again.close();
    await other.close();
    await stream.close();
    await nats.close();
    await db.close();
    await servers.close();
  },
);
