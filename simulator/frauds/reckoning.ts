import type { Account, Tier } from '../world/people.ts';

/** What the rings’ business cost and brought, in baht; every account is bought or hired once. */
export interface Totals {
  readonly stolenBaht: number;
  /** What victims did not pay, because they were left alone for long enough to think. */
  readonly thoughtAgainBaht: number;
  /** What became cash, or coins beyond the exchanges. */
  readonly outBaht: number;
  /** What stayed on the way: with mules, and in small amounts left behind. */
  readonly leftBehindBaht: number;
  readonly accounts: number;
  readonly accountsBaht: number;
  /** Of what got out: how many minutes after the victim had paid half of it was out. */
  readonly minutesUntilOut: number;
  /** Of what got out, how much was out within an hour, while few victims have told anybody. */
  readonly outWithinHour: number;
  /** What stayed on the way and what accounts cost, as a part of what was stolen. */
  readonly costShare: number;
}

export interface Reckoning {
  stole(baht: number): void;
  missed(baht: number): void;
  used(account: Account, tier: Tier): void;
  leftBehind(baht: number): void;
  wentOut(baht: number, afterMs: number): void;
  totals(): Totals;
}

/** Guesses, and the same in every world: only the comparison of two worlds says anything. */
const prices: Readonly<Record<Tier, number>> = { recruited: 1_500, bought: 4_000, fresh: 6_000, corporate: 30_000 };
const minuteMs = 60_000;
const minutesMax = 4 * 1440;

export function openReckoning(): Reckoning {
  const accounts = new Set<Account>();
  const byMinute = new Float64Array(minutesMax + 1);
  let [stolenBaht, thoughtAgainBaht, outBaht, leftBehindBaht, accountsBaht] = [0, 0, 0, 0, 0];

  function minutesUntil(part: number): number {
    let [minute, sum] = [0, byMinute[0]!];
    while (minute < minutesMax && sum < outBaht * part) sum += byMinute[++minute]!;
    return minute;
  }

  return {
    stole: (baht) => void (stolenBaht += baht),
    missed: (baht) => void (thoughtAgainBaht += baht),
    used(account, tier) {
      if (accounts.has(account)) return;
      accounts.add(account);
      accountsBaht += prices[tier];
    },
    leftBehind: (baht) => void (leftBehindBaht += baht),
    wentOut(baht, afterMs) {
      outBaht += baht;
      byMinute[Math.min(minutesMax, Math.floor(afterMs / minuteMs))]! += baht;
    },
    totals: () => ({
      stolenBaht: Math.round(stolenBaht),
      thoughtAgainBaht: Math.round(thoughtAgainBaht),
      outBaht: Math.round(outBaht),
      leftBehindBaht: Math.round(leftBehindBaht),
      accounts: accounts.size,
      accountsBaht,
      minutesUntilOut: minutesUntil(0.5),
      outWithinHour: part(
        byMinute.subarray(0, 61).reduce((sum, baht) => sum + baht, 0),
        outBaht,
      ),
      costShare: part(leftBehindBaht + accountsBaht, stolenBaht),
    }),
  };
}

const part = (of: number, whole: number): number => (whole === 0 ? 0 : Math.round((of / whole) * 10_000) / 10_000);
