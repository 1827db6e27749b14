import { hash } from 'node:crypto';
import { must } from '../kernel/assert.ts';
import { hourMs, type Clock } from '../kernel/clock.ts';
import type { Policy } from '../kernel/policy.ts';
import type { Orders } from '../orders/orders.ts';
import type { Clocks } from '../platform/clocks.ts';
import type { Db, Tx } from '../platform/db.ts';
import { openLoop } from '../platform/loops.ts';
import type { Abroad } from './abroad.ts';
import type { Holds } from './holds.ts';
import type { KnownPayments } from './known-payments.ts';
import { holdByPlace, tallyWhole, type Followed } from './picture.ts';
import { openTraceActs } from './trace-acts.ts';
import { firstOf, summaryOf } from './trace-summary.ts';
import * as store from './trace-store.ts';

export interface TracesParts {
  readonly db: Db;
  readonly clock: Clock;
  readonly clocks: Clocks;
  readonly policy: Policy;
  readonly member: string;
  readonly known: KnownPayments;
  readonly holds: Pick<Holds, 'propose' | 'ofTraces' | 'onChange'>;
  readonly orders: Pick<Orders, 'issue' | 'keeperOf'>;
  readonly abroad: Pick<Abroad, 'ask' | 'report'>;
  readonly onError: (error: unknown) => void;
  /** Hears, after the commit, that a trace changed. */
  readonly changed: () => void;
}

export interface Traces {
  /** Opens a trace, in the transaction of what began it. */
  open(tx: Tx, trace: store.NewTrace, origins: readonly store.NewOrigin[]): Promise<void>;
  /** Follows some traces now; resolves when all that follows at once has been ordered. */
  follow(traces: readonly string[]): Promise<void>;
  /** Ends a trace, in the transaction of whoever has the right to. */
  end(tx: Tx, trace: string): Promise<void>;
  /** What is known of these traces may have changed: they are followed soon. */
  mark(traces: Iterable<string>): void;
  /** Accounts have paid or been paid: the open traces that reached them are followed soon. */
  touched(keys: Iterable<string>): void;
  close(): Promise<void>;
}

const closing = 'funds.trace';

/** Traces that are open, each followed again whenever something about it is learnt. */
export async function openTraces(parts: TracesParts): Promise<Traces> {
  const { db, clock, clocks, policy, member, known, holds, abroad } = parts;
  const marked = new Set<string>();
  const byKey = new Map<string, Set<string>>();
  const remember = (trace: string, keys: Iterable<string>): void => {
    for (const key of keys) {
      const traces = byKey.get(key);
      if (traces === undefined) byKey.set(key, new Set([trace]));
      else traces.add(trace);
    }
  };
  const forget = (trace: string): void => {
    for (const [key, traces] of byKey) if (traces.delete(trace) && traces.size === 0) byKey.delete(key);
  };
  for (const { trace, key } of await store.readReached(db)) {
    if (key !== null) remember(trace, [key]);
    marked.add(trace);
  }
  const settledSince = new Date(clock.now() - 7 * 24 * hourMs);
  for (const { id } of await store.readClosedWithHolds(db, settledSince)) marked.add(id);
  let isLoaded = false;
  void (async () => {
    await known.ready;
    isLoaded = true;
  })();

  const acts = openTraceActs({ ...parts, remember });

  async function end(tx: Tx, trace: string): Promise<void> {
    await store.closeTrace(tx, trace);
    await clocks.cancel(tx, closing, trace);
    tx.afterCommit(() => {
      forget(trace);
      parts.changed();
    });
  }
  clocks.on(closing, { due: (tx, { subject }) => end(tx, subject) });

  async function followOne(id: string): Promise<void> {
    const followed = await db.tx(async (tx) => {
      const row = await store.lockTrace(tx, id);
      if (row === undefined) return null;
      return row.state === 'open' ? acts.goOn(tx, row) : row.result;
    });
    // Apart from what was just ordered: `liaison` locks before `alerts`, and holds have alerted people.
    if (followed !== null) await db.tx((tx) => conclude(tx, id, followed));
  }

  /** Keeps the picture as it is now, and tells it to the member that asked. */
  async function conclude(tx: Tx, id: string, followed: Followed): Promise<void> {
    const row = must(await store.lockTrace(tx, id), 'a trace stays');
    const own = await holds.ofTraces(tx, [row.id]);
    const asked = await store.readAsked(tx, [row.id]);
    const byPlace = holdByPlace(own);
    const tally = tallyWhole(followed, byPlace, new Map(asked.map((one) => [one.member, one])));
    const firstHoldAt = row.first_hold_at ?? firstOf(own);
    const summary = summaryOf(member, row, followed, own, asked, tally, firstHoldAt);
    const [result, text] = [JSON.stringify(followed), JSON.stringify(summary)];
    const digest = hash('sha256', result + text, 'base64url');
    if (digest !== row.digest) {
      await store.saveFollowed(tx, row.id, { result, summary: text, digest, firstHoldAt });
      tx.afterCommit(parts.changed);
    }
    if (row.request !== null) await abroad.report(tx, row, followed, own, asked, tally);
  }

  const loop = openLoop(
    async () => {
      await known.ready;
      for (let next = first(marked); next !== undefined; next = first(marked)) {
        marked.delete(next);
        try {
          await followOne(next);
        } catch (error) {
          marked.add(next);
          throw error;
        }
      }
    },
    { onError: parts.onError },
  );
  const mark = (traces: Iterable<string>): void => {
    for (const trace of traces) marked.add(trace);
    if (marked.size > 0) loop.wake();
  };
  holds.onChange(async (tx, hold) => tx.afterCommit(() => mark([hold.trace])));
  if (marked.size > 0) loop.wake();

  return {
    async open(tx, trace, origins) {
      await store.insertTrace(tx, trace);
      await store.addOrigins(tx, trace.id, origins);
      const { hoursMax } = policy.at(clock.now()).funds.trace;
      const dueMs = trace.opened_at.getTime() + hoursMax * hourMs;
      await clocks.set(tx, { kind: closing, subject: trace.id, dueMs });
    },
    async follow(traces) {
      for (const trace of traces) {
        // What brought it here is durable, whatever happens now: it is followed again until that succeeds.
        await followOne(trace).catch((error: unknown) => {
          parts.onError(error);
          mark([trace]);
        });
      }
      // What was told before this start was perhaps not known yet.
      if (!isLoaded) mark(traces);
    },
    end,
    mark,
    touched(keys) {
      for (const key of keys) for (const trace of byKey.get(key) ?? []) marked.add(trace);
      if (marked.size > 0) loop.wake();
    },
    close: loop.close,
  };
}

const first = (marked: ReadonlySet<string>): string | undefined => marked.values().next().value;
