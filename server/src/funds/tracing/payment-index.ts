import { paymentChannels } from '@bronze-drum/protocol/activity/payment';
import { assert } from '../../kernel/assert.ts';
import { openAccountSlots } from './account-slots.ts';
import { hashOn, mixed, openHashTable } from './hash-table.ts';
import { backwards, matchTellings, type TellingOf } from './one-reference.ts';
import { itemWords, openPaymentLists, type ItemList } from './payment-lists.ts';
import { currenciesMax, openPaymentStore, type Entry, type PaymentStore, type Told } from './payment-store.ts';
import { openSeenRecords } from './seen-records.ts';
import type { ToldPayment } from './told-payment.ts';

export { paymentOf, type PaymentChannel, type ToldPayment } from './told-payment.ts';

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

/** They stand where a reference should: they name no payment. */
const emptyReferences: ReadonlySet<string> = new Set([
  'NOTPROVIDED',
  'NOREF',
  'NONREF',
  'NONE',
  'NULL',
  'NA',
  'N/A',
  '-',
  '0',
]);
const channelNumbers: ReadonlyMap<string, number> = new Map(
  paymentChannels.map((channel, number) => [channel, number]),
);

/** More records of one reference between two accounts name nothing: each is taken for a payment. */
const tellingsMax = 64;

/** Records of one reference between two ends that are more than one payment told once by each side. */
interface Group {
  readonly reference: string;
  readonly from: string | undefined;
  readonly to: string | undefined;
  tellings: TellingOf[];
  places: number[];
}

