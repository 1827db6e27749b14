import { setImmediate } from 'node:timers/promises';
import type { Hop } from '@bronze-drum/detection/payment-book';
import {
  openEngine,
  type Engine,
  type EngineParts,
  type EngineSizes,
  type Finding,
} from '@bronze-drum/detection/engine';
import type { Sight } from '@bronze-drum/detection/sight';
import type { Ground } from '@bronze-drum/detection/watch';
import type { Activity, ReportedRecord } from '../activity/activity.ts';
import { hourMs, minuteMs, type Clock } from '../kernel/clock.ts';
import type { Policy } from '../kernel/policy.ts';
import type { Db, Sql, Tx } from '../platform/db.ts';
import type { Following } from '../platform/stream.ts';
import type { Telemetry } from '../platform/telemetry.ts';
import { openBatches } from './batches.ts';
import type { Forwarded, Forwarding } from './forwarding.ts';
import { LeaseLost, type Lease } from './lease.ts';
import type { Snapshots } from './snapshots.ts';
import * as store from './store.ts';

export interface WatchingParts extends Pick<Ground, 'country' | 'networkOf'> {
  readonly db: Db;
  readonly clock: Clock;
  readonly policy: Policy;
  readonly activity: Pick<Activity, 'follow' | 'read' | 'readUpTo' | 'partitionOf' | 'partitions'>;
  readonly snapshots: Snapshots;
  readonly sizes: EngineSizes;
  readonly model?: EngineParts['model'];
  readonly telemetry: Telemetry;
  /** Which partitions are watched here. */
  readonly partitions: readonly number[];
  readonly lease: Lease;
  /** How processes tell each other what lies behind payments; undefined where one watches all. */
  readonly forwarding: Forwarding | undefined;
  readonly listings: ListingSource;
  /** Called after findings became visible. */
  readonly onFindings: (findings: readonly Finding[]) => void;
  /** Called when somebody else watches these partitions: this one is of no use any more. */
  readonly onLost: () => void;
}

/** Who knows what is listed. */
export interface ListingSource {
  readonly listed: Ground['listed'];
  /** Called before a batch is looked at: what it names can then be asked for. */
  prepare(sql: Sql, records: readonly ReportedRecord[]): Promise<void>;
}

export interface Watching {
  /** Resolves once everything that was reported before this call was looked at. */
  caughtUp(): Promise<void>;
  readonly engine: Pick<Engine, 'bytes' | 'size'>;
  close(): Promise<void>;
}

const pageRecords = 1000;
/** Without a snapshot, what was received within this time is read again. */
const rebuildMs = 3 * 24 * hourMs;
/** Of what was received before anybody watched, so much is looked at as if it came now. */
const firstMs = 24 * hourMs;
const snapshotEveryMs = 5 * minuteMs;
const countEveryMs = minuteMs;

/**
 * Looks at every record that reaches some partitions, once. The engine's state is a function of the records up to a number:
 * it is read from the last snapshot, or else from the records of the last days, brought up to where the durable cursor
 * stands without storing anything anew, and from there on what is found and the cursor become durable together.
 */
