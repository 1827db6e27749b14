import { atLeast0, minus, nothing, plus, shareOf, type Taint } from './taint.ts';

/** Money of an account in the order in which it came, each payment's a lot with what of it was stolen. */
export interface Lots {
  sum(): bigint;
  taint(): Taint;
  add(amount: bigint, payment: number): void;
  /** What a payment brought was stolen. */
  stain(taint: Taint, payment: number): void;
  /** If there is less, the rest lay there before all that is known, and is clean. */
  raiseTo(sum: bigint): void;
  /** Takes money from the front, and answers what taint was in it. */
  consume(amount: bigint): Taint;
  /** Takes taint alone, from the front. */
  skim(local: bigint): Taint;
  /** Takes clean money alone, as far as there is some. */
  shrinkTo(sum: bigint): void;
  toFront(payment: number): void;
  putBack(taint: Taint): void;
}

interface Lot {
  amount: bigint;
  taint: Taint;
  readonly payment: number;
}

const noPayment = -1;

export function openLots(): Lots {
  let lots: Lot[] = [];
  /** Those before it are used up. */
  let first = 0;
  let held = nothing;
  let sum = 0n;

  function prepend(lot: Lot): void {
    if (first === 0) lots.unshift(lot);
    else {
      first -= 1;
      lots[first] = lot;
    }
  }

  function takeFrom(lot: Lot, local: bigint): Taint {
    const taken = shareOf(lot.taint, local);
    lot.taint = minus(lot.taint, taken);
    held = minus(held, taken);
    return taken;
  }

  /** The money that came last with a payment, if it is not used up. */
  function find(payment: number): number {
    for (let at = lots.length - 1; at >= first; at -= 1) if (lots[at]!.payment === payment) return at;
    return -1;
  }

  return {
    sum: () => sum,
    taint: () => held,
    add(amount, payment) {
      lots.push({ amount, taint: nothing, payment });
      sum += amount;
    },
    stain(taint, payment) {
      const at = payment === noPayment ? lots.length - 1 : find(payment);
      const lot = lots[at];
      held = plus(held, taint);
      if (lot !== undefined && at >= first) lot.taint = plus(lot.taint, taint);
      else lots.push({ amount: 0n, taint, payment });
    },
    raiseTo(wanted) {
      if (wanted <= sum) return;
      prepend({ amount: wanted - sum, taint: nothing, payment: noPayment });
      sum = wanted;
    },
    consume(amount) {
      let taken = nothing;
      let needed = amount;
      while (needed > 0n && first < lots.length) {
        const lot = lots[first]!;
        const isWhole = lot.amount <= needed;
        const part = isWhole ? lot.amount : needed;
        taken = plus(taken, takeFrom(lot, isWhole ? lot.taint.local : (lot.taint.local * part) / lot.amount));
        lot.amount -= part;
        sum -= part;
        needed -= part;
        if (isWhole) first += 1;
      }
      return taken;
    },
    skim(local) {
      let taken = nothing;
      for (let at = first; at < lots.length && taken.local < local; at += 1)
        taken = plus(taken, takeFrom(lots[at]!, local - taken.local));
      return taken;
    },
    shrinkTo(wanted) {
      let needed = sum - atLeast0(wanted);
      for (let at = first; at < lots.length && needed > 0n; at += 1) {
        const lot = lots[at]!;
        const clean = atLeast0(lot.amount - lot.taint.local);
        const part = clean < needed ? clean : needed;
        lot.amount -= part;
        sum -= part;
        needed -= part;
      }
    },
    toFront(payment) {
      const at = find(payment);
      if (at <= first) return;
      const [lot] = lots.splice(at, 1);
      lots = [lot!, ...lots.slice(first)];
      first = 0;
    },
    putBack(taint) {
      prepend({ amount: taint.local, taint, payment: noPayment });
      held = plus(held, taint);
      sum += taint.local;
    },
  };
}
