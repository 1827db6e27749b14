import { hash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { joinsOf } from '@bronze-drum/detection/joins';
import { activityKinds, type ActivityKind, type ActivityRecords } from '@bronze-drum/protocol/activity/kinds';
import { keysOf, readRecord, type RoleKey } from '@bronze-drum/protocol/activity/reading';
import { isRefusal, refusal, type Refusal } from '@bronze-drum/protocol/refusals';
import type { Access } from '../access/access.ts';
import type { Actor, InstitutionActor } from '../kernel/actor.ts';
import { dayMs, hourMs, type Clock } from '../kernel/clock.ts';
import type { Policy } from '../kernel/policy.ts';
import { refuse } from '../kernel/refusals.ts';
import type { Clocks } from '../platform/clocks.ts';
import { keepDays } from '../platform/day-partitions.ts';
import type { Db, Tx } from '../platform/db.ts';
import { migrate } from '../platform/migrations.ts';
import type { Nats } from '../platform/nats-connection.ts';
import { openStream } from '../platform/open-stream.ts';
import type { Following, NewRecord, StoredRecord, Stream } from '../platform/stream.ts';
import type { Telemetry } from '../platform/telemetry.ts';
import type { LineResult } from './contract.ts';
import { openDayCounts } from './day-counts.ts';
import { valueOfLine } from './lines.ts';
import { openMetrics } from './metrics.ts';
import { openPacs008, type ReadTransaction } from './pacs008.ts';
import { partitionOf, reachOf, timeRefusal } from './rules.ts';

export type { LineResult } from './contract.ts';

/** A record as an institution reported it, with its identifiers as keys. */
export interface ReportedRecord<K extends ActivityKind = ActivityKind> {
  /** Grows in the order in which records become visible. */
  readonly number: number;
  readonly institution: string;
  readonly kind: K;
  /** The sender's own. */
  readonly id: string;
  readonly atMs: number;
  readonly receivedAtMs: number;
  readonly record: ActivityRecords[K];
  readonly keys: readonly RoleKey[];
}

export interface ActivityConsumer {
  /** Of its durable cursor. */
  readonly name: string;
  /** After which record a new name begins; otherwise with the oldest that is kept. */
  readonly from?: number;
  /** It is given what names something of theirs; everything, unless some are named. */
  readonly partitions?: readonly number[];
  handle(tx: Tx, records: readonly ReportedRecord[]): Promise<void>;
}

export interface Activity {
  /**
   * Takes records of one kind from an institution: each line is a JSON text, a value that is none, or undefined for an
   * empty line. Resolves once all that is accepted or known is durable. Refuses the whole with `too-many.…`; an outage
   * acknowledges nothing, and to report the same again is safe.
   */
  report(actor: Actor, kind: ActivityKind, lines: readonly unknown[]): Promise<LineResult[]>;
  /** The same for the payments of an ISO 20022 pacs.008 message; whole messages are refused with `malformed.xml…` or `activity.totals`. */
  reportPacs008(actor: Actor, xml: Uint8Array): Promise<LineResult[]>;
  /** Hands over every record that is kept, oldest first, with a durable cursor. */
  follow(consumer: ActivityConsumer): Following;
  /** Records that are kept after a number, oldest first; of those that name something of some partitions, if these are named. */
  read(after: number, limit: number, partitions?: readonly number[]): Promise<ReportedRecord[]>;
  /** The number of the last record that a consumer has durably handled; 0 before its first. */
  readUpTo(consumer: string): Promise<number>;
  /** How many partitions there are, and which one a key is of: every record that names the key reaches it. */
  readonly partitions: number;
  partitionOf(key: string): number;
  close(): Promise<void>;
}

export interface ActivityParts {
  readonly db: Db;
  readonly clock: Clock;
  readonly clocks: Clocks;
  readonly policy: Policy;
  readonly access: Pick<Access, 'requirePermission' | 'takeQuota' | 'member'>;
  readonly telemetry: Telemetry;
  /** With it, what is reported is kept on NATS JetStream. */
  readonly nats?: Nats | undefined;
}

const partitions = 16;
/** So many lines are read before others have their turn. */
const linesAtOnce = 100;
/** A transaction in XML takes ten times as long to read as a line. */
const transactionsAtOnce = 10;

type Line = { readonly value: unknown } | { readonly refusal: Refusal } | undefined;

/** One line, judged. */
type Judged =
  | { readonly record: NewRecord }
  | { readonly refusal: Refusal; readonly id: string | undefined }
  | undefined;

/** What is reported, for who only reads it. */
export type ActivityReading = Pick<Activity, 'follow' | 'read' | 'readUpTo' | 'partitions' | 'partitionOf' | 'close'>;

const streamOf = (
  { db, clock, policy, telemetry, nats }: Omit<ActivityParts, 'clocks' | 'access'>,
  member: string,
  isShared: boolean,
): Promise<Stream> =>
  openStream({
    db,
    clock,
    nats,
    name: `activity-${member}`,
    schema: 'activity',
    partitions,
    isShared,
    rememberMs: () => policy.at(clock.now()).activity.lateHours * hourMs + dayMs,
    onError: (error) => telemetry.log.error({ err: error }, 'the stream of activity'),
  });

/** Opens what another process of this member takes in. */
export const openActivityReading = async (
  parts: Omit<ActivityParts, 'clocks' | 'access'> & { readonly member: string },
): Promise<ActivityReading> => readingOf(await streamOf(parts, parts.member, true));

const readingOf = (stream: Stream): ActivityReading => ({
  follow: ({ handle, ...consumer }) =>
    stream.follow({ ...consumer, handle: (tx, records) => handle(tx, records.map(reportedOf)) }),
  read: async (...asked) => (await stream.read(...asked)).map(reportedOf),
  readUpTo: stream.handledUpTo,
  partitions,
  partitionOf: (key) => partitionOf(key, partitions),
  close: stream.close,
});

/** Opens the room, before `clocks.start`. */
export async function openActivity(parts: ActivityParts): Promise<Activity> {
  const { db, clock, policy, access, telemetry } = parts;
  await migrate(db, 'activity', new URL('migrations/', import.meta.url));
  const stream = await streamOf(parts, access.member, false);
  await keepDays({
    ...parts,
    partitions: stream,
    kind: 'activity.retention',
    subject: 'records',
    keepMs: (nowMs) => policy.at(nowMs).activity.retentionHours * hourMs,
  });
  const counts = await openDayCounts({ db, clock });
  const metrics = openMetrics(telemetry, stream.waiting);
  const country = access.member.toUpperCase();
  const pacs008 = openPacs008({ country, timeZone: policy.timeZone });

  function judge(source: string, kind: ActivityKind, line: Line, nowMs: number): Judged {
    if (line === undefined) return undefined;
    if ('refusal' in line) return { refusal: line.refusal, id: undefined };
    const read = readRecord(kind, line.value, country);
    if (isRefusal(read)) return { refusal: read, id: idOf(line.value) };
    const { record, keys, atMs } = read;
    const late = timeRefusal(atMs, nowMs, policy.at(nowMs).activity);
    if (late !== undefined) return { refusal: late, id: record.id };
    const text = JSON.stringify(record);
    const digest = hash('sha256', text, 'base64url').slice(0, 22);
    const names = [...keys.map(({ key }) => key), ...joinsOf({ kind, institution: source, record })];
    const reaches = reachOf(names, partitions);
    return { record: { source, kind: activityKinds.indexOf(kind), id: record.id, digest, reaches, atMs, text } };
  }

  /** Judges lines in turns, stores what stands, and says what became of each. */
  async function take(
    actor: InstitutionActor,
    kind: ActivityKind,
    count: number,
    lineAt: (index: number) => Line,
  ): Promise<LineResult[]> {
    const { institution } = actor;
    const nowMs = clock.now();
    const counted = counts.take(institution, count, policy.at(nowMs).activity.recordsPerDayMax);
    let fresh = 0;
    const ended = metrics.begin();
    try {
      const judged: Judged[] = [];
      for (let index = 0; index < count; index += 1) {
        if (index > 0 && index % linesAtOnce === 0) await setImmediate();
        judged.push(judge(institution, kind, lineAt(index), nowMs));
      }
      const records = judged.flatMap((line) => (line !== undefined && 'record' in line ? [line.record] : []));
      const appended = await stream.append(records);
      const results = resultsOf(judged, appended);
      fresh = results.filter(({ state }) => state === 'accepted').length;
      metrics.count(kind, results);
      const conflicts = appended.filter((each) => each === 'conflict').length;
      if (conflicts > 0) telemetry.log.warn({ institution, kind, conflicts }, 'records came again with other content');
      return results;
    } finally {
      counted(fresh);
      ended();
    }
  }

  function admit(actor: Actor): InstitutionActor {
    access.requirePermission(actor, 'activity.report');
    return actor.kind === 'institution' ? actor : refuse('forbidden.institutions-only');
  }

  return {
    async report(actor, kind, lines) {
      const institution = admit(actor);
      access.takeQuota(actor, lines.length);
      return take(institution, kind, lines.length, (index) => lineOf(lines[index]));
    },
    async reportPacs008(actor, xml) {
      const institution = admit(actor);
      const message = pacs008.open(xml);
      access.takeQuota(actor, message.count);
      const transactions: ReadTransaction[] = [];
      for (let index = 0; index < message.count; index += 1) {
        if (index > 0 && index % transactionsAtOnce === 0) await setImmediate();
        transactions.push(message.read(index));
      }
      message.checkTotals(transactions);
      return take(institution, 'payment', transactions.length, (index) => transactions[index]!.line);
    },
    ...readingOf(stream),
  };
}

function lineOf(line: unknown): Line {
  if (line === undefined) return undefined;
  return typeof line === 'string' || line instanceof Uint8Array ? valueOfLine(line) : { value: line };
}

/** The sender's id of a record that was refused, if it is one. */
function idOf(value: unknown): string | undefined {
  const id = typeof value === 'object' && value !== null && 'id' in value ? value.id : undefined;
  return typeof id === 'string' && /^[\x21-\x7e]{1,64}$/.test(id) ? id : undefined;
}

function resultsOf(judged: readonly Judged[], appended: readonly ('new' | 'known' | 'conflict')[]): LineResult[] {
  const results: LineResult[] = [];
  let next = 0;
  for (const [index, line] of judged.entries()) {
    if (line === undefined) continue;
    const at = { line: index + 1 };
    if ('refusal' in line) {
      results.push(refusedResult(at.line, line.id, line.refusal));
      continue;
    }
    const outcome = appended[next]!;
    next += 1;
    const { id } = line.record;
    if (outcome === 'conflict')
      results.push(refusedResult(at.line, id, refusal('conflict.id-reused', { field: 'id' })));
    else results.push({ line: at.line, id, state: outcome === 'new' ? 'accepted' : 'known' });
  }
  return results;
}

function refusedResult(line: number, id: string | undefined, { refused, params }: Refusal): LineResult {
  return { line, ...(id !== undefined && { id }), state: 'refused', refused, ...(params && { params: { ...params } }) };
}

function reportedOf(stored: StoredRecord): ReportedRecord {
  const { number, source, id, atMs, receivedAtMs, text } = stored;
  const kind = activityKinds[stored.kind]!;
  const record = JSON.parse(text) as ActivityRecords[ActivityKind];
  return { number, institution: source, kind, id, atMs, receivedAtMs, record, keys: keysOf(kind, record) };
}
