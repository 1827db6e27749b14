import type { Hints } from '@bronze-drum/protocol/identifiers/identifier';
import type { ScreenResponse } from '../../../../server/src/screening/contract.ts';
import type { Refused } from '../../link/call.ts';

export type Screened = Extract<ScreenResponse['results'][number], { advice: string }>;
export type Advice = Screened['advice'];

/** The strongest first. */
const advices: readonly Advice[] = ['block', 'hold', 'challenge', 'watch', 'clear'];

/** What was asked, and what is known of it or why it cannot be read. */
export interface Checked {
  /** Of the list, from 1. */
  readonly line: number;
  readonly text: string;
  readonly answer: Screened | { readonly refused: string; readonly params?: Refused['params'] };
}

/** A line of a list; one that could not be read is refused before it is asked. */
export interface Asked {
  readonly line: number;
  readonly text: string;
  readonly refused?: string;
}

export const isScreened = (answer: Checked['answer']): answer is Screened => 'advice' in answer;
/** What it is filtered by. */
export const verdictOf = ({ answer }: Checked): Advice | 'unread' => (isScreened(answer) ? answer.advice : 'unread');
export const verdicts = [...advices, 'unread'] as const;

/** So many the desk takes of one list. */
export const linesMax = 100_000;
const batchMax = 10_000;
/** A call may have 16 MiB; a character has up to three bytes, and more if it is escaped. */
const batchCharsMax = 2_000_000;

/** The lines of a text, without empty ones and comments. */
export function linesOf(text: string): Asked[] {
  return text
    .split(/\r?\n/)
    .map((line, at) => ({ line: at + 1, text: line.trim() }))
    .filter(({ text: one }) => one !== '' && !one.startsWith('#'));
}

/** In as many calls as the server's limits ask for, in their order. */
export function batchesOf(asked: readonly Asked[]): Asked[][] {
  const batches: Asked[][] = [];
  let chars = 0;
  for (const one of asked) {
    const batch = batches.at(-1);
    if (batch === undefined || batch.length === batchMax || chars + one.text.length > batchCharsMax) {
      batches.push([one]);
      chars = one.text.length;
    } else {
      batch.push(one);
      chars += one.text.length;
    }
  }
  return batches;
}

/** What is sent of a batch: without the lines that are refused already. */
export function itemsOf(batch: readonly Asked[], hints: Hints): (Hints & { identifier: string })[] {
  return batch.filter(({ refused }) => refused === undefined).map(({ text }) => ({ identifier: text, ...hints }));
}

/** The answers beside what was asked. */
export function checkedOf(batch: readonly Asked[], results: ScreenResponse['results']): Checked[] {
  let at = 0;
  return batch.map(({ line, text, refused }) => {
    const answer = refused === undefined ? results[at++] : undefined;
    return { line, text, answer: answer ?? { refused: refused ?? 'family.other' } };
  });
}

export function countsOf(checked: readonly Checked[]): Readonly<Record<Advice | 'unread', number>> {
  const counts = { block: 0, hold: 0, challenge: 0, watch: 0, clear: 0, unread: 0 };
  for (const one of checked) counts[verdictOf(one)] += 1;
  return counts;
}

/** What must be acted on first: the strongest advice, what could not be read after it, what is clear at the end. */
const order: readonly (Advice | 'unread')[] = ['block', 'hold', 'challenge', 'unread', 'watch', 'clear'];
export const urgentFirst = (checked: readonly Checked[]): Checked[] =>
  checked.toSorted((a, b) => order.indexOf(verdictOf(a)) - order.indexOf(verdictOf(b)) || a.line - b.line);

const columns = [
  'line',
  'asked',
  'identifier',
  'advice',
  'tiers',
  'typologies',
  'members',
  'listed',
  'until',
  'reference',
  'refused',
];
const formula = /^[=+\-@\t\r\n]/;

/** A spreadsheet would carry out a cell that begins like a formula: an apostrophe makes it a text. */
function cell(value: string): string {
  const tame = formula.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(tame) ? `"${tame.replaceAll('"', '""')}"` : tame;
}

/** The results as a table in the order of the list, with a mark at its beginning by which spreadsheets know UTF-8. */
export function csvOf(checked: readonly Checked[]): string {
  const rows = checked.map(({ line, text, answer }) =>
    isScreened(answer)
      ? [
          String(line),
          text,
          answer.identifier,
          answer.advice,
          answer.tiers.join(' '),
          answer.typologies.join(' '),
          answer.members.join(' '),
          answer.match === undefined ? '' : (answer.match.key ?? answer.identifier),
          answer.until ?? '',
          answer.reference ?? '',
          '',
        ]
      : [String(line), text, '', '', '', '', '', '', '', '', answer.refused],
  );
  return `\ufeff${[columns, ...rows].map((row) => `${row.map(cell).join(',')}\r\n`).join('')}`;
}

/** The column in which identifiers most likely stand, by its name; the first if none says so. */
export function likelyColumn(names: readonly string[]): number {
  const wanted = [
    'identifier',
    'key',
    'account',
    'iban',
    'phone',
    'msisdn',
    'number',
    'wallet',
    'url',
    'domain',
    'email',
    'ip',
  ];
  for (const word of wanted) {
    const at = names.findIndex((name) => name.toLowerCase().includes(word));
    if (at !== -1) return at;
  }
  return 0;
}
