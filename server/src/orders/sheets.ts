import { parse, CsvError } from 'csv-parse/sync';
import { Compile } from 'typebox/compile';
import { languages } from '@bronze-drum/protocol/languages';
import { OrderOutcome, type Order } from '@bronze-drum/protocol/orders';
import { refusal, type Refusal } from '@bronze-drum/protocol/refusals';
import { refuse } from '../kernel/refusals.ts';

/** Orders as a spreadsheet reads them, and the same sheet back with what was done. */

const columns: readonly (readonly [string, (order: Order) => string | undefined])[] = [
  ['id', ({ id }) => id],
  ['revision', ({ revision }) => String(revision)],
  ['kind', ({ kind }) => kind],
  ['institution', ({ institution }) => institution],
  ['subject', ({ subject }) => subject],
  ['amount', ({ amount }) => amount?.value],
  ['currency', ({ amount, payment }) => amount?.currency ?? payment?.amount.currency],
  ['leave', ({ leave }) => leave?.value],
  ['payment_from', ({ payment }) => payment?.from],
  ['payment_to', ({ payment }) => payment?.to],
  ['payment_amount', ({ payment }) => payment?.amount.value],
  ['payment_at', ({ payment }) => payment?.at],
  ['payment_reference', ({ payment }) => payment?.reference],
  ['issued_at', ({ issuedAt }) => issuedAt],
  ['answer_by', ({ answerBy }) => answerBy],
  ['until', ({ until }) => until],
  ['state', ({ state }) => state],
  ['ended', ({ ended }) => ended?.why],
  ['confirm_by', ({ ended }) => (ended?.confirmedAt === undefined ? ended?.confirmBy : undefined)],
  ['office', ({ office }) => office],
  ['call_back', ({ callBack }) => callBack],
  ['form', ({ form }) => form],
  ['legal_basis', ({ legalBasis }) => legalBasis],
  ['safe_harbour', ({ safeHarbour }) => safeHarbour],
  ['text', ({ text }) => text?.text],
  ['signature', ({ signature }) => signature],
];
/** Empty in what we give: for the institution to fill in. */
const answerColumns = ['outcome', 'held', 'gone', 'balance', 'refusal', 'reference', 'note', 'language'];

/** CSV as RFC 4180 has it. */
export function ordersSheet(orders: readonly Order[]): string {
  const lines = [
    [...columns.map(([name]) => name), ...answerColumns],
    ...orders.map((order) => [...columns.map(([, value]) => cell(value(order) ?? '')), ...answerColumns.map(() => '')]),
  ];
  return lines.map((line) => `${line.join(',')}\r\n`).join('');
}

const formula = /^[=+\-@\t\r\n]/;

/** A spreadsheet would carry out a cell that begins like a formula: an apostrophe makes it a text. */
function cell(value: string): string {
  const tame = formula.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(tame) ? `"${tame.replaceAll('"', '""')}"` : tame;
}

const sheetRowsMax = 1000;
const recordBytesMax = 64 * 1024;

export interface SheetRow {
  /** Of the file, with its head as the first. */
  readonly row: number;
  readonly id?: string;
  /** Undefined if the row names no outcome. */
  readonly read: OrderOutcome | Refusal | undefined;
}

const isOutcome = Compile(OrderOutcome);
const isId = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * The outcomes in a CSV file whose head names its columns, in any order and among others: `id`, `outcome`, and where they apply
 * `revision`, `held`, `gone`, `balance`, `refusal`, `reference`, `note` and its `language` (`en` unless said). Commas, semicolons or tabs. Refuses
 * a file that is none with `malformed.csv`, and one with more than a thousand rows.
 */
export function readOutcomeSheet(text: string): SheetRow[] {
  if (text.includes('\0')) refuse('malformed.nul');
  const [head, ...rows] = records(text);
  const names = (head ?? []).map((name) => name.trim().toLowerCase());
  for (const name of ['id', 'outcome']) if (!names.includes(name)) refuse('malformed.csv', { missing: name });
  if (new Set(names.filter((name) => name !== '')).size !== names.filter((name) => name !== '').length)
    refuse('malformed.csv', { why: 'columns' });
  if (rows.length > sheetRowsMax) refuse('too-large.rows', { most: sheetRowsMax });
  return rows.map((values, index) => readRow(index + 2, new Map(names.map((name, at) => [name, plain(values[at])]))));
}

function records(text: string): string[][] {
  const head = text.slice(0, 4096).split(/\r?\n/, 1)[0]!;
  const delimiter = [',', ';', '\t'].find((one) => head.includes(one)) ?? ',';
  try {
    return parse(text, {
      bom: true,
      delimiter,
      relax_column_count: true,
      skip_empty_lines: true,
      max_record_size: recordBytesMax,
      to: sheetRowsMax + 2,
    });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    return refuse('malformed.csv', { line: typeof error['lines'] === 'number' ? error['lines'] : 0 });
  }
}

/** Without the apostrophe before what looks like a formula. */
function plain(value: string | undefined): string {
  const trimmed = (value ?? '').trim();
  return trimmed.startsWith("'") && formula.test(trimmed.slice(1)) ? trimmed.slice(1) : trimmed;
}

function readRow(row: number, values: ReadonlyMap<string, string>): SheetRow {
  const value = (name: string): string | undefined => values.get(name) || undefined;
  const id = value('id')?.toLowerCase();
  const outcome = value('outcome')?.toLowerCase();
  if (outcome === undefined) return { row, ...(id !== undefined && isId.test(id) && { id }), read: undefined };
  if (id === undefined || !isId.test(id)) return { row, read: refusal('malformed.csv', { column: 'id' }) };
  const note = value('note');
  const language = value('language')?.toLowerCase() ?? 'en';
  const revision = value('revision');
  const said = {
    outcome,
    ...(revision !== undefined && { revision: /^\d{1,9}$/.test(revision) ? Number(revision) : revision }),
    ...Object.fromEntries(
      ['held', 'gone', 'balance', 'reference'].flatMap((name) =>
        value(name) === undefined ? [] : [[name, value(name)]],
      ),
    ),
    ...(value('refusal') !== undefined && { refusal: value('refusal')!.toLowerCase() }),
    ...(note !== undefined && { note: { language, text: note } }),
  };
  if (isOutcome.Check(said)) return { row, id, read: said };
  if (note !== undefined && !(languages as readonly string[]).includes(language))
    return { row, id, read: refusal('malformed.csv', { column: 'language' }) };
  const [first] = isOutcome.Errors(said);
  return {
    row,
    id,
    read: refusal('malformed.csv', { column: (first?.instancePath ?? '').split('/')[1] ?? 'outcome' }),
  };
}
