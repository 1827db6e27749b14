import { Counter, Gauge } from 'prom-client';
import { minuteMs, type Clock } from '../../kernel/clock.ts';
import { newSalt } from '../../kernel/ids.ts';
import type { Db } from '../../platform/db.ts';
import { openLoop } from '../../platform/loops.ts';
import type { Telemetry } from '../../platform/telemetry.ts';
import { clean, countWaiting, dropOverflow } from './delivery-store.ts';
import {
  claimEndpoint,
  readDue,
  recordAttempt,
  releaseEndpoint,
  type Attempted,
  type Due,
  type Lease,
} from './lease-store.ts';
import { isGivenUp, restAfter, waitAfter, waitingMax, type Outcome } from './rules.ts';
import type { Sending } from './sending.ts';

export interface Delivering {
  /** Says that so many were added for an endpoint. */
  added(endpoint: string, count: number): void;
  /** Begins no more, and stops what is under way: it is sent again later. */
  close(): Promise<void>;
}

export interface DeliveringParts {
  readonly db: Db;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  readonly sending: Sending;
  /** Institutions that are active: nobody else is told anything. */
  institutions(): readonly string[];
  readonly pollMs?: number;
}

const endpointsAtOnce = 8;
/** After so many an endpoint lets the others have their turn. */
const turnDeliveries = 16;
const pollMsDefault = 500;
const cleanMs = minuteMs;

/** Delivers what waits, to several endpoints at once and to each in turn. What was not seen to arrive is sent again. */
export function openDelivering(parts: DeliveringParts): Delivering {
  const { db, clock, telemetry, sending, institutions } = parts;
  const waiting = new Map<string, number>();
  const metrics = openMetrics(telemetry, () => waiting);
  const turns = new Set<Promise<void>>();
  const onError = (error: unknown): void => telemetry.log.error({ err: error }, 'webhooks');
  let closed = false;

  async function fill(): Promise<void> {
    while (!closed && turns.size < endpointsAtOnce) {
      const lease = await claimEndpoint(db, institutions(), clock.now());
      if (lease === undefined) return;
      const turn: Promise<void> = serve(lease)
        .catch(onError)
        .finally(() => {
          turns.delete(turn);
          if (!closed) loop.wake();
        });
      turns.add(turn);
    }
  }

  async function serve(lease: Lease): Promise<void> {
    try {
      for (const due of await readDue(db, lease.id, clock.now(), turnDeliveries)) {
        if (closed || !(await attempt(lease, due))) return;
      }
    } finally {
      await releaseEndpoint(db, lease);
    }
  }

  /** Whether the endpoint may be sent the next one. */
  async function attempt(lease: Lease, due: Due): Promise<boolean> {
    const outcome = await sending.send(lease, due);
    if (outcome === undefined) return false;
    const nowMs = clock.now();
    const isDelivered = outcome.error === null;
    lease.failures = isDelivered ? 0 : lease.failures + 1;
    lease.failingSinceMs = isDelivered ? null : (lease.failingSinceMs ?? nowMs);
    const attempted = judge(lease, due, outcome, nowMs);
    const mayGoOn = await recordAttempt(db, lease, due, attempted, nowMs);
    metrics.ended(attempted);
    if (attempted.state !== 'waiting') waiting.set(lease.id, Math.max(0, (waiting.get(lease.id) ?? 0) - 1));
    // An endpoint that gave no answer is not made to keep us waiting for each of its messages.
    return mayGoOn && attempted.notBeforeMs === null && outcome.status !== null;
  }

  const loop = openLoop(fill, { onError, pollMs: parts.pollMs ?? pollMsDefault });

  const cleaning = openLoop(
    async () => {
      const counted = await countWaiting(db);
      waiting.clear();
      for (const [endpoint, count] of counted) {
        const dropped = count > waitingMax ? await dropOverflow(db, endpoint, new Date(clock.now())) : 0;
        metrics.dead.inc(dropped);
        waiting.set(endpoint, count - dropped);
      }
      while (!closed && (await clean(db, clock.now())));
    },
    { onError, pollMs: cleanMs },
  );
  loop.wake();
  cleaning.wake();
  return {
    added(endpoint, count) {
      const now = (waiting.get(endpoint) ?? 0) + count;
      waiting.set(endpoint, now);
      if (now > waitingMax) cleaning.wake();
      loop.wake();
    },
    async close() {
      closed = true;
      await sending.close();
      await Promise.all([loop.close(), cleaning.close()]);
      await Promise.all(turns);
    },
  };
}

/** What follows from an attempt; the lease has counted it. */
function judge(lease: Lease, due: Due, outcome: Outcome, nowMs: number): Attempted {
  if (outcome.error === null) return { outcome, state: 'delivered', nextMs: nowMs, notBeforeMs: null, disabled: null };
  const chance = newSalt(1)[0]! / 255;
  const waitMs = waitAfter(due.attempts + 1, outcome, chance);
  const restMs = restAfter(lease.failures, outcome);
  const isHopeless = isGivenUp(lease.failures, lease.failingSinceMs ?? nowMs, nowMs);
  const disabled = outcome.error === 'gone' ? 'gone' : isHopeless ? 'failing' : null;
  return {
    outcome,
    state: waitMs === undefined ? 'dead' : 'waiting',
    nextMs: nowMs + (waitMs ?? 0),
    notBeforeMs: restMs > 0 ? nowMs + restMs : null,
    disabled,
  };
}

function openMetrics(telemetry: Telemetry, waiting: () => ReadonlyMap<string, number>) {
  const registers = [telemetry.metrics];
  void new Gauge({
    name: 'drum_webhooks_waiting',
    help: 'Messages that wait to be delivered',
    registers,
    collect() {
      let sum = 0;
      for (const count of waiting().values()) sum += count;
      this.set(sum);
    },
  });
  const delivered = new Counter({ name: 'drum_webhooks_delivered_total', help: 'Messages delivered', registers });
  const failed = new Counter({
    name: 'drum_webhooks_failed_total',
    help: 'Attempts that failed, by why',
    labelNames: ['error'],
    registers,
  });
  const dead = new Counter({ name: 'drum_webhooks_dead_total', help: 'Messages given up', registers });
  return {
    dead,
    ended({ outcome, state }: Attempted): void {
      if (outcome.error !== null) failed.inc({ error: outcome.error });
      if (state === 'delivered') delivered.inc();
      if (state === 'dead') dead.inc();
    },
  };
}
