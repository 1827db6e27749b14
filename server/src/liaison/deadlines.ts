import type { RequestPriority } from '@bronze-drum/protocol/requests';
import { hourMs } from '../kernel/clock.ts';
import type { Tx } from '../platform/db.ts';
import type { LiaisonParts } from './parts.ts';
import { isOpen } from './rules.ts';
import { serviceDue, warnMsOf } from './service-clocks.ts';
import type { RequestRecord } from './store.ts';
import type { TermsKeeper } from './terms.ts';

export const acknowledgeClock = 'liaison.acknowledge';
export const actClock = 'liaison.act';
export const legalClock = 'liaison.legal';

/** By when a request is to be acknowledged and acted on, and the clocks that say so. */
export function openDeadlines(
  parts: Pick<LiaisonParts, 'clock' | 'clocks' | 'policy' | 'journal'> & { readonly terms: TermsKeeper },
) {
  const { clock, clocks, policy, journal, terms } = parts;
  const self = journal.member;

  async function dueOf(tx: Tx, { asked }: RequestRecord, priority: RequestPriority, fromMs: number) {
    const nowMs = clock.now();
    const theirs = asked === self ? undefined : await terms.of(tx, asked);
    return serviceDue(theirs ?? terms.own(nowMs), priority, fromMs);
  }

  /** A clock that has run down is not set to the same time again: whoever is late has heard of it. */
  async function set(tx: Tx, before: RequestRecord, now: RequestRecord): Promise<void> {
    const { id } = now;
    const rules = policy.at(clock.now()).liaison;
    const fromMs = now.receivedMs ?? now.sentMs!;
    const waits = isOpen(now.state);
    for (const [kind, doneMs, dueMs, wasMs] of [
      [acknowledgeClock, now.acknowledgedMs, now.acknowledgeByMs!, before.acknowledgeByMs],
      [actClock, now.answeredMs, now.actByMs!, before.actByMs],
    ] as const) {
      if (!waits || doneMs !== null) await clocks.cancel(tx, kind, id);
      else if (dueMs !== wasMs || now.revision !== before.revision)
        await clocks.set(tx, { kind, subject: id, dueMs, warnMs: warnMsOf(fromMs, dueMs, rules.warnAtShare) });
    }
    if (now.asked !== self) return;
    const { legalClockHours, atExpiry } = rules.kinds[now.kind] ?? {};
    const ended = now.state === 'refused' || now.state === 'withdrawn';
    const answered = atExpiry === 'refuse-too-late' && now.answeredMs !== null;
    if (ended || answered) await clocks.cancel(tx, legalClock, id);
    else if (legalClockHours !== undefined && now.receivedMs !== null && now.receivedMs !== before.receivedMs)
      await clocks.set(tx, { kind: legalClock, subject: id, dueMs: now.receivedMs + legalClockHours * hourMs });
  }

  return { dueOf, set };
}
