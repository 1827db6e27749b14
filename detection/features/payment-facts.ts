import type { FeatureSource } from './payment-sight.ts';

const hourMs = 3_600_000;

/** What one payment says by itself: no history. */
export function openPaymentFacts(): FeatureSource {
  return {
    names: ['usd', 'roundness', 'hour', 'channel', 'from.drained', 'to.filled'],
    read({ atMs, usd, channel, fromBalance, toBalance }, row, offset) {
      row[offset] = usd;
      row[offset + 1] = roundnessOf(usd);
      row[offset + 2] = Math.floor(atMs / hourMs) % 24;
      row[offset + 3] = channel;
      row[offset + 4] = usd / Math.max(usd, usd + fromBalance);
      row[offset + 5] = usd / Math.max(usd, toBalance);
    },
  };
}

/** How many of the digits at the end are zeros: 0 has cents, 1 is whole dollars, 4 is whole thousands. */
function roundnessOf(usd: number): number {
  const cents = Math.round(usd * 100);
  if (cents === 0 || cents % 100 !== 0) return 0;
  let roundness = 1;
  for (let unit = 1000; roundness < 6 && cents % unit === 0; unit *= 10) roundness += 1;
  return roundness;
}
