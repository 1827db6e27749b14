import { dayMs, hourMs, instantText, minuteMs, type Clock } from '../kernel/clock.ts';
import type { Policy } from '../kernel/policy.ts';
import type { Clocks } from '../platform/clocks.ts';
import type { Db, Tx } from '../platform/db.ts';
import { closed } from './acts.ts';
import type { Digests } from './digests.ts';
import type { Gathering } from './gathering.ts';
import type { AlertRecord } from './record.ts';
import { dueMsOf, whenDue } from './rules.ts';
import * as store from './store.ts';

export interface PassingParts {
  readonly db: Db;
  readonly clock: Clock;
  readonly clocks: Clocks;
  readonly policy: Policy;
  readonly gathering: Pick<Gathering, 'save'>;
  readonly digests: Digests;
  readonly onError: (error: unknown) => void;
}

const dueClock = 'alerts.due';
const digestClock = 'alerts.digest';
const retentionClock = 'alerts.retention';
const subject = 'all';
const dueAtOnce = 1000;
const deletedAtOnce = 10_000;
/** Of listings and told alerts that ended: so long an older state may still arrive. */
const lateMs = 30 * dayMs;

/**
 * What time does to alerts: nobody took them, a snooze ends, more is to be told, a digest is due, they are no longer to be
 * kept. One clock for all that fall due, however many there are: it is set to the next of them.
 */
export async function openPassing(parts: PassingParts) {
  const { db, clock, clocks, policy, gathering, digests, onError } = parts;
  let armedMs = Infinity;

  /** Not in the transaction that made it due: that one holds the lock that the clock's handler waits for with the clock. */
  async function arm(atMs: number): Promise<void> {
    if (atMs >= armedMs) return;
    armedMs = atMs;
    try {
      await db.tx(async (tx) => {
        await clocks.set(tx, { kind: dueClock, subject, dueMs: atMs });
        // With the clock in hand: a handler that ended meanwhile may have set it to something sooner.
        const next = await store.nextDueMs(tx);
        if (next !== null && next < atMs) await clocks.set(tx, { kind: dueClock, subject, dueMs: next });
      });
    } catch (error) {
      armedMs = Infinity;
      onError(error);
    }
  }

  clocks.on(dueClock, {
    async due(tx, _deadline, nowMs) {
      armedMs = Infinity;
      await store.lockChanges(tx);
      const due = await store.readDue(tx, nowMs, dueAtOnce);
      const rules = policy.at(nowMs).alerts;
      const passed = due.map((record) => whenDue(record, rules, nowMs));
      await gathering.save(
        tx,
        passed,
        passed.flatMap((record, at) => deedOf(due[at]!, record)),
      );
      const next = due.length === dueAtOnce ? nowMs : await store.nextDueMs(tx);
      if (next !== null) await clocks.set(tx, { kind: dueClock, subject, dueMs: next });
      tx.afterCommit(() => {
        armedMs = Math.min(armedMs, next ?? Infinity);
      });
    },
  });

  clocks.on(digestClock, {
    async due(tx, { dueMs }, nowMs) {
      await store.lockChanges(tx);
      const minutes = policy.at(nowMs).alerts.digestMinutes;
      await digests.gather(tx, dueMs - minutes * minuteMs, nowMs);
      await clocks.set(tx, { kind: digestClock, subject, dueMs: nowMs + minutes * minuteMs });
    },
  });

  clocks.on(retentionClock, {
    async due(tx, _deadline, nowMs) {
      await store.lockChanges(tx);
      const before = new Date(nowMs - policy.at(nowMs).alerts.keepHours * hourMs);
      const gone = await store.deleteClosed(tx, before, deletedAtOnce);
      const stale = await store.readStale(tx, before, dueAtOnce);
      const lapsed = stale.map((record) => closed(record, 'lapsed', nowMs));
      await gathering.save(
        tx,
        lapsed,
        lapsed.map(({ id }) => deed(id, 'closed', { outcome: 'lapsed' })),
      );
      await store.deleteOver(tx, new Date(nowMs - lateMs), new Date(nowMs), deletedAtOnce);
      const isMore = stale.length === dueAtOnce || gone === deletedAtOnce;
      await clocks.set(tx, { kind: retentionClock, subject, dueMs: isMore ? nowMs + minuteMs : nowMs + hourMs });
    },
  });

  async function setOnce(tx: Tx, kind: string, dueMs: number): Promise<void> {
    if ((await clocks.upcoming(tx, kind, 1)).length === 0) await clocks.set(tx, { kind, subject, dueMs });
  }

  await db.tx(async (tx) => {
    const nowMs = clock.now();
    await setOnce(tx, digestClock, nowMs + policy.at(nowMs).alerts.digestMinutes * minuteMs);
    await setOnce(tx, retentionClock, nowMs + hourMs);
  });
  const first = await store.nextDueMs(db);
  if (first !== null) await arm(first);
  return { arm: (atMs: number): void => void arm(atMs).catch(onError) };
}

const deed = (alert: string, what: string, details: object): store.Deed => ({
  alert,
  actor: 'rule:clock',
  what,
  details,
});

/** What the history says of a change by time; that more is told, telling says itself. */
function deedOf(before: AlertRecord, after: AlertRecord): store.Deed[] {
  if (after.escalated > before.escalated)
    return [deed(after.id, 'escalated', { level: after.escalated, roles: after.roles })];
  if (before.state !== 'snoozed' || after.state === 'snoozed') return [];
  const dueMs = dueMsOf(after);
  return [deed(after.id, 'woken', dueMs === null ? {} : { escalates: instantText(dueMs) })];
}
