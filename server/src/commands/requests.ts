import { Command, Option } from 'commander';
import { requestKinds, requestPriorities, requestStates } from '@bronze-drum/protocol/requests';
import { languages, type Language } from '@bronze-drum/protocol/languages';
import type { Conversation, Request, RequestPage, Scorecard } from '../liaison/contract.ts';
import { CommandError, connect, refusalOf, type Connection, type ConnectionOptions } from './connection.ts';
import { print, printTable } from './officer.ts';

interface Options extends ConnectionOptions {
  readonly json?: boolean;
}
interface ListOptions extends Options {
  readonly direction?: string;
  readonly state?: string;
  readonly kind?: string;
  readonly priority?: string;
  readonly with?: string;
  readonly mine?: boolean;
  readonly overdue?: boolean;
  readonly limit: number;
}
interface ShowOptions extends Options {
  readonly language: Language;
}
interface ScorecardOptions extends Options {
  readonly from?: string;
  readonly until?: string;
}

/** What a terminal would obey. Joiners and spaces without width stay: Khmer and Burmese are written with them. */
const controls = /[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu;

const pageMax = 200;
const limitMax = 10_000;

/** `drum requests`: what members ask of each other. */
export function requestsCommand(): Command {
  const command = new Command('requests').description('See what other members ask, and what was asked of them');
  command
    .command('list')
    .description('List requests, the newest first')
    .addOption(new Option('--direction <direction>', 'in: to us; out: from us').choices(['in', 'out']))
    .addOption(new Option('--state <state>', 'how it stands').choices(requestStates))
    .addOption(new Option('--kind <kind>', 'what is asked').choices(requestKinds))
    .addOption(new Option('--priority <priority>', 'how urgent').choices(requestPriorities))
    .option('--with <member>', 'from or to one member')
    .option('--mine', 'only what I have in hand')
    .option('--overdue', 'only what is late')
    .option('--limit <number>', 'so many at the most', readLimit, pageMax)
    .option('--json', 'print one JSON array')
    .action(async (_options: unknown, self: Command) => list(self.optsWithGlobals<ListOptions>()));
  command
    .command('show <id>')
    .description('Print one request with all that was said about it, as it is sent over I-24/7')
    .addOption(new Option('--language <language>', 'in which to print it').choices(languages).default('en'))
    .option('--json', 'print everything that is known here of it as JSON')
    .action(async (id: string, _options: unknown, self: Command) => show(id, self.optsWithGlobals<ShowOptions>()));
  command
    .command('scorecard')
    .description('Print how soon requests were acknowledged and answered, by pair of members and kind')
    .option('--from <instant>', 'sent from then on; by default 30 days ago')
    .option('--until <instant>', 'sent before then; by default now')
    .option('--json', 'print one JSON object')
    .action(async (_options: unknown, self: Command) => scorecard(self.optsWithGlobals<ScorecardOptions>()));
  return command;
}

function readLimit(text: string): number {
  const limit = Number(text);
  if (Number.isInteger(limit) && limit > 0 && limit <= limitMax) return limit;
  throw new CommandError(`--limit takes a number from 1 to ${limitMax}`);
}

const queryOf = (asked: Readonly<Record<string, string | undefined>>): string =>
  new URLSearchParams(
    Object.entries(asked).filter((pair): pair is [string, string] => pair[1] !== undefined),
  ).toString();

async function list(options: ListOptions): Promise<void> {
  const found = await readAll(await connect(options), options);
  if (options.json === true) return print(JSON.stringify(found));
  if (found.length === 0) return print('There are no requests.');
  printTable(
    ['ID', 'PRIORITY', 'KIND', 'FROM', 'TO', 'STATE', 'SENT', 'OWNER', 'LATE'],
    found.map(({ id, priority, kind, from, to, state, sentAt, owner, overdue }) => [
      id,
      priority,
      kind,
      from,
      to,
      state,
      sentAt?.replace(/\.\d{3}Z$/, 'Z') ?? '',
      owner ?? '',
      overdue.join(' '),
    ]),
  );
}

async function readAll(connection: Connection, options: ListOptions): Promise<Request[]> {
  const { direction, state, kind, priority, limit } = options;
  const asked = {
    direction,
    state,
    kind,
    priority,
    member: options.with,
    ...(options.mine === true && { mine: 'true' }),
    ...(options.overdue === true && { overdue: 'true' }),
  };
  const found: Request[] = [];
  let after: string | undefined;
  do {
    const size = String(Math.min(pageMax, limit - found.length));
    const page = await connection.call<RequestPage>('GET', `/v1/requests?${queryOf({ ...asked, after, limit: size })}`);
    found.push(...page.requests);
    after = page.next;
  } while (after !== undefined && found.length < limit);
  return found;
}

async function show(id: string, { language, json, ...options }: ShowOptions): Promise<void> {
  const connection = await connect(options);
  const path = `/v1/requests/${encodeURIComponent(id)}`;
  if (json === true) return print(JSON.stringify(await connection.call<Conversation>('GET', path)));
  const { address, headers } = connection;
  const response = await fetch(`${address}${path}/plain?language=${language}`, { headers });
  if (!response.ok) throw await refusalOf(response);
  for (const line of (await response.text()).trimEnd().split('\n')) print(line.replace(controls, '·'));
}

async function scorecard({ from, until, json, ...options }: ScorecardOptions): Promise<void> {
  const connection = await connect(options);
  const card = await connection.call<Scorecard>('GET', `/v1/liaison/scorecard?${queryOf({ from, until })}`);
  if (json === true) return print(JSON.stringify(card));
  if (card.rows.length === 0) return print('No requests were sent in that time.');
  const minutes = (value: number | null): string => (value === null ? '' : `${Math.round(value * 10) / 10} min`);
  const share = (value: number | null): string => (value === null ? '' : `${Math.round(value * 100)} %`);
  printTable(
    ['FROM', 'TO', 'KIND', 'COUNT', 'ACK MEDIAN', 'P90', 'ON TIME', 'ANSWER MEDIAN', 'P90', 'ON TIME'],
    card.rows.map(({ asking, asked, kind, count, acknowledged, answered }) => [
      asking,
      asked,
      kind,
      String(count),
      minutes(acknowledged.median),
      minutes(acknowledged.p90),
      share(acknowledged.onTime),
      minutes(answered.median),
      minutes(answered.p90),
      share(answered.onTime),
    ]),
  );
}
