import type { FreeText } from '@bronze-drum/protocol/languages';
import { isRefusal, type Refusal } from '@bronze-drum/protocol/refusals';
import type { Access } from '../access/access.ts';
import { refuse, Refused } from '../kernel/refusals.ts';
import type { Tx } from '../platform/db.ts';
import { byOfficer, byRule, holdClock, type Doer, type Holding, type HoldingParts } from './holding.ts';
import { isBound, isUnderCourt, planOrder } from './hold-rules.ts';
import * as store from './hold-store.ts';
import type { HoldRow } from './hold-store.ts';

/** What `funds.hold` did, for whoever undoes it: what was ordered of each before, null if nothing was. */
export interface Done {
  readonly id: string;
  readonly ordered: string | null;
  readonly before: string | null;
  readonly refusal?: Refusal;
}

const notConfirmed = 'a second person did not confirm it';
const secondPerson = byRule('second-person');

/** What officers do to holds that policy may put under two persons: ordering, releasing, and what follows a court's word. */
export function defineHoldActs(
  parts: HoldingParts & { readonly access: Pick<Access, 'defineAct'> },
  holding: Holding,
): void {
  const { clock, access, policy, clocks, orders } = parts;
  const lock = async (tx: Tx, id: string): Promise<HoldRow> =>
    (await store.lockHold(tx, id)) ?? refuse('not-found.hold', { id });

  access.defineAct({
    act: 'funds.hold',
    permission: 'funds.approve',
    perform: (tx, officer, payload, approval) => orderAll(tx, payload as OrderPayload, byOfficer(officer, approval)),
    async undo(tx, _payload, result) {
      for (const done of result as Done[]) {
        const row = done.ordered === null ? undefined : await store.lockHold(tx, done.id);
        if (row === undefined || !isBound(row, clock.now())) continue;
        const before = done.before === null ? null : BigInt(done.before);
        if (before === null)
          await holding.end(tx, row, {
            state: 'released',
            why: 'not-confirmed',
            orderEnd: 'released',
            by: secondPerson,
            grounds: notConfirmed,
          });
        else if (row.ordered! > before) await holding.lower(tx, row, before, secondPerson);
      }
    },
  });

  async function orderAll(tx: Tx, payload: OrderPayload, by: Doer): Promise<Done[]> {
    const rules = policy.at(clock.now()).funds;
    const amount = payload.amount === undefined ? undefined : BigInt(payload.amount);
    const results: Done[] = [];
    for (const id of payload.holds) {
      const row = await lock(tx, id);
      const plan = planOrder(rules, row, { amount, minutes: payload.minutes }, clock.now());
      if (isRefusal(plan)) {
        if (payload.holds.length === 1) refuse(plan.refused, plan.params);
        results.push({ id, ordered: null, before: null, refusal: plan });
        continue;
      }
      try {
        await holding.order(tx, row, plan, by, payload.text);
      } catch (error) {
        // One account that no order reaches does not keep the others from being stopped.
        if (!(error instanceof Refused) || payload.holds.length === 1) throw error;
        results.push({ id, ordered: null, before: null, refusal: error.refusal });
        continue;
      }
      results.push({ id, ordered: String(plan.amount), before: row.ordered === null ? null : String(row.ordered) });
    }
    return results;
  }

  access.defineAct({
    act: 'funds.release',
    permission: 'funds.approve',
    async perform(tx, officer, payload, approval) {
      const { id, grounds } = payload as IdPayload & { readonly grounds: string };
      const row = await lock(tx, id);
      refuseEnded(row, clock.now());
      const before = { untilMs: row.untilMs, ordered: row.ordered === null ? null : String(row.ordered) };
      const by = byOfficer(officer, approval);
      await holding.end(tx, row, { state: 'released', why: 'officer', orderEnd: 'released', by, grounds });
      return before;
    },
    undo: (tx, payload, result) => reinstate(tx, (payload as IdPayload).id, result as Before),
  });

  /** A release that nobody confirmed: what is still there is held again for as long as it would have been. */
  async function reinstate(tx: Tx, id: string, before: Before): Promise<void> {
    const row = await store.lockHold(tx, id);
    if (row?.state !== 'released' || before.ordered === null || before.untilMs === null) return;
    const newest = await store.lockHoldOfPlace(tx, row.trace, row.place);
    if (newest?.id !== id || before.untilMs <= clock.now()) return;
    const ordered = BigInt(before.ordered);
    const amount = ordered < row.taint ? ordered : row.taint;
    if (amount === 0n) return;
    const proposed = { ...row, state: 'proposed', endedAtMs: null, endedWhy: null, confirmedAtMs: null } as const;
    const again = { ...proposed, orderId: null, ordered: null, gone: 0n };
    const stored = await holding.put(tx, again, { deed: 'reinstated', by: secondPerson, grounds: notConfirmed });
    await holding.order(tx, stored, { amount, untilMs: before.untilMs }, secondPerson);
  }

  access.defineAct({
    act: 'funds.seize',
    permission: 'funds.approve',
    async perform(tx, officer, payload, approval) {
      const { id, court, confiscate } = payload as IdPayload & { readonly court: string; readonly confiscate: boolean };
      const row = await lock(tx, id);
      const by = byOfficer(officer, approval);
      refuseSeizure(row, confiscate, clock.now());
      if (confiscate) {
        await holding.put(tx, { ...row, state: 'confiscated', court }, { deed: 'confiscated', by });
        return;
      }
      await orders.end(tx, by.author, row.orderId!, { why: 'seized', court });
      await clocks.cancel(tx, holdClock, id);
      await holding.put(tx, { ...row, state: 'seized', court, untilMs: null }, { deed: 'seized', by });
    },
  });
}

export interface OrderPayload {
  readonly holds: readonly string[];
  readonly amount?: string;
  readonly minutes?: number;
  readonly text?: FreeText;
}
export interface IdPayload {
  readonly id: string;
}
interface Before {
  readonly untilMs: number | null;
  readonly ordered: string | null;
}

/** Refuses to go on with what is over, or a court's. */
export function refuseEnded(row: HoldRow, nowMs: number): void {
  if (isUnderCourt(row)) refuse('funds.under-court', { state: row.state });
  const isProposed = row.state === 'proposed' && row.endedAtMs === null;
  if (!isProposed && !isBound(row, nowMs)) refuse('conflict.hold-ended', { state: row.state });
}

export function refuseSeizure(row: HoldRow, confiscate: boolean, nowMs: number): void {
  if (confiscate) {
    if (row.state === 'confiscated') refuse('conflict.confiscated');
    if (row.state !== 'seized') refuse('funds.not-seized', { state: row.state });
    return;
  }
  refuseEnded(row, nowMs);
  if (row.held === 0n) refuse('funds.nothing-held', { state: row.state });
}
