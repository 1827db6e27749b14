import type { Verdict } from '../detector.ts';
import type { PaymentView } from '../payment-view.ts';
import { none, type Payments } from '../state/payments.ts';
import { fillTrail, openTrail, type Trail } from '../state/trail.ts';
import { windowSpanMs } from '../state/window.ts';
import { isBusy, isPayer } from './standing.ts';

const stepsMax = 32;
const aheadMax = 12;
const ahead = new Int32Array(aheadMax);
const trailAhead = openTrail();

type Follow<Limits> = (view: PaymentView, limits: Limits, trail: Trail) => Verdict | undefined;

/**
 * The first verdict on the way that the money of this payment came; and, if the payment came late, on the ways of what was
 * paid on since, which it may have completed.
 */
export function judgeTrails<Limits>(view: PaymentView, limits: Limits, spanMs: number, judge: Follow<Limits>) {
  const verdict = judge(view, limits, view.trail());
  if (verdict !== undefined || !wasPaidOn(view)) return verdict;
  const found = lookAhead(view, spanMs);
  for (let n = 0; n < found; n += 1) {
    fillTrail(trailAhead, view.payments, ahead[n]!, windowSpanMs);
    const later = judge(view, limits, trailAhead);
    if (later !== undefined) return later;
  }
  return undefined;
}

/** What was paid on from here since, and on from there: fills `ahead`, and tells how many payments they are. */
function lookAhead({ payments, accounts, place }: PaymentView, spanMs: number): number {
  const untilMs = payments.atMs(place) + spanMs;
  let found = 0;
  for (let from = place, next = 0; ; from = ahead[next++]!) {
    const holder = payments.to(from);
    let steps = 0;
    if (holder >= 0 && !isBusy(accounts, holder, untilMs))
      for (let at = payments.lastOut(holder); at !== none && steps < stepsMax; at = payments.earlierOut(at)) {
        steps += 1;
        if (payments.atMs(at) < payments.atMs(from) || found === aheadMax) break;
        if (payments.atMs(at) <= untilMs) ahead[found++] = at;
      }
    if (next === found) return found;
  }
}

/**
 * Of what reached an account, the part that it paid on within `spanMs` after: who splits a sum passes it on all the same.
 * At most 1.
 */
export function partPassedOn(payments: Payments, came: number, spanMs: number): number {
  const sinceMs = payments.atMs(came);
  const dollars = payments.dollars(came);
  let sum = 0;
  let steps = 0;
  for (let at = payments.lastOut(payments.to(came)); at !== none && steps < stepsMax; at = payments.earlierOut(at)) {
    if (payments.atMs(at) < sinceMs) break;
    steps += 1;
    if (payments.atMs(at) <= sinceMs + spanMs) sum += payments.dollars(at);
  }
  return dollars > 0 ? Math.min(1, sum / dollars) : 0;
}

/** In a till or on a payroll money has no way that could be followed. */
export const hidesWays = ({ accounts }: PaymentView, account: number, atMs: number): boolean =>
  account < 0 || isBusy(accounts, account, atMs) || isPayer(accounts, account, atMs);

/** Whether the receiver of a payment has paid since, so that the payment came late. */
export const wasPaidOn = ({ end, own: { outs }, atMs }: PaymentView): boolean =>
  end === 'in' && outs.count > 0 && outs.atMs[0]! >= atMs;

/** Whether anything reached an account within `spanMs` before a payment of it. */
export function wasPaidBefore(payments: Payments, place: number, spanMs: number): boolean {
  const account = payments.from(place);
  if (account < 0) return false;
  const atMs = payments.atMs(place);
  let steps = 0;
  for (let at = payments.lastIn(account); at !== none && steps < stepsMax; at = payments.earlierIn(at)) {
    steps += 1;
    if (payments.atMs(at) <= atMs) return payments.atMs(at) >= atMs - spanMs;
  }
  return false;
}

/** The payments of a way, from the entry where it begins to the payment that the trail is of. */
export function wayOf({ place, parent }: Trail, entry: number): number[] {
  const way: number[] = [];
  for (let at = entry; at !== none; at = parent[at]!) way.push(place[at]!);
  return way;
}
