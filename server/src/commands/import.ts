import { createReadStream } from 'node:fs';
import { stat, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { progress } from '@clack/prompts';
import { Command, Option } from 'commander';
import { tlpLabels } from '@bronze-drum/protocol/handling';
import { identifierTypes } from '@bronze-drum/protocol/identifiers/identifier';
import { offences, sightings, tiers, typologies } from '@bronze-drum/protocol/statements/listing';
import type { ImportTerms } from '../registry/contract.ts';
import { columnRoles, feedFormats, readFeed, type FeedFormat, type FeedOptions } from '../registry/feeds/feeds.ts';
import { CommandError, connect, type ConnectionOptions } from './connection.ts';
import { send, type Sent, type Source } from './import-sending.ts';

interface Options extends ConnectionOptions {
  readonly as?: string;
  readonly country?: string;
  readonly bank?: string;
  readonly source?: string;
  readonly tier: string;
  readonly typology: string[];
  readonly offence: string;
  readonly grade: string;
  readonly grounds?: string;
  readonly audience: string;
  readonly tlp: string;
  readonly sighting?: string;
  readonly discreet?: boolean;
  readonly until?: string;
  readonly format: FeedFormat | 'auto';
  readonly columns?: Record<string, string>;
  readonly delimiter?: string;
  readonly all?: boolean;
  readonly refused?: string;
  readonly json?: boolean;
}

const oneOf = (flags: string, description: string, choices: readonly string[], fallback?: string): Option => {
  const option = new Option(flags, description).choices(choices);
  return fallback === undefined ? option : option.default(fallback);
};

const collect = (value: string, before: string[]): string[] => [
  ...before.filter((one) => one !== 'unspecified'),
  value,
];

/** `drum import FILE`: lists what a feed names, through the server, and says what became of each line. */
export function importCommand(): Command {
  return new Command('import')
    .description(
      'List what a feed names: a plain list, hosts file, CSV, NDJSON, MISP event or STIX bundle, also gzipped',
    )
    .argument('<file>', 'the feed, or - for standard input')
    .addOption(oneOf('--as <type>', 'what the feed lists, where its format does not say', identifierTypes))
    .option('--source <name>', 'the feed’s name, by which it is known again (default: the file’s name)')
    .addOption(oneOf('--tier <tier>', 'strength of evidence', tiers, 'observed'))
    .addOption(
      new Option('--typology <name>', 'pattern of fraud; may be repeated')
        .choices(typologies)
        .argParser(collect)
        .default(['unspecified']),
    )
    .addOption(oneOf('--offence <offence>', 'the offence believed committed', offences, 'telecom-online-fraud'))
    .option('--grade <grade>', 'source A, B, C or X and information 1 to 4', 'C3')
    .option('--grounds <text>', 'why these are listed (default: named by the feed)')
    .option('--audience <who>', 'domestic, alliance, or parties such as kh,la', 'alliance')
    .addOption(oneOf('--tlp <label>', 'Traffic Light Protocol label', tlpLabels, 'AMBER'))
    .addOption(
      oneOf(
        '--sighting <sighting>',
        'for phone numbers: whether they really called, or were only presented',
        sightings,
      ),
    )
    .option('--country <code>', 'the country whose national spellings apply, e.g. TH')
    .option('--bank <code>', 'the bank of accounts written as bare digits')
    .option('--discreet', 'show these listings to no institution')
    .option('--until <instant>', 'when the listings end, e.g. 2027-01-31; never later than the policy allows')
    .addOption(oneOf('--format <format>', 'the feed’s format', [...feedFormats, 'auto'], 'auto'))
    .option(
      '--columns <map>',
      `CSV or NDJSON columns, e.g. identifier=number,grounds=note (${columnRoles.join(', ')})`,
      readColumns,
    )
    .option('--delimiter <character>', 'what separates CSV columns')
    .option('--all', 'of a MISP event also the attributes that are not marked for detection')
    .option('--refused <file>', 'write every refused line with its code to this file')
    .option('--json', 'print the report as one JSON object')
    .action(async (file: string, _options: unknown, command: Command) => run(file, command.optsWithGlobals<Options>()));
}

function readColumns(text: string): Record<string, string> {
  const pairs = text.split(',').map((pair) => pair.split('='));
  const wrong = pairs.find(([role, column]) => !(columnRoles as readonly string[]).includes(role ?? '') || !column);
  if (wrong !== undefined)
    throw new CommandError(`--columns takes role=column pairs; roles are ${columnRoles.join(', ')}`);
  return Object.fromEntries(pairs) as Record<string, string>;
}

async function run(file: string, options: Options): Promise<void> {
  const terms = termsOf(file, options);
  const connection = await connect(options);
  const size = file === '-' ? undefined : await sizeOf(file);
  const bar = process.stderr.isTTY && !options.json ? openBar(size) : undefined;
  try {
    const sent = await send(
      connection,
      terms,
      sourceOf(file, options, (bytes) => bar?.advance(bytes)),
      (items) => bar?.message(`${items.toLocaleString('en')} items`),
      (approval) =>
        process.stderr.write(`A second person has to confirm this import, or it is undone (approval ${approval}).\n`),
    );
    bar?.done();
    await report(sent, options);
  } catch (error) {
    bar?.failed();
    throw error;
  }
}

function termsOf(file: string, options: Options): ImportTerms {
  const source = options.source ?? (file === '-' ? undefined : basename(file));
  if (source === undefined)
    throw new CommandError('--source is needed for standard input: the name by which the feed is known again');
  const grade = /^([ABCX])([1-4])$/.exec(options.grade);
  if (grade === null)
    throw new CommandError(`--grade is a letter A, B, C or X and a digit 1 to 4, not ${options.grade}`);
  const until = options.until === undefined ? undefined : new Date(options.until);
  if (until !== undefined && Number.isNaN(until.getTime()))
    throw new CommandError(`--until is an instant such as 2027-01-31, not ${options.until}`);
  const terms = {
    source,
    ...(options.as && { type: options.as }),
    ...(options.country && { country: options.country.toUpperCase() }),
    ...(options.bank && { bank: options.bank }),
    tier: options.tier,
    typologies: options.typology,
    offence: options.offence,
    grading: { source: grade[1], information: Number(grade[2]) },
    grounds: options.grounds ?? `named by the feed ${source}`,
    audience: /^(domestic|alliance)$/.test(options.audience) ? options.audience : options.audience.split(','),
    handling: { tlp: options.tlp, conditions: [] },
    ...(options.discreet && { discreet: true }),
    ...(options.sighting && { sighting: options.sighting }),
    ...(until && { until: until.toISOString() }),
  };
  // The choices above are the schema's own; the server checks the whole again.
  return terms as ImportTerms;
}

function sourceOf(file: string, options: Options, onBytes: (bytes: number) => void): Source {
  const feed: FeedOptions = {
    format: options.format,
    fileName: file === '-' ? undefined : basename(file),
    columns: options.columns,
    delimiter: options.delimiter,
    includeAll: options.all,
  };
  return {
    again: file !== '-',
    open: () =>
      readFeed(
        counted(file === '-' ? process.stdin : createReadStream(file, { highWaterMark: 256 * 1024 }), onBytes),
        feed,
      ),
  };
}

async function* counted(
  bytes: AsyncIterable<Uint8Array>,
  onBytes: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of bytes) {
    onBytes(chunk.length);
    yield chunk;
  }
}

