import type { ListingBody } from '@bronze-drum/protocol/statements/listing';
import type { Journal } from '../journal/journal.ts';
import { dayMs, hourMs, minuteMs, type Clock } from '../kernel/clock.ts';
import type { Policy } from '../kernel/policy.ts';
import type { Clocks } from '../platform/clocks.ts';
import type { Db, Tx } from '../platform/db.ts';
import { handlingOf } from './listings.ts';
import * as store from './store.ts';

export interface RetentionParts {
  readonly db: Db;
  readonly clock: Clock;
  readonly clocks: Clocks;
  readonly policy: Policy;
  readonly journal: Journal;
}

const clockKind = 'registry.retention';
const atOnce = 200;
const statementsMax = 1000;

/**
 * Forgets listings that ended longer ago than the policy keeps them: their bodies are erased from the journal, whose
 * proofs still hold, and their rows go. Runs daily, and goes on within a minute while there is more.
 */
export async function openRetention(parts: RetentionParts): Promise<void> {
  const { db, clock, clocks } = parts;
  const set = (tx: Tx, dueMs: number): Promise<void> => clocks.set(tx, { kind: clockKind, subject: 'daily', dueMs });
  clocks.on(clockKind, {
    due: async (tx, _deadline, nowMs) =>
      set(tx, nowMs + ((await forget(parts, tx, nowMs)) === atOnce ? minuteMs : dayMs)),
  });
  if ((await clocks.upcoming(db, clockKind, 1)).length === 0) await db.tx((tx) => set(tx, clock.now() + dayMs));
}

async function forget(parts: RetentionParts, tx: Tx, nowMs: number): Promise<number> {
  const { journal, policy } = parts;
  const endedBefore = new Date(nowMs - policy.at(nowMs).retention.listingBodyHours * hourMs);
  const rows = await store.lockEndedBefore(tx, journal.member, endedBefore, atOnce);
  for (const row of rows) {
    for (const entry of await journal.about(row.key, statementsMax)) {
      if ((entry.statement?.body as Partial<ListingBody> | undefined)?.id !== row.id) continue;
      const ref = { member: journal.member, book: entry.book, number: entry.number };
      const author = { office: row.office, rule: 'retention' };
      await journal.erase(tx, ref, { author, handling: handlingOf(row), basis: 'retention of ended listings' });
    }
    await store.deleteListing(tx, row.member, row.id);
  }
  return rows.length;
}
