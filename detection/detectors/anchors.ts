import type { Verdict } from '../detector.ts';
import type { PaymentView } from '../payment-view.ts';
import { countSince, type Side } from '../state/window.ts';

/** Judges an account as it stood when a payment of its window happened: what is newer does not count. */
export type Assess<Limits> = (view: PaymentView, limits: Limits, endMs: number, anchor: number) => Verdict | undefined;

/**
 * The first verdict that the payment seen now may have completed: as of itself, and, because it may have come late, as of each
 * payment of a side that happened within `spanMs` after it. So the order in which payments come makes no difference.
 */
export function judgeEach<Limits>(
  view: PaymentView,
  limits: Limits,
  side: Side,
  spanMs: number,
  assess: Assess<Limits>,
): Verdict | undefined {
  for (let anchor = countSince(side, view.atMs) - 1; anchor >= 0; anchor -= 1) {
    const endMs = side.atMs[anchor]!;
    if (endMs > view.atMs + spanMs) return undefined;
    const verdict = assess(view, limits, endMs, anchor);
    if (verdict !== undefined) return verdict;
  }
  return undefined;
}

/** The newest payment of a side that happened at an instant or before: an index, or `count` if there is none. */
export function firstUntil({ atMs, count }: Side, untilMs: number): number {
  let first = 0;
  while (first < count && atMs[first]! > untilMs) first += 1;
  return first;
}
