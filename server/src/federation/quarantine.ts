import { releasableCodes, type QuarantineCode } from '@bronze-drum/protocol/federation/checks';
import type { Access } from '../access/access.ts';
import type { Journal } from '../journal/journal.ts';
import { actorId, type Actor } from '../kernel/actor.ts';
import { instantText, type Clock } from '../kernel/clock.ts';
import { cutPage, readPageToken } from '../kernel/pages.ts';
import { refuse } from '../kernel/refusals.ts';
import type { Clocks } from '../platform/clocks.ts';
import type { Db, Tx } from '../platform/db.ts';
import type { Held } from './contract.ts';
import { futureClock } from './taking.ts';
import * as store from './store.ts';

export interface QuarantineParts {
  readonly db: Db;
  readonly clock: Clock;
  readonly clocks: Clocks;
  readonly journal: Journal;
  readonly access: Access;
  /** A statement was let in: its author is told. */
  onReleased(author: string): void;
}

/** What was held back of others' statements, for officers to let in or to turn away. */
export function openQuarantine({ db, clock, clocks, journal, access, onReleased }: QuarantineParts) {
  clocks.on(futureClock, {
    async due(tx, { subject }) {
      const row = await store.lockHeld(tx, Number(subject));
      if (row?.state === 'held') await admit(tx, row, 'rule:its-time-has-come', 'its time has come');
    },
  });

  async function admit(tx: Tx, row: store.HeldRow, by: string, reason: string): Promise<void> {
    const { member, book, number, salt, bytes } = row;
    await store.decideHeld(tx, row.id, { state: 'released', by, reason, atMs: clock.now() });
    await journal.admit(tx, { member, book, number }, { salt, bytes: Buffer.from(bytes).toString('utf8') });
    tx.afterCommit(() => onReleased(member));
  }

  return {
    async list(actor: Actor, query: { state: string; after?: string; limit: number }) {
      const officer = access.requireOfficer(actor, 'federation.quarantine');
      const after = query.after === undefined ? 0 : Number(readPageToken(query.after, 1)[0]);
      if (!Number.isSafeInteger(after)) refuse('malformed.page');
      const rows = await store.listHeld(db, query.state, after, query.limit + 1);
      const { page, next } = cutPage(rows, query.limit, (last) => [String(last.id)]);
      await access.recordRead(db, officer, { what: 'quarantine', subject: query.state, count: page.length });
      return { held: page.map(heldOf), ...next };
    },

    async decide(actor: Actor, id: number, decision: { release: boolean; reason: string }): Promise<Held> {
      const officer = access.requireOfficer(actor, 'federation.quarantine');
      access.requireStepUp(officer);
      return db.tx(async (tx) => {
        const row = (await store.lockHeld(tx, id)) ?? refuse('not-found.held');
        if (row.state === 'released' || row.state === 'erased') refuse('conflict.held-decided', { state: row.state });
        if (decision.release && !isReleasable(row.code)) refuse('conflict.not-releasable', { code: row.code });
        const by = actorId(officer);
        const atMs = clock.now();
        if (decision.release) await admit(tx, row, by, decision.reason);
        else await store.decideHeld(tx, id, { state: 'rejected', by, reason: decision.reason, atMs });
        await clocks.cancel(tx, futureClock, String(id));
        return heldOf((await store.lockHeld(tx, id))!);
      });
    },

    count: () => store.countHeld(db),
  };
}

const isReleasable = (code: string): boolean => releasableCodes.includes(code as QuarantineCode);

function heldOf(row: store.HeldRow): Held {
  const { id, member, book, number, code, state } = row;
  return {
    id,
    member,
    book,
    number,
    code,
    releasable: isReleasable(code),
    state,
    heldAt: instantText(row.held_at.getTime()),
    text: state === 'erased' ? null : Buffer.from(row.bytes).toString('utf8'),
    ...(row.decided_at && { decidedAt: instantText(row.decided_at.getTime()) }),
    ...(row.decided_by !== null && { decidedBy: row.decided_by }),
    ...(row.reason !== null && { reason: row.reason }),
  };
}
