import { assert } from '../kernel/assert.ts';
import { instantText } from '../kernel/clock.ts';
import { Outage } from '../kernel/refusals.ts';
import { dayOf, startOfDay, type DayPartitions } from './day-partitions.ts';
import { copyText, type Db, type Sql, type Tx } from './db.ts';
import { hashOfId, type IdHash, type SeenIds } from './seen-ids.ts';
import type { Appended, NewRecord, StoredRecord } from './stream.ts';

export interface StreamWritingParts {
  readonly db: Db;
  readonly schema: string;
  readonly days: DayPartitions;
  readonly seen: SeenIds;
  readonly now: () => number;
  /** The first day whose records are remembered. */
  readonly rememberedFrom: () => string;
  /** The last number as far as this process knows, or undefined. */
  readonly last: () => number | undefined;
  /** Called after a commit with what it made visible. */
  readonly written: (records: readonly StoredRecord[], upTo: number) => void;
  /** Called when nobody knows whether a transaction came to its commit. */
  readonly uncertain: () => void;
  /** Called when the table holds what `seen` does not know of. */
  readonly mistaken: () => void;
}

/** One identity among the records of one transaction. */
interface Identity {
  readonly first: NewRecord;
  /** Where among the records it comes first. */
  readonly place: number;
  readonly hash: IdHash;
  /** What was stored of it before, if it was. */
  storedDigest: string | undefined;
}
type Identities = ReadonlyMap<string, Identity>;

const columns = ['number', 'partition', 'kind', 'source', 'id', 'digest', 'at', 'received', 'day', 'text'];

/** Somebody else gave numbers, so that what this process believes of the table is not all of it. */
class OthersWrote extends Error {}

/** The transaction before this one did not come to its commit, and this one had built on it. */
class EarlierFailed extends Error {}

/** One transaction under way, for the one after it. */
interface Link {
  /** The last number that it gives. */
  readonly end: PromiseWithResolvers<number>;
  readonly committed: PromiseWithResolvers<boolean>;
}

const attemptsMax = 8;
/** Another process may store the same between two of our attempts; what fails for good fails soon. */
const failuresMax = 3;

/**
 * How the one writer of a stream stores records. Several transactions may be under way at once: each copies its rows while
 * those before it do, and commits after them, so that what has lower numbers is visible before.
 */
