import { instantText } from '../kernel/clock.ts';
import type { Tx } from '../platform/db.ts';
import { fundsFinding } from './hold-findings.ts';
import { expiredState, isOpen } from './hold-rules.ts';
import * as store from './hold-store.ts';
import { byRule, holdClock, type Holding, type HoldingParts } from './holding.ts';

/** Each hold ends by its own clock, which was set in the transaction that ordered or extended it. */
export function keepHoldClocks({ clocks, alerts }: HoldingParts, holding: Holding): void {
  clocks.on(holdClock, {
    due: (tx, { subject }, nowMs) => expire(tx, subject, nowMs),
    warn: (tx, { subject }, nowMs) => warn(tx, subject, nowMs),
  });

  /** The end of a hold's stage: it lets the money go by itself. */
  async function expire(tx: Tx, id: string, nowMs: number): Promise<void> {
    const row = await store.lockHold(tx, id);
    if (row === undefined || !isOpen(row)) return;
    if (row.untilMs! > nowMs) {
      await holding.setClock(tx, id, row.untilMs!);
      return;
    }
    const by = byRule('hold-expired');
    await holding.end(tx, row, { state: expiredState(row.state), why: 'expired', orderEnd: 'expired', by });
  }

  async function warn(tx: Tx, id: string, nowMs: number): Promise<void> {
    const row = await store.lockHold(tx, id);
    if (row === undefined || !isOpen(row) || row.held === 0n) return;
    const params = { hold: id, due: instantText(row.untilMs!) };
    await alerts.raise(tx, [fundsFinding('funds.ending', `hold:${id}`, params, 2, nowMs)]);
  }
}
