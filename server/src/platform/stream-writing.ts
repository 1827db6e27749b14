import { assert } from '../kernel/assert.ts';
import { instantText } from '../kernel/clock.ts';
import { Outage } from '../kernel/refusals.ts';
import { dayOf, startOfDay, type DayPartitions } from './day-partitions.ts';
import { copyText, type Db, type Sql, type Tx } from './db.ts';
import { OthersWrote, type PlacedRecords, type RecordLog } from './record-log.ts';
import { hashOfId, type IdHash, type SeenIds } from './seen-ids.ts';
import type { Appended, NewRecord, StoredRecord } from './stream.ts';

export interface StreamWritingParts {
  readonly db: Db;
  readonly schema: string;
  readonly log: RecordLog;
  readonly days: DayPartitions;
  readonly seen: SeenIds;
  readonly now: () => number;
  /** The first day whose records are remembered. */
  readonly rememberedFrom: () => string;
  /** Other processes write too: each transaction holds the row of numbers from its beginning. */
  readonly isShared: boolean;
  /** The last number as far as this process knows, or undefined. */
  readonly last: () => number | undefined;
  /** Called after a commit with what it made visible: all numbers after `from` and up to `upTo`. */
  readonly written: (records: readonly StoredRecord[], from: number, upTo: number) => void;
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
  stored: { readonly digest: string; readonly number: number } | undefined;
}
type Identities = ReadonlyMap<string, Identity>;

const columns = ['number', 'reaches', 'kind', 'source', 'id', 'digest', 'at', 'received', 'day', 'text'];

/** The transaction before this one did not come to its commit, and this one had built on it. */
class EarlierFailed extends Error {}

/** One transaction under way, for the one after it. */
interface Link {
  /** The last number that it gives. */
  readonly end: PromiseWithResolvers<number>;
  readonly committed: PromiseWithResolvers<void>;
}

/** One transaction's place among the others. */
interface Turn {
  readonly earlier: Link | undefined;
  readonly link: Link;
  readonly nowMs: number;
  readonly day: string;
  readonly own: Map<string, number>;
}

const attemptsMax = 8;
/** Another process may store the same between two of our attempts; what fails for good fails soon. */
const failuresMax = 3;

/**
 * How the one writer of a stream stores records. Several transactions may be under way at once: each copies its rows while
 * those before it do, and commits after them, so that what has lower numbers is visible before.
 */
