import { readFile } from 'node:fs/promises';
import { text as readAll } from 'node:stream/consumers';
import { Command, Option } from 'commander';
import {
  orderKinds,
  orderOutcomes,
  orderRefusals,
  orderStates,
  type Order,
  type OrderOutcome,
} from '@bronze-drum/protocol/orders';
import type { OrderDetails, OrderPage, OutcomeReport } from '../orders/contract.ts';
import { CommandError, connect, refusalOf, type Connection, type ConnectionOptions } from './connection.ts';
import { print, printTable } from './officer.ts';
import { counted, shown } from './terminal.ts';

interface ListOptions extends ConnectionOptions {
  readonly state?: string;
  readonly kind?: string;
  readonly subject?: string;
  readonly institution?: string;
  readonly overdue?: boolean;
  readonly waits?: boolean;
  readonly limit: number;
  readonly json?: boolean;
}
interface ShowOptions extends ConnectionOptions {
  readonly json?: boolean;
}
interface AnswerOptions extends ConnectionOptions {
  readonly outcome?: OrderOutcome['outcome'];
  readonly held?: string;
  readonly gone?: string;
  readonly balance?: string;
  readonly refusal?: NonNullable<OrderOutcome['refusal']>;
  readonly reference?: string;
  readonly file?: string;
}

const pageMax = 200;
const limitMax = 10_000;

/** `drum orders …`: what institutions are told to carry out, and what they answered. */
export function ordersCommand(): Command {
  const command = new Command('orders').description('See what institutions are told to carry out, and answer as one');
  command
    .command('list')
    .description('List orders, the newest first; with an institution’s key (--server, DRUM_KEY) its own')
    .addOption(new Option('--state <state>', 'how it stands').choices(orderStates))
    .addOption(new Option('--kind <kind>', 'what is ordered').choices(orderKinds))
    .option('--subject <key>', 'about one account or number, as its key')
    .option('--institution <id>', 'of one institution')
    .option('--overdue', 'only what should have been answered by now')
    .option('--waits', 'only what is to be answered, or its end confirmed')
    .option('--limit <number>', 'so many at the most', readLimit, pageMax)
    .option('--json', 'print one JSON array')
    .action(async (_options: unknown, self: Command) => list(self.optsWithGlobals<ListOptions>()));
  command
    .command('show')
    .description('Show one order with its answer and its history')
    .argument('<id>', 'the order')
    .option('--json', 'print one JSON object')
    .action(async (id: string, _options: unknown, self: Command) => show(id, self.optsWithGlobals<ShowOptions>()));
  command
    .command('answer')
    .description('Say what was done, with the institution’s key: one order, or the rows of a CSV file')
    .argument('[id]', 'the order')
    .addOption(new Option('--outcome <outcome>', 'what was done').choices(orderOutcomes))
    .option('--held <amount>', 'how much is held now, in minor units')
    .option('--gone <amount>', 'what is no longer there, in minor units')
    .option('--balance <amount>', 'of the account now, in minor units')
    .addOption(new Option('--refusal <code>', 'why it is refused').choices(orderRefusals))
    .option('--reference <text>', 'the institution’s own file')
    .option('--file <csv>', 'a sheet of outcomes; - reads standard input')
    .action(async (id: string | undefined, _options: unknown, self: Command) =>
      answer(id, self.optsWithGlobals<AnswerOptions>()),
    );
  return command;
}

function readLimit(text: string): number {
  const limit = Number(text);
  if (Number.isInteger(limit) && limit > 0 && limit <= limitMax) return limit;
  throw new CommandError(`--limit takes a number from 1 to ${limitMax}`);
}

async function list(options: ListOptions): Promise<void> {
  const found = await readOrders(await connect(options), options);
  if (options.json === true) return print(JSON.stringify(found));
  if (found.length === 0) return print('There is no such order.');
  printTable(['ORDER', 'KIND', 'INSTITUTION', 'SUBJECT', 'AMOUNT', 'STATE', 'ANSWER BY'], found.map(orderLine));
}

const brief = (instant: string): string => instant.replace(/\.\d{3}Z$/, 'Z');
const money = ({ amount }: Order): string => (amount === undefined ? '' : `${amount.value} ${amount.currency}`);
const standing = ({ state, ended }: Order): string => (ended === undefined ? state : `${state}: ${ended.why}`);

/** An order as one line of a table. */
export const orderLine = (order: Order): string[] => [
  order.id,
  order.kind,
  order.institution,
  shown(order.subject),
  money(order),
  standing(order),
  brief(order.answerBy),
];

