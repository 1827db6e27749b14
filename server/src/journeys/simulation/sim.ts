import { parseArgs } from 'node:util';
import { runSeed, type Failure } from './simulation.ts';

/** `npm run sim -- --seed N [--trace]` plays one seed; `npm run sim -- --seeds N [--from M]` plays many. */
const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    trace: { type: 'boolean', default: false },
    seeds: { type: 'string', default: '1000' },
    from: { type: 'string', default: '0' },
  },
});

const print = (line: string): void => void process.stdout.write(`${line}\n`);

function printFailure({ seed, invariant, detail, atMs, trace }: Failure): void {
  for (const line of trace) print(line);
  print(`seed ${seed}, after ${(atMs / 1000).toFixed(3)} s: not so that ${invariant}: ${detail}`);
  process.exitCode = 1;
}

if (values.seed === undefined) {
  const from = Number(values.from);
  const counts = new Map<string, number>();
  const startedMs = performance.now();
  for (let seed = from; seed < from + Number(values.seeds); seed += 1) {
    const outcome = await runSeed(seed);
    if (!outcome.ok) printFailure({ ...outcome, trace: [] });
    else for (const [what, times] of outcome.counts) counts.set(what, (counts.get(what) ?? 0) + times);
  }
  for (const [what, times] of [...counts].sort(([a], [b]) => a.localeCompare(b)))
    print(`${String(times).padStart(9)} ${what}`);
  print(`${((1000 * Number(values.seeds)) / (performance.now() - startedMs)).toFixed(0)} seeds a second`);
} else {
  const outcome = await runSeed(Number(values.seed), undefined, values.trace ? print : undefined);
  if (!outcome.ok) printFailure(outcome);
  else print(`seed ${values.seed} holds: ${outcome.counts.get('events')} events`);
}
