import type { EngineParts, EngineSizes } from '@bronze-drum/detection/engine';
import type { Ground } from '@bronze-drum/detection/watch';
import type { Access } from '../access/access.ts';
import type { Actor } from '../kernel/actor.ts';
import { dayMs, hourMs, instantText, type Clock } from '../kernel/clock.ts';
import type { Advice, Policy } from '../kernel/policy.ts';
import { refuse } from '../kernel/refusals.ts';
import type { Clocks } from '../platform/clocks.ts';
import { keepDays } from '../platform/day-partitions.ts';
import type { Db, Sql, Tx } from '../platform/db.ts';
import { migrate } from '../platform/migrations.ts';
import { openStream, type StreamParts } from '../platform/open-stream.ts';
import type { Telemetry } from '../platform/telemetry.ts';
import { listedAmong } from '../registry/registry.ts';
import { adviceAmong, type Screening } from '../screening/screening.ts';
import type { DetectorStates, Finding, FindingPage, FindingQuery } from './contract.ts';
import { readDetectors } from './overview.ts';
import { openReplaying, type Replaying } from './replaying.ts';
import * as store from './store.ts';
import type { NewVerdict, StoredFinding } from './store.ts';
import { openForwarding } from './forwarding.ts';
import { openWatch, type Watch, type WatchedActivity } from './watch.ts';
import type { ListingSource } from './watching.ts';

export type { NewVerdict, StoredFinding } from './store.ts';

/** Recognises patterns of fraud in what institutions report, and keeps what it found with its reasons. */
export interface Detection extends Pick<Replaying, 'replay' | 'readReplay' | 'replays'> {
  /** Newest first. Needs `detection.read` and a purpose; the read is recorded. */
  list(actor: Actor, query: FindingQuery): Promise<FindingPage>;
  get(actor: Actor, id: string): Promise<Finding>;
  /** Every detector as it is set, how much it finds, and what officers made of it. Needs `detection.read`. */
  detectors(actor: Actor): Promise<DetectorStates>;
  /** Findings by their numbers, also those of detectors in shadow; for rooms that follow them with a cursor of their own. */
  findingsAfter(sql: Sql, number: number, limit: number): Promise<StoredFinding[]>;
  /** Calls back after this process found something. */
  onFindings(hear: () => void): void;
  /** What officers made of an alert, for each detector behind it; in their transaction. */
  judge(tx: Tx, verdicts: readonly NewVerdict[]): Promise<void>;
  /** Begins to watch, as soon as the listings are known. */
  start(): void;
  /** Resolves once everything that was reported before this call was looked at. */
  caughtUp(): Promise<void>;
  /** Resolves once no replay is under way. */
  replayEnded(): Promise<void>;
  close(): Promise<void>;
}

export interface DetectionParts {
  readonly db: Db;
  readonly clock: Clock;
  readonly clocks: Clocks;
  readonly policy: Policy;
  readonly access: Pick<Access, 'requireOfficer' | 'requirePurpose' | 'recordRead' | 'member'>;
  readonly activity: WatchedActivity;
  readonly screening: Pick<Screening, 'adviceOn' | 'caughtUp'>;
  readonly networkOf: Ground['networkOf'];
  readonly model?: EngineParts['model'];
  /** Where snapshots of what the detectors know are kept. */
  readonly folder: string;
  readonly sizes?: EngineSizes;
  readonly telemetry: Telemetry;
  /** Other processes watch: this one only answers. */
  readonly isWatchedElsewhere?: boolean;
}

/** For a member of 100 million accounts of which a quarter of a million are seen within days; about 310 MB when full, and 700 MB with a score. */
const sizesDefault: EngineSizes = {
  accounts: 1 << 18,
  payments: 1 << 20,
  devices: 1 << 16,
  addresses: 1 << 16,
  numbers: 1 << 16,
  cells: 1 << 12,
};
/** Hours are kept as long as drift looks back, and a day. */
const hoursMs = 32 * dayMs;

/** How certain a listing is for detection: what an institution would be advised to stop is confirmed. */
const strengths: Readonly<Record<Advice, 0 | 1 | 2>> = { block: 2, hold: 2, challenge: 1, watch: 0, clear: 0 };

