import { Command, Option } from 'commander';
import type { Money } from '@bronze-drum/protocol/fields';
import { holdStates } from '@bronze-drum/protocol/statements/trace-report';
import type { Trace, TracePage, TraceSummary } from '../funds/contract.ts';
import { CommandError, connect, type Connection, type ConnectionOptions } from './connection.ts';
import { print, printTable } from './officer.ts';
import { counted, shown } from './terminal.ts';
import { treeOf } from './trace-tree.ts';

interface Options extends ConnectionOptions {
  readonly state?: string;
  readonly limit: number;
  readonly json?: boolean;
}

const pageMax = 200;
const limitMax = 10_000;

/** `drum trace`: where stolen money went, and what was saved. */
export function traceCommand(): Command {
  const list = new Command('list')
    .description('List the traces of stolen money, the newest first')
    .addOption(new Option('--state <state>', 'by default all').choices(['open', 'closed']))
    .option('--limit <number>', 'so many at the most', readLimit, pageMax)
    .option('--json', 'print one JSON array')
    .action(async (_options: unknown, self: Command) => listTraces(self.optsWithGlobals<Options>()));
  const show = new Command('show')
    .description('Show one trace as a tree: where every unit went, what is held, and what is lost')
    .argument('<id>', 'the trace, or how its id begins')
    .option('--json', 'print one JSON object')
    .action(async (id: string, _options: unknown, self: Command) => showTrace(id, self.optsWithGlobals<Options>()));
  return new Command('trace')
    .description('Where stolen money went, and what was saved')
    .addCommand(list)
    .addCommand(show);
}

function readLimit(text: string): number {
  const limit = Number(text);
  if (Number.isInteger(limit) && limit > 0 && limit <= limitMax) return limit;
  throw new CommandError(`--limit takes a number from 1 to ${limitMax}`);
}

async function listTraces(options: Options): Promise<void> {
  const found = await readAll(await connect(options), options);
  if (options.json === true) return print(JSON.stringify(found));
  if (found.length === 0) return print('Nothing is traced yet: a victim’s report opens a trace.');
  printTable(
    ['TRACE', 'REPORTED', 'AMOUNT', 'HELD', 'OPEN', 'LOST', 'MEMBERS', 'HOLDS', 'STATE'],
    found.map((trace) => [
      trace.id,
      trace.reportedAt.replace(/\.\d{3}Z$/, 'Z'),
      inWords(trace.amount),
      inWords(saved(trace)),
      inWords(trace.open),
      inWords(trace.lost),
      trace.members.join(' '),
      holdsInWords(trace),
      trace.from === null ? trace.state : `${trace.state}, for ${trace.from.member}`,
    ]),
  );
}

async function readAll(connection: Connection, { state, limit }: Options): Promise<TraceSummary[]> {
  const found: TraceSummary[] = [];
  let after: string | undefined;
  do {
    const asked = { state, after, limit: String(Math.min(pageMax, limit - found.length)) };
    const given = Object.entries(asked).filter((pair) => pair[1] !== undefined);
    const page = await connection.call<TracePage>(
      'GET',
      `/v1/traces?${new URLSearchParams(given as [string, string][])}`,
    );
    found.push(...page.traces);
    after = page.next;
  } while (after !== undefined && found.length < limit);
  return found;
}

async function showTrace(begun: string, options: Options): Promise<void> {
  const connection = await connect(options);
  const id = await wholeId(connection, begun);
  const trace = await connection.call<Trace>('GET', `/v1/traces/${encodeURIComponent(id)}`);
  if (options.json === true) return print(JSON.stringify(trace));
  const asked = trace.from === null ? '' : ` for ${trace.from.member}`;
  print(`Trace ${trace.id}${asked}, ${trace.state}, by ${trace.method}`);
  print(`${inWords(trace.amount)}, reported ${trace.reportedAt}, ${shown(trace.typology)}`);
  for (const line of treeOf(trace, inWords)) print(line);
  const { held, seized, returned, open, lost } = trace;
  print('');
  printTable(['HELD', 'SEIZED', 'RETURNED', 'STILL OPEN', 'LOST'], [[held, seized, returned, open, lost].map(inWords)]);
  const { firstHoldAt } = trace;
  if (firstHoldAt !== null)
    print(`The first hold came ${duration(Date.parse(firstHoldAt) - Date.parse(trace.reportedAt))} after the report.`);
  if (trace.requests.length > 0)
    print(
      `Asked: ${trace.requests.map(({ member, state, amount }) => `${member} (${inWords(amount)}, ${state})`).join(', ')}`,
    );
}

/** An id may be typed by its beginning. */
async function wholeId(connection: Connection, begun: string): Promise<string> {
  if (/^[0-9a-f-]{36}$/.test(begun)) return begun;
  const all = await readAll(connection, { data: '', limit: 1000 });
  const like = all.filter(({ id }) => id.startsWith(begun));
  if (like.length === 1) return like[0]!.id;
  throw new CommandError(
    like.length === 0
      ? `no trace begins with ${shown(begun)}`
      : `${counted(like.length, 'trace')} begin with ${shown(begun)}`,
  );
}

/** Of currencies that people do not divide, ISO 4217 has no minor unit. */
const undivided = new Set(['VND', 'JPY', 'KRW']);

function inWords({ value, currency }: Money): string {
  const minor = BigInt(value);
  if (undivided.has(currency)) return `${minor.toLocaleString('en')} ${currency}`;
  const cents = String(minor % 100n).padStart(2, '0');
  return `${(minor / 100n).toLocaleString('en')}${cents === '00' ? '' : `.${cents}`} ${currency}`;
}

const saved = ({ held, seized, returned }: TraceSummary): Money => ({
  ...held,
  value: String(BigInt(held.value) + BigInt(seized.value) + BigInt(returned.value)),
});

const holdsInWords = ({ holds }: TraceSummary): string =>
  holdStates.flatMap((state) => (holds[state] === undefined ? [] : [`${holds[state]} ${state}`])).join(', ');

function duration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 120) return counted(seconds, 'second');
  const minutes = Math.round(seconds / 60);
  return minutes < 120 ? counted(minutes, 'minute') : counted(Math.round(minutes / 60), 'hour');
}