async function sizeOf(file: string): Promise<number> {
  const found = await stat(file).catch(() => undefined);
  if (found === undefined) throw new CommandError(`there is no file ${file}`);
  if (found.isDirectory()) throw new CommandError(`${file} is a folder: name one file`);
  return found.size;
}

function openBar(size: number | undefined) {
  const bar = progress({ max: Math.max(size ?? 1, 1), output: process.stderr });
  bar.start('reading');
  return {
    advance: (bytes: number) => bar.advance(size === undefined ? 0 : bytes),
    message: (text: string) => bar.message(text),
    done: () => bar.stop('read'),
    failed: () => bar.stop('stopped: run the same command again to go on from here'),
  };
}

const shownRefusals = 20;

async function report(sent: Sent, options: Options): Promise<void> {
  if (options.refused !== undefined) {
    await writeFile(options.refused, sent.refusals.map((refusal) => `${JSON.stringify(refusal)}\n`).join(''));
  }
  if (options.json) {
    const { refusals, ...counts } = sent;
    process.stdout.write(`${JSON.stringify({ ...counts, refusals: refusals.slice(0, 1000) })}\n`);
    return;
  }
  const lines = [`taken          ${sent.taken}`, `already known  ${sent.known}`, `refused        ${sent.refused}`];
  for (const [reason, count] of Object.entries(sent.skipped)) lines.push(`passed over    ${count} (${reason})`);
  for (const { line, refused } of sent.refusals.slice(0, shownRefusals)) lines.push(`  line ${line}: ${refused}`);
  if (sent.refused > shownRefusals)
    lines.push(
      `  and ${sent.refused - shownRefusals} more${options.refused ? '' : ': --refused FILE writes them all'}`,
    );
  process.stdout.write(`${lines.join('\n')}\n`);
}
