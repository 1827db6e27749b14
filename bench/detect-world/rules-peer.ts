import { Engine, type RuleProperties } from 'json-rules-engine';

const payments = 4000;
const hour = 3_600_000;

const all = (
  name: string,
  ...conditions: readonly (readonly [fact: string, operator: string, value: number])[]
): RuleProperties => ({
  conditions: { all: conditions.map(([fact, operator, value]) => ({ fact, operator, value })) },
  event: { type: name },
});

/** The main conditions of the fifteen detectors of accounts, with what their windows come to given as facts. */
const rules: readonly RuleProperties[] = [
  all(
    'pass-through',
    ['inDollars', 'greaterThanInclusive', 150],
    ['passedShare', 'greaterThanInclusive', 0.8],
    ['heldMs', 'lessThan', hour / 2],
  ),
  all(
    'fan-in',
    ['senders', 'greaterThanInclusive', 8],
    ['inDollars', 'greaterThanInclusive', 300],
    ['usualShare', 'greaterThanInclusive', 3],
  ),
  all(
    'fan-out',
    ['outs', 'greaterThanInclusive', 5],
    ['receivers', 'greaterThanInclusive', 5],
    ['passedShare', 'greaterThanInclusive', 0.5],
  ),
  all(
    'scatter-gather',
    ['middles', 'greaterThanInclusive', 3],
    ['inDollars', 'greaterThanInclusive', 300],
    ['spanMs', 'lessThan', 24 * hour],
  ),
  all(
    'cycle',
    ['cycleHops', 'greaterThanInclusive', 3],
    ['cycleShare', 'greaterThanInclusive', 0.6],
    ['spanMs', 'lessThan', 72 * hour],
  ),
  all(
    'layered-chain',
    ['chainHops', 'greaterThanInclusive', 3],
    ['chainShare', 'greaterThanInclusive', 0.7],
    ['hopMs', 'lessThan', hour],
  ),
  all(
    'new-account-burst',
    ['ageDays', 'lessThan', 30],
    ['ins', 'greaterThanInclusive', 10],
    ['inDollars', 'greaterThanInclusive', 3000],
  ),
  all(
    'dormant-awakening',
    ['sleptDays', 'greaterThanInclusive', 60],
    ['inDollars', 'greaterThanInclusive', 1000],
    ['passedShare', 'greaterThanInclusive', 0.5],
  ),
  all(
    'test-then-drain',
    ['testDollars', 'lessThanInclusive', 10],
    ['timesTest', 'greaterThanInclusive', 50],
    ['sinceTestMs', 'lessThan', hour],
  ),
  all(
    'rapid-drain',
    ['balance', 'greaterThanInclusive', 38_000],
    ['drainedShare', 'greaterThan', 0.5],
    ['spanMs', 'lessThan', 24 * hour],
  ),
  all(
    'structuring',
    ['belowLimit', 'greaterThanInclusive', 3],
    ['belowSum', 'greaterThanInclusive', 1500],
    ['spanMs', 'lessThan', 24 * hour],
  ),
  all(
    'corporate-mule',
    ['registeredDays', 'lessThan', 365],
    ['capital', 'lessThanInclusive', 30_000],
    ['passedShare', 'greaterThanInclusive', 0.8],
  ),
  all(
    'listed-counterpart',
    ['listedDistance', 'lessThanInclusive', 3],
    ['dollars', 'greaterThanInclusive', 50],
    ['spanMs', 'lessThan', 24 * hour],
  ),
  all(
    'exit-abroad',
    ['isAbroad', 'equal', 1],
    ['dollars', 'greaterThanInclusive', 300],
    ['freshShare', 'greaterThanInclusive', 0.5],
  ),
  all(
    'exit-to-crypto',
    ['isCrypto', 'equal', 1],
    ['dollars', 'greaterThanInclusive', 300],
    ['freshShare', 'greaterThanInclusive', 0.5],
  ),
];

const names = [
  ...new Set(
    rules.flatMap(({ conditions }) =>
      ('all' in conditions ? conditions.all : []).map((each) => (each as { fact: string }).fact),
    ),
  ),
];

/** Payments a second: both ends of each are judged, as ours are, and what the windows come to costs it nothing. */
export async function rulesPerSecond(): Promise<number> {
  const engine = new Engine([...rules]);
  const facts = (number: number): Record<string, number> =>
    Object.fromEntries(names.map((name, index) => [name, (number * 31 + index * 17) % 100]));
  for (let number = 0; number < payments / 4; number += 1) await engine.run(facts(number));
  const given = Array.from({ length: payments * 2 }, (_, number) => facts(number));
  const began = performance.now();
  for (const each of given) await engine.run(each);
  return payments / ((performance.now() - began) / 1000);
}
