import { paymentChannels } from '@bronze-drum/protocol/activity/payment';
import { assert } from '../../kernel/assert.ts';
import { cash, openAccountLists, type AccountPayments } from './account-lists.ts';
import { openAccountSlots } from './account-slots.ts';
import { hashOn, mixed } from './hash-table.ts';
import { currenciesMax, openPaymentStore, type Entry, type PaymentStore, type Told } from './payment-store.ts';
import { namesPayment, openReferredPayments } from './referred-payments.ts';
import { openSeenRecords } from './seen-records.ts';
import type { ToldPayment } from './told-payment.ts';

export { paymentOf, type PaymentChannel, type ToldPayment } from './told-payment.ts';

export { cash, type AccountPayments } from './account-lists.ts';

type Facts = Omit<
  PaymentStore,
  'add' | 'rewrite' | 'remove' | 'before' | 'sender' | 'receiver' | 'size' | 'bytes' | 'isBoth'
>;

/** All payments that a member knows. Places, slots and lists hold until the next `add` or `forget`. */
export interface PaymentIndex extends Facts {
  /** Whether it changed what is known. */
  add(payment: ToldPayment): boolean;
  /** Forgets what happened before an instant, and takes nothing older any more. Answers how many payments it forgot. */
  forget(beforeMs: number): number;
  /** The slot of an account, or -1. */
  slotOf(key: string): number;
  keyOf(slot: number): string;
  currencyCode(currency: number): string;
  currencyNumber(code: string): number;
  outOf(slot: number): AccountPayments;
  into(slot: number): AccountPayments;
  size(): { readonly payments: number; readonly accounts: number };
  bytes(): number;
}

const channelNumbers: ReadonlyMap<string, number> = new Map(
  paymentChannels.map((channel, number) => [channel, number]),
);

/** `seed`: secret chance, so that nobody can choose names that lie badly. Nothing that is answered hangs on it. */
export function openPaymentIndex({ seed }: { readonly seed: number }): PaymentIndex {
  const store = openPaymentStore();
  const slots = openAccountSlots(seed);
  const lists = openAccountLists(store);
  const { link, unlink } = lists;
  const seen = openSeenRecords(seed);
  const currencies: string[] = [];
  const currencyNumbers = new Map<string, number>();
  let forgottenMs = -Infinity;

  function currencyNumber(code: string): number {
    const known = currencyNumbers.get(code);
    if (known !== undefined) return known;
    assert(currencies.length < currenciesMax, 'no more currencies can be told apart');
    currencies.push(code);
    currencyNumbers.set(code, currencies.length - 1);
    return currencies.length - 1;
  }

  const slotFor = (key: string | undefined): number => (key === undefined ? cash : slots.take(key));

  function enter(entry: Entry): number {
    const place = store.add(entry);
    link(place);
    return place;
  }

  function releaseIfUnused(slot: number): void {
    if (slot !== cash && !lists.isUsed(slot)) slots.release(slot);
  }

  function remove(place: number): void {
    unlink(place);
    const ends = [store.from(place), store.to(place)];
    store.remove(place);
    for (const slot of ends) releaseIfUnused(slot);
  }

  const referred = openReferredPayments({ seed, store, slots, lists, enter, remove, slotFor, releaseIfUnused });

  function forgetPlace(place: number): void {
    const reference = store.reference(place);
    const [from, to] = [store.from(place), store.to(place)].map((slot) =>
      slot === cash ? undefined : slots.keyOf(slot),
    );
    if (reference !== undefined) referred.forget(place, reference, from, to);
    remove(place);
  }

  return {
    ...store,
    add(payment) {
      const { source, id, from, to, amount, atMs, state, reference, balanceAfter } = payment;
      if (atMs < forgottenMs || from === to || amount <= 0n || !seen.isNew(source, id, atMs)) return false;
      if (state === 'pending' || state === 'rejected') return false;
      const told: Told = {
        atMs,
        amount,
        currency: currencyNumber(payment.currency),
        channel: channelNumbers.get(payment.channel)!,
        tie: mixed(hashOn(hashOn(0, source) ^ 1, id)),
        balance: balanceAfter,
      };
      if (namesPayment(reference)) referred.add(payment, reference, told);
      else if (state === 'returned') return false;
      else referred.enterAlone(payment, told);
      return true;
    },
    forget(beforeMs) {
      const before = store.size();
      forgottenMs = Math.max(forgottenMs, beforeMs);
      referred.forgetBefore(beforeMs);
      store.before(beforeMs, forgetPlace);
      seen.forget(beforeMs);
      return before - store.size();
    },
    slotOf: slots.find,
    keyOf: slots.keyOf,
    currencyCode: (currency) => currencies[currency]!,
    currencyNumber,
    outOf: lists.outOf,
    into: lists.into,
    size: () => ({ payments: store.size(), accounts: slots.size() }),
    bytes: () => store.bytes() + slots.bytes() + lists.bytes() + referred.bytes() + seen.bytes(),
  };
}
