import type { OrderOutcome } from '@bronze-drum/protocol/orders';
import { isRefusal } from '@bronze-drum/protocol/refusals';
import type { HoldState } from '@bronze-drum/protocol/statements/trace-report';
import type { Alerts } from '../alerts/alerts.ts';
import { must } from '../kernel/assert.ts';
import { instantText } from '../kernel/clock.ts';
import { newId } from '../kernel/ids.ts';
import { Refused } from '../kernel/refusals.ts';
import type { IssuedOrder } from '../orders/orders.ts';
import type { Tx } from '../platform/db.ts';
import { byInstitution, byRule, byTrace, type Holding, type HoldingParts } from './holding.ts';
import {
  answeredBy,
  expiredState,
  holdable,
  isBound,
  isUnderCourt,
  leaveOf,
  planOrder,
  standingAllows,
} from './hold-rules.ts';
import * as store from './hold-store.ts';
import type { HoldRow } from './hold-store.ts';
import type { HoldProposal } from './holds.ts';

type Finding = Parameters<Alerts['raise']>[1][number];

const standingRule = byRule('standing-hold');

export type Proposing = ReturnType<typeof openProposing>;

/** What happens to holds without an officer: traces propose, institutions answer, clocks run out. */
export function openProposing(parts: HoldingParts, holding: Holding) {
  const { clock, policy, alerts, orders, metrics } = parts;

  const funds = (code: string, subject: string, params: Finding['params'], rank: 1 | 2 | 3): Finding => ({
    kind: 'funds',
    subject,
    code,
    params,
    rank,
    atMs: clock.now(),
    discreet: false,
    tellable: false,
  });

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
    await alerts.raise(tx, [funds('funds.proposed', `trace:${row.trace}`, params, 1)]);
  }

  return {
    funds,

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
      await alerts.raise(tx, [funds('funds.refused', `hold:${row.id}`, params, 1)]);
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

    /** The end of a hold's stage: it lets the money go by itself. */
    async expire(tx: Tx, id: string, nowMs: number): Promise<void> {
      const row = await store.lockHold(tx, id);
      if (row === undefined || !isOpen(row)) return;
      if (row.untilMs! > nowMs) {
        await holding.setClock(tx, id, row.untilMs!);
        return;
      }
      const by = byRule('hold-expired');
      await holding.end(tx, row, { state: expiredState(row.state), why: 'expired', orderEnd: 'expired', by });
    },

    async warn(tx: Tx, id: string): Promise<void> {
      const row = await store.lockHold(tx, id);
      if (row === undefined || !isOpen(row) || row.held === 0n) return;
      const params = { hold: id, due: instantText(row.untilMs!) };
      await alerts.raise(tx, [funds('funds.ending', `hold:${id}`, params, 2)]);
    },
  };
}

/** An order of it binds, or did until now. */
const isOpen = (row: HoldRow): boolean => row.endedAtMs === null && row.untilMs !== null;

const lockByReference = (tx: Tx, reference: string): Promise<HoldRow | undefined> =>
  store.lockHold(tx, reference.slice('hold:'.length));

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
