import { assert } from '../kernel/assert.ts';
import type { NewRecord, StoredRecord } from './stream.ts';

/*
 * One message of NATS: many records that were stored together. Little endian.
 *
 *   0  uint8    version, 1
 *   2  uint16   how many records
 *   4  float64  when they were received
 *  12  for each: uint32 which partitions it reaches, uint32 how many bytes it has
 *      for each: uint16 kind, uint16 characters of source, of id, of digest, float64 at; then the UTF-8 of source, id, digest and text
 *
 * So whoever follows some partitions skips what does not reach them without reading it.
 */
const version = 1;
const headBytes = 12;
const entryBytes = 8;
const fixedBytes = 16;

/** A message has at most so many; the numbers of its records are its own sequence times this. */
export const messageRecordsMax = 4096;

/** What NATS allows by itself is 1 MiB. */
export interface PayloadBounds {
  /** What a message should have at the most, */
  readonly bytes: number;
  /** and what one that holds a single record may have. */
  readonly bytesOfOne: number;
}

/** Records that are a message together. */
export interface Packed {
  readonly from: number;
  readonly count: number;
  readonly payload: Buffer;
}

/** Packs records in their order. Throws at one that NATS or the table could not hold. */
export function packRecords(records: readonly NewRecord[], receivedAtMs: number, bounds: PayloadBounds): Packed[] {
  const packed: Packed[] = [];
  let said: string[] = [];
  let bytes: number[] = [];
  let total = headBytes;
  const pack = (end: number): void => {
    const from = end - said.length;
    packed.push({ from, count: said.length, payload: payloadOf(records, from, { said, bytes, total, receivedAtMs }) });
    [said, bytes, total] = [[], [], headBytes];
  };
  for (let index = 0; index < records.length; index += 1) {
    const text = sayingOf(records[index]!);
    const own = fixedBytes + Buffer.byteLength(text);
    assert(headBytes + entryBytes + own <= bounds.bytesOfOne, 'a record fits into a message');
    const isFull = total + entryBytes + own > bounds.bytes || said.length === messageRecordsMax;
    if (isFull && said.length > 0) pack(index);
    said.push(text);
    bytes.push(own);
    total += entryBytes + own;
  }
  if (said.length > 0) pack(records.length);
  return packed;
}

/** All that a record says as one text. What PostgreSQL would refuse must not come into the stream, where it would stay. */
function sayingOf({ source, id, digest, text, kind, atMs }: NewRecord): string {
  const said = source + id + digest + text;
  const isStorable =
    !said.includes('\0') &&
    Number.isInteger(kind) &&
    kind >= 0 &&
    kind < 0x8000 &&
    Number.isSafeInteger(atMs) &&
    Math.max(source.length, id.length, digest.length) <= 1024;
  assert(isStorable, 'a record can be stored');
  return said;
}

function payloadOf(
  records: readonly NewRecord[],
  from: number,
  parts: {
    readonly said: readonly string[];
    readonly bytes: readonly number[];
    readonly total: number;
    readonly receivedAtMs: number;
  },
): Buffer {
  const { said, bytes, total, receivedAtMs } = parts;
  const payload = Buffer.allocUnsafe(total);
  payload[0] = version;
  payload[1] = 0;
  payload.writeUInt16LE(said.length, 2);
  payload.writeDoubleLE(receivedAtMs, 4);
  let at = headBytes + entryBytes * said.length;
  for (let index = 0; index < said.length; index += 1) {
    const { reaches, kind, source, id, digest, atMs } = records[from + index]!;
    payload.writeUInt32LE(reaches, headBytes + entryBytes * index);
    payload.writeUInt32LE(bytes[index]!, headBytes + entryBytes * index + 4);
    payload.writeUInt16LE(kind, at);
    payload.writeUInt16LE(source.length, at + 2);
    payload.writeUInt16LE(id.length, at + 4);
    payload.writeUInt16LE(digest.length, at + 6);
    payload.writeDoubleLE(atMs, at + 8);
    payload.write(said[index]!, at + fixedBytes, 'utf8');
    at += bytes[index]!;
  }
  return payload;
}

/** Reads the records of a message that reach the partitions of a mask and come after a number; `base` is that of its first one. */
export function unpackRecords(
  payload: Buffer,
  base: number,
  asked: { readonly after: number; readonly limit: number; readonly mask: number | undefined },
): StoredRecord[] {
  assert(payload[0] === version, 'the message is of a version that this release knows');
  const { after, limit, mask } = asked;
  const count = payload.readUInt16LE(2);
  const receivedAtMs = payload.readDoubleLE(4);
  const records: StoredRecord[] = [];
  let at = headBytes + entryBytes * count;
  for (let index = 0; index < count && records.length < limit; index += 1) {
    const reaches = payload.readUInt32LE(headBytes + entryBytes * index);
    const bytes = payload.readUInt32LE(headBytes + entryBytes * index + 4);
    if (base + index > after && (mask === undefined || (reaches & mask) !== 0)) {
      const kind = payload.readUInt16LE(at);
      const ofSource = payload.readUInt16LE(at + 2);
      const ofId = ofSource + payload.readUInt16LE(at + 4);
      const ofDigest = ofId + payload.readUInt16LE(at + 6);
      const said = payload.toString('utf8', at + fixedBytes, at + bytes);
      records.push({
        number: base + index,
        source: said.slice(0, ofSource),
        kind,
        id: said.slice(ofSource, ofId),
        reaches,
        atMs: payload.readDoubleLE(at + 8),
        receivedAtMs,
        text: said.slice(ofDigest),
      });
    }
    at += bytes;
  }
  return records;
}

/** The digests of all records of a message. */
export function unpackDigests(payload: Buffer): string[] {
  const count = payload.readUInt16LE(2);
  const digests: string[] = [];
  let at = headBytes + entryBytes * count;
  for (let index = 0; index < count; index += 1) {
    const bytes = payload.readUInt32LE(headBytes + entryBytes * index + 4);
    const from = payload.readUInt16LE(at + 2) + payload.readUInt16LE(at + 4);
    const said = payload.toString('utf8', at + fixedBytes, at + bytes);
    digests.push(said.slice(from, from + payload.readUInt16LE(at + 6)));
    at += bytes;
  }
  return digests;
}
