import { bytesOf, type Flat, type Kept } from './arrays.ts';

/** How certain it is that somebody listed an account or number: not at all, suspected, confirmed. */
export type Listed = 0 | 1 | 2;

/** What is noted of an account, in the order in which it lies in memory: what is asked for most is in the first eight. */
export const noted = {
  firstAtMs: 0,
  lastAtMs: 1,
  inCount: 2,
  outCount: 3,
  registeredAtMs: 4,
  controller: 5,
  openedAtMs: 6,
  isCompany: 7,
  listed: 8,
  balance: 9,
  balanceAtMs: 10,
  capital: 11,
  wokeAtMs: 12,
  sleptMs: 13,
} as const;
type Noted = (typeof noted)[keyof typeof noted];

/**
 * What is known of each account beyond its last payments, by slot. Instants are milliseconds since 1970, 0 where unknown;
 * amounts are dollars.
 */
export interface Accounts extends Kept {
  /** When it was first and last seen, either way. */
  firstAtMs(account: number): number;
  lastAtMs(account: number): number;
  /** When it last woke after a silence, and how long that was. */
  wokeAtMs(account: number): number;
  sleptMs(account: number): number;
  /** Payments over its whole life here. */
  inCount(account: number): number;
  outCount(account: number): number;
  /** After a payment, as its institution told; nobody told while `balanceAtMs` is 0. */
  balance(account: number): number;
  balanceAtMs(account: number): number;
  /** As its institution told: when it was opened; whether it is a company’s (1), when that was registered, and its capital. */
  openedAtMs(account: number): number;
  isCompany(account: number): number;
  registeredAtMs(account: number): number;
  capital(account: number): number;
  /** A name of whoever controls it, as its institution told, or 0. */
  controller(account: number): number;
  /** As `Listed`, when it was last seen. */
  listed(account: number): number;
  note(account: number, what: Noted, value: number): void;
  /** Notes one payment; `silenceMs` is what counts as having slept. */
  paid(account: number, payment: { atMs: number; isOut: boolean }, silenceMs: number): void;
  forget(account: number): void;
  bytes(): number;
}

/** Two lines of a processor's cache an account. */
const stride = 16;

export function openAccounts(count: number): Accounts {
  const values = new Float64Array(count * stride);
  const read = (what: Noted) => (account: number) => values[account * stride + what]!;
  return {
    firstAtMs: (account) => values[account * stride + noted.firstAtMs]!,
    lastAtMs: (account) => values[account * stride + noted.lastAtMs]!,
    inCount: (account) => values[account * stride + noted.inCount]!,
    outCount: (account) => values[account * stride + noted.outCount]!,
    registeredAtMs: (account) => values[account * stride + noted.registeredAtMs]!,
    controller: (account) => values[account * stride + noted.controller]!,
    openedAtMs: (account) => values[account * stride + noted.openedAtMs]!,
    isCompany: (account) => values[account * stride + noted.isCompany]!,
    listed: read(noted.listed),
    balance: read(noted.balance),
    balanceAtMs: read(noted.balanceAtMs),
    capital: read(noted.capital),
    wokeAtMs: read(noted.wokeAtMs),
    sleptMs: read(noted.sleptMs),
    note(account, what, value) {
      values[account * stride + what] = value;
    },
    paid(account, { atMs, isOut }, silenceMs) {
      const at = account * stride;
      const last = values[at + noted.lastAtMs]!;
      if (last === 0) values[at + noted.firstAtMs] = atMs;
      else if (atMs - last >= silenceMs) {
        values[at + noted.wokeAtMs] = atMs;
        values[at + noted.sleptMs] = atMs - last;
      }
      if (atMs > last) values[at + noted.lastAtMs] = atMs;
      values[at + (isOut ? noted.outCount : noted.inCount)]! += 1;
    },
    forget(account) {
      values.fill(0, account * stride, (account + 1) * stride);
    },
    bytes: () => bytesOf([values]),
    arrays: (): readonly Flat[] => [values],
  };
}
