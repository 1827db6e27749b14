import type { MemberCode } from '@bronze-drum/protocol/members';
import type { PlaceEnd } from '@bronze-drum/protocol/statements/trace-report';
import type { AccountPayments, PaymentIndex } from './payment-index.ts';
import type { Pool } from './pools.ts';
import type { Taint } from './taint.ts';

/** An account that stolen money reached. */
export interface Account {
  readonly key: string;
  readonly outs: AccountPayments | undefined;
  readonly ins: AccountPayments | undefined;
  /** The next of its payments that was not looked at. */
  out: number;
  in: number;
  readonly holdings: Holding[];
  hop: number;
  /** It is not followed, for good. */
  end: PlaceEnd | undefined;
  readonly member: MemberCode | undefined;
  isFollowed: boolean;
  /** Its next payment is among the steps to come. */
  isWaiting: boolean;
  /** What is left there is too small to be followed into what it still pays. */
  hasTooLittle: boolean;
  /** It paid on after the money came, within the trace’s time. */
  readonly hasPaidOn: boolean;
}

/** Its money in one currency. */
export interface Holding {
  readonly name: string;
  readonly currency: number;
  readonly pool: Pool;
  reached: bigint;
  /** What came where it is not followed. */
  resting: Taint;
  hop: number;
  readonly firstAtMs: number;
}

/** No account: cash, a fee, and what nobody can say. */
export interface Exit {
  readonly name: string;
  readonly end: PlaceEnd;
  readonly currency: number;
  hop: number;
  taint: Taint;
  readonly firstAtMs: number;
}

type Unseen = (account: Account, holding: Holding, taint: Taint, atMs: number) => void;

/**
 * Brings an account’s balances to an instant: all that came until then, and what left before and was not followed. `unseen`
 * hears of what a told balance had no room for.
 */
export function syncAccount(index: PaymentIndex, account: Account, atMs: number, unseen: Unseen): void {
  const { ins, outs } = account;
  if (ins === undefined || outs === undefined) return;
  for (;;) {
    const cameAt = nextIn(index, account, atMs);
    const wentAt = nextOut(index, account, atMs);
    if (cameAt === undefined && wentAt === undefined) return;
    if (cameAt !== undefined && (wentAt === undefined || index.arrivesAtMs(cameAt) <= index.atMs(wentAt))) {
      account.in += 1;
      credit(index, account, cameAt, unseen);
    } else {
      account.out += 1;
      const holding = account.holdings.find(({ currency }) => currency === index.currency(wentAt!));
      holding?.pool.pass({ amount: index.amount(wentAt!), balanceAfter: index.balanceOut(wentAt!) });
    }
  }
}

function nextIn(index: PaymentIndex, { ins, in: at }: Account, atMs: number): number | undefined {
  if (at >= ins!.count || !ins!.mayBeBy(at, atMs)) return undefined;
  const place = ins!.placeAt(at);
  return index.arrivesAtMs(place) <= atMs ? place : undefined;
}

function nextOut(index: PaymentIndex, { outs, out: at }: Account, atMs: number): number | undefined {
  if (at >= outs!.count || !outs!.mayBeBy(at, atMs)) return undefined;
  const place = outs!.placeAt(at);
  return index.atMs(place) < atMs ? place : undefined;
}

function credit(index: PaymentIndex, account: Account, place: number, unseen: Unseen): void {
  const holding = account.holdings.find(({ currency }) => currency === index.creditedCurrency(place));
  if (holding === undefined) return;
  const atMs = index.arrivesAtMs(place);
  const balanceAfter = index.balanceIn(place);
  unseen(
    account,
    holding,
    holding.pool.credit({ amount: index.credited(place), atMs, payment: place, balanceAfter }),
    atMs,
  );
}

export function lastLookedAtMs(index: PaymentIndex, { ins, outs, in: at, out }: Account): number {
  const cameMs = ins === undefined || at === 0 ? -Infinity : index.arrivesAtMs(ins.placeAt(at - 1));
  const wentMs = outs === undefined || out === 0 ? -Infinity : index.atMs(outs.placeAt(out - 1));
  return Math.max(cameMs, wentMs);
}
