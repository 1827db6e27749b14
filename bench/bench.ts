import { readdir } from 'node:fs/promises';
import { parseArgs } from 'node:util';

/** What was measured, and what it is measured against: a peer in the same run, or the limit. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly baseline: number;
  /** Ours divided by the baseline for a peer's speed, time or limit alike: the name says what is good. */
  readonly ratio: number;
}

export interface BenchOptions {
  /** How large the world is, in the benchmark's own sense; by default as large as the goal says. */
  readonly size?: number;
  /** Of accounts, where a benchmark has them; by default as the goal says, in proportion to the size. */
  readonly accounts?: number;
}

interface Benchmark {
  run(options: BenchOptions): Promise<Figure[]>;
}

const usage = 'npm run bench -- NAME [--size N] [--accounts N] [--json]';

async function benchmarks(): Promise<string[]> {
  const files = await readdir(new URL('.', import.meta.url));
  return files
    .filter((file) => /^[a-z-]+\.ts$/.test(file) && file !== 'bench.ts')
    .map((file) => file.slice(0, -3))
    .sort();
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { json: { type: 'boolean', default: false }, size: { type: 'string' }, accounts: { type: 'string' } },
  });
  const known = await benchmarks();
  const [name] = positionals;
  if (name === undefined || !known.includes(name)) {
    console.error(`${usage}\nThere are: ${known.join(', ')}`);
    return 2;
  }
  const counts: { size?: number; accounts?: number } = {};
  for (const option of ['size', 'accounts'] as const) {
    const said = values[option];
    if (said === undefined) continue;
    const count = Number(said);
    if (!(Number.isSafeInteger(count) && count > 0)) {
      console.error(`--${option} takes a whole number, not ${said}`);
      return 2;
    }
    counts[option] = count;
  }
  const { run } = (await import(`./${name}.ts`)) as Benchmark;
  const figures = await run(counts);
  if (values.json) for (const figure of figures) console.log(JSON.stringify(ordered(figure)));
  else console.log(tableOf(figures));
  return 0;
}

const ordered = ({ name, value, unit, baseline, ratio }: Figure): Figure => ({ name, value, unit, baseline, ratio });

function tableOf(figures: readonly Figure[]): string {
  const rows = figures.map((figure) => [
    figure.name,
    inWords(figure.value),
    figure.unit,
    inWords(figure.baseline),
    figure.ratio.toFixed(2),
  ]);
  const all = [['what', 'value', 'unit', 'against', 'ratio'], ...rows];
  const widths = all[0]!.map((_, column) => Math.max(...all.map((row) => row[column]!.length)));
  const isText = (column: number): boolean => column === 0 || column === 2;
  const cell = (text: string, column: number): string =>
    isText(column) ? text.padEnd(widths[column]!) : text.padStart(widths[column]!);
  return all.map((row) => row.map(cell).join('  ').trimEnd()).join('\n');
}

function inWords(value: number): string {
  return value >= 1000 ? Math.round(value).toLocaleString('en') : value.toPrecision(3);
}

if (import.meta.main) process.exitCode = await main();
