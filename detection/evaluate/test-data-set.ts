import { openChance } from '../model/chance.ts';
import { openGathering, stepMs, stepsFromMs, type DataSet, type FoundPayment } from './data-set.ts';

/**
 * A little world: people who spend, and pay the same few friends; every few days a mule is paid by many strangers at once, and passes
 * it on.
 */
export function makePayments(options: {
  readonly people: number;
  readonly days: number;
  readonly seed: number;
}): FoundPayment[] {
  const { people, days, seed } = options;
  const chance = openChance(seed);
  const anybody = () => Math.floor(chance() * people);
  const payments: FoundPayment[] = [];
  const pay = (day: number, from: number | undefined, to: number | undefined, usd: number, pattern?: number) =>
    payments.push({
      atMs: stepsFromMs + (day + chance()) * stepMs,
      from: from === undefined ? undefined : `a${from}`,
      to: to === undefined ? undefined : `a${to}`,
      usd,
      channel: 0,
      judged: from !== undefined && to !== undefined,
      positive: pattern !== undefined,
      ...(pattern === undefined ? {} : { typology: 'fan_in', pattern: `p${pattern}` }),
    });
  for (let day = 0; day < days; day += 1) {
    for (let person = 0; person < people; person += 1) {
      if (chance() < 0.5) pay(day, person, undefined, 5 + 20 * chance());
      if (chance() < 0.3) pay(day, person, (person + 1 + Math.floor(3 * chance())) % people, 20 + 500 * chance());
    }
    if (day % 2 !== 0) continue;
    const mule = anybody();
    for (let victim = 0; victim < 6; victim += 1) {
      const from = anybody();
      if (from !== mule) pay(day, from, mule, 120 + 400 * chance(), day);
    }
    for (let part = 0; part < 3; part += 1) pay(day + 1, mule, (mule + 7 + part) % people, 150 + 350 * chance(), day);
  }
  return payments;
}

export function makeDataSet(options: Parameters<typeof makePayments>[0]): DataSet {
  const gathering = openGathering();
  for (const payment of makePayments(options)) gathering.add(payment);
  return gathering.finish({ name: 'little world', layout: 'test', fields: ['instant', 'amount', 'accounts'] }, 1);
}
