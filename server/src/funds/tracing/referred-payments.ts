import { cash, type AccountLists } from './account-lists.ts';
import type { AccountSlots } from './account-slots.ts';
import { hashOn, mixed, openHashTable } from './hash-table.ts';
import { backwards, matchTellings, type TellingOf } from './one-reference.ts';
import type { Entry, PaymentStore, Told } from './payment-store.ts';
import type { ToldPayment } from './told-payment.ts';

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
export const namesPayment = (reference: string | undefined): reference is string =>
  reference !== undefined && !emptyReferences.has(reference.toUpperCase());

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

interface ReferredParts {
  readonly seed: number;
  readonly store: PaymentStore;
  readonly slots: AccountSlots;
  readonly lists: Pick<AccountLists, 'link' | 'unlink'>;
  enter(entry: Entry): number;
  remove(place: number): void;
  slotFor(key: string | undefined): number;
  releaseIfUnused(slot: number): void;
}

/** Payments by their references: what the institutions of both ends tell of one becomes one. */
export function openReferredPayments(parts: ReferredParts) {
  const { seed, store, slots, lists, enter, remove, slotFor, releaseIfUnused } = parts;
  const { link, unlink } = lists;
  const references = openHashTable();
  const groups = new Map<string, Group>();

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
    if (group.places.length + old.length === 0) for (const slot of [ends.from, ends.to]) releaseIfUnused(slot);
  }

  function forgetGroups(beforeMs: number): void {
    for (const [name, group] of groups) {
      const kept = group.tellings.filter(({ told }) => told.atMs >= beforeMs);
      if (kept.length < group.tellings.length) regroup(group, kept);
      if (kept.length === 0) groups.delete(name);
    }
  }

  return {
    add: addReferred,
    enterAlone,
    forget(place: number, reference: string, from: string | undefined, to: string | undefined): void {
      references.remove(referenceHash(reference, from, to), place);
    },
    forgetBefore: forgetGroups,
    bytes: references.bytes,
  };
}

const groupName = (reference: string, from = '', to = ''): string => `${reference}\n${from}\n${to}`;

const sidesOf = ({ side, told }: TellingOf): Pick<Entry, 'sender' | 'receiver' | 'isBoth'> => ({
  sender: side === 'receiver' ? undefined : told,
  receiver: side === 'sender' ? undefined : side === 'both' ? { ...told, balance: undefined } : told,
  isBoth: side === 'both',
});
