import { Type, type Static } from 'typebox';
import { detector, type Verdict } from '../detector.ts';
import type { PaymentView } from '../payment-view.ts';
import type { Side } from '../state/window.ts';
import { judgeEach } from './anchors.ts';
import { isFresh } from './flow.ts';
import { dollars, minutes, share, times } from './limits.ts';
import { instantOf, keysOf, minutesBetween, moneyOf } from './money-facts.ts';
import { isAgent, isBusy, isOwnMove } from './standing.ts';
import { above, below, strengthOf } from './strength.ts';

const Limits = Type.Object({
  testDollarsMax: dollars(10, 'A payment to see whether an account works: less than A$10 (AUSTRAC)'),
  withinMinutes: minutes(180, 'From the test to what follows. Our own choice; AUSTRAC: the same day'),
  timesMin: times(50, 'What follows is so many times the test. Our own choice'),
  dollarsMin: dollars(150, 'And at least so much. Our own choice'),
  drainMinutes: minutes(60, 'An account that somebody else tested is emptied of it in so long. Our own choice'),
  drainShareMin: share(0.7, 'To so large a part. Our own choice'),
  balanceShareMin: share(
    0.8,
    'Or, from the tester’s own account, two or more payments take so much of it: careful people make one',
  ),
});
type Limits = Static<typeof Limits>;

const leftMax = 2;
/** The last payment that was found: where the test stands, and the large one after it. */
let testAt = 0;
let largeAt = 0;

function assess(view: PaymentView, limits: Limits, endMs: number, anchor: number): Verdict | undefined {
  const { own, accounts } = view;
  if (isBusy(accounts, own.account, endMs) || isAgent(view)) return undefined;
  if (isDrainedAfterTest(view, limits, endMs, anchor)) return verdictOf(view, limits, own.ins, 'receiver');
  if (isTestedByPayer(view, limits, endMs, anchor)) return verdictOf(view, limits, own.outs, 'payer');
  return undefined;
}

const isLarge = (dollars: number, test: number, { timesMin, dollarsMin }: Limits): boolean =>
  dollars >= dollarsMin && dollars >= timesMin * test;

/** Somebody tried the account with a little; then came much, and it went on. */
function isDrainedAfterTest(view: PaymentView, limits: Limits, endMs: number, anchor: number): boolean {
  const { ins, outs } = view.own;
  const sinceMs = endMs - limits.drainMinutes * 60_000;
  for (let i = 0; i < ins.count && ins.atMs[i]! >= sinceMs; i += 1) {
    if (ins.atMs[i]! > endMs || ins.dollars[i]! < limits.dollarsMin || !isFresh(view, i, endMs)) continue;
    if (!findTest(view, ins, limits, i) || ins.other[testAt]! < 0) continue;
    // Careful people try a payee themselves.
    if (ins.other[testAt] === ins.other[i]) continue;
    largeAt = i;
    const left = sumBetween(outs, ins.atMs[i]!, anchor);
    // Far more than came is other money.
    if (left >= limits.drainShareMin * ins.dollars[i]! && left <= leftMax * ins.dollars[i]!) return true;
  }
  return false;
}

/** From an account, a little to see whether it works, and soon after to the same receiver what there is. */
function isTestedByPayer(view: PaymentView, limits: Limits, endMs: number, anchor: number): boolean {
  const { accounts, own } = view;
  const { outs, account } = own;
  const receiver = outs.other[anchor]!;
  if (receiver < 0 || outs.dollars[anchor]! < limits.dollarsMin || accounts.balanceAtMs(account) !== endMs)
    return false;
  if (!findTest(view, outs, limits, anchor) || outs.other[testAt] !== receiver) return false;
  if (isBusy(accounts, receiver, endMs) || isOwnMove(accounts, account, receiver)) return false;
  largeAt = anchor;
  let large = 0;
  for (let o = anchor; o < testAt; o += 1) if (isLarge(outs.dollars[o]!, outs.dollars[testAt]!, limits)) large += 1;
  if (large < 2) return false;
  const left = sumBetween(outs, outs.atMs[testAt]!, anchor);
  return left >= limits.balanceShareMin * (left + Math.max(0, accounts.balance(account)));
}

/** The newest test before a large payment; among those of one side, of the same receiver if it paid. */
function findTest({ own }: PaymentView, side: Side, limits: Limits, large: number): boolean {
  const sinceMs = side.atMs[large]! - limits.withinMinutes * 60_000;
  for (let i = large + 1; i < side.count && side.atMs[i]! >= sinceMs; i += 1) {
    const dollars = side.dollars[i]!;
    if (dollars === 0 || dollars > limits.testDollarsMax || !isLarge(side.dollars[large]!, dollars, limits)) continue;
    if (side === own.outs && side.other[i] !== side.other[large]) continue;
    testAt = i;
    return true;
  }
  return false;
}

/** The dollars of what was paid from an instant up to an entry. */
function sumBetween(side: Side, sinceMs: number, anchor: number): number {
  let sum = 0;
  for (let i = anchor; i < side.count && side.atMs[i]! >= sinceMs; i += 1) sum += side.dollars[i]!;
  return sum;
}

function verdictOf(view: PaymentView, limits: Limits, side: Side, tested: 'receiver' | 'payer'): Verdict {
  const [test, large] = [moneyOf(view, [side.place[testAt]!]), moneyOf(view, [side.place[largeAt]!])];
  const [testMs, largeMs] = [side.atMs[testAt]!, side.atMs[largeAt]!];
  const minutes = minutesBetween(testMs, largeMs);
  return {
    facts: {
      tested,
      testAmount: test.amount,
      testCurrency: test.currency,
      testAt: instantOf(testMs),
      amount: large.amount,
      currency: large.currency,
      at: instantOf(largeMs),
      minutes,
      withinMinutes: limits.withinMinutes,
      timesMin: limits.timesMin,
    },
    counterparts: keysOf(view, [side.other[testAt]!, side.other[largeAt]!]),
    strength: strengthOf(
      above(side.dollars[largeAt]!, Math.max(limits.dollarsMin, limits.timesMin * side.dollars[testAt]!)),
      above(side.dollars[largeAt]!, limits.dollarsMin),
      below(minutes, limits.withinMinutes),
    ),
  };
}

export const testThenDrain = detector({
  name: 'test-then-drain',
  version: 1,
  on: ['payment'],
  typology: 'mule-account',
  urgency: 1,
  facts: [
    'tested',
    'testAmount',
    'testCurrency',
    'testAt',
    'amount',
    'currency',
    'at',
    'minutes',
    'withinMinutes',
    'timesMin',
  ],
  limits: Limits,
  find: (view: PaymentView, limits) =>
    judgeEach(view, limits, view.own.outs, (limits.withinMinutes + limits.drainMinutes) * 60_000, assess),
});
