#!/usr/bin/env node
import { Command, InvalidArgumentError, Option } from 'commander';
import { foundingMembers } from '@bronze-drum/protocol/members';
import { liveFraudShare } from './live/live-world.ts';
import { runLive } from './live/running.ts';
import { readFileSync } from 'node:fs';
import { knownLimits } from './frauds/caution.ts';
import { FolderInUse, writeWorld } from './output/writing.ts';
import type { KnownLimits } from './world/ground.ts';
import { fraudShareUsual, openWorld } from './world/world.ts';

const fromUsual = '2026-01-05T00:00:00.000Z';
const rateUsual = { files: 500, live: 60 };

interface Choice {
  readonly seed: number;
  readonly rate?: number;
  readonly days: number;
  readonly from: number;
  readonly members: readonly string[];
  readonly fraudShare?: number;
  /** Without a file, only that it was said. */
  readonly adversary?: KnownLimits | true;
  readonly out?: string;
  readonly gzip?: boolean;
  readonly force?: boolean;
  readonly live?: string;
  readonly speed: number;
  readonly withParent?: boolean;
}

const number =
  (what: string, least: number, most: number) =>
  (text: string): number => {
    const value = Number(text);
    if (text.trim() !== '' && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`${what} from ${least} to ${most}.`);
  };

function whole(text: string): number {
  const value = Number(text);
  if (/^\d{1,16}$/.test(text) && Number.isSafeInteger(value)) return value;
  throw new InvalidArgumentError('A whole number of at most 16 digits.');
}

function instantOf(text: string): number {
  const ms = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?Z)?$/.test(text) ? Date.parse(text) : NaN;
  if (!Number.isNaN(ms)) return ms;
  throw new InvalidArgumentError('An instant in UTC, such as 2026-01-05T00:00:00.000Z.');
}

function membersOf(text: string): string[] {
  const chosen = text.split(',').map((member) => member.trim().toLowerCase());
  const stranger = chosen.find((member) => !foundingMembers.includes(member));
  if (stranger !== undefined) throw new InvalidArgumentError(`Some of ${foundingMembers.join(',')}, with commas.`);
  return foundingMembers.filter((member) => chosen.includes(member));
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

function limitsOf(file: string): KnownLimits {
  let read: unknown;
  try {
    read = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    throw new InvalidArgumentError('A JSON file that can be read.');
  }
  const isKnown =
    isObject(read) &&
    Object.values(read).every(
      (limits) => isObject(limits) && Object.values(limits).every((limit) => typeof limit === 'number'),
    );
  if (isKnown) return read as KnownLimits;
  throw new InvalidArgumentError('A JSON file {detector: {limit: number}}.');
}

const command = new Command('drum-simulate')
  .description(
    'A synthetic world of six nations with everyday life and frauds, driven by a seed. The same options give the same bytes. ' +
      'With --out it writes what institutions report, and what is true of it beside; with --live it speaks to the servers of an ' +
      'alliance as the institutions whose keys are in a file.',
  )
  .option('--seed <number>', 'of the world', whole, 7)
  .addOption(
    new Option(
      '--rate <records>',
      `records in a minute of the world, on average over a day (default: ${rateUsual.files}; live: ${rateUsual.live})`,
    ).argParser(number('Records a minute', 1, 200_000)),
  )
  .option('--members <codes>', 'whose institutions report', membersOf, [...foundingMembers])
  .addOption(
    new Option(
      '--fraud-share <part>',
      `of the payments, how many belong to a fraud (default: ${fraudShareUsual}, as in the field; live: ${liveFraudShare})`,
    ).argParser(number('A part', 0, 0.5)),
  )
  .option(
    '--adversary [limits]',
    'the rings know what is looked for, and keep below it: the limits that every member begins with, or those of a JSON file ' +
      '{detector: {limit: number}}',
    limitsOf,
  )
  .option('--out <folder>', 'where files are written')
  .option('--days <number>', 'how long a time is written', number('Days', 0.001, 400), 1)
  .addOption(
    new Option('--from <instant>', 'when the world begins')
      .argParser(instantOf)
      .default(instantOf(fromUsual), fromUsual),
  )
  .option('--gzip', 'write .ndjson.gz')
  .option('--force', 'write into a folder that is not empty')
  .option('--live <file>', 'an alliance’s demo.json: addresses, institutions and their keys')
  .option('--speed <times>', 'live: how much faster than real time', number('A factor', 0.01, 1000), 1)
  .option('--with-parent', 'live: stop when standard input ends')
  .addHelpText(
    'after',
    `
Files: {payments,calls,messages,logins,sims}.ndjson, a line {member, institution, reportedAt, record} each, in the order in
which they are reported; labels.ndjson (which records belong to which fraud), accounts.ndjson (mules, victims, honest
receivers, numbers), cases.ndjson (each fraud with its hops), reports.ndjson (when victims told), world.json (the options,
counts, what the rings’ business cost and brought, SHA-256 of each file), networks.csv (whose an address is).

Example: npx drum-simulate --seed 7 --rate 500 --days 2 --out data/simulated`,
  );

async function run(choice: Choice): Promise<void> {
  if ((choice.out === undefined) === (choice.live === undefined))
    command.error('error: say either --out FOLDER or --live FILE');
  if (choice.live !== undefined) {
    const {
      live,
      seed,
      speed,
      members,
      rate = rateUsual.live,
      fraudShare = liveFraudShare,
      withParent = false,
    } = choice;
    return runLive({ file: live, seed, speed, members, rate, fraudShare, withParent });
  }
  const { seed, from: fromMs, rate = rateUsual.files, members, fraudShare = fraudShareUsual } = choice;
  const adversary = choice.adversary === true ? knownLimits : choice.adversary;
  const world = openWorld({ seed, fromMs, rate, members, fraudShare, ...(adversary && { adversary }) });
  const { isTTY } = process.stderr;
  const say = (text: string): void => void (isTTY && process.stderr.write(text));
  const written = await writeWorld({
    world,
    days: choice.days,
    folder: choice.out!,
    gzip: choice.gzip ?? false,
    force: choice.force ?? false,
    onProgress: (part, records) => say(`\r${String(Math.round(part * 100)).padStart(3)} %  ${records} records`),
  });
  say('\r');
  process.stdout.write(`${written.records} records and ${written.frauds} frauds in ${choice.out}\n`);
}

try {
  await run(command.parse().opts<Choice>());
} catch (error) {
  if (!(error instanceof FolderInUse)) throw error;
  command.error(`error: ${error.message} is not empty. Choose another folder, or say --force`);
}
