import type { ToldPayment } from '../../server/src/funds/tracing/payment-index.ts';

/** A payment between accounts by number; the same for the index and for the table beside it. */
export interface WorldPayment {
  readonly number: number;
  readonly from: number;
  readonly to: number;
  /** Minor units. */
  readonly amount: number;
  /** Of the sender, afterwards: much, so that every payment takes along a part of what was stolen. */
  readonly balance: number;
  readonly atMs: number;
}

const startMs = Date.UTC(2026, 0, 1);
const spanMs = 30 * 24 * 3_600_000;
/** One payment in so many passes on what an account received a while ago: chains as mules make them. */
const onwardEvery = 3;
const recentMax = 1 << 16;
const accountFirst = 1_000_000_000;

/**
 * Payments over 30 days in the order of time, the same whenever they are asked for: few accounts pay and are paid very often,
 * most seldom, and money goes on.
 */
export function* worldPayments(size: number, accounts: number): Generator<WorldPayment> {
  const chance = openChance(42);
  const recent = new Int32Array(recentMax).fill(-1);
  for (let number = 0; number < size; number += 1) {
    const received = recent[Math.floor(chance() * recentMax)]!;
    const isOnward = number % onwardEvery === 0 && received !== -1;
    const from = isOnward ? received : heavy(chance(), accounts);
    const to = chance() < 0.4 ? heavy(chance(), accounts) : Math.floor(chance() * accounts);
    recent[number % recentMax] = to;
    const amount = 10_000 + Math.floor(chance() ** 4 * 50_000_000);
    yield {
      number,
      from,
      to: to === from ? (to + 1) % accounts : to,
      amount,
      balance: 20_000_000 + Math.floor(chance() * 400_000_000),
      atMs: startMs + Math.floor((number / size) * spanMs),
    };
  }
}

/** A number below `accounts`, the small ones far more often. */
const heavy = (chance: number, accounts: number): number => Math.floor(chance ** 4 * accounts);

export function openChance(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export const keyOf = (account: number): string => `account:TH:014:${accountFirst + account}`;
export const accountOf = (key: string): number => Number(key.slice(key.lastIndexOf(':') + 1)) - accountFirst;

export const toldOf = ({ number, from, to, amount, balance, atMs }: WorldPayment): ToldPayment => ({
  source: 'bench',
  id: `p-${number}`,
  from: keyOf(from),
  to: keyOf(to),
  amount: BigInt(amount),
  currency: 'THB',
  atMs,
  channel: 'mobile',
  state: 'settled',
  side: 'sender',
  reference: `E2E-2026-${number}`,
  balanceAfter: BigInt(balance),
});
