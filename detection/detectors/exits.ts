import type { Verdict } from '../detector.ts';
import type { PaymentView } from '../payment-view.ts';
import { none, outside } from '../state/payments.ts';
import { firstUntil } from './anchors.ts';
import { exchange, isFresh, oldestSince } from './flow.ts';
import { instantOf, keysOf, minutesBetween, moneyOf } from './money-facts.ts';
import { isPayer } from './standing.ts';
import { above, below, strengthOf, within } from './strength.ts';

/** Limits that the two exits share. */
interface ExitLimits {
  readonly withinHours: number;
  readonly dollarsMin: number;
  readonly shareMin: number;
}

type IsExit = (view: PaymentView, out: number) => boolean;

const stepsMax = 16;

/** The country of an account's key, as its two letters in one number; 0 if it is no account's. */
export const countryIn = (key: string | undefined): number =>
  key !== undefined && key.charCodeAt(10) === 58 && key.startsWith('account:')
    ? key.charCodeAt(8) * 256 + key.charCodeAt(9)
    : 0;

/** To an account of another country than its own. */
export function isAbroad(view: PaymentView, out: number): boolean {
  const { own, record, place } = view;
  const isSeen = own.outs.place[out] === place;
  const to = countryIn(isSeen ? record.to : view.keyOf(own.outs.other[out]!));
  return to !== 0 && to !== (countryIn(isSeen ? record.from : view.keyOf(own.account)) || to);
}

/** To a wallet, or to an exchange for coins. */
export function isCrypto(view: PaymentView, out: number): boolean {
  const { own, record, place, payments } = view;
  const at = own.outs.place[out]!;
  if (payments.channel(at) === exchange) return at !== place || record.asset !== undefined;
  const key = at === place ? record.to : view.keyOf(own.outs.other[out]!);
  return key !== undefined && key.startsWith('wallet:');
}

export const isCash = ({ own }: PaymentView, out: number): boolean => own.outs.other[out] === outside;

/** What was bought at an exchange with money that had just come from others. */
function isFreshPurchase({ own, payments, accounts }: PaymentView, i: number, spanMs: number): boolean {
  const at = own.ins.place[i]!;
  if (payments.channel(at) !== exchange || own.ins.other[i]! < 0) return false;
  const untilMs = payments.atMs(at);
  let sum = 0;
  let steps = 0;
  for (let p = payments.lastIn(own.ins.other[i]!); p !== none && steps < stepsMax; p = payments.earlierIn(p)) {
    steps += 1;
    if (payments.atMs(p) < untilMs - spanMs) break;
    if (payments.atMs(p) <= untilMs && payments.from(p) !== outside && !isPayer(accounts, payments.from(p), untilMs))
      sum += payments.dollars(p);
  }
  return sum * 2 >= payments.dollars(at);
}

const freshAt = new Int32Array(64);
const exitAt = new Int32Array(64);

/** Fresh money that leaves by an exit: the anchor is such a payment, and what came before it in the hours is looked at. */
export function judgeExit(
  view: PaymentView,
  limits: ExitLimits,
  endMs: number,
  anchor: number,
  isExit: IsExit,
): Verdict | undefined {
  const { ins, outs } = view.own;
  const spanMs = limits.withinHours * 3_600_000;
  const newest = firstUntil(ins, endMs);
  if (newest === ins.count || ins.atMs[newest]! < endMs - spanMs || !isExit(view, anchor)) return undefined;
  let came = 0;
  let fresh = 0;
  for (let i = oldestSince(ins, endMs - spanMs); i >= newest; i -= 1) {
    if (!isFresh(view, i, endMs) && !isFreshPurchase(view, i, spanMs)) continue;
    came += ins.dollars[i]!;
    freshAt[fresh++] = i;
  }
  if (came < limits.dollarsMin) return undefined;
  const firstMs = ins.atMs[freshAt[0]!]!;
  let left = 0;
  let exits = 0;
  for (let o = oldestSince(outs, firstMs); o >= anchor; o -= 1) {
    if (!isExit(view, o)) continue;
    left += outs.dollars[o]!;
    exitAt[exits++] = o;
  }
  // What came must be most of what leaves, and what leaves a good part of what came.
  const taken = Math.min(came, left);
  if (taken < limits.dollarsMin || taken < limits.shareMin * came || taken * 2 < left) return undefined;
  return verdictOf(view, limits, came, fresh, exits);
}

function verdictOf(view: PaymentView, limits: ExitLimits, came: number, fresh: number, exits: number): Verdict {
  const { ins, outs } = view.own;
  const freshes = [...freshAt.subarray(0, fresh)];
  const left = [...exitAt.subarray(0, exits)];
  const inMoney = moneyOf(
    view,
    freshes.map((i) => ins.place[i]!),
  );
  const outMoney = moneyOf(
    view,
    left.map((o) => outs.place[o]!),
  );
  const dollars = left.reduce((sum, o) => sum + outs.dollars[o]!, 0);
  const [firstMs, lastMs] = [ins.atMs[freshes[0]!]!, outs.atMs[left.at(-1)!]!];
  const minutes = minutesBetween(firstMs, lastMs);
  return {
    facts: {
      inAmount: inMoney.amount,
      inCurrency: inMoney.currency,
      outAmount: outMoney.amount,
      outCurrency: outMoney.currency,
      inAt: instantOf(firstMs),
      outAt: instantOf(lastMs),
      minutes,
      withinHours: limits.withinHours,
    },
    counterparts: keysOf(view, [...left.map((o) => outs.other[o]!), ...freshes.map((i) => ins.other[i]!)]),
    strength: strengthOf(
      above(dollars, limits.dollarsMin),
      below(minutes, limits.withinHours * 60),
      within(Math.min(1, dollars / came), limits.shareMin),
    ),
  };
}

export const exitFacts = [
  'inAmount',
  'inCurrency',
  'outAmount',
  'outCurrency',
  'inAt',
  'outAt',
  'minutes',
  'withinHours',
] as const;
