import { Command, Option } from 'commander';
import { alertKinds, alertPriorities } from '@bronze-drum/protocol/alerts';
import { openClient } from '@bronze-drum/client/client';
import { ClientRefused } from '@bronze-drum/client/trouble';
import { alertStates, type Alert, type AlertPage } from '../alerts/contract.ts';
import { CommandError, connect, type Connection, type ConnectionOptions } from './connection.ts';
import { print, printTable } from './officer.ts';
import { shown } from './terminal.ts';

interface Options extends ConnectionOptions {
  readonly state?: string;
  readonly kind?: string;
  readonly priority?: string;
  readonly subject?: string;
  readonly limit: number;
  readonly json?: boolean;
  readonly follow?: boolean;
}

const pageMax = 200;
const limitMax = 10_000;

/** `drum alerts`: what somebody should look at now. */
export function alertsCommand(): Command {
  return new Command('alerts')
    .description('List what somebody should look at now, the most urgent first, or follow it as it happens')
    .addOption(new Option('--state <state>', 'by default all that are not closed').choices(alertStates))
    .addOption(new Option('--kind <kind>', 'why').choices(alertKinds))
    .addOption(new Option('--priority <priority>', 'how urgent').choices(alertPriorities))
    .option('--subject <key>', 'about one identifier, as its key')
    .option('--limit <number>', 'so many at the most', readLimit, pageMax)
    .option('--json', 'print one JSON array; with --follow, one JSON object a line')
    .option('--follow', 'go on with what happens, until Ctrl-C')
    .action(async (_options: unknown, self: Command) => alerts(self.optsWithGlobals<Options>()));
}

function readLimit(text: string): number {
  const limit = Number(text);
  if (Number.isInteger(limit) && limit > 0 && limit <= limitMax) return limit;
  throw new CommandError(`--limit takes a number from 1 to ${limitMax}`);
}

async function alerts(options: Options): Promise<void> {
  const connection = await connect(options);
  if (options.follow === true) return follow(connection, options);
  const found = await readAll(connection, options);
  if (options.json === true) return print(JSON.stringify(found.map(outside)));
  if (found.length === 0) return print('There is nothing to look at.');
  printTable(
    ['PRIORITY', 'KIND', 'SUBJECT', 'STATE', 'TIME', 'TIMES', 'OWNER'],
    found.map(({ priority, kind, subject, state, at, count, owner }) => [
      priority,
      kind,
      shown(subject),
      state,
      at.replace(/\.\d{3}Z$/, 'Z'),
      String(count),
      owner ?? '',
    ]),
  );
}

/** What the command tells of an alert, with its time under the name that a list of events has it. */
const outside = ({ at, ...alert }: Alert) => ({ ...alert, time: at });

async function readAll(connection: Connection, options: Options): Promise<Alert[]> {
  const { state, kind, priority, subject, limit } = options;
  const asked = { for: 'all', state, kind, priority, subject };
  const found: Alert[] = [];
  let after: string | undefined;
  do {
    const size = String(Math.min(pageMax, limit - found.length));
    const given = Object.entries({ ...asked, after, limit: size }).filter((pair) => pair[1] !== undefined);
    const query = new URLSearchParams(given as [string, string][]);
    const page = await connection.call<AlertPage>('GET', `/v1/alerts?${query}`);
    found.push(...page.alerts);
    after = page.next;
  } while (after !== undefined && found.length < limit);
  return found;
}

async function follow(connection: Connection, { json, kind, priority }: Options): Promise<void> {
  const key = connection.headers['authorization']!.replace('Bearer ', '');
  const client = openClient({ server: connection.address, key, purpose: 'operation' });
  // Whoever reads on may have had enough: `drum alerts --follow | head`.
  process.stdout.on('error', () => process.exit(0));
  if (json !== true) process.stderr.write('Following; Ctrl-C ends it.\n');
  try {
    for await (const { event, data } of client.alerts.stream()) {
      if (event === 'more' && json !== true) print('… more than can be shown: see the list with npx drum alerts');
      if (event !== 'alert') continue;
      const alert = data as Alert;
      if ((kind ?? alert.kind) !== alert.kind || (priority ?? alert.priority) !== alert.priority) continue;
      if (json === true) print(JSON.stringify(outside(alert)));
      else
        print(
          `${alert.at}  ${alert.priority}  ${alert.kind}  ${shown(alert.subject)}  ${alert.state}, ${alert.count} times`,
        );
    }
  } catch (error) {
    throw error instanceof ClientRefused ? new CommandError(error.message, error.code) : error;
  }
}
