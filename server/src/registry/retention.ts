import type { StatementRef } from '@bronze-drum/protocol/statements/envelope';
import type { ListingBody } from '@bronze-drum/protocol/statements/listing';
import type { Journal } from '../journal/journal.ts';
import { dayMs, hourMs, secondMs, type Clock } from '../kernel/clock.ts';
import type { Policy } from '../kernel/policy.ts';
import type { Clocks } from '../platform/clocks.ts';
import type { Db, Tx } from '../platform/db.ts';
import { forgetTombstoneKeys } from './applying-store.ts';
import { forgetExports } from './export-store.ts';
import * as store from './store.ts';

export interface RetentionParts {
  readonly db: Db;
  readonly clock: Clock;
  readonly clocks: Clocks;
  readonly policy: Policy;
  readonly journal: Journal;
}

const clockKind = 'registry.retention';
// Some thousands a minute, in transactions of about a second, between which other clocks have their turn.
const atOnce = 250;
const pauseMs = secondMs;
const statementsMax = 1000;

/**
 * Forgets listings that ended longer ago than the policy keeps them: their bodies are erased from the journal, whose
 * proofs still hold, and their rows go. Other members' go sooner where their authors say so; of those only the copies
 * here are forgotten. Runs daily, and goes on at once while there is more.
 */
export async function openRetention(parts: RetentionParts): Promise<void> {
  const { db, clock, clocks } = parts;
  const set = (tx: Tx, dueMs: number): Promise<void> => clocks.set(tx, { kind: clockKind, subject: 'daily', dueMs });
  clocks.on(clockKind, {
    due: async (tx, _deadline, nowMs) => set(tx, nowMs + ((await forget(parts, tx, nowMs)) ? pauseMs : dayMs)),
  });
  if ((await clocks.upcoming(db, clockKind, 1)).length === 0) await db.tx((tx) => set(tx, clock.now() + dayMs));
}

/** Whether there may be more to forget. */
async function forget(parts: RetentionParts, tx: Tx, nowMs: number): Promise<boolean> {
  const { journal, policy } = parts;
  const endedBefore = new Date(nowMs - policy.at(nowMs).retention.listingBodyHours * hourMs);
  const own = await store.lockEndedBefore(tx, journal.member, endedBefore, atOnce);
  for (const row of own) {
    const author = { office: row.office, rule: 'retention' };
    for (const ref of await statementsOf(journal, row))
      await journal.erase(tx, ref, { author, handling: store.handlingOf(row), basis: 'retention of ended listings' });
  }
  const now = new Date(nowMs);
  const foreign = await store.lockForeignOver(tx, { own: journal.member, endedBefore, now, limit: atOnce });
  for (const row of foreign) for (const ref of await statementsOf(journal, row)) await journal.forget(tx, ref);
  await store.deleteListings(tx, [...own, ...foreign]);
  await forgetTombstoneKeys(tx, endedBefore);
  await forgetExports(tx, endedBefore);
  return own.length === atOnce || foreign.length === atOnce;
}

/** Every statement of a listing that has a body here. */
async function statementsOf(journal: Journal, row: store.ListingRow): Promise<StatementRef[]> {
  // A first revision that stands is the one statement there is.
  if (row.number !== null && row.revision === 1) return [{ member: row.member, book: row.book, number: row.number }];
  const entries = await journal.about(row.key, statementsMax);
  return entries
    .filter(
      ({ member, statement }) =>
        member === row.member && (statement?.body as Partial<ListingBody> | undefined)?.id === row.id,
    )
    .map(({ member, book, number }) => ({ member, book, number }));
}
