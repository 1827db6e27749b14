import { Outage } from '../kernel/refusals.ts';
import { pause } from './loops.ts';
import { endOf, sequenceOf, startOf, type NatsBinding } from './nats-binding.ts';
import type { Nats } from './nats-connection.ts';
import { unpackRecords } from './nats-payload.ts';
import type { ReadRecords, StoredRecord } from './stream.ts';

const retryAfterSeconds = 1;
/** So much of what was read last is held for other consumers, and for the rest of a message. */
const heldBytesMax = 16 * 1024 * 1024;
/** How many messages are asked for at once. */
const windowMax = { messages: 64, bytes: 8 * 1024 * 1024 };
/** After so many messages a reader says how far it came, though it may have found nothing for itself. */
const messagesAtOnce = 512;
/** A replica that answers may lag behind the others for a moment. */
const missing = { attempts: 40, waitMs: 50 };

/** Reads messages by their sequence. What was purged has no payload. */
export function openNatsReading(nats: Nats, binding: NatsBinding) {
  const { stream } = binding;
  /** The newest last. */
  const held = new Map<number, Buffer>();
  const underWay = new Map<number, Promise<Buffer | undefined>>();
  let heldBytes = 0;
  const average = { records: 100, bytes: 50_000 };

  function hold(sequence: number, payload: Buffer): void {
    held.set(sequence, payload);
    heldBytes += payload.length;
    for (const [oldest, { length }] of held) {
      if (heldBytes <= heldBytesMax) return;
      held.delete(oldest);
      heldBytes -= length;
    }
  }

  async function ask(sequence: number): Promise<Buffer | undefined> {
    for (let attempt = 1; ; attempt += 1) {
      const message = await nats.ask(() => nats.streams.direct.getMessage(stream, { seq: sequence }));
      if (message !== null) {
        const { data } = message;
        return Buffer.from(data.buffer, data.byteOffset, data.length);
      }
      const { state } = await nats.ask(() => nats.streams.streams.info(stream));
      if (sequence < state.first_seq) return undefined;
      if (attempt === missing.attempts)
        throw new Outage(`the NATS stream ${stream} does not give message ${sequence}`, retryAfterSeconds);
      await pause(missing.waitMs);
    }
  }

  /** One message, asked for once however many want it. */
  async function message(sequence: number): Promise<Buffer | undefined> {
    const known = held.get(sequence);
    if (known !== undefined) return known;
    let asking = underWay.get(sequence);
    if (asking === undefined) {
      asking = ask(sequence).finally(() => underWay.delete(sequence));
      underWay.set(sequence, asking);
      const payload = await asking;
      if (payload !== undefined) hold(sequence, payload);
      return payload;
    }
    return asking;
  }

  /** As many as bring so many records, as far as one can tell from those before. */
  function windowFor(records: number): number {
    const wanted = Math.min(records / average.records, windowMax.bytes / average.bytes, windowMax.messages);
    return Math.max(1, Math.ceil(wanted));
  }

  function learn(records: number, bytes: number): void {
    average.records = Math.max(1, average.records + (records - average.records) / 8);
    average.bytes = Math.max(1, average.bytes + (bytes - average.bytes) / 8);
  }

  /** What a consumer will ask for next is on its way while it works on what it has; whatever fails, it will ask again. */
  function fetchAhead(sequence: number, records: number, upTo: number): void {
    const last = Math.min(upTo, sequence + windowFor(records) - 1);
    for (let next = sequence; next <= last; next += 1) message(next).catch(() => undefined);
  }

  return {
    message,
    clear(): void {
      held.clear();
      heldBytes = 0;
    },
    /** Records after a number and up to a message. */
    async read(after: number, limit: number, mask: number | undefined, upTo: number): Promise<ReadRecords> {
      const records: StoredRecord[] = [];
      const first = sequenceOf(binding, after + 1);
      let at = after;
      for (let next = Math.max(1, first); next <= upTo && next < first + messagesAtOnce;) {
        const last = Math.min(upTo, next + windowFor(limit - records.length) - 1);
        const payloads = await Promise.all(
          Array.from({ length: last - next + 1 }, (_, index) => message(next + index)),
        );
        for (const payload of payloads) {
          const start = startOf(binding, next);
          const room = limit - records.length;
          const found = payload === undefined ? [] : unpackRecords(payload, start, { after: at, limit: room, mask });
          if (payload !== undefined) learn(found.length, payload.length);
          for (const record of found) records.push(record);
          if (found.length === room) {
            fetchAhead(next + 1, limit, upTo);
            return { records, upTo: found.at(-1)!.number };
          }
          at = endOf(binding, next);
          next += 1;
        }
      }
      return { records, upTo: at };
    },
  };
}
