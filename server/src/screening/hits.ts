import { Counter, Gauge } from 'prom-client';
import type { Advice } from '../kernel/policy.ts';
import { Outage } from '../kernel/refusals.ts';
import { dayOf } from '../platform/day-partitions.ts';
import { copyText, type Db, type Sql } from '../platform/db.ts';
import { openLoop } from '../platform/loops.ts';
import type { Telemetry } from '../platform/telemetry.ts';
import { writeInstant } from './answers.ts';
import { hitDays } from './hit-days.ts';
import type { MatchKind } from './match.ts';
import { membersOf } from './member-numbers.ts';

/** That an institution asked for something that is listed. */
export interface Hit {
  readonly atMs: number;
  readonly institution: string;
  readonly key: string;
  readonly advice: Advice;
  readonly kind: MatchKind;
  readonly matchedKey: string;
  readonly listing: string;
  /** As bits, by members' numbers. */
  readonly members: number;
  /** The answer did not show it. */
  readonly discreet: boolean;
}

/** A hit as it is stored. `number` grows in the order in which hits become visible. */
export interface StoredHit {
  readonly number: number;
  readonly at: Date;
  readonly institution: string;
  readonly key: string;
  readonly advice: Advice;
  readonly kind: MatchKind;
  readonly matched: string;
  readonly listing: string;
  readonly members: readonly string[];
  readonly discreet: boolean;
}

export async function readHitsAfter(sql: Sql, number: number, limit: number): Promise<StoredHit[]> {
  return sql.query<StoredHit>(
    `SELECT number, at, institution, key, advice, kind, matched, listing, members, discreet
     FROM screening.hits WHERE number > $1 ORDER BY number LIMIT $2`,
    [number, limit],
  );
}

/** Hits on their way into the database. Nobody waits for them: a hit is lost if the process dies within the next moment. */
export interface Hits {
  record(hit: Hit): void;
  /** Writes what is waiting. */
  flush(): Promise<void>;
  /** Writes what is waiting, and ends. */
  close(): Promise<void>;
}

export interface HitsParts {
  readonly db: Db;
  readonly telemetry: Telemetry;
  /** Called after hits were written. */
  readonly onWritten?: () => void;
  /** How many hits wait for a database that is down; further ones are counted and dropped. */
  readonly waitingMax?: number;
}

const flushMs = 250;
const flushRows = 2000;
const waitingMaxDefault = 100_000;
const columns = ['at', 'institution', 'key', 'advice', 'kind', 'matched', 'listing', 'members', 'discreet'];

export function openHits({ db, telemetry, onWritten, waitingMax = waitingMaxDefault }: HitsParts): Hits {
  const metrics = openMetrics(telemetry, () => waitingRows);
  const knownDays = new Set<string>();
  let waiting = new Map<string, Lines>();
  let waitingRows = 0;
  let isDown = false;

  async function writeDay(day: string, lines: Lines): Promise<void> {
    await db.tx(async (tx) => {
      if (!knownDays.has(day)) await hitDays.ensure(tx, day);
      await tx.copyIn(hitDays.nameOf(day), columns, lines.chunks());
    });
    knownDays.add(day);
    waitingRows -= lines.rows();
    metrics.recorded.inc(lines.rows());
    onWritten?.();
  }

  async function write(): Promise<void> {
    const taken = waiting;
    waiting = new Map();
    for (const [day, lines] of taken) {
      try {
        await writeDay(day, lines);
        isDown = false;
      } catch (error) {
        complain(error);
        // A day that was known may have been dropped meanwhile. What is refused anew would be refused for ever.
        if (error instanceof Outage || knownDays.delete(day)) putBack(day, lines);
        else drop(lines.rows());
      }
    }
  }

  function drop(rows: number): void {
    waitingRows -= rows;
    metrics.dropped.inc(rows);
  }

  function putBack(day: string, lines: Lines): void {
    const later = waiting.get(day);
    if (later !== undefined) lines.append(later);
    waiting.set(day, lines);
  }

  /** An outage is said once; the poll tries again. */
  function complain(error: unknown): void {
    if (!isDown || !(error instanceof Outage))
      telemetry.log.error({ err: error }, 'screening hits could not be written');
    isDown = true;
  }

  const loop = openLoop(write, { onError: complain, pollMs: flushMs });
  return {
    record(hit) {
      if (waitingRows >= waitingMax) {
        metrics.dropped.inc();
        return;
      }
      const day = dayOf(hit.atMs);
      let lines = waiting.get(day);
      if (lines === undefined) {
        lines = openLines();
        waiting.set(day, lines);
      }
      lines.add(lineOf(hit));
      waitingRows += 1;
      if (waitingRows % flushRows === 0) loop.wake();
    },
    flush: loop.run,
    async close() {
      await loop.run();
      await loop.close();
      if (waitingRows > 0)
        telemetry.log.error({ hits: waitingRows }, 'screening hits were lost: the database did not answer');
    },
  };
}

/** Lines of COPY as bytes. As strings they would outlive a few collections of garbage, at several times their price. */
interface Lines {
  add(line: string): void;
  /** Takes over what other lines hold, behind its own. */
  append(other: Lines): void;
  chunks(): Iterable<Uint8Array>;
  rows(): number;
}

const chunkBytes = 64 * 1024;

function openLines(): Lines {
  const full: Uint8Array[] = [];
  let chunk = Buffer.allocUnsafe(chunkBytes);
  let used = 0;
  let rows = 0;
  const close = (): void => {
    if (used > 0) full.push(chunk.subarray(0, used));
    used = 0;
  };
  return {
    add(line) {
      // A UTF-16 unit takes three bytes of UTF-8 at the most.
      const bytesMax = line.length * 3;
      if (used + bytesMax > chunk.length) {
        close();
        chunk = Buffer.allocUnsafe(Math.max(chunkBytes, bytesMax));
      }
      used += chunk.write(line, used);
      rows += 1;
    },
    append(other) {
      close();
      chunk = Buffer.allocUnsafe(chunkBytes);
      full.push(...other.chunks());
      rows += other.rows();
    },
    chunks: () => (used > 0 ? [...full, chunk.subarray(0, used)] : full),
    rows: () => rows,
  };
}

function openMetrics({ metrics }: Telemetry, waitingRows: () => number) {
  const registers = [metrics];
  void new Gauge({
    name: 'drum_screening_hits_waiting',
    help: 'Hits not yet in the database',
    registers,
    collect() {
      this.set(waitingRows());
    },
  });
  return {
    recorded: new Counter({
      name: 'drum_screening_hits_recorded_total',
      help: 'Hits written to the database',
      registers,
    }),
    dropped: new Counter({
      name: 'drum_screening_hits_dropped_total',
      help: 'Hits that found no room to wait',
      registers,
    }),
  };
}

const memberArraysMax = 4096;
const memberArrays = new Map<number, string>();

/** A set of members as PostgreSQL writes an array. */
function memberArray(set: number): string {
  const known = memberArrays.get(set);
  if (known !== undefined) return known;
  const text = `{${membersOf(set).join(',')}}`;
  if (memberArrays.size < memberArraysMax) memberArrays.set(set, text);
  return text;
}

function lineOf(hit: Hit): string {
  const who = `${writeInstant(hit.atMs)}\t${copyText(hit.institution)}\t${copyText(hit.key)}\t${hit.advice}`;
  return `${who}\t${hit.kind}\t${copyText(hit.matchedKey)}\t${hit.listing}\t${memberArray(hit.members)}\t${hit.discreet ? 't' : 'f'}\n`;
}
