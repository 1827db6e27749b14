import type { ActivityRecords } from '@bronze-drum/protocol/activity/kinds';
import { mix } from '../chance/mix.ts';
import { letters } from '../chance/spelling.ts';
import { happened, type Clerk, type Deed, type Draft } from './clerk.ts';
import type { Ground } from './ground.ts';
import type { Happening, Moved } from './happening.ts';
import type { Reporter } from './institutions.ts';
import { currencies, fromBaht, type Currency } from './nations.ts';
import { holderOf, nationOfHolder, type Account } from './people.ts';
import type { Registered } from './register.ts';

type Customer = NonNullable<ActivityRecords['payment']['customer']>;

export interface PaymentDeed extends Deed {
  readonly from?: Account;
  readonly to?: Account;
  /** Where it leaves the exchanges. */
  readonly toWallet?: string;
  readonly minor: number;
  readonly currency: Currency;
  readonly channel: ActivityRecords['payment']['channel'];
  readonly asset?: ActivityRecords['payment']['asset'];
  readonly device?: number;
  readonly ip?: string;
}

const dayMs = 86_400_000;
const days = new Map<number, string>();

/** A day, counted from 1970, as it is written. */
function dayOf(day: number): string {
  const known = days.get(day);
  if (known !== undefined) return known;
  const text = new Date(day * dayMs).toISOString().slice(0, 10);
  days.set(day, text);
  return text;
}

/** What a bank tells of its customer. */
function customerAs(known: Registered, { tellsCustomers, nation, bits }: Reporter): Customer {
  const opened = dayOf(known.openedDay);
  if (tellsCustomers !== 'all') return { opened };
  const { kind, registeredDay, capitalBaht, controller } = known;
  if (registeredDay === undefined || capitalBaht === undefined || controller === undefined) return { kind, opened };
  const capital = { currency: nation.currency, value: String(fromBaht(capitalBaht, nation.currency)) };
  return { kind, opened, registered: dayOf(registeredDay), capital, controller: letters(mix(bits, controller)) };
}

/** An amount in the currency of an account. */
export function inOwn(account: Account, minor: number, currency: Currency): number {
  const own = nationOfHolder(holderOf(account)).currency;
  return currency === own ? minor : Math.round((minor * currencies[own].perBaht) / currencies[currency].perBaht);
}

/** The money is where it was before: the payment was not made. */
export function putBack({ ledger }: Ground, { from, to, minor, currency }: Moved): void {
  if (from !== undefined) ledger.add(from.account, inOwn(from.account, minor, currency));
  if (to !== undefined) ledger.add(to.account, -inOwn(to.account, minor, currency));
}

/** Moves the money, and writes it down at both ends. */
export function paymentRecords(ground: Ground, clerk: Clerk): (deed: PaymentDeed) => Happening {
  const { keys, ledger } = ground;

  /** What is on it afterwards; the amount may be in another currency than the account. */
  function book(account: Account, minor: number, currency: Currency): string | undefined {
    ledger.add(account, inOwn(account, minor, currency));
    const isOwn = currency === nationOfHolder(holderOf(account)).currency;
    return isOwn ? String(ledger.balance(account)) : undefined;
  }

  return (deed) => {
    const { from, to, toWallet } = deed;
    const fromBalance = from === undefined ? undefined : book(from, -deed.minor, deed.currency);
    const toBalance = to === undefined ? undefined : book(to, deed.minor, deed.currency);
    const sender = from === undefined ? undefined : ground.keeper(from);
    const receiver = to === undefined ? undefined : ground.keeper(to);
    const draft: Draft<'payment'> = {
      amount: { value: String(deed.minor), currency: deed.currency },
      channel: deed.channel,
    };
    if (from !== undefined) draft.from = ground.keyOf(from);
    if (to !== undefined) draft.to = ground.keyOf(to);
    else if (toWallet !== undefined) draft.to = toWallet;
    if (deed.asset !== undefined) draft.asset = deed.asset;
    draft.reference = clerk.reference(deed);

    const seen = (
      by: Reporter,
      customer: Account,
      side: Draft<'payment'>['side'],
      balance: string | undefined,
    ): Draft<'payment'> => {
      const own: Draft<'payment'> = { ...draft, side: side! };
      if (balance !== undefined && by.tellsDevices) own.balanceAfter = balance;
      if (by.tellsCustomers !== 'nothing') own.customer = customerAs(ground.registered(customer), by);
      if (side !== 'receiver' && by.tellsDevices) {
        own.phone = ground.phone(ground.lineOf(holderOf(customer)));
        if (deed.device !== undefined) own.device = keys.device(deed.device);
        if (deed.ip !== undefined) own.ip = deed.ip;
      }
      return own;
    };
    const moved: Moved = {
      minor: deed.minor,
      currency: deed.currency,
      ...(from !== undefined && { from: { account: from, key: draft.from! } }),
      ...(to !== undefined && { to: { account: to, key: draft.to! } }),
    };
    if (sender !== undefined && sender === receiver)
      return {
        ...happened(deed, clerk.write(sender, 'payment', deed, seen(sender, from!, 'both', fromBalance))),
        moved,
      };
    const sent = sender && clerk.write(sender, 'payment', deed, seen(sender, from!, 'sender', fromBalance));
    const got = receiver && clerk.write(receiver, 'payment', deed, seen(receiver, to!, 'receiver', toBalance));
    return { ...happened(deed, sent, got), moved };
  };
}
