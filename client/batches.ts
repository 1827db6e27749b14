import type { Refusal } from '@bronze-drum/protocol/refusals';
import { untilAnswered, type Retrying } from './retrying.ts';
import { ClientOutage, ClientRefused, paramsOf } from './trouble.ts';
import type { Wire } from './wire.ts';

export const recordStates = ['accepted', 'known', 'refused'] as const;
/** Taken now; taken before, from an earlier attempt or a repetition; not taken, for a reason. */
export type RecordState = (typeof recordStates)[number];

export interface LineResult {
  /** The first line is 1. */
  readonly line: number;
  /** The record's, if the server could read it. */
  readonly id?: string;
  readonly state: RecordState;
  readonly refused?: string;
  readonly params?: NonNullable<Refusal['params']>;
}

/** What the server says of a batch. */
export interface BatchReport {
  readonly accepted: number;
  readonly known: number;
  readonly refused: number;
  /** Of the lines that were not newly accepted, in order. */
  readonly results: readonly LineResult[];
}

/** What became of one record. */
export interface RecordOutcome {
  readonly state: RecordState;
  readonly refused?: string;
  readonly params?: NonNullable<Refusal['params']>;
}

export interface BatchSending extends Retrying {
  readonly wire: Wire;
  readonly path: string;
}

/**
 * Sends lines of JSON until the server has settled each of them, in halves where it takes no such batch. `settled` hears of
 * each part, from the first line to the last, as soon as it is durable at the server. Throws a refusal that concerns not a
 * record but the sender; the parts that were settled before stay so.
 */
export async function sendLines<Line extends { readonly text: string }>(
  lines: readonly Line[],
  sending: BatchSending,
  settled: (lines: readonly Line[], outcomes: readonly RecordOutcome[]) => void,
): Promise<void> {
  const { wire, path, ended } = sending;
  const body = lines.map(({ text }) => text).join('\n');
  try {
    const outcomes = await untilAnswered(async () => {
      const answer = await wire.call('POST', path, { body, contentType: 'application/x-ndjson', ended });
      return outcomesOf(readReport(answer), lines.length);
    }, sending);
    settled(lines, outcomes);
  } catch (error) {
    if (!(error instanceof ClientRefused && isOfTheBatch(error))) throw error;
    if (lines.length === 1) {
      settled(lines, [{ state: 'refused', refused: error.code, params: error.params }]);
      return;
    }
    const half = Math.ceil(lines.length / 2);
    await sendLines(lines.slice(0, half), sending, settled);
    await sendLines(lines.slice(half), sending, settled);
  }
}

/** Whether another batch might be taken: it is too large, or one line spoils it. */
function isOfTheBatch({ status, code }: ClientRefused): boolean {
  return status === 413 || (status === 400 && code.startsWith('malformed.'));
}

/** The outcome of each line, in order. An answer that does not account for all of them says nothing of any. */
function outcomesOf(report: BatchReport, lines: number): RecordOutcome[] {
  const outcomes = Array.from({ length: lines }, (): RecordOutcome => ({ state: 'accepted' }));
  const counts = { accepted: lines, known: 0, refused: 0 };
  const seen = new Set<number>();
  for (const { line, state, refused, params } of report.results) {
    if (line < 1 || line > lines || seen.has(line)) throw new ClientOutage('unreadable', 200);
    seen.add(line);
    outcomes[line - 1] = { state, ...(refused !== undefined && { refused }), ...(params && { params }) };
    counts.accepted -= 1;
    counts[state] += 1;
  }
  const isWhole =
    counts.accepted === report.accepted && counts.known === report.known && counts.refused === report.refused;
  if (!isWhole) throw new ClientOutage('unreadable', 200);
  return outcomes;
}

/** Checks that an answer is a report, since it decides what is never sent again. Throws ClientOutage. */
export function readReport(answer: unknown): BatchReport {
  const { accepted, known, refused, results } = (answer ?? {}) as Partial<Record<keyof BatchReport, unknown>>;
  const isReport = [accepted, known, refused].every(isCount) && Array.isArray(results);
  if (!isReport) throw new ClientOutage('unreadable', 200);
  return {
    accepted: accepted as number,
    known: known as number,
    refused: refused as number,
    results: (results as unknown[]).map(readResult),
  };
}

function readResult(value: unknown): LineResult {
  const { line, id, state, refused, params } = (value ?? {}) as Partial<Record<keyof LineResult, unknown>>;
  const isResult =
    isCount(line) &&
    (recordStates as readonly unknown[]).includes(state) &&
    (state !== 'refused' || typeof refused === 'string');
  if (!isResult) throw new ClientOutage('unreadable', 200);
  return {
    line: line as number,
    state: state as RecordState,
    ...(typeof id === 'string' && { id }),
    ...(typeof refused === 'string' && { refused }),
    ...(params !== undefined && { params: paramsOf(params) }),
  };
}

function isCount(value: unknown): boolean {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
