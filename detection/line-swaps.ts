import type { Sim } from '@bronze-drum/protocol/activity/sim';
import { askerOf } from './asking.ts';
import { simSwapThenPayment } from './detectors/sim-swap-then-payment.ts';
import { actsMax, openSwapView, type PaidBy } from './line-view.ts';
import type { Sight } from './sight.ts';
import { noHandle, type Handles } from './state/handles.ts';
import { nothing, type HappenedRing } from './state/happened.ts';
import type { Interner } from './state/interner.ts';
import { currencies, dollarsPerMinor } from './state/money.ts';
import type { Found, Ground } from './watch.ts';

export interface SwapParts {
  readonly ground: Ground;
  readonly numbers: Interner;
  /** By registered number (a: out of, b: to); log-ins from new devices (a: account). */
  readonly payments: HappenedRing;
  readonly logins: HappenedRing;
  /** By number: cards that were swapped (code: event and check). */
  readonly swaps: HappenedRing;
  readonly keys: Handles;
}

/** A number that changed hands, and the accounts of which it is the registered one; joined by the number. */
export interface Swaps {
  sim(sight: Sight<'sim'>, found: Found): void;
  login(sight: Sight<'login'>, found: Found): void;
  payment(paid: PaidBy): void;
}

const events = ['swap', 'port-in', 'port-out'] as const satisfies readonly Sim['event'][];
const checks = ['untold', 'document', 'liveness', 'none'] as const;

export function openSwaps({ ground, numbers, payments, logins, swaps, keys }: SwapParts): Swaps {
  const ask = askerOf(ground);
  const view = openSwapView();

  function takeSwap(place: number): void {
    view.swapAtMs = swaps.atMs(place);
    view.event = events[swaps.code(place) & 3]!;
    view.check = checks[swaps.code(place) >> 2]!;
  }

  function takePayment(place: number): void {
    view.act = 'payment';
    view.actAtMs = payments.atMs(place);
    view.minor = payments.value(place);
    view.dollars = view.minor * dollarsPerMinor[payments.code(place)]!;
    view.currency = currencies[payments.code(place)]!;
    view.to = keys.keyOf(payments.b(place));
  }

  function takeLogin(place: number): void {
    view.act = 'login';
    view.actAtMs = logins.atMs(place);
    view.to = undefined;
  }

  function askOf(phone: string, account: string | undefined, found: Found): void {
    if (account !== undefined) ask(simSwapThenPayment, view, { join: phone, subject: account, found });
  }

  function askOfAll(number: number, phone: string, account: string | undefined, found: Found): void {
    let steps = 0;
    for (let each = swaps.first(number); each !== nothing && steps < actsMax; each = swaps.next(each)) {
      takeSwap(each);
      askOf(phone, account, found);
      steps += 1;
    }
  }

  return {
    sim({ record, atMs }, found) {
      const event = (events as readonly string[]).indexOf(record.event);
      if (event === -1) return;
      const { phone } = record;
      const subject = numbers.take(phone, atMs);
      const code = event + 4 * checks.indexOf(record.check ?? 'untold');
      takeSwap(swaps.add({ subject, atMs, value: 0, code, a: noHandle, b: noHandle }));
      let steps = 0;
      for (let each = payments.first(subject); each !== nothing && steps < actsMax; each = payments.next(each)) {
        if (payments.atMs(each) < atMs) break;
        takePayment(each);
        askOf(phone, keys.keyOf(payments.a(each)), found);
        steps += 1;
      }
      steps = 0;
      for (let each = logins.first(subject); each !== nothing && steps < actsMax; each = logins.next(each)) {
        if (logins.atMs(each) < atMs) break;
        takeLogin(each);
        askOf(phone, keys.keyOf(logins.a(each)), found);
        steps += 1;
      }
    },
    login({ record, atMs }, found) {
      if (record.newDevice !== true || record.phone === undefined || record.outcome !== 'ok') return;
      const subject = numbers.take(record.phone, atMs);
      const a = keys.take(record.account, atMs);
      takeLogin(logins.add({ subject, atMs, value: 0, code: 0, a, b: noHandle }));
      askOfAll(subject, record.phone, record.account, found);
    },
    payment({ number, phone, place, found }) {
      if (swaps.first(number) === nothing) return;
      takePayment(place);
      askOfAll(number, phone, keys.keyOf(payments.a(place)), found);
    },
  };
}