export function openStreamWriting(parts: StreamWritingParts) {
  const { db, schema, days, seen, now, rememberedFrom, last, written, uncertain, mistaken } = parts;
  const knownDays = new Set<string>();
  /** The identities in transactions under way. */
  const underWay = new Set<Identities>();
  let newest: Link | undefined;
  let opening: Promise<void> | undefined;

  async function write(records: readonly NewRecord[]): Promise<Appended[]> {
    for (let attempt = 1, failures = 0; ; attempt += 1) {
      try {
        return await writeOnce(records);
      } catch (error) {
        uncertain();
        if (error instanceof Outage) throw error;
        if (error instanceof EarlierFailed && attempt < attemptsMax) continue;
        failures += 1;
        if (failures > failuresMax) throw error;
        // A day may have been dropped since it was known, or another process wrote. Until all is read anew, each identity
        // is looked up.
        knownDays.clear();
        seen.doubt();
        mistaken();
      }
    }
  }

  async function writeOnce(records: readonly NewRecord[]): Promise<Appended[]> {
    const { identities, each } = identitiesOf(records);
    // Whether it is known or in conflict, the transaction that has it must have shown.
    while (newest !== undefined && isUnderWay(identities)) await newest.committed.promise;
    const earlier = newest;
    const link: Link = { end: Promise.withResolvers(), committed: Promise.withResolvers() };
    link.end.promise.catch(() => undefined);
    newest = link;
    const nowMs = now();
    const day = dayOf(nowMs);
    underWay.add(identities);
    try {
      const suspects = suspectsOf(identities);
      const { fresh, from } = await store(identities, suspects, { earlier, link, nowMs, day });
      for (const { hash, storedDigest } of identities.values()) if (storedDigest === undefined) seen.add(day, hash);
      written(storedOf(fresh, from, nowMs), from + fresh.length);
      link.committed.resolve(true);
      return records.map((record, at) => outcomeOf(record, at, each[at]!));
    } catch (error) {
      // If its commit came about after all, the filter must know of it.
      for (const { hash } of identities.values()) seen.add(day, hash);
      link.end.reject(error);
      link.committed.resolve(false);
      throw error;
    } finally {
      underWay.delete(identities);
      if (newest === link) newest = undefined;
    }
  }

  function isUnderWay(identities: Identities): boolean {
    for (const others of underWay) for (const name of identities.keys()) if (others.has(name)) return true;
    return false;
  }

  /** Those that may be stored already. */
  function suspectsOf(identities: Identities): Identity[] {
    const isCertain = last() !== undefined;
    return [...identities.values()].filter(({ hash }) => !isCertain || seen.mayHold(hash));
  }

  async function store(
    identities: Identities,
    suspects: readonly Identity[],
    { earlier, link, nowMs, day }: { earlier: Link | undefined; link: Link; nowMs: number; day: string },
  ): Promise<{ fresh: NewRecord[]; from: number }> {
    if (!knownDays.has(day)) {
      opening ??= openDay(day).finally(() => (opening = undefined));
      await opening;
    }
    return db.tx(async (tx) => {
      // Read before what is looked up: what is committed in between shows when the numbers are taken.
      const first = earlier === undefined ? (last() ?? (await readLast(tx, schema))) : undefined;
      if (suspects.length > 0) await lookUp(tx, schema, suspects, rememberedFrom());
      const fresh = freshOf(identities);
      const from = first ?? (await earlier!.end.promise.catch((cause: unknown) => failWith(cause)));
      link.end.resolve(from + fresh.length);
      if (fresh.length > 0) await tx.copyIn(days.nameOf(day), columns, linesOf(fresh, from, nowMs, day));
      if (earlier !== undefined && !(await earlier.committed.promise)) throw new EarlierFailed('the one before failed');
      await takeNumbers(tx, schema, from, fresh.length);
      return { fresh, from };
    });
  }

  async function openDay(day: string): Promise<void> {
    await db.tx((tx) => days.ensure(tx, day));
    const [row] = await db.query<{ found: boolean }>(`SELECT EXISTS (SELECT FROM ${days.nameOf(day)}) AS found`);
    // A new day's filter knows all of it from its beginning.
    if (row?.found === false) {
      seen.open(day);
      seen.complete(day);
    }
    seen.forgetBefore(rememberedFrom());
    knownDays.clear();
    knownDays.add(day);
  }

  return {
    write,
    /** Resolves once every transaction that gave numbers before has ended, also one whose end nobody heard of. */
    async settled(): Promise<void> {
      await db.tx((tx) => tx.query(`SELECT last FROM ${schema}.numbers FOR UPDATE`));
    },
    /** Tells `seen` of every identity of a day, unless it is stopped. */
    async readSeen(day: string, batchRows: number, isStopped: () => boolean): Promise<void> {
      const rows = db.stream<{ source: string; kind: number; id: string }>(
        `SELECT source, kind, id FROM ${days.nameOf(day)}`,
        [],
        batchRows,
      );
      for await (const batch of rows) {
        if (isStopped()) return;
        for (const { source, kind, id } of batch) seen.add(day, hashOfId(source, kind, id));
      }
      seen.complete(day);
    },
  };
}

const nameOf = ({ source, kind, id }: NewRecord): string => `${id} ${kind} ${source}`;

/** The identities among records, and that of each record. */
function identitiesOf(records: readonly NewRecord[]): { identities: Identities; each: Identity[] } {
  const identities = new Map<string, Identity>();
  const each: Identity[] = [];
  for (let place = 0; place < records.length; place += 1) {
    const first = records[place]!;
    const name = nameOf(first);
    let identity = identities.get(name);
    if (identity === undefined) {
      identity = { first, place, hash: hashOfId(first.source, first.kind, first.id), storedDigest: undefined };
      identities.set(name, identity);
    }
    each.push(identity);
  }
  return { identities, each };
}

