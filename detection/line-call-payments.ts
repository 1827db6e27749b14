import type { Call } from '@bronze-drum/protocol/activity/call';
import { askerOf } from './asking.ts';
import { callThenPayment } from './detectors/call-then-payment.ts';
import { actsMax, openCallPaymentView, type PaidBy } from './line-view.ts';
import { nationOfCountry, nationOfNumber, unknown } from './number-nations.ts';
import type { Sight } from './sight.ts';
import type { Listed } from './state/accounts.ts';
import { noHandle, type Handles } from './state/handles.ts';
import { nothing, type HappenedRing } from './state/happened.ts';
import type { Interner } from './state/interner.ts';
import { currencies, dollarsPerMinor } from './state/money.ts';
import type { Found, Ground } from './watch.ts';

export interface CallPaymentParts {
  readonly ground: Ground;
  readonly numbers: Interner;
  /** By registered number (a: out of, b: to). */
  readonly payments: HappenedRing;
  /** By called number: calls that were listed or spoofed (value: seconds, code: listed and spoofed, a: from). */
  readonly calls: HappenedRing;
  readonly keys: Handles;
}

/** Calls to somebody, and what he pays; joined by his number. */
export interface CallPayments {
  call(sight: Sight<'call'>, found: Found): void;
  payment(paid: PaidBy): void;
}

/** No call lasts longer, and no limit reaches further. */
const callSpanMsMax = 5 * 24 * 3_600_000;

export function openCallPayments({ ground, numbers, payments, calls, keys }: CallPaymentParts): CallPayments {
  const ask = askerOf(ground);
  const home = nationOfCountry(ground.country);
  const view = openCallPaymentView();

  function takePayment(place: number): void {
    view.paidAtMs = payments.atMs(place);
    view.minor = payments.value(place);
    view.dollars = view.minor * dollarsPerMinor[payments.code(place)]!;
    view.currency = currencies[payments.code(place)]!;
    view.from = keys.keyOf(payments.a(place));
    view.to = keys.keyOf(payments.b(place));
  }

  function takeCall(place: number): void {
    view.callAtMs = calls.atMs(place);
    view.callSeconds = calls.value(place);
    view.listed = (calls.code(place) >> 1) as Listed;
    view.isSpoofed = (calls.code(place) & 1) === 1;
    view.caller = keys.keyOf(calls.a(place));
  }

  function askOf(phone: string, found: Found): void {
    // Cash that is drawn has no other end.
    const subject = view.to ?? view.from;
    if (subject !== undefined) ask(callThenPayment, view, { join: phone, subject, found });
  }

  return {
    call({ record, atMs }, found) {
      const { originating, called, answered } = record;
      if (!answered || originating === undefined) return;
      const listed = ground.listed(originating);
      const spoofed = isSpoofed(record, home);
      if (listed === 0 && !spoofed) return;
      const subject = numbers.take(called, atMs);
      const a = keys.take(originating, atMs);
      const code = listed * 2 + (spoofed ? 1 : 0);
      takeCall(calls.add({ subject, atMs, value: record.durationSeconds, code, a, b: noHandle }));
      let steps = 0;
      for (let each = payments.first(subject); each !== nothing && steps < actsMax; each = payments.next(each)) {
        if (payments.atMs(each) < atMs) break;
        takePayment(each);
        askOf(called, found);
        steps += 1;
      }
    },
    payment({ number, phone, place, found }) {
      let each = calls.first(number);
      if (each === nothing) return;
      takePayment(place);
      for (let steps = 0; each !== nothing && steps < actsMax; steps += 1) {
        if (calls.atMs(each) < view.paidAtMs - callSpanMsMax) break;
        takeCall(each);
        askOf(phone, found);
        each = calls.next(each);
      }
    },
  };
}

/** What was shown is of this nation, the call came from outside, and whoever called is somebody else. */
function isSpoofed({ originating, presented, international }: Call, home: number): boolean {
  if (originating === undefined || presented === undefined || presented === originating) return false;
  const from = nationOfNumber(originating);
  const isFromAbroad = international === true || (from !== unknown && from !== home);
  if (!isFromAbroad) return false;
  // 191 and other short numbers have no key, and are shown by nobody abroad who may.
  return presented.startsWith('phone:') ? nationOfNumber(presented) === home : /^\d{3,6}$/.test(presented);
}
