import { Type, type Static } from 'typebox';
import { detector, type Verdict } from '../detector.ts';
import type { PaymentView } from '../payment-view.ts';
import { none } from '../state/payments.ts';
import { judgeEach } from './anchors.ts';
import { oldestSince } from './flow.ts';
import { count, dollars, hours, share } from './limits.ts';
import { instantOf, keysOf, moneyOf } from './money-facts.ts';
import { isBusy, isPayer } from './standing.ts';
import { above, strengthOf } from './strength.ts';

const Limits = Type.Object({
  middlesMin: count(3, 'Accounts between. The pattern is of IBM’s AMLSim; the number is our own choice'),
  withinHours: hours(24, 'From the first payment to the last. Published work: windows of six hours to a day'),
  dollarsMin: dollars(300, 'What came together, at least. Our own choice'),
  shareMin: share(0.5, 'Of what it got, how much each account between passed on. Our own choice'),
});
type Limits = Static<typeof Limits>;

/** Who passed on far more than it got passed on something else. */
const shareMax = 1.25;
/** So many of an account's payments are looked at for where its money came from. */
const stepsMax = 16;
const originsMax = 6;
const origins = new Int32Array(originsMax);
/** The middle accounts of the origin that is looked at, each by its newest entry, and how many there are. */
const middles = new Int32Array(64);

function assess(view: PaymentView, limits: Limits, endMs: number, anchor: number): Verdict | undefined {
  const { accounts, own } = view;
  const { ins, account } = own;
  const sinceMs = endMs - limits.withinHours * 3_600_000;
  const least = anchor + limits.middlesMin - 1;
  if (least >= ins.count || ins.atMs[least]! < sinceMs) return undefined;
  const middle = ins.other[anchor]!;
  if (middle < 0 || isBusy(accounts, account, endMs) || isBusy(accounts, middle, endMs)) return undefined;
  const found = findOrigins(view, middle, sinceMs, endMs);
  for (let n = 0; n < found; n += 1) {
    const origin = origins[n]!;
    const passed = findMiddles(view, limits, origin, sinceMs, anchor);
    if (passed >= limits.middlesMin && gathered(view, passed, sinceMs, anchor) >= limits.dollarsMin)
      return verdictOf(view, limits, origin, passed, sinceMs, anchor);
  }
  return undefined;
}

/** Who paid an account before it paid here; an employer is none. */
function findOrigins({ payments, accounts, own }: PaymentView, middle: number, sinceMs: number, endMs: number): number {
  let found = 0;
  let steps = 0;
  for (let place = payments.lastIn(middle); place !== none && steps < stepsMax; place = payments.earlierIn(place)) {
    steps += 1;
    const atMs = payments.atMs(place);
    if (atMs < sinceMs || found === originsMax) break;
    const origin = payments.from(place);
    if (atMs > endMs || origin < 0 || origin === own.account || isPayer(accounts, origin, endMs)) continue;
    let known = 0;
    while (known < found && origins[known] !== origin) known += 1;
    if (known === found) origins[found++] = origin;
  }
  return found;
}

/** The accounts that passed here what they got from an origin: fills `middles`, and tells how many there are. */
function findMiddles(view: PaymentView, { shareMin }: Limits, origin: number, sinceMs: number, anchor: number): number {
  const { ins } = view.own;
  let found = 0;
  for (let i = anchor; i < ins.count && ins.atMs[i]! >= sinceMs; i += 1) {
    const middle = ins.other[i]!;
    if (middle < 0 || middle === origin || isNamedBefore(ins.other, anchor, i)) continue;
    let firstMs = Number.POSITIVE_INFINITY;
    let got = 0;
    let steps = 0;
    const { payments } = view;
    for (let at = payments.lastIn(middle); at !== none && steps < stepsMax; at = payments.earlierIn(at)) {
      steps += 1;
      if (payments.atMs(at) < sinceMs) break;
      if (payments.from(at) !== origin || payments.atMs(at) > ins.atMs[i]!) continue;
      got += payments.dollars(at);
      firstMs = payments.atMs(at);
    }
    if (got === 0) continue;
    const passed = sumFrom(view, middle, firstMs, anchor);
    if (passed >= shareMin * got && passed <= shareMax * got) middles[found++] = i;
  }
  return found;
}

function isNamedBefore(other: Int32Array, from: number, until: number): boolean {
  for (let i = from; i < until; i += 1) if (other[i] === other[until]) return true;
  return false;
}

/** What one account paid in since an instant. */
function sumFrom({ own: { ins } }: PaymentView, sender: number, sinceMs: number, anchor: number): number {
  let sum = 0;
  for (let i = anchor; i < ins.count && ins.atMs[i]! >= sinceMs; i += 1)
    if (ins.other[i] === sender) sum += ins.dollars[i]!;
  return sum;
}

function gathered(view: PaymentView, passed: number, sinceMs: number, anchor: number): number {
  let sum = 0;
  for (let n = 0; n < passed; n += 1) sum += sumFrom(view, view.own.ins.other[middles[n]!]!, sinceMs, anchor);
  return sum;
}

function verdictOf(
  view: PaymentView,
  limits: Limits,
  origin: number,
  passed: number,
  sinceMs: number,
  anchor: number,
): Verdict {
  const { ins } = view.own;
  const between = [...middles.subarray(0, passed)].map((i) => ins.other[i]!);
  const entries: number[] = [];
  for (let i = oldestSince(ins, sinceMs); i >= anchor; i -= 1) if (between.includes(ins.other[i]!)) entries.push(i);
  const came = moneyOf(
    view,
    entries.map((i) => ins.place[i]!),
  );
  return {
    facts: {
      middles: passed,
      inAmount: came.amount,
      inCurrency: came.currency,
      firstAt: instantOf(ins.atMs[entries[0]!]!),
      lastAt: instantOf(ins.atMs[anchor]!),
      withinHours: limits.withinHours,
      middlesMin: limits.middlesMin,
    },
    counterparts: keysOf(view, [origin, ...between]),
    strength: strengthOf(
      above(passed, limits.middlesMin - 1),
      above(gathered(view, passed, sinceMs, anchor), limits.dollarsMin),
    ),
  };
}

export const scatterGather = detector({
  name: 'scatter-gather',
  version: 1,
  on: ['payment'],
  typology: 'mule-account',
  urgency: 2,
  facts: ['middles', 'inAmount', 'inCurrency', 'firstAt', 'lastAt', 'withinHours', 'middlesMin'],
  limits: Limits,
  find: (view: PaymentView, limits) => judgeEach(view, limits, view.own.ins, limits.withinHours * 3_600_000, assess),
});