async function readOrders(connection: Connection, options: ListOptions): Promise<Order[]> {
  const { state, kind, subject, institution, overdue, waits, limit } = options;
  const found: Order[] = [];
  let after: string | undefined;
  do {
    const size = Math.min(pageMax, limit - found.length);
    const asked = { state, kind, subject, institution, overdue, waits, after, limit: size };
    const given = Object.entries(asked).filter((pair) => pair[1] !== undefined);
    const query = new URLSearchParams(given.map(([name, value]) => [name, String(value)]));
    const page = await connection.call<OrderPage>('GET', `/v1/orders?${query}`);
    found.push(...page.orders);
    after = page.next;
  } while (after !== undefined && found.length < limit);
  return found;
}

async function show(id: string, options: ShowOptions): Promise<void> {
  const connection = await connect(options);
  const details = await connection.call<OrderDetails>('GET', `/v1/orders/${encodeURIComponent(id)}`);
  if (options.json === true) return print(JSON.stringify(details));
  for (const line of detailLines(details)) print(line);
}

/** An order as an officer reads it. */
export function detailLines({ order, outcome, answeredAt, lateAt, reminders, history }: OrderDetails): string[] {
  const pairs: readonly (readonly [string, string | undefined])[] = [
    ['order', `${order.id}, revision ${order.revision}`],
    ['kind', order.kind],
    ['institution', order.institution],
    ['subject', order.subject],
    ['amount', order.amount && money(order)],
    ['form', order.form],
    ['legal basis', order.legalBasis],
    ['office', `${order.office}, call back ${order.callBack}`],
    ['text', order.text?.text],
    ['issued', brief(order.issuedAt)],
    ['answer by', `${brief(order.answerBy)}${lateAt === undefined ? '' : ', late'}, ${counted(reminders, 'reminder')}`],
    ['until', order.until && brief(order.until)],
    ['state', standing(order)],
    ['confirmed', order.ended?.confirmedAt && brief(order.ended.confirmedAt)],
    ['answer', outcome && `${outcomeText(outcome)}, ${brief(answeredAt!)}`],
  ];
  const facts = pairs.flatMap(([name, value]) =>
    value === undefined ? [] : [`${name.padEnd(12)}${shownWhole(value)}`],
  );
  return [...facts, '', ...history.map(({ at, what, actor }) => `${brief(at)}  ${what.padEnd(11)}  ${shown(actor)}`)];
}

/** A text that others may have made, whole, without what a terminal would obey. */
const shownWhole = (text: string): string => text.replace(/[\p{Cc}\p{Cf}]/gu, '·');

function outcomeText({ outcome, held, gone, refusal, onward, reference }: OrderOutcome): string {
  const said = [
    outcome,
    held && `held ${held}`,
    gone && `gone ${gone}`,
    refusal,
    onward && counted(onward.length, 'onward payment'),
    reference && `file ${reference}`,
  ];
  return said.filter((one) => one !== undefined && one !== '').join(', ');
}

async function answer(id: string | undefined, options: AnswerOptions): Promise<void> {
  const { outcome, held, gone, balance, refusal, reference, file } = options;
  if ((id === undefined) === (file === undefined)) throw new CommandError('give an order and --outcome, or --file');
  const connection = await connect(options);
  if (file !== undefined) return answerSheet(connection, file);
  if (outcome === undefined) throw new CommandError('say what was done: --outcome');
  const said = { outcome, held, gone, balance, refusal, reference };
  const order = await connection.call<Order>('POST', `/v1/orders/${encodeURIComponent(id!)}/outcome`, said);
  print(`${order.id}: ${standing(order)}`);
}

async function answerSheet(connection: Connection, file: string): Promise<void> {
  const body = file === '-' ? await readAll(process.stdin) : await readSheet(file);
  const headers = { ...connection.headers, 'content-type': 'text/csv' };
  const response = await fetch(`${connection.address}/v1/orders/outcomes`, { method: 'POST', headers, body });
  if (!response.ok) throw await refusalOf(response);
  const { answered, refused, skipped, results } = (await response.json()) as OutcomeReport;
  for (const one of results)
    if (one.state === 'refused')
      print(
        `row ${one.row}  ${one.id ?? ''}  refused: ${[one.refused, ...Object.entries(one.params ?? {}).flat()].join(' ')}`,
      );
  print(`${counted(answered, 'order')} answered, ${refused} refused, ${skipped} skipped`);
  if (refused > 0) process.exitCode = 1;
}

async function readSheet(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch {
    throw new CommandError(`${file} cannot be read`);
  }
}
