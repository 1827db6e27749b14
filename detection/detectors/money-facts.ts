import type { PaymentView } from '../payment-view.ts';
import { currencies } from '../state/money.ts';

/** Money as a finding tells it: minor units as text, and their currency. */
interface Money {
  readonly amount: string;
  readonly currency: string;
}

/**
 * What payments come to, in the currency that most of the money is in: what is in others is left out, so that the figure is
 * exact and at most too low. Nothing is converted that a court will read.
 */
export function moneyOf({ payments, place, record }: PaymentView, places: readonly number[]): Money {
  const dollars = new Map<number, number>();
  for (const each of places) {
    const currency = payments.currency(each);
    dollars.set(currency, (dollars.get(currency) ?? 0) + payments.dollars(each));
  }
  let most = places.length > 0 ? payments.currency(places[0]!) : payments.currency(place);
  for (const [currency, sum] of dollars) if (sum > dollars.get(most)!) most = currency;
  let minor = 0;
  for (const each of places) if (payments.currency(each) === most) minor += payments.minor(each);
  // Windows do not know the names of rare currencies; the record does.
  const currency = most === 0 ? record.amount.currency : currencies[most]!;
  return { amount: String(minor), currency };
}

export const instantOf = (atMs: number): string => new Date(atMs).toISOString();

export const minutesBetween = (fromMs: number, untilMs: number): number =>
  Math.round(Math.max(0, untilMs - fromMs) / 6_000) / 10;

/** In hundredths, as a sentence says it. */
export const percentOf = (part: number): number => Math.round(part * 100);

/** The keys of accounts, each once, in their order; cash and what was forgotten have none. */
export function keysOf(view: PaymentView, accounts: readonly number[]): string[] {
  const keys = new Set<string>();
  for (const account of accounts) {
    const key = account === view.own.account ? undefined : view.keyOf(account);
    if (key !== undefined) keys.add(key);
  }
  return [...keys].slice(0, 8);
}
