import { useSyncExternalStore } from 'react';
import type { BatchReport, ImportBatch, ImportItem, ImportReport } from '../../../../server/src/registry/contract.ts';
import { get, post, Refused } from '../../link/call.ts';
import { itemOf, type Columns, type LineRefusal } from './import-columns.ts';
import { rowsOf, type Layout } from '../../link/file-rows.ts';
import { sendItems } from './import-sending.ts';

/** How a file is to be read. */
export interface FilePlan {
  readonly layout: Layout;
  readonly columns: Columns;
}

/**
 * An import that this tab sends: it goes on while the officer works elsewhere in the desk. `other-file`: what the server has of
 * this import did not come from this file.
 */
export interface Run {
  readonly id: string;
  readonly file: File;
  readonly plan: FilePlan;
  readonly state: 'sending' | 'paused' | 'failed' | 'other-file' | 'finished';
  /** How far the file was read, and how many rows that were. */
  readonly bytes: number;
  readonly rows: number;
  /** What the server has dealt with, in all. */
  readonly items: number;
  readonly taken: number;
  readonly known: number;
  /** By the server, and rows that could not be read here. */
  readonly refused: number;
  readonly unread: number;
  /** Of what this tab sent; at most `refusalsMax`. */
  readonly refusals: readonly LineRefusal[];
  readonly error?: unknown;
}

export const refusalsMax = 100_000;
const triesMax = 6;

const runs = new Map<string, Run>();
const watchers = new Set<() => void>();
/** Whoever waits to go on, by import. */
const waiting = new Map<string, () => void>();

export function useRun(id: string): Run | undefined {
  return useSyncExternalStore(
    (watch) => {
      watchers.add(watch);
      return () => watchers.delete(watch);
    },
    () => runs.get(id),
  );
}

/** The part of the file that was dealt with: of its rows, as many as there will be if they go on as they began. */
export function shareOf({ state, items, unread, rows, bytes, file }: Run): number {
  if (state === 'finished') return 1;
  const expected = (rows * file.size) / Math.max(1, bytes);
  return expected === 0 ? 0 : Math.min(0.99, (items + unread) / expected);
}

function change(id: string, part: Partial<Run>): void {
  const run = runs.get(id);
  if (run === undefined) return;
  runs.set(id, { ...run, ...part });
  for (const watch of watchers) watch();
}

const isUnderWay = ({ state }: Run): boolean => state === 'sending' || state === 'paused';

const warn = (event: BeforeUnloadEvent): void => {
  if ([...runs.values()].some(isUnderWay)) event.preventDefault();
};

/** Begins to send a file, or goes on behind what the server has of it. */
export function startRun(report: ImportReport, file: File, plan: FilePlan): void {
  const { id, items, taken, known, refused } = report;
  if (runs.has(id) && isUnderWay(runs.get(id)!)) return;
  runs.set(id, {
    id,
    file,
    plan,
    state: 'sending',
    bytes: 0,
    rows: 0,
    items,
    taken,
    known,
    refused,
    unread: 0,
    refusals: [],
  });
  // Closing the window would stop what is under way; the browser asks.
  window.addEventListener('beforeunload', warn);
  change(id, {});
  void send(report, file, plan);
}

export function pauseRun(id: string): void {
  if (runs.get(id)?.state === 'sending') change(id, { state: 'paused' });
}

/** Goes on: at once if it was paused, else behind what the server has by now. */
export async function goOn(id: string): Promise<void> {
  const run = runs.get(id);
  if (run === undefined) return;
  if (run.state === 'paused') {
    change(id, { state: 'sending' });
    waiting.get(id)?.();
    return;
  }
  startRun(await reportOf(id), run.file, run.plan);
}

/** Forgets what was sent of another file, and sends this one from its beginning. What was taken stays taken. */
export async function beginAnew(id: string): Promise<void> {
  const run = runs.get(id);
  if (run === undefined) return;
  startRun(await post<ImportReport>(`/v1/registry/imports/${id}/rewind`), run.file, run.plan);
}

const reportOf = (id: string): Promise<ImportReport> => get<ImportReport>(`/v1/registry/imports/${id}`);

async function send(report: ImportReport, file: File, plan: FilePlan): Promise<void> {
  const { id } = report;
  const refusals: LineRefusal[] = [];
  const refuse = (found: readonly LineRefusal[]): void => {
    refusals.push(...found.slice(0, refusalsMax - refusals.length));
  };
  let unread = 0;
  try {
    const { sha256 } = await import('@noble/hashes/sha2.js');
    const outcome = await sendItems({
      from: report,
      hash: sha256.create(),
      items: itemsOf(file, plan, (bytes, rows) => change(id, { bytes, rows })),
      post: (batch) => postPatiently(id, batch),
      mayGoOn: () => gateOf(id),
      onReport(told: BatchReport, sent) {
        const run = runs.get(id);
        if (run === undefined) return;
        refuse(told.refused.map((one) => withText(one, sent)));
        change(id, {
          // The answers of two batches under way may cross.
          items: Math.max(run.items, told.items),
          taken: run.taken + told.taken,
          known: run.known + told.known,
          refused: run.refused + told.refused.length,
          refusals: [...refusals],
        });
      },
      onUnread(refusal) {
        unread += 1;
        refuse([refusal]);
      },
    });
    if (outcome === 'another-feed') return change(id, { state: 'other-file' });
    await post(`/v1/registry/imports/${id}/finish`);
    change(id, { state: 'finished', unread, refusals: [...refusals], bytes: file.size });
  } catch (error) {
    change(id, { state: 'failed', error, unread, refusals: [...refusals] });
  }
}

function withText(refusal: BatchReport['refused'][number], sent: ReadonlyMap<number, string>): LineRefusal {
  const identifier = sent.get(refusal.line);
  const { params, ...told } = refusal;
  return { ...told, ...(params !== undefined && { params }), ...(identifier !== undefined && { identifier }) };
}

async function* itemsOf(
  file: File,
  { layout, columns }: FilePlan,
  onRead: (bytes: number, rows: number) => void,
): AsyncGenerator<readonly (ImportItem | LineRefusal)[]> {
  let mustSkipHeader = layout.hasHeader;
  let bytes = 0;
  let count = 0;
  for await (const rows of rowsOf(file, layout, (read) => (bytes = read))) {
    const items: (ImportItem | LineRefusal)[] = [];
    for (const row of rows) {
      if (mustSkipHeader && 'cells' in row) mustSkipHeader = false;
      else items.push(itemOf(row, columns));
    }
    count += items.length;
    onRead(bytes, count);
    yield items;
  }
}

/** While the run is paused, nothing more is sent. */
function gateOf(id: string): Promise<void> {
  if (runs.get(id)?.state !== 'paused') return Promise.resolve();
  return new Promise((resolve) => void waiting.set(id, resolve));
}

/** An outage passes: the batch is sent again, later each time. */
async function postPatiently(id: string, batch: ImportBatch): Promise<BatchReport> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await post<BatchReport>(`/v1/registry/imports/${id}/batches`, batch);
    } catch (error) {
      const mayPass = error instanceof Refused && (error.isOutage || error.code.startsWith('too-many'));
      if (!mayPass || tries === triesMax) throw error;
      await new Promise((resolve) => void setTimeout(resolve, 500 * 2 ** tries));
    }
  }
}
