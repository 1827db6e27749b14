import { Command, Option } from 'commander';
import { identifierTypes } from '@bronze-drum/protocol/identifiers/identifier';
import { identifiersMax, type ScreenResponse } from '../screening/contract.ts';
import { CommandError, connect, type ConnectionOptions } from './connection.ts';
import { shown } from './terminal.ts';

interface Options extends ConnectionOptions {
  readonly type?: string;
  readonly country?: string;
  readonly bank?: string;
  readonly json?: boolean;
}

type Result = ScreenResponse['results'][number];

/** `drum screen ID…`: what the server answers an institution, with what an officer may see besides. */
export function screenCommand(): Command {
  return new Command('screen')
    .description('Say what is known of identifiers, and what the policy advises')
    .argument('<identifier...>', 'numbers, accounts, links … in any usual spelling, or keys such as phone:+66812345678')
    .addOption(new Option('--type <type>', 'what the identifiers are, where they do not say').choices(identifierTypes))
    .option('--country <code>', 'the country whose national spellings apply, e.g. TH')
    .option('--bank <code>', 'the bank of accounts written as bare digits')
    .option('--json', 'print the server’s answer as one JSON object')
    .action(async (identifiers: string[], _options: unknown, self: Command) =>
      screen(identifiers, self.optsWithGlobals<Options>()),
    );
}

async function screen(identifiers: readonly string[], options: Options): Promise<void> {
  if (identifiers.length > identifiersMax) throw new CommandError(`at most ${identifiersMax} identifiers at once`);
  const { type, country, bank } = options;
  const hints = { ...(type && { type }), ...(country && { country: country.toUpperCase() }), ...(bank && { bank }) };
  const asked = { identifiers: identifiers.map((identifier) => ({ identifier, ...hints })) };
  const answer = await (await connect(options)).call<ScreenResponse>('POST', '/v1/screen', asked);
  process.stdout.write(options.json === true ? `${JSON.stringify(answer)}\n` : screenTable(identifiers, answer));
}

const titles = ['identifier', 'advice', 'tiers', 'members', 'since', 'until', 'because of'];

/** The answers as a table, in the order of the questions. */
export function screenTable(asked: readonly string[], { results }: ScreenResponse): string {
  const rows = results.map((result, at) => rowOf(result, asked[at] ?? ''));
  const widths = titles.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const lineOf = (row: readonly string[]): string => row.map((text, column) => text.padEnd(widths[column]!)).join('  ');
  return [titles, ...rows].map((row) => `${lineOf(row).trimEnd()}\n`).join('');
}

function rowOf(result: Result, asked: string): string[] {
  if ('refused' in result) {
    const params = Object.entries(result.params ?? {}).map(([name, value]) => ` ${name} ${value}`);
    return [shown(asked), `refused: ${result.refused}${params.join(',')}`];
  }
  const { identifier, advice, tiers, members, match, since, until, discreet } = result;
  const instant = (text: string | undefined): string => text?.replace(/:\d\d\.\d{3}Z$/, 'Z') ?? '';
  const because = match === undefined ? '' : match.kind === 'exact' ? 'itself' : `${match.kind} ${match.key ?? ''}`;
  const reason = discreet === true ? `${because} (discreet)` : because;
  return [identifier, advice, tiers.join(', '), members.join(', '), instant(since), instant(until), reason];
}