/** Opens the room, before `clocks.start`. */
export async function openDetection(parts: DetectionParts): Promise<Detection> {
  const { db, clock, clocks, policy, access, screening, telemetry, sizes = sizesDefault } = parts;
  await migrate(db, 'detection', new URL('migrations/', import.meta.url));
  const keepMs = (nowMs: number): number => policy.at(nowMs).alerts.keepHours * hourMs;
  await keepDays({
    db,
    clock,
    clocks,
    kind: 'detection.retention',
    subject: 'findings',
    keepMs,
    partitions: {
      async drop(tx, beforeMs) {
        await store.findingDays.drop(tx, beforeMs);
        await store.dropHours(tx, clock.now() - hoursMs);
      },
    },
  });
  const onError = (error: unknown): void => telemetry.log.error({ err: error }, 'detection');
  const world = {
    ...parts,
    sizes,
    country: access.member.toUpperCase(),
    listed: (key: string) => strengths[screening.adviceOn(key)],
  };
  const heard = new Set<() => void>();
  const replaying = await openReplaying({ ...world, onError });

  const watch = openWatch({
    ...world,
    // A server is alone in its folder, so after a crash it need not wait for its own lease to end.
    watcher: 'server',
    partitions: Array.from({ length: parts.activity.partitions }, (_, partition) => partition),
    forwarding: undefined,
    listings: { listed: world.listed, prepare: async () => undefined },
    ready: screening.caughtUp,
    onFindings: () => heard.forEach((hear) => hear()),
  });

  const reader = (actor: Actor) => {
    const officer = access.requireOfficer(actor, 'detection.read');
    access.requirePurpose(officer);
    return officer;
  };

  return {
    replay: replaying.replay,
    readReplay: replaying.readReplay,
    replays: replaying.replays,
    replayEnded: replaying.ended,
    async list(actor, { subject, detector, before, limit }) {
      const officer = reader(actor);
      const findings = await store.readFindings(db, { subject, detector, before, limit: limit + 1 });
      const page = findings.slice(0, limit);
      await access.recordRead(db, officer, { what: 'findings', subject: subject ?? null, count: page.length });
      const next = findings.length > limit ? page.at(-1)?.number : undefined;
      return { findings: page.map(shown), ...(next !== undefined && { next }) };
    },
    async get(actor, id) {
      const officer = reader(actor);
      const finding = (await store.readFinding(db, id)) ?? refuse('not-found.finding');
      await access.recordRead(db, officer, { what: 'findings', subject: finding.subject, count: 1 });
      return shown(finding);
    },
    async detectors(actor) {
      access.requireOfficer(actor, 'detection.read');
      const nowMs = clock.now();
      return {
        ...(await readDetectors(db, policy.at(nowMs).detection, nowMs)),
        state: watch.state(),
      };
    },
    findingsAfter: store.readFindingsAfter,
    onFindings: (hear) => void heard.add(hear),
    judge: (tx, verdicts) => store.writeVerdicts(tx, verdicts, clock.now()),
    start() {
      if (parts.isWatchedElsewhere !== true) watch.start();
    },
    caughtUp: async () => (parts.isWatchedElsewhere === true ? undefined : watch.caughtUp()),
    async close() {
      await replaying.close();
      await watch.close();
    },
  };
}

/** What a process stands on that only watches. */
export interface DetectionWatchParts {
  readonly db: Db;
  readonly clock: Clock;
  readonly policy: Policy;
  readonly member: string;
  readonly activity: WatchedActivity;
  readonly nats: StreamParts['nats'];
  readonly networkOf: Ground['networkOf'];
  readonly model?: EngineParts['model'];
  readonly folder: string;
  readonly sizes?: EngineSizes;
  /** All, unless some are named. */
  readonly partitions: readonly number[] | undefined;
  /** A name of this process that no other has. */
  readonly watcher: string;
  readonly telemetry: Telemetry;
  readonly onError: (error: unknown) => void;
}

/** Watches some partitions beside the member's server, whose tables there must be. */
export async function openDetectionWatch(parts: DetectionWatchParts): Promise<Watch> {
  const { db, clock, policy, member, activity, nats, onError, sizes = sizesDefault } = parts;
  const all = Array.from({ length: activity.partitions }, (_, partition) => partition);
  const { partitions = all } = parts;
  const stream =
    partitions.length === all.length
      ? undefined
      : await openStream({
          db,
          clock,
          nats,
          name: `detection-${member}`,
          schema: 'detection',
          partitions: activity.partitions,
          isShared: true,
          rememberMs: () => dayMs,
          onError,
        });
  const watch = openWatch({
    ...parts,
    sizes,
    partitions,
    country: member.toUpperCase(),
    forwarding: stream && openForwarding({ stream, activity, partitions }),
    listings: openListingsOfBatches((rows, nowMs) => {
      const adviceOn = adviceAmong(rows, policy.at(nowMs).screening, nowMs);
      return (key) => strengths[adviceOn(key)];
    }, clock),
    ready: () => Promise.resolve(),
    onFindings: () => undefined,
  });
  return {
    ...watch,
    async close() {
      await watch.close();
      await stream?.close();
    },
  };
}

/** Reads what is listed of the keys of each batch, in a process that has no view of all listings. */
function openListingsOfBatches(
  strengthsOf: (rows: Awaited<ReturnType<typeof listedAmong>>, nowMs: number) => Ground['listed'],
  clock: Clock,
): ListingSource {
  let listed: Ground['listed'] = () => 0;
  return {
    listed: (key) => listed(key),
    async prepare(sql, records) {
      const keys = new Set(records.flatMap((record) => record.keys.map(({ key }) => key)));
      const nowMs = clock.now();
      listed = strengthsOf(await listedAmong(sql, [...keys], nowMs), nowMs);
    },
  };
}

function shown({ number: _number, record: _record, at, found, score, ...finding }: StoredFinding): Finding {
  const { counterparts, facts } = finding;
  return {
    ...finding,
    counterparts: [...counterparts],
    facts: { ...facts },
    ...(score && { score: { ...score, reasons: score.reasons.map((reason) => ({ ...reason })) } }),
    at: instantText(at.getTime()),
    found: instantText(found.getTime()),
  };
}
