import { paymentChannels } from '@bronze-drum/protocol/activity/payment';
import type { PaymentView } from '../payment-view.ts';
import type { Accounts } from '../state/accounts.ts';
import type { Side } from '../state/window.ts';

/** What kind of account it is, as far as its payments and its institution tell. */

const dayMs = 24 * 3_600_000;
/** Who takes so many payments, and so many a day, takes them as a business does. */
const busyIns = 30;
const busyInsPerDay = 4;
/** Who pays so often for so long pays salaries, refunds or proceeds. */
const payerOuts = 100;
const payerOutsPerDay = 3;
const payerDays = 14;
const settledCompanyDays = 365;

const daysKnown = (accounts: Accounts, account: number, nowMs: number): number =>
  Math.max(1, (nowMs - accounts.firstAtMs(account)) / dayMs);

/** A shop, a biller, an agent, a landlord of many: money that reaches it is spent, and what leaves it is its own. */
export function isBusy(accounts: Accounts, account: number, nowMs: number): boolean {
  if (account < 0) return false;
  const ins = accounts.inCount(account);
  return ins >= busyIns && ins >= busyInsPerDay * daysKnown(accounts, account, nowMs);
}

/** An employer, an agency, a platform: what it pays is a salary or the like. */
export function isPayer(accounts: Accounts, account: number, nowMs: number): boolean {
  if (account < 0) return false;
  const registeredAtMs = accounts.registeredAtMs(account);
  if (accounts.isCompany(account) === 1 && registeredAtMs > 0)
    return nowMs - registeredAtMs >= settledCompanyDays * dayMs;
  const outs = accounts.outCount(account);
  const days = daysKnown(accounts, account, nowMs);
  return outs >= payerOuts && days >= payerDays && outs >= payerOutsPerDay * days;
}

/** Whether two accounts have one controller, as the institution of both told. */
export function isSameHand(accounts: Accounts, one: number, other: number): boolean {
  if (one < 0 || other < 0) return false;
  const controller = accounts.controller(one);
  return controller !== 0 && controller === accounts.controller(other);
}

/** A person's own money on its way between own accounts; a group of companies is no such thing. */
export const isOwnMove = (accounts: Accounts, one: number, other: number): boolean =>
  isSameHand(accounts, one, other) && accounts.isCompany(one) === 0 && accounts.isCompany(other) === 0;

/**
 * For how many days the account has been open: as its institution told, or else since it was first seen, once payments were
 * seen for long enough (`learningDays`) before that. Infinity if nobody knows.
 */
export function ageDays(
  { accounts, beganMs }: PaymentView,
  account: number,
  nowMs: number,
  learningDays: number,
): number {
  const openedAtMs = accounts.openedAtMs(account);
  if (openedAtMs > 0) return (nowMs - openedAtMs) / dayMs;
  const firstAtMs = accounts.firstAtMs(account);
  return firstAtMs - beganMs >= learningDays * dayMs ? (nowMs - firstAtMs) / dayMs : Number.POSITIVE_INFINITY;
}

/** Payments into the account on a usual day of its life here, without the newest `recent`; NaN while there is no such life. */
export function usualInsPerDay(accounts: Accounts, account: number, nowMs: number, recent: number): number {
  const days = (nowMs - accounts.firstAtMs(account)) / dayMs - 1;
  return days >= 3 ? Math.max(0, accounts.inCount(account) - recent) / days : Number.NaN;
}

/** What was first seen so long after the engine began to see payments is new, if nobody told when it was opened. */
export const learningDays = 14;

const agent = paymentChannels.indexOf('agent');
/** Of its newest payments each way, how many are looked at, and from how many on they tell. */
const lookedAt = 8;
const tellingMin = 4;

/** A cash agent: what comes in and goes out all day is its customers', against notes. */
export function isAgent(view: PaymentView): boolean {
  const { ins, outs } = view.own;
  const looked = Math.min(ins.count, lookedAt) + Math.min(outs.count, lookedAt);
  return looked >= tellingMin && (byAgent(view, ins) + byAgent(view, outs)) * 2 > looked;
}

function byAgent({ payments }: PaymentView, { place, count }: Side): number {
  let found = 0;
  for (let n = 0; n < count && n < lookedAt; n += 1) if (payments.channel(place[n]!) === agent) found += 1;
  return found;
}

/** A company of which nobody tells that it is young. */
export function isSettledCompany(accounts: Accounts, account: number, nowMs: number): boolean {
  if (accounts.isCompany(account) === 0) return false;
  const registeredAtMs = accounts.registeredAtMs(account);
  return !(registeredAtMs > 0 && nowMs - registeredAtMs < settledCompanyDays * dayMs);
}
