import { writeFile } from 'node:fs/promises';
import { Command, InvalidArgumentError } from 'commander';
import { writeScoreModel } from '../model/score-model.ts';
import { openOwnVerdicts } from '../verdicts.ts';
import { DataSetError } from './data-set.ts';
import { evaluate } from './evaluation.ts';
import { readDataSet } from './layouts.ts';
import { reportOf } from './report.ts';

interface Options {
  readonly json?: boolean;
  readonly budget?: number;
  readonly model?: string;
  readonly seed: number;
  readonly detectors: boolean;
}

/** As many as a live engine knows at once. */
const paymentsMax = 2 ** 20;

const aboveZero = (text: string): number => {
  const value = Number(text);
  if (value > 0 && Number.isFinite(value)) return value;
  throw new InvalidArgumentError('A number above 0.');
};

const seedOf = (text: string): number => {
  const value = Number(text);
  if (/^\d{1,9}$/.test(text)) return value;
  throw new InvalidArgumentError('A whole number of at most 9 digits.');
};

async function run(path: string, { json, budget, model: modelPath, seed, detectors }: Options): Promise<void> {
  const say = (text: string) => process.stderr.write(`${process.uptime().toFixed(0).padStart(4)} s  ${text}\n`);
  say(`Reading ${path}`);
  const data = await readDataSet(path, seed);
  const sizes = { accounts: Math.max(1, data.accounts), payments: Math.min(paymentsMax, data.at.length + 1) };
  const further = detectors ? () => [openOwnVerdicts(sizes)] : () => [];
  const { evaluation, model } = await evaluate(data, {
    seed,
    say,
    further,
    ...(budget === undefined ? {} : { budget }),
  });
  if (modelPath !== undefined) await writeFile(modelPath, writeScoreModel(model));
  const seconds = process.uptime();
  process.stdout.write(
    json === true
      ? `${JSON.stringify({ ...evaluation, ...(data.rings && { rings: data.rings }), seconds })}\n`
      : `${reportOf(evaluation, seconds, data.rings)}\n`,
  );
}

const command = new Command('evaluate')
  .description(
    'Learn from the first 60 % of a data set’s time, choose thresholds on the next 20 %, report on the last 20 %',
  )
  .argument('<dataset>', 'a folder as AMLGentex, AMLSim or drum-simulate --out writes it, or an AMLSim archive (.tgz)')
  .option('--json', 'print one JSON object')
  .option('--budget <alerts>', 'flag so many payments a day, instead of where F1 is best', aboveZero)
  .option('--model <file>', 'write the model to a file')
  .option('--no-detectors', 'without what the detectors of accounts say of each payment')
  .option('--seed <number>', 'of the order of payments of one instant, and of the forests', seedOf, 1)
  .action(run);

try {
  await command.parseAsync();
} catch (error) {
  if (!(error instanceof DataSetError)) throw error;
  process.stderr.write(`${error.code}: ${error.message}\n`);
  process.exitCode = 1;
}
