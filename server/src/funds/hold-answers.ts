import type { OrderOutcome } from '@bronze-drum/protocol/orders';
import type { HoldState } from '@bronze-drum/protocol/statements/trace-report';
import { must } from '../kernel/assert.ts';
import type { IssuedOrder } from '../orders/orders.ts';
import type { Tx } from '../platform/db.ts';
import { fundsFinding } from './hold-findings.ts';
import { answeredBy, expiredState, isBound, isOpen } from './hold-rules.ts';
import * as store from './hold-store.ts';
import type { HoldRow } from './hold-store.ts';
import { byInstitution, byRule, type Holding, type HoldingParts } from './holding.ts';

/** What institutions say of the orders to hold. */
export function openHoldAnswers({ clock, alerts, metrics }: HoldingParts, holding: Holding) {
  return {
    async answered(tx: Tx, order: IssuedOrder, outcome: OrderOutcome): Promise<void> {
      const row = await lockByReference(tx, order.reference);
      const nowMs = clock.now();
      if (row === undefined || row.orderId !== order.id || !isBound(row, nowMs)) return;
      const answer = answeredBy(must(row.ordered, 'it was ordered'), outcome);
      const isFirst = row.heldAtMs === null && answer.held > 0n;
      const next = {
        ...row,
        ...answer,
        balance: outcome.balance === undefined ? row.balance : BigInt(outcome.balance),
        heldAtMs: isFirst ? nowMs : row.heldAtMs,
      };
      const details = { outcome: outcome.outcome, ...(outcome.reference !== undefined && { file: outcome.reference }) };
      const by = byInstitution(order.institution);
      const stored = await holding.put(tx, next, { deed: 'answered', by, details, isAct: false });
      if (isFirst) tx.afterCommit(() => metrics.heldFirst(stored, nowMs));
      if (answer.refusal === null || row.refusal === answer.refusal) return;
      const params = { hold: row.id, refusal: answer.refusal };
      await alerts.raise(tx, [fundsFinding('funds.refused', `hold:${row.id}`, params, 1, nowMs)]);
    },

    /** The institution let go of what it held, or keeps it for a court. */
    async confirmed(tx: Tx, order: IssuedOrder): Promise<void> {
      const row = await lockByReference(tx, order.reference);
      if (row === undefined || row.orderId !== order.id || row.confirmedAtMs !== null) return;
      const by = byInstitution(order.institution);
      let next = row;
      // An order may end by its own clock, or be taken back by hand, before this room hears of it.
      if (isOpen(row)) {
        const state: HoldState = order.ended?.why === 'expired' ? expiredState(row.state) : 'released';
        const why = state === 'released' ? 'order-ended' : 'expired';
        next = await holding.end(tx, row, { state, why, orderEnd: 'withdrawn', by: byRule('order-ended') });
      }
      await holding.put(tx, { ...next, confirmedAtMs: clock.now() }, { deed: 'confirmed', by, isAct: false });
    },
  };
}

const lockByReference = (tx: Tx, reference: string): Promise<HoldRow | undefined> =>
  store.lockHold(tx, reference.slice('hold:'.length));
