import { JetStreamApiError } from '@nats-io/jetstream';
import type { Subscription } from '@nats-io/transport-node';
import { newId } from '../kernel/ids.ts';
import { Outage } from '../kernel/refusals.ts';
import { dayOf, dayPartitionsOf } from './day-partitions.ts';
import type { Db, Tx } from './db.ts';
import { openLoop } from './loops.ts';
import { endOf, lostText, sequenceOf, startOf, type NatsBinding } from './nats-binding.ts';
import type { Nats } from './nats-connection.ts';
import { packRecords, unpackDigests, unpackRecords, type Packed } from './nats-payload.ts';
import { openNatsReading } from './nats-reading.ts';
import { readRecords } from './postgres-stream.ts';
import { OthersWrote, type PlacedRecords, type RecordLog } from './record-log.ts';
import { readLast, takeNumbers } from './stream-writing.ts';

const messageBytesMax = 512 * 1024;
/** For the headers of a message. */
const headerBytes = 2048;
/** How many messages one transaction brings into the table. */
const reconciledAtOnce = 32;
const racesMax = 20;
const retryAfterSeconds = 2;

const wrongLastSequence = 10_071;
const sequenceMismatch = 10_063;
const isOthers = (error: unknown): boolean =>
  error instanceof OthersWrote ||
  (error instanceof JetStreamApiError && (error.code === wrongLastSequence || error.code === sequenceMismatch));

export interface NatsLogParts {
  readonly db: Db;
  readonly schema: string;
  readonly nats: Nats;
  readonly binding: NatsBinding;
  readonly isShared: boolean;
  readonly onError: (error: unknown) => void;
}

/** The texts of records in a stream of NATS JetStream: a message for what was stored together. */
export function openNatsLog(parts: NatsLogParts): RecordLog {
  const { db, schema, nats, binding, isShared, onError } = parts;
  const { stream, base } = binding;
  const reading = openNatsReading(nats, binding);
  const newsSubject = `${stream}.news`;
  const payloadMax = (nats.connection.info?.max_payload ?? messageBytesMax) - headerBytes;
  const bounds = { bytes: Math.min(messageBytesMax, payloadMax), bytesOfOne: payloadMax };
  let hearing: Subscription | undefined;
  const purging = openLoop(purge, { onError });

  /** Lets NATS forget what the table has forgotten. */
  async function purge(): Promise<void> {
    const [oldest] = await db.query<{ number: number | null }>(
      `SELECT min(number) AS number FROM ${schema}.records WHERE number > $1`,
      [base],
    );
    const keptFrom =
      oldest?.number == null ? sequenceOf(binding, await readLast(db, schema)) + 1 : sequenceOf(binding, oldest.number);
    if (keptFrom <= 1) return;
    await nats.ask(() => nats.streams.streams.purge(stream, { seq: keptFrom }));
    reading.clear();
  }

  const lastSequence = async (): Promise<number> => {
    const { state } = await nats.ask(() => nats.streams.streams.info(stream));
    return state.last_seq;
  };

  /** Brings the next messages that the table does not know into it, and says whether there were any. */
  async function reconcileSome(tx: Tx): Promise<boolean> {
    // Where others write as a matter of course, none of them is between NATS and its commit while this holds the row.
    const from = await readLast(tx, schema, isShared);
    const known = sequenceOf(binding, from);
    const held = await lastSequence();
    // A replica that has just begun to lead may have to catch up; one that lost its data never will.
    if (held < known) throw new Outage(lostText(stream, known, held), retryAfterSeconds);
    if (held === known) return false;
    const upTo = Math.min(held, known + reconciledAtOnce);
    for (let sequence = known + 1; sequence <= upTo; sequence += 1) {
      const payload = await reading.message(sequence);
      if (payload !== undefined) await bringIntoTable(tx, schema, payload, startOf(binding, sequence));
    }
    await takeNumbers(tx, schema, from, endOf(binding, upTo));
    return true;
  }

  return {
    isTable: false,
    place(records, from, receivedAtMs) {
      const first = sequenceOf(binding, from) + 1;
      const messages = packRecords(records, receivedAtMs, bounds);
      return placedIn({ nats, binding, first, messages, from });
    },
    async reconcile() {
      let isFound = false;
      for (let races = 0; ; isFound = true) {
        try {
          if (!(await db.tx(reconcileSome))) return isFound;
        } catch (error) {
          // Whose records they are brought them in at the same time.
          races += 1;
          if (!(error instanceof OthersWrote) || races > racesMax) throw error;
        }
      }
    },
    async read(after, limit, mask, visible) {
      if (after < base) {
        const records = await readRecords(db, schema, { after, upTo: Math.min(base, visible), limit, mask });
        return { records, upTo: records.length < limit ? Math.min(base, visible) : records.at(-1)!.number };
      }
      const read = await reading.read(after, limit, mask, sequenceOf(binding, visible));
      // Before the first message there are numbers that nobody has.
      return { records: read.records, upTo: Math.max(read.upTo, after) };
    },
    drop: (tx) => tx.afterCommit(purging.wake),
    news: {
      tell: () => void (nats.connection.isClosed() || nats.connection.publish(newsSubject)),
      hear(then) {
        hearing = nats.connection.subscribe(newsSubject, { callback: then });
      },
    },
    async close() {
      hearing?.unsubscribe();
      await purging.close();
    },
  };
}

