import { isRefusal } from '@bronze-drum/protocol/refusals';
import { must } from '../kernel/assert.ts';
import { newId } from '../kernel/ids.ts';
import { Refused } from '../kernel/refusals.ts';
import type { Tx } from '../platform/db.ts';
import { byRule, byTrace, type Holding, type HoldingParts } from './holding.ts';
import { holdable, isBound, isUnderCourt, leaveOf, planOrder, standingAllows } from './hold-rules.ts';
import { fundsFinding } from './hold-findings.ts';
import * as store from './hold-store.ts';
import type { HoldRow } from './hold-store.ts';
import type { HoldProposal } from './hold-view.ts';

const standingRule = byRule('standing-hold');

/** What traces propose, and what of it the standing rule may order. */
export function openProposing(parts: HoldingParts, holding: Holding) {
  const { clock, policy, alerts, orders } = parts;

  /** What the trace knows now, of a hold whose amount is not yet a court's. */
  async function adapt(tx: Tx, known: HoldRow, proposal: HoldProposal): Promise<HoldRow> {
    const told = knowledgeOf(proposal);
    // A balance that an institution said once is better than none.
    const row = { ...known, ...told, balance: told.balance ?? known.balance };
    const { taint, stolen, balance, placeEnd, hop, debitConfirmed, reportedBy } = row;
    const isNews =
      taint !== known.taint ||
      stolen !== known.stolen ||
      balance !== known.balance ||
      placeEnd !== known.placeEnd ||
      hop !== known.hop ||
      debitConfirmed !== known.debitConfirmed ||
      reportedBy !== known.reportedBy;
    const institution = row.institution ?? proposal.institution ?? orders.keeperOf(row.key) ?? null;
    if (!isNews && institution === row.institution) return known;
    const next = { ...row, institution };
    if (taint === 0n)
      return holding.end(tx, next, { state: 'released', why: 'nothing-left', orderEnd: 'withdrawn', by: byTrace });
    if (next.ordered !== null && next.ordered > taint) return holding.lower(tx, next, taint, byTrace);
    await store.updateHold(tx, next);
    await holding.hear(tx, next);
    return next;
  }

  /** Orders what the standing rule may order, and raises what it has ordered itself. */
  async function orderByRule(tx: Tx, row: HoldRow): Promise<HoldRow> {
    const rules = policy.at(clock.now()).funds;
    const isRaise = row.byRule && (row.state === 'held' || row.state === 'partly' || row.state === 'ordered');
    if (row.state !== 'proposed' && !isRaise) return row;
    if (!standingAllows(rules, row)) return row;
    const plan = planOrder(rules, row, {}, clock.now());
    if (isRefusal(plan)) return row;
    try {
      return await holding.order(tx, row, plan, standingRule);
    } catch (error) {
      // An officer decides about what no order reaches; the trace goes on.
      if (error instanceof Refused) return row;
      throw error;
    }
  }

  async function insert(tx: Tx, proposal: HoldProposal): Promise<HoldRow | undefined> {
    const nowMs = clock.now();
    const row: HoldRow = {
      id: newId(),
      trace: proposal.trace,
      place: proposal.place,
      key: proposal.key,
      institution: proposal.institution ?? orders.keeperOf(proposal.key) ?? null,
      currency: proposal.taint.currency,
      stolenCurrency: proposal.stolen.currency,
      ...knowledgeOf(proposal),
      request: proposal.request ?? null,
      state: 'proposed',
      revision: 1,
      orderId: null,
      ordered: null,
      byRule: false,
      held: 0n,
      gone: 0n,
      peak: 0n,
      returned: 0n,
      refusal: null,
      stage: null,
      stageTimes: 0,
      untilMs: null,
      complaint: null,
      court: null,
      actedBy: [],
      proposedAtMs: nowMs,
      orderedAtMs: null,
      heldAtMs: null,
      endedAtMs: null,
      endedWhy: null,
      confirmedAtMs: null,
      noticeMadeAtMs: null,
      noticeDeferredUntilMs: null,
      noticeDeliveredAtMs: null,
    };
    return (await holding.insert(tx, row, byTrace)) ? row : undefined;
  }

  /** Somebody must decide what no rule may: the more urgently as the money may move on. */
  async function alertProposed(tx: Tx, row: HoldRow): Promise<void> {
    if (holdable(row, leaveOf(policy.at(clock.now()).funds, row.currency)) === 0n) return;
    const params = { trace: row.trace, amount: String(row.taint), currency: row.currency };
    await alerts.raise(tx, [fundsFinding('funds.proposed', `trace:${row.trace}`, params, 1, clock.now())]);
  }

  return {
    async propose(tx: Tx, proposal: HoldProposal): Promise<HoldRow> {
      const known = await store.lockHoldOfPlace(tx, proposal.trace, proposal.place);
      if (known !== undefined && known.endedAtMs === null) {
        // A court’s amount no longer follows what a trace believes; and what is past its time only waits for its clock.
        if (isUnderCourt(known) || !(known.state === 'proposed' || isBound(known, clock.now()))) return known;
        const adapted = await adapt(tx, known, proposal);
        if (adapted.endedAtMs !== null || (await isBarred(tx, adapted))) return adapted;
        return orderByRule(tx, adapted);
      }
      // What somebody let go, or nobody prolonged, is proposed again only if more of the theft came there.
      if (known !== undefined && BigInt(proposal.taint.value) <= known.taint) return known;
      if (known?.endedWhy === 'returned') return known;
      const inserted = await insert(tx, proposal);
      if (inserted === undefined)
        return must(await store.lockHoldOfPlace(tx, proposal.trace, proposal.place), 'a hold');
      const row = (await isBarred(tx, inserted)) ? inserted : await orderByRule(tx, inserted);
      if (row.state === 'proposed') await alertProposed(tx, row);
      return row;
    },
  };
}

/** Whether an officer let an earlier hold for this place go, or an appeal one on this account: no rule orders it again. */
async function isBarred(tx: Tx, row: HoldRow): Promise<boolean> {
  return (
    row.state === 'proposed' && ((await store.hadEarlier(tx, row)) || (await store.wasReleasedOnAppeal(tx, row.key)))
  );
}

function knowledgeOf(proposal: HoldProposal) {
  const { taint, stolen, balance, hop, end, payment, debitConfirmed, reportedBy } = proposal;
  return {
    hop,
    placeEnd: end,
    taint: BigInt(taint.value),
    stolen: BigInt(stolen.value),
    balance: balance === undefined ? null : BigInt(balance.value),
    payment,
    debitConfirmed,
    reportedBy,
  };
}