/** `seed`: secret chance, so that nobody can choose names that lie badly. Nothing that is answered hangs on it. */
export function openPaymentIndex({ seed }: { readonly seed: number }): PaymentIndex {
  const store = openPaymentStore();
  const slots = openAccountSlots(seed);
  const lists = openPaymentLists();
  const references = openHashTable();
  const groups = new Map<string, Group>();
  const seen = openSeenRecords(seed);
  const currencies: string[] = [];
  const currencyNumbers = new Map<string, number>();
  let forgottenMs = -Infinity;

  const outOwner = (slot: number): number => slot * 2;
  const inOwner = (slot: number): number => slot * 2 + 1;

  function currencyNumber(code: string): number {
    const known = currencyNumbers.get(code);
    if (known !== undefined) return known;
    assert(currencies.length < currenciesMax, 'no more currencies can be told apart');
    currencies.push(code);
    currencyNumbers.set(code, currencies.length - 1);
    return currencies.length - 1;
  }

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

  const slotFor = (key: string | undefined): number => (key === undefined ? cash : slots.take(key));

  function enter(entry: Entry): number {
    const place = store.add(entry);
    link(place);
    return place;
  }

  function remove(place: number): void {
    unlink(place);
    const ends = [store.from(place), store.to(place)];
    store.remove(place);
    for (const slot of ends)
      if (slot !== cash && lists.list(outOwner(slot)).count + lists.list(inOwner(slot)).count === 0)
        slots.release(slot);
  }

  const referenceHash = (reference: string, from: string | undefined, to: string | undefined): number =>
    mixed(hashOn(hashOn(hashOn(seed, reference) ^ 1, from ?? '') ^ 2, to ?? ''));

  /** The one payment of a reference between two ends, or -1. */
  function referred(hash: number, { reference, from, to }: ToldPayment): number {
    const fromSlot = from === undefined ? cash : slots.find(from);
    const toSlot = to === undefined ? cash : slots.find(to);
    if ((fromSlot === cash && from !== undefined) || (toSlot === cash && to !== undefined)) return -1;
    return references.find(
      hash,
      (place) => store.from(place) === fromSlot && store.to(place) === toSlot && store.reference(place) === reference,
    );
  }

  function addReferred(payment: ToldPayment, reference: string, told: Told): void {
    const { from, to, side, state } = payment;
    const name = groupName(reference, from, to);
    const telling: TellingOf = { side, isReturn: state === 'returned', told };
    const group = groups.get(name);
    if (group !== undefined && group.tellings.length >= tellingsMax) return enterAlone(payment, told);
    if (group !== undefined) return regroup(group, [...group.tellings, telling]);
    const hash = referenceHash(reference, from, to);
    const place = referred(hash, payment);
    if (place === -1 && state === 'settled') {
      references.insert(hash, enter({ ...sidesOf(telling), from: slotFor(from), to: slotFor(to), reference }));
      return undefined;
    }
    const other = place === -1 || state !== 'settled' ? undefined : completed(place, side, told);
    if (other !== undefined) {
      unlink(place);
      store.rewrite(place, { ...other, from: store.from(place), to: store.to(place), reference });
      link(place);
      return undefined;
    }
    const fresh: Group = { reference, from, to, tellings: [], places: place === -1 ? [] : [place] };
    if (place !== -1) references.remove(hash, place);
    groups.set(name, fresh);
    return regroup(fresh, [...(place === -1 ? [] : tellingsOf(place)), telling]);
  }

  function enterAlone({ from, to, side, state, reference }: ToldPayment, told: Told): void {
    if (state === 'returned') return;
    const sides = sidesOf({ side, isReturn: false, told });
    enter({ ...sides, from: slotFor(from), to: slotFor(to), reference });
  }

  /** Both sides of a payment of which one was told. */
  function completed(
    place: number,
    side: ToldPayment['side'],
    told: Told,
  ): Pick<Entry, 'sender' | 'receiver'> | undefined {
    const sender = store.sender(place);
    const receiver = store.receiver(place);
    if (side === 'sender' && sender === undefined) return { sender: told, receiver };
    return side === 'receiver' && receiver === undefined ? { sender, receiver: told } : undefined;
  }

  function tellingsOf(place: number): TellingOf[] {
    const sender = store.sender(place);
    const receiver = store.receiver(place);
    if (store.isBoth(place)) return [{ side: 'both', isReturn: false, told: sender! }];
    const tellings: TellingOf[] = [];
    if (sender !== undefined) tellings.push({ side: 'sender', isReturn: false, told: sender });
    if (receiver !== undefined) tellings.push({ side: 'receiver', isReturn: false, told: receiver });
    return tellings;
  }

  function regroup(group: Group, tellings: TellingOf[]): void {
    const ends = { from: slotFor(group.from), to: slotFor(group.to), reference: group.reference, isGrouped: true };
    const old = group.places;
    group.tellings = tellings;
    group.places = [];
    for (const { sender, receiver, back } of matchTellings(tellings)) {
      const place = enter({ ...ends, sender, receiver });
      group.places.push(place);
      if (back === undefined) continue;
      const { debit, credit } = backwards({ sender, receiver }, back);
      group.places.push(
        enter({ ...ends, from: ends.to, to: ends.from, sender: debit, receiver: credit, returnOf: place }),
      );
    }
    // Last, so that no account of theirs is released between.
    for (const place of old) remove(place);
    for (const slot of [ends.from, ends.to])
      if (slot !== cash && group.places.length === 0 && old.length === 0) releaseIfUnused(slot);
  }

  function releaseIfUnused(slot: number): void {
    if (lists.list(outOwner(slot)).count + lists.list(inOwner(slot)).count === 0) slots.release(slot);
  }

  function forgetGroups(beforeMs: number): void {
    for (const [name, group] of groups) {
      const kept = group.tellings.filter(({ told }) => told.atMs >= beforeMs);
      if (kept.length < group.tellings.length) regroup(group, kept);
      if (kept.length === 0) groups.delete(name);
    }
  }

  function forgetPlace(place: number): void {
    const reference = store.reference(place);
    const [from, to] = [store.from(place), store.to(place)].map((slot) =>
      slot === cash ? undefined : slots.keyOf(slot),
    );
    if (reference !== undefined) references.remove(referenceHash(reference, from, to), place);
    remove(place);
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
      if (reference !== undefined && !emptyReferences.has(reference.toUpperCase()))
        addReferred(payment, reference, told);
      else if (state === 'returned') return false;
      else enterAlone(payment, told);
      return true;
    },
    forget(beforeMs) {
      const before = store.size();
      forgottenMs = Math.max(forgottenMs, beforeMs);
      forgetGroups(beforeMs);
      store.before(beforeMs, forgetPlace);
      seen.forget(beforeMs);
      return before - store.size();
    },
    slotOf: slots.find,
    keyOf: slots.keyOf,
    currencyCode: (currency) => currencies[currency]!,
    currencyNumber,
    outOf: (slot) => paymentsOf(outOwner(slot), store.atMs),
    into: (slot) => paymentsOf(inOwner(slot), store.arrivesAtMs),
    size: () => ({ payments: store.size(), accounts: slots.size() }),
    bytes: () => store.bytes() + slots.bytes() + lists.bytes() + references.bytes() + seen.bytes(),
  };
}

const placeIn = (list: ItemList, position: number): number => list.words[(list.first + position) * itemWords + 1]!;
const secondOf = (ms: number): number => Math.min(Math.max(Math.floor(ms / 1000), 0), cashWord);
const groupName = (reference: string, from = '', to = ''): string => `${reference}\n${from}\n${to}`;

const sidesOf = ({ side, told }: TellingOf): Pick<Entry, 'sender' | 'receiver' | 'isBoth'> => ({
  sender: side === 'receiver' ? undefined : told,
  receiver: side === 'sender' ? undefined : side === 'both' ? { ...told, balance: undefined } : told,
  isBoth: side === 'both',
});

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