/** Records as messages that follow one another. The sequence that each will have is known: it is published for that one alone. */
function placedIn(parts: {
  readonly nats: Nats;
  readonly binding: NatsBinding;
  readonly first: number;
  readonly messages: readonly Packed[];
  readonly from: number;
}): PlacedRecords {
  const { nats, binding, first, messages, from } = parts;
  const { stream } = binding;
  const isAcknowledged = messages.map(() => false);
  const placeOf = (index: number): number => messages.findIndex(({ from: start, count }) => index < start + count);

  async function publish({ payload }: Packed, place: number): Promise<void> {
    const sequence = first + place;
    const expect = { streamName: stream, lastSequence: sequence - 1 };
    const ack = await nats.ask(() => nats.publish(stream, payload, { msgID: newId(), expect }), isOthers);
    if (ack.seq !== sequence || ack.duplicate) throw new OthersWrote(`message ${sequence} of ${stream} is not ours`);
    isAcknowledged[place] = true;
  }

  const numbers = new Float64Array(messages.reduce((sum, { count }) => sum + count, 0));
  for (const [place, { from: start, count }] of messages.entries())
    for (let index = 0; index < count; index += 1) numbers[start + index] = startOf(binding, first + place) + index;
  return {
    numberOf: (index) => numbers[index]!,
    end: messages.length === 0 ? from : endOf(binding, first + messages.length - 1),
    async keep() {
      const outcomes = await Promise.allSettled(messages.map(publish));
      // The first to fail says why: what comes after it fails because of it.
      for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
    },
    isKept: (index) => isAcknowledged[placeOf(index)] === true,
  };
}

/** One message's records, into the days on which they were received. */
async function bringIntoTable(tx: Tx, schema: string, payload: Buffer, start: number): Promise<void> {
  const records = unpackRecords(payload, start, { after: 0, limit: Number.POSITIVE_INFINITY, mask: undefined });
  const [first] = records;
  if (first === undefined) return;
  const day = dayOf(first.receivedAtMs);
  const days = dayPartitionsOf(`${schema}.records`);
  await days.ensure(tx, day);
  // Nothing can be there already; if it were, it should not hold up everything that comes after.
  await tx.query(
    `INSERT INTO ${days.nameOf(day)} (number, reaches, kind, source, id, digest, at, received, day, text)
     SELECT *, $8::bigint, $9::date, '' FROM unnest($1::bigint[], $2::integer[], $3::smallint[], $4::text[], $5::text[], $6::text[], $7::bigint[])
     ON CONFLICT DO NOTHING`,
    [
      records.map(({ number }) => number),
      records.map(({ reaches }) => reaches),
      records.map(({ kind }) => kind),
      records.map(({ source }) => source),
      records.map(({ id }) => id),
      unpackDigests(payload),
      records.map(({ atMs }) => atMs),
      first.receivedAtMs,
      day,
    ],
  );
}
