import { Command } from 'commander';
import type { ScreenResponse } from '../screening/contract.ts';
import { connect, type ConnectionOptions } from './connection.ts';
import { printTable } from './officer.ts';

interface Options extends ConnectionOptions {
  readonly country?: string;
  readonly json?: boolean;
}

/** `drum screen ID…`: asks the server what is known of identifiers, as a bank would. */
export function screenCommand(): Command {
  return new Command('screen')
    .description('Ask what is known of identifiers')
    .argument('<identifiers...>', 'in any spelling, or keys such as ip:45.66.77.88')
    .option('--country <code>', 'the country whose national spellings apply, e.g. TH')
    .option('--json', 'print the answer as one JSON object')
    .action(async (identifiers: string[], _options: unknown, command: Command) =>
      screen(identifiers, command.optsWithGlobals<Options>()),
    );
}

async function screen(identifiers: readonly string[], options: Options): Promise<void> {
  const connection = await connect(options);
  const country = options.country?.toUpperCase();
  const items = identifiers.map((identifier) => (country === undefined ? identifier : { identifier, country }));
  const answer = await connection.call<ScreenResponse>('POST', '/v1/screen', { identifiers: items });
  if (options.json === true) {
    process.stdout.write(`${JSON.stringify(answer)}\n`);
    return;
  }
  const rows = answer.results.map((result, at) => {
    if ('refused' in result) return [identifiers[at]!, 'refused', result.refused, '', '', ''];
    const { identifier, advice, tiers, members, match, until } = result;
    const matched = match === undefined ? '' : [match.kind, match.key].filter(Boolean).join(' ');
    return [identifier, advice, tiers.join(', '), members.join(', '), matched, until?.slice(0, 10) ?? ''];
  });
  printTable(['IDENTIFIER', 'ADVICE', 'TIER', 'LISTED BY', 'MATCHED', 'UNTIL'], rows);
}
