import type { Chance } from '../chance/chance.ts';
import type { Fraud } from './fraud.ts';

/** How much is lost, and when it is told: facts.md §1 and §6. */

export const largeBaht = 50_000;
const lossBahtMax = 2_500_000;
const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** In baht of a Thai case: 22 % of the cases are above 50,000, and make 76 % of the loss. */
export function lossBaht(chance: Chance, fraud: Fraud): number {
  const isLarge = chance.is(fraud.large);
  for (;;) {
    const baht = isLarge ? chance.around(116_000, 0.72) : chance.around(fraud.smallBaht, 0.95);
    if (isLarge ? baht > largeBaht * 1.01 && baht < lossBahtMax : baht >= 200 && baht < largeBaht * 0.99) return baht;
  }
}

/** After the last payment; undefined if the victim never tells. Some notice at once, most sleep over it. */
export function reportDelayMs(chance: Chance): number | undefined {
  const draw = chance.next();
  if (draw < 0.12) return undefined;
  if (draw < 0.26) return chance.between(3 * minuteMs, 50 * minuteMs);
  if (draw < 0.84) return chance.between(19 * hourMs, 25 * hourMs);
  return draw < 0.93 ? chance.between(hourMs, 19 * hourMs) : chance.between(25 * hourMs, 72 * hourMs);
}

/** How a sum is paid in so many payments, the later ones larger. */
export function parted(chance: Chance, total: number, count: number): number[] {
  const weights = Array.from({ length: count }, (_, at) => (at + 1) * chance.between(0.6, 1.4));
  const sum = weights.reduce((all, weight) => all + weight, 0);
  return weights.map((weight) => (total * weight) / sum);
}
