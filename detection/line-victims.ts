import type { Payment } from '@bronze-drum/protocol/activity/payment';
import { openCallPayments } from './line-call-payments.ts';
import { openSwaps } from './line-swaps.ts';
import { callThenPayment } from './detectors/call-then-payment.ts';
import { simSwapThenPayment } from './detectors/sim-swap-then-payment.ts';
import type { Sight } from './sight.ts';
import type { Flat, Kept } from './state/arrays.ts';
import { noHandle, openHandles } from './state/handles.ts';
import { openHappened } from './state/happened.ts';
import type { Interner } from './state/interner.ts';
import { currencyNumber, dollarsPerMinor } from './state/money.ts';
import type { Found, Ground } from './watch.ts';

/**
 * What is done to people by telephone, and what their accounts do then. Calls, cards, payments and log-ins are joined by the
 * number of the victim: called, swapped, and registered with the institution. All of them are remembered, so that it does not
 * matter which is told first.
 */
export interface Victims extends Kept {
  call(sight: Sight<'call'>, found: Found): void;
  sim(sight: Sight<'sim'>, found: Found): void;
  payment(sight: Sight<'payment'>, found: Found): void;
  login(sight: Sight<'login'>, found: Found): void;
  forget(number: number): void;
}

export interface VictimsParts {
  readonly ground: Ground;
  readonly numbers: Interner;
  readonly size: number;
}

export function openVictims({ ground, numbers, size }: VictimsParts): Victims {
  const capacity = Math.max(256, size >> 2);
  const ring = () => openHappened({ subjects: size, capacity });
  /** By registered number: larger payments (a: out of, b: to). */
  const payments = ring();
  const [calls, swaps, logins] = [ring(), ring(), ring()];
  const keys = openHandles(capacity * 4);
  const callPayments = openCallPayments({ ground, numbers, payments, calls, keys });
  const swapped = openSwaps({ ground, numbers, payments, swaps, logins, keys });
  const rings = [payments, calls, swaps, logins];

  /** Smaller payments are not remembered. */
  const dollarsMin = (): number =>
    Math.min(ground.limitsOf(callThenPayment).dollarsMin, ground.limitsOf(simSwapThenPayment).dollarsMin);

  function seePayment({ record, atMs }: Sight<'payment'>, phone: string, found: Found): void {
    const code = currencyNumber(record.amount.currency);
    const value = Number(record.amount.value);
    if (value * dollarsPerMinor[code]! < dollarsMin()) return;
    const subject = numbers.take(phone, atMs);
    const a = keys.take(record.from!, atMs);
    const b = record.to === undefined ? noHandle : keys.take(record.to, atMs);
    const place = payments.add({ subject, atMs, value, code, a, b });
    callPayments.payment({ number: subject, phone, place, found });
    swapped.payment({ number: subject, phone, place, found });
  }

  const arrays = (): readonly Flat[] => [...rings, keys].flatMap((each) => each.arrays());
  return {
    call: callPayments.call,
    sim: swapped.sim,
    payment(sight, found) {
      const { record } = sight;
      if (record.phone !== undefined && record.from !== undefined && isPaidByOwnCustomer(record))
        seePayment(sight, record.phone, found);
    },
    login: swapped.login,
    forget(number) {
      for (const each of rings) each.forget(number);
    },
    arrays,
  };
}

/** With a card a shop is paid, face to face or by its own machine. */
const isPaidByOwnCustomer = ({ side, channel, state }: Payment): boolean =>
  side !== 'receiver' && channel !== 'card' && state !== 'rejected' && state !== 'returned';