export function openStreamWriting(parts: StreamWritingParts) {
  const { db, schema, log, days, seen, now, isShared, rememberedFrom, last, written, uncertain, mistaken } = parts;
  const knownDays = new Set<string>();
  /** The transactions under way in their order, with the identities in them. */
  const underWay = new Map<Link, Identities>();
  let newest: Link | undefined;
  let opening: Promise<void> | undefined;
  /** How often somebody failed, and how often they had when the log held nothing that the table does not. */
  let troubles = 0;
  let troublesReconciled = -1;

  /** With `own`, the numbers under which the log keeps records that an earlier attempt put there. */
  async function write(records: readonly NewRecord[]): Promise<Appended[]> {
    const own = new Map<string, number>();
    for (let attempt = 1, failures = 0; ; attempt += 1) {
      try {
        return await writeOnce(records, own);
      } catch (error) {
        troubles += 1;
        uncertain();
        const outage = outageIn(error);
        if (outage !== undefined) throw outage;
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

  async function writeOnce(records: readonly NewRecord[], own: Map<string, number>): Promise<Appended[]> {
    const { identities, each } = identitiesOf(records);
    for (let awaited = nextToEnd(identities); awaited !== undefined; awaited = nextToEnd(identities))
      await awaited.committed.promise.catch(() => undefined);
    const earlier = newest;
    const link: Link = { end: Promise.withResolvers(), committed: Promise.withResolvers() };
    link.end.promise.catch(() => undefined);
    link.committed.promise.catch(() => undefined);
    newest = link;
    const nowMs = now();
    const day = dayOf(nowMs);
    underWay.set(link, identities);
    try {
      if (earlier === undefined) await reconcile();
      const suspects = suspectsOf(identities);
      const { fresh, from, placed } = await store(identities, suspects, { earlier, link, nowMs, day, own });
      for (const { hash, stored } of identities.values()) if (stored === undefined) seen.add(day, hash);
      written(storedOf(fresh, placed, nowMs), from, placed.end);
      link.committed.resolve();
      return records.map((record, at) => outcomeOf(record, at, each[at]!, own));
    } catch (error) {
      // If its commit came about after all, the filter must know of it.
      for (const { hash } of identities.values()) seen.add(day, hash);
      link.end.reject(error);
      link.committed.reject(error);
      throw error;
    } finally {
      underWay.delete(link);
      if (newest === link) newest = undefined;
    }
  }

  async function reconcile(): Promise<void> {
    if (troublesReconciled === troubles) return;
    const at = troubles;
    if (await log.reconcile()) {
      seen.doubt();
      mistaken();
    }
    troublesReconciled = at;
  }

  /**
   * A transaction that must have ended before one with these identities begins. Whether one of them is known or in conflict, the transaction
   * that has it must have shown; and after a failure nothing begins before everything that was under way has ended, for what comes behind
   * one that failed fails too.
   */
  function nextToEnd(identities: Identities): Link | undefined {
    const isTroubled = troublesReconciled !== troubles;
    for (const [link, others] of underWay) {
      if (isTroubled) return link;
      for (const name of identities.keys()) if (others.has(name)) return link;
    }
    return undefined;
  }

  /** Those that may be stored already. */
  function suspectsOf(identities: Identities): Identity[] {
    const isCertain = !isShared && last() !== undefined;
    return [...identities.values()].filter(({ hash }) => !isCertain || seen.mayHold(hash));
  }

  async function store(
    identities: Identities,
    suspects: readonly Identity[],
    { earlier, link, nowMs, day, own }: Turn,
  ): Promise<{ fresh: NewRecord[]; from: number; placed: PlacedRecords }> {
    if (!knownDays.has(day)) {
      opening ??= openDay(day).finally(() => (opening = undefined));
      await opening;
    }
    return db.tx(async (tx) => {
      // Read before what is looked up: what is committed in between shows when the numbers are taken.
      const first = earlier === undefined ? (last() ?? (await readLast(tx, schema, isShared))) : undefined;
      if (suspects.length > 0) await lookUp(tx, schema, suspects, rememberedFrom());
      const fresh = freshOf(identities);
      const from = first ?? (await earlier!.end.promise.catch(failWith));
      const placed = log.place(fresh, from, nowMs);
      const keeping = placed.keep();
      link.end.resolve(placed.end);
      try {
        const lines = linesOf(fresh, { placed, nowMs, day, hasText: log.isTable });
        const copying = fresh.length > 0 ? tx.copyIn(days.nameOf(day), columns, lines) : undefined;
        // Both are waited for, whatever becomes of the other: what the log has answered is known then.
        const [kept, copied] = await Promise.allSettled([keeping, copying]);
        if (kept.status === 'rejected') throw kept.reason;
        if (copied.status === 'rejected') throw copied.reason;
        await earlier?.committed.promise.catch(failWith);
        await takeNumbers(tx, schema, from, placed.end);
      } catch (error) {
        fresh.forEach((record, index) => placed.isKept(index) && own.set(nameOf(record), placed.numberOf(index)));
        throw error;
      }
      return { fresh, from, placed };
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
    reconcile,
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
      identity = { first, place, hash: hashOfId(first.source, first.kind, first.id), stored: undefined };
      identities.set(name, identity);
    }
    each.push(identity);
  }
  return { identities, each };
}

function freshOf(identities: Identities): NewRecord[] {
  const fresh: NewRecord[] = [];
  for (const { first, stored } of identities.values()) if (stored === undefined) fresh.push(first);
  return fresh;
}

function outcomeOf(
  record: NewRecord,
  at: number,
  { first, place, stored }: Identity,
  own: ReadonlyMap<string, number>,
): Appended {
  const isOurs = stored === undefined || (own.size > 0 && own.get(nameOf(first)) === stored.number);
  if (isOurs && at === place) return 'new';
  return record.digest === (stored ?? first).digest ? 'known' : 'conflict';
}

/** The outage because of which a transaction failed, or one before it on which it had built. */
function outageIn(error: unknown): Outage | undefined {
  let cause = error;
  while (cause instanceof EarlierFailed) cause = cause.cause;
  return cause instanceof Outage ? cause : undefined;
}

const failWith = (cause: unknown): never => {
  throw new EarlierFailed('the one before failed', { cause });
};

/** The last number; held until the commit if nobody else may give any. */
export async function readLast(sql: Sql, schema: string, isHeld = false): Promise<number> {
  const [row] = await sql.query<{ last: number }>(`SELECT last FROM ${schema}.numbers ${isHeld ? 'FOR UPDATE' : ''}`);
  assert(row !== undefined, `${schema}.numbers has its row`);
  return row.last;
}

/** Takes the numbers after one, if it is still the last; its row is held until the commit. */
export async function takeNumbers(tx: Tx, schema: string, from: number, end: number): Promise<void> {
  const taken = await tx.query(`UPDATE ${schema}.numbers SET last = $2 WHERE last = $1 RETURNING last`, [from, end]);
  if (taken.length === 0) throw new OthersWrote('another process writes to the stream');
}

/** Finds what is stored of identities. LIMIT keeps the plan to one look-up in the index of each day. */
async function lookUp(tx: Tx, schema: string, suspects: readonly Identity[], fromDay: string): Promise<void> {
  const rows = await tx.query<{ place: number; digest: string; number: number }>(
    `SELECT asked.place::integer AS place, stored.digest, stored.number
     FROM unnest($1::text[], $2::smallint[], $3::text[]) WITH ORDINALITY AS asked (source, kind, id, place)
     CROSS JOIN LATERAL (
       SELECT digest, number FROM ${schema}.records
       WHERE source = asked.source AND kind = asked.kind AND id = asked.id AND day >= $4::date LIMIT 1) stored`,
    [
      suspects.map(({ first }) => first.source),
      suspects.map(({ first }) => first.kind),
      suspects.map(({ first }) => first.id),
      instantText(startOfDay(fromDay)).slice(0, 10),
    ],
  );
  for (const suspect of suspects) suspect.stored = undefined;
  for (const { place, ...stored } of rows) suspects[place - 1]!.stored = stored;
}

function* linesOf(
  records: readonly NewRecord[],
  { placed, nowMs, day, hasText }: { placed: PlacedRecords; nowMs: number; day: string; hasText: boolean },
): Generator<string> {
  const end = `\t${nowMs}\t${day}\t`;
  for (let index = 0; index < records.length; index += 1) {
    const { reaches, kind, source, id, digest, atMs, text } = records[index]!;
    const name = `${copyText(source)}\t${copyText(id)}\t${copyText(digest)}`;
    yield `${placed.numberOf(index)}\t${reaches}\t${kind}\t${name}\t${atMs}${end}${hasText ? copyText(text) : ''}\n`;
  }
}

function storedOf(records: readonly NewRecord[], placed: PlacedRecords, receivedAtMs: number): StoredRecord[] {
  return records.map(({ source, kind, id, reaches, atMs, text }, index) => {
    return { number: placed.numberOf(index), source, kind, id, reaches, atMs, receivedAtMs, text };
  });
}
