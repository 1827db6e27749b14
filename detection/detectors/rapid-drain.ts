import { Type, type Static } from 'typebox';
import { detector, type Verdict } from '../detector.ts';
import type { PaymentView } from '../payment-view.ts';
import { distinctOf } from '../state/window.ts';
import { count, dollars, hours, share } from './limits.ts';
import { instantOf, keysOf, minutesBetween, moneyOf, percentOf } from './money-facts.ts';
import { isOwnMove } from './standing.ts';
import { above, strengthOf, within } from './strength.ts';

const Limits = Type.Object({
  balanceDollarsMin: dollars(38_000, 'What there was: S$50,000 (Singapore, 2025)'),
  shareMin: share(0.5, 'More than this part of it gone (Singapore, 2025)'),
  withinHours: hours(24, 'In so long (Singapore, 2025)'),
  receiversMax: count(10, 'To no more accounts: more are a pay day. Our own choice'),
  insMax: count(8, 'And no more payments in within three days: more are a shop’s. Our own choice'),
});
type Limits = Static<typeof Limits>;

/** A payment of less than this part of it is not why it is gone. */
const pieceMin = 0.01;

/** The most that was there within the hours before the balance was told, and since when it went. */
let peak = 0;
let peakMs = 0;

/** Goes back from the balance that was told last; payments between own accounts are no loss. */
function findPeak({ own, accounts }: PaymentView, spanMs: number): void {
  const { ins, outs, account } = own;
  const toldMs = accounts.balanceAtMs(account);
  let balance = accounts.balance(account);
  peak = balance;
  peakMs = toldMs;
  let i = 0;
  let o = 0;
  for (;;) {
    while (i < ins.count && ins.atMs[i]! > toldMs) i += 1;
    while (o < outs.count && outs.atMs[o]! > toldMs) o += 1;
    const inMs = i < ins.count ? ins.atMs[i]! : Number.NEGATIVE_INFINITY;
    const outMs = o < outs.count ? outs.atMs[o]! : Number.NEGATIVE_INFINITY;
    if (Math.max(inMs, outMs) < toldMs - spanMs) return;
    if (outMs >= inMs) {
      if (!isOwnMove(accounts, account, outs.other[o]!)) balance += outs.dollars[o]!;
      o += 1;
      if (balance > peak) {
        peak = balance;
        peakMs = outMs;
      }
    } else {
      if (!isOwnMove(accounts, account, ins.other[i]!)) balance -= ins.dollars[i]!;
      i += 1;
    }
  }
}

function verdictOf(view: PaymentView, limits: Limits): Verdict {
  const { own, accounts } = view;
  const { outs, account } = own;
  const toldMs = accounts.balanceAtMs(account);
  const entries: number[] = [];
  for (let o = 0; o < outs.count && outs.atMs[o]! >= peakMs; o += 1)
    if (outs.atMs[o]! <= toldMs && !isOwnMove(accounts, account, outs.other[o]!)) entries.push(o);
  const left = moneyOf(
    view,
    entries.map((o) => outs.place[o]!),
  );
  const gone = (peak - accounts.balance(account)) / peak;
  entries.sort((a, b) => outs.dollars[b]! - outs.dollars[a]!);
  return {
    facts: {
      outAmount: left.amount,
      outCurrency: left.currency,
      payments: entries.length,
      gonePercent: percentOf(gone),
      balanceDollars: Math.round(peak),
      since: instantOf(peakMs),
      minutes: minutesBetween(peakMs, toldMs),
      withinHours: limits.withinHours,
      balanceDollarsMin: limits.balanceDollarsMin,
    },
    counterparts: keysOf(
      view,
      entries.map((o) => outs.other[o]!),
    ),
    strength: strengthOf(above(peak, limits.balanceDollarsMin), within(gone, limits.shareMin)),
  };
}

export const rapidDrain = detector({
  name: 'rapid-drain',
  version: 1,
  on: ['payment'],
  typology: 'unspecified',
  urgency: 2,
  facts: [
    'outAmount',
    'outCurrency',
    'payments',
    'gonePercent',
    'balanceDollars',
    'since',
    'minutes',
    'withinHours',
    'balanceDollarsMin',
  ],
  limits: Limits,
  find(view: PaymentView, limits) {
    const { accounts, own, end, isOwnCustomer, dollars } = view;
    const { account } = own;
    // Only what its institution told together with a balance can have changed what is known.
    if (end === 'in' || !isOwnCustomer || view.record.balanceAfter === undefined || accounts.isCompany(account) === 1)
      return undefined;
    if (own.ins.count > limits.insMax) return undefined;
    let most = accounts.balance(account);
    for (let o = 0; o < own.outs.count; o += 1) most += own.outs.dollars[o]!;
    if (most < limits.balanceDollarsMin) return undefined;
    findPeak(view, limits.withinHours * 3_600_000);
    if (peak < limits.balanceDollarsMin || !(accounts.balance(account) < (1 - limits.shareMin) * peak))
      return undefined;
    if (dollars < pieceMin * peak) return undefined;
    return distinctOf(own.outs, own.outs.count) > limits.receiversMax ? undefined : verdictOf(view, limits);
  },
});
