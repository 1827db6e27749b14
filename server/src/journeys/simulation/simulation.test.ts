import { describe, expect, test } from 'vitest';
import { brokenRules } from './broken.ts';
import { rightRules } from './rules.ts';
import { runSeed, type Failure } from './simulation.ts';

const seeds = 1000;

/** Each of these must have happened in some seed, or the simulation shows less than it says. */
const mustHappen = [
  'lost',
  'doubled',
  'delayed',
  'altered',
  'cut off',
  'pair cut off',
  'group cut off',
  'crash between commit and signature',
  'crash when committed',
  'crash when stored',
  'crash when applied',
  'restored from a backup',
  'restored while something was half done',
  'recovered',
  'recalled',
  'recalled beyond a cosigned checkpoint',
  'checkpoint without entries',
  'skewed clock',
  'true clock',
  'observer',
  'key rotated',
  'key learnt',
  'page signed by an unknown key',
  'paused',
  'resumed',
  'probed',
  'refused',
  'said listing',
  'said listing-withdrawal',
  'said erasure',
  'widened',
  'narrowed',
  'erased',
  'erased before it was read',
  'dated ahead',
  'quarantine.future',
  'quarantine.commitment',
  'released when its time came',
  'two histories',
  'compared: same',
  'compared: later',
  'compared: fork',
  'fork proved',
  'page gap',
  'page known',
  'page refused',
  'page short of its checkpoint',
  'page of a stream that was left',
  'receipt kept',
];

function told({ seed, invariant, detail, trace }: Failure): string {
  return `${trace.join('\n')}\nnot so that ${invariant}: ${detail}\nreplay: npm run sim -- --seed ${seed} --trace`;
}

test(
  `${seeds} federations come through their faults with nothing lost, doubled, leaked or forked`,
  { timeout: 120_000 },
  async () => {
    const counts = new Map<string, number>();
    for (let seed = 0; seed < seeds; seed += 1) {
      const outcome = await runSeed(seed);
      if (!outcome.ok) expect.fail(told(outcome));
      for (const [what, times] of outcome.counts) counts.set(what, (counts.get(what) ?? 0) + times);
    }
    expect(mustHappen.filter((what) => !counts.has(what))).toEqual([]);
  },
);

test('a seed gives the same run each time', async () => {
  for (const seed of [3, 14]) expect(await traceOf(seed)).toEqual(await traceOf(seed));
});

async function traceOf(seed: number): Promise<string[]> {
  const lines: string[] = [];
  await runSeed(seed, rightRules, (line) => void lines.push(line));
  expect(lines.length).toBeGreaterThan(50);
  return lines;
}

describe('the simulation notices when', () => {
  test.each(Object.entries(brokenRules))('%s', { timeout: 60_000 }, async (_, { rules, noticed, from }) => {
    const failure = await firstFailure(from ?? 0, { ...rightRules, ...rules });
    expect(failure?.invariant).toBeOneOf(noticed);
  });
});

async function firstFailure(from: number, rules: typeof rightRules): Promise<Failure | undefined> {
  for (let seed = from; seed < from + 150; seed += 1) {
    const outcome = await runSeed(seed, rules);
    if (!outcome.ok) return outcome;
  }
  return undefined;
}
