import type { OrderOutcome } from '@bronze-drum/protocol/orders';
import { refusal, type Refusal } from '@bronze-drum/protocol/refusals';
import type { HoldState } from '@bronze-drum/protocol/statements/trace-report';
import { assert } from '../kernel/assert.ts';
import { hourMs, minuteMs } from '../kernel/clock.ts';
import type { FundsRules } from '../kernel/policy-acts.ts';
import type { HoldRow } from './hold-store.ts';

export type Stage = FundsRules['stages'][number];
/** On whose word a stage begins. */
export type Word = Stage['asks'];

/** States in which an order binds the institution, whatever it answered. */
const boundStates: readonly HoldState[] = ['ordered', 'held', 'partly', 'gone', 'refused'];
/** States in which an amount is under a court's word, and no clock of ours runs. */
const courtStates: readonly HoldState[] = ['seized', 'confiscated', 'returned'];

export const isUnderCourt = (row: Pick<HoldRow, 'state'>): boolean => courtStates.includes(row.state);

/** An order binds now; its own clock counts even where nothing has dealt with it yet. */
export const isBound = (row: Pick<HoldRow, 'state' | 'endedAtMs' | 'untilMs'>, nowMs: number): boolean =>
  row.endedAtMs === null && boundStates.includes(row.state) && row.untilMs !== null && row.untilMs > nowMs;

/** An order of it stands: it binds, or its time is over and nothing has dealt with that yet. */
export const isOpen = (row: Pick<HoldRow, 'endedAtMs' | 'untilMs'>): boolean =>
  row.endedAtMs === null && row.untilMs !== null;

/** A hold is a function of what was done and of now: it expires although nothing runs. */
export const stateAt = (row: Pick<HoldRow, 'state' | 'endedAtMs' | 'untilMs'>, nowMs: number): HoldState =>
  row.endedAtMs === null && row.untilMs !== null && row.untilMs <= nowMs ? expiredState(row.state) : row.state;

/** What a hold is called once its time is over: what was refused or gone was never held. */
export const expiredState = (state: HoldState): HoldState =>
  state === 'gone' || state === 'refused' ? state : 'expired';

const smaller = (a: bigint, b: bigint): bigint => (a < b ? a : b);

/** The most that may be held: the taint and, where the balance is known, what of it is above the subsistence floor. */
export function holdable(money: { taint: bigint; balance: bigint | null }, leave: bigint): bigint {
  if (money.balance === null) return money.taint;
  const above = money.balance - leave;
  return above <= 0n ? 0n : smaller(money.taint, above);
}

export const leaveOf = (rules: FundsRules, currency: string): bigint => BigInt(rules.subsistence[currency] ?? '0');

/** The one place where a hold's amounts are checked: a breach is a defect, and nothing of it is stored. */
export function assertAmounts(row: HoldRow): void {
  const { taint, ordered, held, gone, returned } = row;
  assert(
    taint >= 0n && (ordered === null || (ordered > 0n && ordered <= taint)),
    'a hold is never more than the taint',
  );
  assert(held >= 0n && gone >= 0n && held + gone <= (ordered ?? 0n), 'what is held and gone was ordered');
  assert(returned >= 0n && returned <= held, 'what is returned was held');
  assert(row.endedAtMs === null || row.untilMs === null, 'what has ended has no clock');
  const clocked = row.endedAtMs === null && boundStates.includes(row.state);
  assert(clocked === (row.untilMs !== null), 'what binds has a clock');
}

/** Whether the standing rule may order a hold at such a place. */
export function standingAllows(
  rules: FundsRules,
  row: Pick<HoldRow, 'debitConfirmed' | 'reportedBy' | 'hop' | 'placeEnd' | 'taint' | 'currency'>,
): boolean {
  const { enabled, hopsMax, smallest } = rules.standing;
  const least = smallest[row.currency];
  return (
    enabled &&
    row.debitConfirmed &&
    row.reportedBy !== 'public' &&
    // Payments after the victim’s own.
    row.hop - 1 <= hopsMax &&
    // Merchants, pooled accounts and exchanges hold the money of many who have nothing to do with it.
    (row.placeEnd === 'open' || row.placeEnd === 'passed-on') &&
    least !== undefined &&
    row.taint >= BigInt(least)
  );
}

export interface Asked {
  readonly amount?: bigint | undefined;
  readonly minutes?: number | undefined;
}

export interface OrderPlan {
  readonly amount: bigint;
  readonly untilMs: number;
}

