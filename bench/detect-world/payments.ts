import type { Sight } from '@bronze-drum/detection/sight';

const people = 200_000;
const shops = 4000;
const banks = 12;
/** Payments a second of the world’s own time: each of its people takes part in about four a day. */
const rate = 10;
const fromMs = Date.UTC(2026, 5, 1);

/** A small seeded generator (splitmix32): the same payments in each run. */
function openChance(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = state ^ (state >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
  };
}

const account = (number: number): string =>
  `account:TH:${String(901 + (number % banks))}:${String(1_000_000_000 + number)}`;

/**
 * Payments of one nation as they come: people at shops, among each other, wages, bills and cash; of a hundred, one belongs to
 * money that is passed on along a chain of mules. Each is a fresh record with fresh strings, as if it had just been read.
 */
export function openPayments(seed: number): (count: number) => Sight<'payment'>[] {
  const chance = openChance(seed);
  const below = (limit: number): number => Math.floor(chance() * limit);
  /** Those who act often: half of the payments are made by a tenth of the people. */
  const person = (): number => (chance() < 0.5 ? below(people / 10) : below(people));
  const shop = (): number => people + below(chance() < 0.6 ? shops / 10 : shops);
  let number = 0;
  let chain: { from: number; minor: number; hops: number } | undefined;

  function ends(): { from?: number; to?: number; minor: number; channel: Sight<'payment'>['record']['channel'] } {
    const die = chance();
    if (die < 0.01) {
      const to = below(people);
      if (chain === undefined || chain.hops === 0)
        chain = { from: below(people), minor: 5_000_000 + below(40_000_000), hops: 5 };
      const hop = { from: chain.from, to, minor: chain.minor, channel: 'mobile' as const };
      chain = { from: to, minor: Math.round(chain.minor * 0.97), hops: chain.hops - 1 };
      return hop;
    }
    if (die < 0.55) return { from: person(), to: shop(), minor: 2000 + below(80_000), channel: 'qr' };
    if (die < 0.75) return { from: person(), to: person(), minor: 5000 + below(500_000), channel: 'mobile' };
    if (die < 0.85)
      return { from: people + below(shops / 10), to: below(people), minor: 900_000 + below(3_000_000), channel: 'web' };
    if (die < 0.95) return { from: person(), minor: 10_000 * (1 + below(40)), channel: 'atm' };
    return { to: person(), minor: 10_000 * (1 + below(60)), channel: 'branch' };
  }

  return (count) =>
    Array.from({ length: count }, (): Sight<'payment'> => {
      number += 1;
      const atMs = fromMs + Math.round((number / rate) * 1000);
      let { from, to, minor, channel } = ends();
      if (from === to) to = people + below(shops);
      return {
        number,
        kind: 'payment',
        institution: `bank-${number % banks}`,
        id: `p${number}`,
        atMs,
        record: {
          id: `p${number}`,
          at: new Date(atMs).toISOString(),
          ...(from !== undefined && { from: account(from) }),
          ...(to !== undefined && { to: account(to) }),
          amount: { value: String(minor), currency: 'THB' },
          channel,
        },
      };
    });
}
