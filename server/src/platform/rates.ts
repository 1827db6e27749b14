import type { Clock } from '../kernel/clock.ts';
import { refuse } from '../kernel/refusals.ts';

/** A limit on how much one caller may ask for: `perSecond` on average, `burst` at once. */
export interface Rate {
  readonly perSecond: number;
  readonly burst: number;
}

export interface Rates {
  /**
   * Takes `cost` from the caller's allowance, or refuses with the time after which it would have been granted. A negative
   * cost gives back.
   */
  take(caller: string, rate: Rate, cost: number): void;
}

const callersMax = 100_000;

/** Token buckets in memory. When there are too many callers, the one that was quiet longest is forgotten. */
export function openRates(clock: Clock): Rates {
  const buckets = new Map<string, { tokens: number; atMs: number }>();
  return {
    take(caller, rate, cost) {
      const nowMs = clock.now();
      const bucket = buckets.get(caller) ?? { tokens: rate.burst, atMs: nowMs };
      bucket.tokens = Math.min(rate.burst, bucket.tokens + ((nowMs - bucket.atMs) * rate.perSecond) / 1000);
      bucket.atMs = nowMs;
      // Deleting first keeps the map in the order of last use.
      buckets.delete(caller);
      buckets.set(caller, bucket);
      if (buckets.size > callersMax) buckets.delete(buckets.keys().next().value!);
      if (bucket.tokens < Math.min(cost, rate.burst)) {
        const waitSeconds = Math.ceil((Math.min(cost, rate.burst) - bucket.tokens) / rate.perSecond);
        refuse('too-many.requests', { retryAfterSeconds: Math.max(1, waitSeconds) });
      }
      bucket.tokens -= cost;
    },
  };
}
