import { paymentChannels, type Payment } from '@bronze-drum/protocol/activity/payment';
import type { Sight } from './sight.ts';
import { noted, openAccounts, type Accounts } from './state/accounts.ts';
import type { Flat, Kept } from './state/arrays.ts';
import { openInterner } from './state/interner.ts';
import { currencyNumber, dollarsPerMinor } from './state/money.ts';
import { openPayments, outside, type PaymentEntry, type Payments } from './state/payments.ts';
import { nameOfText, openRecent } from './state/recent.ts';

/** A payment that lies behind another, for who did not see it: the money of the other may have come from it. */
export interface Hop {
  readonly number: number;
  readonly atMs: number;
  /** Keys; absent for cash. */
  readonly from?: string;
  readonly to?: string;
  readonly minor: number;
  readonly currency: number;
  readonly channel: number;
}

export interface PaymentBookSizes {
  /** How many accounts are known at once, and how many payments; each about 230 and 110 bytes. */
  readonly accounts: number;
  readonly payments: number;
}

/** The payments that are known, each once however often it is told, and the accounts at their ends. */
export interface PaymentBook extends Kept {
  readonly payments: Payments;
  readonly accounts: Accounts;
  /** Whether the payment that was entered last was not known before. */
  isFresh(): boolean;
  /** Where a payment lies; it is entered if it is not known yet by its number, or by its reference from its other institution. */
  enter(sight: Sight<'payment'>): number;
  /** The same for a payment that another process tells of. */
  enterHop(hop: Hop): void;
  /** Notes what its institution tells of its own customer. */
  learn(sight: Sight<'payment'>, account: number): void;
  hopAt(place: number): Hop;
  keyOf(account: number): string | undefined;
  /** How many accounts a controller has, as one institution told. */
  accountsOfController(account: number): number;
  size(): { readonly accounts: number; readonly payments: number };
}

const dayMs = 24 * 3_600_000;
/** An account that did nothing for so long has slept. */
const silenceMs = 30 * dayMs;
const controllersMax = 1 << 14;

/** `forget` is told of accounts that make way for others. */
export function openPaymentBook(sizes: PaymentBookSizes, forget: (account: number) => void): PaymentBook {
  const payments = openPayments({ accounts: sizes.accounts, capacity: sizes.payments });
  const accounts = openAccounts(sizes.accounts);
  /** How many accounts each controller has. */
  const controlled = openRecent(controllersMax);
  const interner = openInterner(sizes.accounts, (slot) => {
    const controller = accounts.controller(slot);
    if (controller !== 0) controlled.set(controller, (controlled.get(controller) || 1) - 1);
    payments.forget(slot);
    accounts.forget(slot);
    forget(slot);
  });
  /** Where a payment lies, by its number, and by the reference that both of its institutions know. */
  const places = openRecent(sizes.payments, { inSequence: true });
  const references = openRecent(sizes.payments);
  let isFresh = false;

  const slotOf = (key: string | undefined, atMs: number): number =>
    key === undefined ? outside : interner.take(key, atMs);

  function placeOf({ number, atMs, record }: Sight<'payment'>): number {
    const { amount, reference } = record;
    const minor = Number(amount.value);
    let from = slotOf(record.from, atMs);
    const to = slotOf(record.to, atMs);
    // The receiver may have been given the sender's slot, if the payment is older than all that is known.
    if (from === to) from = slotOf(record.from, atMs);
    const name = reference === undefined ? Number.NaN : nameOfText(reference);
    isFresh = false;
    const numbered = heldAt(places.get(number), number);
    if (numbered !== undefined) return numbered;
    const other = reference === undefined ? Number.NaN : references.get(name);
    if (isSame(other, { from, to, minor })) {
      places.set(number, other);
      return other;
    }
    const currency = currencyNumber(amount.currency);
    isFresh = true;
    const place = add({ number, atMs, from, to, minor, currency, channel: channelNumber(record.channel) });
    if (reference !== undefined) references.set(name, place);
    return place;
  }

  /** A place that still holds the payment of a number. */
  const heldAt = (place: number, number: number): number | undefined =>
    place >= 0 && payments.number(place) === number ? place : undefined;

  const isSame = (place: number, { from, to, minor }: { from: number; to: number; minor: number }): boolean =>
    place >= 0 && payments.from(place) === from && payments.to(place) === to && payments.minor(place) === minor;

  function add(entry: PaymentEntry): number {
    const place = payments.add(entry);
    places.set(entry.number, place);
    const { atMs, from, to } = entry;
    if (from >= 0) accounts.paid(from, { atMs, isOut: true }, silenceMs);
    if (to >= 0) accounts.paid(to, { atMs, isOut: false }, silenceMs);
    return place;
  }

  const keyOf = (account: number): string | undefined => (account >= 0 ? interner.keyOf(account) : undefined);

  return {
    payments,
    accounts,
    isFresh: () => isFresh,
    enter: placeOf,
    enterHop(hop) {
      if (heldAt(places.get(hop.number), hop.number) !== undefined) return;
      add({ ...hop, from: slotOf(hop.from, hop.atMs), to: slotOf(hop.to, hop.atMs) });
    },
    learn,
    hopAt(place) {
      const from = keyOf(payments.from(place));
      const to = keyOf(payments.to(place));
      return {
        number: payments.number(place),
        atMs: payments.atMs(place),
        ...(from !== undefined && { from }),
        ...(to !== undefined && { to }),
        minor: payments.minor(place),
        currency: payments.currency(place),
        channel: payments.channel(place),
      };
    },
    keyOf,
    accountsOfController: (account) => controlled.get(accounts.controller(account)) || 0,
    size: () => ({ accounts: interner.size(), payments: payments.size() }),
    arrays: (): readonly Flat[] =>
      [payments, accounts, controlled, interner, places, references].flatMap((kept) => kept.arrays()),
  };

  /** What its institution tells of its own customer. */
  function learn(sight: Sight<'payment'>, account: number): void {
    const { customer, balanceAfter, amount } = sight.record;
    if (balanceAfter !== undefined && sight.atMs >= accounts.balanceAtMs(account)) {
      accounts.note(account, noted.balance, Number(balanceAfter) * dollarsPerMinor[currencyNumber(amount.currency)]!);
      accounts.note(account, noted.balanceAtMs, sight.atMs);
    }
    if (customer === undefined) return;
    const { kind, opened, registered, capital, controller } = customer;
    if (kind !== undefined) accounts.note(account, noted.isCompany, kind === 'company' ? 1 : 0);
    if (opened !== undefined) accounts.note(account, noted.openedAtMs, Date.parse(opened));
    if (registered !== undefined) accounts.note(account, noted.registeredAtMs, Date.parse(registered));
    if (capital !== undefined)
      accounts.note(account, noted.capital, Number(capital.value) * dollarsPerMinor[currencyNumber(capital.currency)]!);
    if (controller === undefined || accounts.controller(account) !== 0) return;
    // One institution's name of somebody is never another's.
    const name = nameOfText(`${sight.institution} ${controller}`);
    accounts.note(account, noted.controller, name);
    controlled.set(name, (controlled.get(name) || 0) + 1);
  }
}

const channelNumbers = new Map<string, number>(paymentChannels.map((channel, number) => [channel, number]));
const channelNumber = (channel: Payment['channel']): number => channelNumbers.get(channel) ?? 0;