function freshOf(identities: Identities): NewRecord[] {
  const fresh: NewRecord[] = [];
  for (const { first, storedDigest } of identities.values()) if (storedDigest === undefined) fresh.push(first);
  return fresh;
}

function outcomeOf(record: NewRecord, at: number, { first, place, storedDigest }: Identity): Appended {
  if (storedDigest === undefined && at === place) return 'new';
  return record.digest === (storedDigest ?? first.digest) ? 'known' : 'conflict';
}

const failWith = (cause: unknown): never => {
  throw new EarlierFailed('the one before failed', { cause });
};

async function readLast(sql: Sql, schema: string): Promise<number> {
  const [row] = await sql.query<{ last: number }>(`SELECT last FROM ${schema}.numbers`);
  assert(row !== undefined, `${schema}.numbers has its row`);
  return row.last;
}

/** Takes the numbers after one, if it is still the last; its row is held until the commit. */
async function takeNumbers(tx: Tx, schema: string, from: number, count: number): Promise<void> {
  const taken = await tx.query(`UPDATE ${schema}.numbers SET last = last + $2::bigint WHERE last = $1 RETURNING last`, [
    from,
    count,
  ]);
  if (taken.length === 0) throw new OthersWrote('another process writes to the stream');
}

/** Finds what is stored of identities. LIMIT keeps the plan to one look-up in the index of each day. */
async function lookUp(tx: Tx, schema: string, suspects: readonly Identity[], fromDay: string): Promise<void> {
  const rows = await tx.query<{ place: number; digest: string }>(
    `SELECT asked.place::integer AS place, stored.digest
     FROM unnest($1::text[], $2::smallint[], $3::text[]) WITH ORDINALITY AS asked (source, kind, id, place)
     CROSS JOIN LATERAL (
       SELECT digest FROM ${schema}.records
       WHERE source = asked.source AND kind = asked.kind AND id = asked.id AND day >= $4::date LIMIT 1) stored`,
    [
      suspects.map(({ first }) => first.source),
      suspects.map(({ first }) => first.kind),
      suspects.map(({ first }) => first.id),
      instantText(startOfDay(fromDay)).slice(0, 10),
    ],
  );
  for (const suspect of suspects) suspect.storedDigest = undefined;
  for (const { place, digest } of rows) suspects[place - 1]!.storedDigest = digest;
}

function* linesOf(records: readonly NewRecord[], from: number, nowMs: number, day: string): Generator<string> {
  const end = `\t${nowMs}\t${day}\t`;
  let number = from;
  for (const { partition, kind, source, id, digest, atMs, text } of records) {
    number += 1;
    const name = `${copyText(source)}\t${copyText(id)}\t${copyText(digest)}`;
    yield `${number}\t${partition}\t${kind}\t${name}\t${atMs}${end}${copyText(text)}\n`;
  }
}

function storedOf(records: readonly NewRecord[], from: number, receivedAtMs: number): StoredRecord[] {
  return records.map(({ source, kind, id, partition, atMs, text }, index) => {
    return { number: from + index + 1, source, kind, id, partition, atMs, receivedAtMs, text };
  });
}

/** Records by their numbers, from the table. */
export function readRecordsAfter(
  sql: Sql,
  schema: string,
  after: number,
  limit: number,
  partitions: readonly number[] | undefined,
): Promise<StoredRecord[]> {
  return sql.query<StoredRecord>(
    `SELECT number, source, kind, id, partition, at AS "atMs", received AS "receivedAtMs", text
     FROM ${schema}.records WHERE number > $1 ${partitions === undefined ? '' : 'AND partition = ANY ($3)'}
     ORDER BY number LIMIT $2`,
    partitions === undefined ? [after, limit] : [after, limit, partitions],
  );
}