export async function openWatching(parts: WatchingParts): Promise<Watching> {
  const { db, clock, policy, activity, partitions, lease, forwarding, listings, snapshots, onFindings } = parts;
  const isAll = partitions.length === activity.partitions;
  const owned = new Set(partitions);
  const engine = openEngine({
    ...parts,
    listed: listings.listed,
    rules: policy.at(clock.now()).detection,
    owns: isAll ? () => true : (key) => owned.has(activity.partitionOf(key)),
  });
  const consumer = `detection ${partitions.join(',')}`;
  const counts = new Map<string, number>();
  /** What is to be told to others about the batch that is looked at. */
  let forwards: Forwarded[] = [];
  let snapshotAtMs = clock.now();
  let countedAtMs = clock.now();
  let writing: Promise<void> = Promise.resolve();

  const records = openBatches((record: ReportedRecord) => {
    const findings = engine.see(record);
    const hops = engine.behind();
    if (hops.length > 0) forwards.push({ hops, sight: record as Sight<'payment'> });
    return findings;
  });
  const told = openBatches(({ hops, sight }: { number: number; hops: readonly Hop[]; sight: Sight<'payment'> }) =>
    engine.seeBehind(hops, sight),
  );

  /** Whoever watched before has stored what it found. */
  const isNew = ({ number, subject }: Finding): boolean =>
    number > (lease.watchedTo.get(activity.partitionOf(subject)) ?? 0);

  async function restore(): Promise<number> {
    const watchedTo = Math.min(...lease.watchedTo.values());
    // Where nobody ever watched, what is older than a day is only what the state begins with: nobody is to be told of it now.
    const from =
      watchedTo > 0 ? watchedTo : await numberBefore(activity, clock.now() - firstMs, Number.MAX_SAFE_INTEGER);
    const upTo = Math.max(await activity.readUpTo(consumer), from);
    const toldTo = (await forwarding?.readUpTo(consumer)) ?? 0;
    const snapshot = await snapshots.read();
    const isUsable =
      snapshot !== undefined && snapshot.number <= upTo && snapshot.told <= toldTo && engine.restore(snapshot.state);
    records.goOn(isUsable ? snapshot.number : await numberBefore(activity, clock.now() - rebuildMs, upTo));
    while (records.seen() < upTo) {
      const page = await activity.read(records.seen(), pageRecords, isAll ? undefined : partitions);
      const known = page.filter(({ number }) => number <= upTo);
      if (known.length === 0) break;
      await listings.prepare(db, known);
      records.look(known);
      await setImmediate();
    }
    forwards = [];
    records.goOn(upTo);
    told.goOn(isUsable ? snapshot.told : Math.max(0, toldTo - pageRecords));
    if (forwarding !== undefined) await forwarding.readAgain(told.seen(), toldTo, (page) => void told.look(page));
    told.goOn(toldTo);
    return upTo;
  }

  /** Only while everything that the engine has seen is durable. */
  function keepSnapshot(): void {
    const nowMs = clock.now();
    if (nowMs - snapshotAtMs < snapshotEveryMs || !records.isDurable() || !told.isDurable()) return;
    snapshotAtMs = nowMs;
    const snapshot = { number: records.seen(), told: told.seen(), state: engine.snapshot() };
    writing = writing.then(() => snapshots.write(snapshot)).catch(onError);
  }
  const onError = (error: unknown): void => parts.telemetry.log.error({ err: error }, 'a snapshot of detection');

  async function confirm(tx: Tx, number: number): Promise<void> {
    try {
      await lease.confirm(tx, number);
    } catch (error) {
      if (error instanceof LeaseLost) parts.onLost();
      throw error;
    }
  }

  async function keep(tx: Tx, findings: readonly Finding[], nowMs: number): Promise<void> {
    const fresh = findings.filter(isNew);
    await store.addFindings(tx, fresh, nowMs);
    for (const { detector } of fresh) add(counts, detector, 1);
    if (nowMs - countedAtMs >= countEveryMs) await count(tx, nowMs);
    if (fresh.length > 0) tx.afterCommit(() => onFindings(fresh));
  }

  async function handle(tx: Tx, batch: readonly ReportedRecord[]): Promise<void> {
    const nowMs = clock.now();
    engine.setRules(policy.at(nowMs).detection);
    await listings.prepare(tx, batch);
    if (batch[0]!.number > records.seen()) forwards = [];
    const findings = records.look(batch);
    add(counts, '', batch.length);
    // Before the cursor moves: whoever hears of it twice takes it once.
    if (forwards.length > 0) await forwarding!.tell(forwards);
    await confirm(tx, records.seen());
    await keep(tx, findings, nowMs);
    tx.afterCommit(() => {
      records.committed();
      keepSnapshot();
    });
  }

  /** What is counted since, and lost if the process dies, is less than a minute's. */
  async function count(tx: Tx, nowMs: number): Promise<void> {
    await store.countHour(tx, nowMs, counts);
    counts.clear();
    countedAtMs = nowMs;
  }

  const from = await restore();
  const followings: Following[] = [activity.follow({ name: consumer, from, ...(!isAll && { partitions }), handle })];
  if (forwarding !== undefined)
    followings.push(
      forwarding.follow(consumer, async (tx, batch) => {
        const findings = told.look(batch);
        await confirm(tx, 0);
        await keep(tx, findings, clock.now());
        tx.afterCommit(told.committed);
      }),
    );
  return {
    engine,
    async caughtUp() {
      for (const following of followings) await following.caughtUp();
    },
    async close() {
      for (const following of followings) await following.close();
      await writing;
      if (counts.size > 0) await db.tx((tx) => count(tx, clock.now())).catch(onError);
      if (!records.isDurable() || !told.isDurable()) return;
      await snapshots.write({ number: records.seen(), told: told.seen(), state: engine.snapshot() }).catch(onError);
    },
  };
}

const add = (counts: Map<string, number>, name: string, count: number): void =>
  void counts.set(name, (counts.get(name) ?? 0) + count);

/** A number before which nothing was received after an instant; found by halving, as numbers grow with time. */
export async function numberBefore(
  activity: Pick<Activity, 'read'>,
  receivedMs: number,
  upTo: number,
): Promise<number> {
  let low = 0;
  let high = upTo;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const [record] = await activity.read(middle, 1);
    if (record !== undefined && record.number <= high && record.receivedAtMs < receivedMs) low = record.number;
    else high = middle;
  }
  return low;
}
