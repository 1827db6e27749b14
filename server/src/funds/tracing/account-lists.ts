import { assert } from '../../kernel/assert.ts';
import { itemWords, openPaymentLists, type ItemList } from './payment-lists.ts';
import type { PaymentStore } from './payment-store.ts';

/** An end that is cash. */
export const cash = -1;
const cashWord = 0xff_ff_ff_ff;

/** Payments out of or into an account, in the order of time; of one instant, in one that does not hang on their arrival. */
export interface AccountPayments {
  readonly count: number;
  placeAt(position: number): number;
  /** The account at the other end, or `cash`. */
  otherAt(position: number): number;
  /** False if the payment is later than an instant for sure: it answers without looking at it. */
  mayBeBy(position: number, ms: number): boolean;
  /** The position of the first payment at or after an instant. */
  firstFrom(ms: number): number;
}

/** Each account's payments, out and in, in order. */
export interface AccountLists {
  link(place: number): void;
  /** With the facts with which it was linked. */
  unlink(place: number): void;
  outOf(slot: number): AccountPayments;
  into(slot: number): AccountPayments;
  isUsed(slot: number): boolean;
  bytes(): number;
}

export function openAccountLists(store: PaymentStore): AccountLists {
  const lists = openPaymentLists();
  const outOwner = (slot: number): number => slot * 2;
  const inOwner = (slot: number): number => slot * 2 + 1;

  function insert(owner: number, place: number, order: Order, other: number): void {
    const list = lists.list(owner);
    lists.insert(
      owner,
      positionOf(list, place, order),
      secondOf(order.atMs(place)),
      place,
      other === cash ? cashWord : other,
    );
  }

  function withdraw(owner: number, place: number, order: Order): void {
    const list = lists.list(owner);
    let position = positionOf(list, place, order) - 1;
    while (position >= 0 && placeIn(list, position) !== place) position -= 1;
    assert(position >= 0, 'a payment is not in the list of its account');
    lists.removeAt(owner, position);
  }

  /** Behind all that are not later. Most payments come in the order of time. */
  function positionOf(list: ItemList, place: number, order: Order): number {
    let low = 0;
    let high = list.count;
    if (high > 0 && order.compare(placeIn(list, high - 1), place) <= 0) return high;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (order.compare(placeIn(list, middle), place) <= 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  const outOrder = orderOf(store.atMs, (place) => store.balanceOut(place), -1, store.tie);
  const inOrder = orderOf(store.arrivesAtMs, (place) => store.balanceIn(place), 1, store.tie);

  function link(place: number): void {
    const from = store.from(place);
    const to = store.to(place);
    if (from !== cash) insert(outOwner(from), place, outOrder, to);
    if (to !== cash) insert(inOwner(to), place, inOrder, from);
  }

  function unlink(place: number): void {
    const from = store.from(place);
    const to = store.to(place);
    if (from !== cash) withdraw(outOwner(from), place, outOrder);
    if (to !== cash) withdraw(inOwner(to), place, inOrder);
  }

  function paymentsOf(owner: number, atMs: (place: number) => number): AccountPayments {
    const { words, first, count } = lists.list(owner);
    const placeAt = (position: number): number => words[(first + position) * itemWords + 1]!;
    return {
      count,
      placeAt,
      otherAt(position) {
        const other = words[(first + position) * itemWords + 2]!;
        return other === cashWord ? cash : other;
      },
      mayBeBy: (position, ms) => words[(first + position) * itemWords]! <= secondOf(ms),
      firstFrom(ms) {
        const second = secondOf(ms);
        let low = 0;
        let high = count;
        while (low < high) {
          const middle = (low + high) >>> 1;
          const its = words[(first + middle) * itemWords]!;
          if (its < second || (its === second && atMs(placeAt(middle)) < ms)) low = middle + 1;
          else high = middle;
        }
        return low;
      },
    };
  }

  return {
    link,
    unlink,
    outOf: (slot) => paymentsOf(outOwner(slot), store.atMs),
    into: (slot) => paymentsOf(inOwner(slot), store.arrivesAtMs),
    isUsed: (slot) => lists.list(outOwner(slot)).count + lists.list(inOwner(slot)).count > 0,
    bytes: lists.bytes,
  };
}

const placeIn = (list: ItemList, position: number): number => list.words[(list.first + position) * itemWords + 1]!;
const secondOf = (ms: number): number => Math.min(Math.max(Math.floor(ms / 1000), 0), cashWord);

interface Order {
  readonly atMs: (place: number) => number;
  readonly compare: (a: number, b: number) => number;
}

/** By time; of one instant as the balances tell (they fall as money leaves and grow as it comes), then as chance has it. */
function orderOf(
  atMs: (place: number) => number,
  balance: (place: number) => bigint | undefined,
  sign: 1 | -1,
  tie: (place: number) => number,
): Order {
  const byBalance = (a: bigint | undefined, b: bigint | undefined): number => {
    if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
    return a === b ? 0 : a < b ? -sign : sign;
  };
  return {
    atMs,
    compare: (a, b) => atMs(a) - atMs(b) || byBalance(balance(a), balance(b)) || tie(a) - tie(b),
  };
}
