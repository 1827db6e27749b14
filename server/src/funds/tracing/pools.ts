import { openLots } from './lots.ts';
import { atLeast0, max, min, minus, nothing, plus, shareOf, type Taint } from './taint.ts';

export const tracingMethods = ['haircut', 'first-in-first-out', 'lowest-intermediate-balance'] as const;
export type TracingMethod = (typeof tracingMethods)[number];

/** What a payment takes along, and what must have left unseen, since the balance that was told has no room for it. */
export interface Leaving {
  readonly carried: Taint;
  readonly unseen: Taint;
}

export interface MoneyIn {
  readonly amount: bigint;
  readonly atMs: number;
  /** Names the payment, so that its taint finds it. */
  readonly payment: number;
  readonly balanceAfter: bigint | undefined;
}

export interface MoneyOut {
  readonly amount: bigint;
  readonly balanceAfter: bigint | undefined;
  /** It takes back a payment that brought so much taint; undefined: no return. */
  readonly back?: { readonly payment: number; readonly local: bigint };
}

/**
 * The money of one account in one currency since the first that came from the theft. The taint in it is never more than the
 * balance that is known, and never negative; where no balance was told, it is what came and went since.
 */
export interface Pool {
  local(): bigint;
  stolen(): bigint;
  /** Undefined as long as no institution told it. */
  toldBalance(): bigint | undefined;
  /** Money comes. Its taint, if any, is brought by `taint` after it. */
  credit(money: MoneyIn): Taint;
  taint(taint: Taint, payment: number): void;
  debit(money: MoneyOut): Leaving;
  /** So much of its taint stays from now on, with its money: a told balance goes on to count it. */
  setAside(local: bigint): Taint;
  /** Money left without being followed. */
  pass(money: MoneyOut): void;
  /** Nothing more happens: what a told balance has no room for. */
  close(): Taint;
}

export function openPool(method: TracingMethod): Pool {
  const pool = method === 'first-in-first-out' ? openLotsPool() : openMixed(method);
  let aside = 0n;
  /** What a told balance says of the money that can still move. */
  const free = <M extends { readonly balanceAfter: bigint | undefined }>(money: M): M =>
    aside === 0n || money.balanceAfter === undefined
      ? money
      : { ...money, balanceAfter: atLeast0(money.balanceAfter - aside) };
  return {
    ...pool,
    toldBalance() {
      const told = pool.toldBalance();
      return told === undefined ? undefined : told + aside;
    },
    credit: (money) => pool.credit(free(money)),
    debit: (money) => pool.debit(free(money)),
    pass: (money) => pool.pass(free(money)),
    setAside(local) {
      const taken = pool.setAside(local);
      aside += taken.local;
      return taken;
    },
  };
}

/** One mixture: a payment carries its share of the taint, or none as long as clean money is left. */
function openMixed(method: 'haircut' | 'lowest-intermediate-balance'): Pool {
  let held = nothing;
  let balance = 0n;
  let toldAtMs: number | undefined;

  function take(local: bigint): Taint {
    if (local <= 0n) return nothing;
    const taken = shareOf(held, local);
    held = minus(held, taken);
    return taken;
  }
  const excessOver = (room: bigint): Taint => take(held.local - atLeast0(room));

  return {
    local: () => held.local,
    stolen: () => held.stolen,
    toldBalance: () => (toldAtMs === undefined ? undefined : balance),
    credit({ amount, atMs, balanceAfter }) {
      if (balanceAfter === undefined) {
        balance += amount;
        return nothing;
      }
      // Of one instant the highest was told last.
      if (toldAtMs === atMs && balanceAfter < balance) return nothing;
      const unseen = excessOver(balanceAfter - amount);
      balance = balanceAfter;
      toldAtMs = atMs;
      return unseen;
    },
    taint(taint) {
      held = plus(held, taint);
      if (toldAtMs === undefined) balance = max(balance, held.local);
    },
    debit({ amount, balanceAfter, back }) {
      const before = balanceAfter === undefined ? max(balance, held.local) : balanceAfter + amount;
      const after = balanceAfter ?? atLeast0(before - amount);
      const mustLeave = held.local - atLeast0(after);
      const isEmptied = before <= amount;
      const byMethod = method === 'haircut' ? (isEmptied ? held.local : (held.local * amount) / before) : 0n;
      const carried = take(min(amount, max(back?.local ?? byMethod, mustLeave)));
      balance = after;
      if (balanceAfter !== undefined) toldAtMs ??= Number.NaN;
      return { carried, unseen: balanceAfter === undefined ? nothing : excessOver(after) };
    },
    setAside(local) {
      const taken = take(local);
      balance = atLeast0(balance - taken.local);
      return taken;
    },
    pass({ amount, balanceAfter }) {
      balance = balanceAfter ?? atLeast0(balance - amount);
      if (balanceAfter !== undefined) toldAtMs ??= Number.NaN;
    },
    close: () => (toldAtMs === undefined ? nothing : excessOver(balance)),
  };
}

/** Each payment's money lies apart, and what came first leaves first. */
function openLotsPool(): Pool {
  const lots = openLots();
  let told: bigint | undefined;
  let toldAtMs = Number.NaN;

  return {
    local: () => lots.taint().local,
    stolen: () => lots.taint().stolen,
    toldBalance: () => told,
    credit({ amount, atMs, payment, balanceAfter }) {
      if (balanceAfter === undefined) {
        if (told !== undefined) told += amount;
        lots.add(amount, payment);
        return nothing;
      }
      if (toldAtMs === atMs && told !== undefined && balanceAfter < told) return nothing;
      lots.raiseTo(balanceAfter - amount);
      const unseen = lots.consume(lots.sum() - atLeast0(balanceAfter - amount));
      lots.add(min(amount, atLeast0(balanceAfter)), payment);
      told = balanceAfter;
      toldAtMs = atMs;
      return unseen;
    },
    taint: lots.stain,
    debit({ amount, balanceAfter, back }) {
      if (balanceAfter !== undefined) lots.raiseTo(balanceAfter + amount);
      if (back !== undefined) lots.toFront(back.payment);
      const leaving = lots.consume(balanceAfter === undefined ? amount : lots.sum() - atLeast0(balanceAfter));
      const unfit = balanceAfter === undefined ? nothing : lots.skim(lots.taint().local - atLeast0(balanceAfter));
      const taken = plus(leaving, unfit);
      const carried = shareOf(taken, min(amount, taken.local));
      const rest = minus(taken, carried);
      if (balanceAfter !== undefined) told = balanceAfter;
      else if (told !== undefined) told = atLeast0(told - amount);
      if (balanceAfter !== undefined) return { carried, unseen: rest };
      if (rest.local > 0n) lots.putBack(rest);
      return { carried, unseen: nothing };
    },
    setAside(local) {
      const taken = lots.skim(local);
      lots.shrinkTo(lots.sum() - taken.local);
      if (told !== undefined) told = atLeast0(told - taken.local);
      return taken;
    },
    pass({ amount, balanceAfter }) {
      if (balanceAfter !== undefined) told = balanceAfter;
      else if (told !== undefined) told = atLeast0(told - amount);
      lots.shrinkTo(balanceAfter ?? lots.sum() - amount);
    },
    close: () => (told === undefined ? nothing : lots.skim(lots.taint().local - atLeast0(told))),
  };
}
