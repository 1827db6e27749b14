import { instantText } from '../kernel/clock.ts';
import { refuse } from '../kernel/refusals.ts';
import type { Sql } from '../platform/db.ts';
import * as holds from './hold-store.ts';
import type { Return, ReturnPage } from './return-contract.ts';
import { potsOf } from './return-deciding.ts';
import * as store from './return-store.ts';

/** A return as officers see it. */
export async function readReturn(db: Sql, id: string): Promise<Return> {
  const row = (await store.readReturn(db, id)) ?? refuse('not-found.return', { id });
  const claims = await store.readClaims(db, id);
  const payments = Map.groupBy(await store.readPayments(db, id), ({ claim }) => claim);
  const available = new Map<string, bigint>();
  for (const pot of await potsOf(db, await holds.readOfTraces(db, row.traces)))
    available.set(pot.currency, (available.get(pot.currency) ?? 0n) + pot.available);
  return {
    id: row.id,
    revision: row.revision,
    state: row.state,
    traces: [...row.traces],
    openedBy: row.opened_by,
    openedAt: instantText(row.opened_at.getTime()),
    claimsUntil: row.claims_until.toISOString(),
    ...(row.method !== null && { method: row.method }),
    ...(row.court !== null && { court: row.court }),
    ...(row.decided_by !== null && { decidedBy: [...row.decided_by] }),
    ...(row.decided_at !== null && { decidedAt: row.decided_at.toISOString() }),
    available: Array.from(available, ([currency, value]) => ({ value: String(value), currency })),
    claims: claims.map((claim) => ({
      id: claim.id,
      account: claim.key,
      ...(claim.report !== null && { report: claim.report }),
      amount: { value: claim.amount, currency: claim.currency },
      claimedAt: claim.claimed_at.toISOString(),
      payments: (payments.get(claim.id) ?? []).map(({ hold, amount, currency }) => ({
        hold,
        amount: { value: amount, currency },
      })),
      ...(claim.reference !== null && { reference: claim.reference }),
      ...(claim.paid_at !== null && { paidAt: claim.paid_at.toISOString() }),
    })),
  };
}

/** A return in a list. `claimed`: its own, by currency. */
export function returnSummary(
  row: store.ReturnRow,
  claimed: readonly store.ClaimedRow[],
): ReturnPage['returns'][number] {
  return {
    id: row.id,
    revision: row.revision,
    state: row.state,
    traces: [...row.traces],
    openedBy: row.opened_by,
    openedAt: instantText(row.opened_at.getTime()),
    claimsUntil: instantText(row.claims_until.getTime()),
    ...(row.method !== null && { method: row.method }),
    ...(row.decided_at !== null && { decidedAt: instantText(row.decided_at.getTime()) }),
    claims: claimed.reduce((sum, { claims }) => sum + claims, 0),
    paid: claimed.reduce((sum, { paid }) => sum + paid, 0),
    claimed: claimed.map(({ amount, currency }) => ({ value: amount, currency })),
  };
}