/** What an order comes to: for a hold that is proposed, or more of one that binds. */
export function planOrder(rules: FundsRules, row: HoldRow, asked: Asked, nowMs: number): OrderPlan | Refusal {
  const isProposed = row.state === 'proposed' && row.endedAtMs === null;
  if (!isProposed && !isBound(row, nowMs))
    return isUnderCourt(row) ? refusal('funds.under-court') : refusal('conflict.hold-ended', { state: row.state });
  if (row.institution === null) return refusal('funds.nobody-to-order');
  const most = holdable(row, leaveOf(rules, row.currency));
  if (most === 0n) return refusal('funds.nothing-to-hold');
  const amount = asked.amount ?? most;
  if (amount > most) return refusal('funds.too-much', { most: String(most), currency: row.currency });
  const stage = rules.stages[0]!;
  if (asked.minutes !== undefined && asked.minutes > stage.hours * 60)
    return refusal('funds.too-long', { most: stage.hours * 60 });
  if (isProposed)
    return { amount, untilMs: nowMs + (asked.minutes === undefined ? stage.hours * hourMs : asked.minutes * minuteMs) };
  const asksAgain = row.state === 'refused' || row.state === 'gone';
  if (!asksAgain && amount <= row.ordered!) return refusal('conflict.held-already', { ordered: String(row.ordered) });
  return { amount, untilMs: row.untilMs! };
}

export interface Answered {
  readonly state: HoldState;
  readonly held: bigint;
  readonly gone: bigint;
  readonly refusal: string | null;
}

/** What an institution's answer makes of a hold. It may hold less than was ordered, and never counts for more. */
export function answeredBy(
  ordered: bigint,
  outcome: Pick<OrderOutcome, 'outcome' | 'held' | 'gone' | 'refusal'>,
): Answered {
  if (outcome.outcome === 'refused')
    return { state: 'refused', held: 0n, gone: 0n, refusal: outcome.refusal ?? 'form' };
  const said = outcome.held === undefined ? (outcome.outcome === 'placed' ? ordered : 0n) : BigInt(outcome.held);
  const held = outcome.outcome === 'gone' ? 0n : smaller(said, ordered);
  const rest = ordered - held;
  const goneSaid = outcome.gone === undefined ? (outcome.outcome === 'gone' ? rest : 0n) : BigInt(outcome.gone);
  const state = held === ordered ? 'held' : held === 0n ? 'gone' : 'partly';
  return { state, held, gone: smaller(goneSaid, rest), refusal: null };
}

export interface NextStage {
  readonly stage: string;
  readonly times: number;
  readonly untilMs: number;
}

/** How a hold goes on by somebody's word: the same stage again or a later one that asks for that word. Else what it asks for. */
export function nextStage(
  stages: readonly Stage[],
  row: { readonly stage: string | null; readonly stageTimes: number; readonly untilMs: number },
  word: { readonly asks: Word; readonly atMs: number },
  nowMs: number,
): NextStage | Refusal {
  const index = stages.findIndex(({ name }) => name === row.stage);
  const current = stages[index];
  const again = current !== undefined && row.stageTimes < current.times;
  if (again && current.asks === word.asks)
    return { stage: current.name, times: row.stageTimes + 1, untilMs: row.untilMs + current.hours * hourMs };
  // An officer's own word leads only to the very next stage; a complaint or a court may come before others were used.
  const later = word.asks === 'officer' ? stages.slice(index + 1, index + 2) : stages.slice(index + 1);
  const next = later.find(({ asks }) => asks === word.asks);
  if (next === undefined) {
    const asks = again ? current.asks : stages[index + 1]?.asks;
    if (asks === undefined) return refusal('funds.no-stage-left');
    return asks === 'officer' ? refusal('funds.extend-needed') : refusal(`funds.${asks}-needed`);
  }
  const fromMs = { order: nowMs, complaint: word.atMs, 'end-of-last': row.untilMs }[next.from];
  // What goes on for longer is never cut short by going on.
  const untilMs = Math.max(row.untilMs, fromMs + next.hours * hourMs);
  return { stage: next.name, times: 1, untilMs };
}

/** When somebody is warned that a hold ends: as policy says, or for short holds in their last quarter. */
export const warnMs = (rules: Pick<FundsRules, 'warnBeforeMinutes'>, nowMs: number, untilMs: number): number =>
  untilMs - Math.min(rules.warnBeforeMinutes * minuteMs, (untilMs - nowMs) / 4);

/** The worth of an amount of a hold in the currency of the theft, rounded down. */
export function worthOf(
  row: Pick<HoldRow, 'taint' | 'stolen' | 'currency' | 'stolenCurrency'>,
  amount: bigint,
): bigint {
  if (row.currency === row.stolenCurrency) return amount;
  return row.taint === 0n ? 0n : (amount * row.stolen) / row.taint;
}
