import type { ActivityKind, ActivityRecords } from '@bronze-drum/protocol/activity/kinds';
import type { Refusal } from '@bronze-drum/protocol/refusals';
import { sendLines, type BatchSending, type RecordOutcome, type RecordState } from './batches.ts';
import { lineOf, type Checking } from './records.ts';
import { pauseUnless } from './retrying.ts';
import { within, type Runtime } from './runtime.ts';
import { ClientRefused, type Trouble } from './trouble.ts';
import { openWaiting, takeBatch, type Entry, type Waiting } from './waiting.ts';
import type { Wire } from './wire.ts';

export interface ActivityOptions<Kind extends ActivityKind> {
  /** Records a batch, at most; 1,000 by default. */
  readonly batchMax?: number;
  /** UTF-16 units a batch, at most; half a million by default. */
  readonly batchLengthMax?: number;
  /** How long the first record of a batch waits for others; 200 by default. */
  readonly lingerMs?: number;
  /** Records that were added and are not acknowledged, at most: then `add` waits. 50,000 by default. */
  readonly waitingMax?: number;
  /** Batches under way at once, 1 to 4. With 1, the default, records arrive in the order in which they were added. */
  readonly inFlightMax?: number;
  /** Whether a record is checked against the published schema before it is sent; by default it is. */
  readonly validate?: boolean;
  /** Hears of each record that the server will not take; it is not sent again. By default `onTrouble` hears of it. */
  readonly onRefused?: (record: ActivityRecords[Kind], refusal: Refusal) => void;
}

export interface Flushed {
  /** Of the records added before: how many are not acknowledged, 0 unless the stream was stopped or closed meanwhile. */
  readonly unacknowledged: number;
}

/** What became of one record of an explicit batch. */
export interface RecordResult extends RecordOutcome {
  readonly id: string;
}

/**
 * Records of one kind on their way to the server. What is added waits in this process's memory until the server has it on
 * disk: who must not lose a record when this process dies keeps it in a spool of their own until `flush` resolves, and adds
 * it again after a restart. That is safe: the server knows each record by the sender's id and counts it once.
 */
export interface ActivityStream<Kind extends ActivityKind> {
  /**
   * Resolves when there is room, which is not when it is sent; wait for it, or what waits grows without bound. Throws ClientRefused if the record breaks the schema, or if
   * the server has stopped the sender (`stopped`); then the record was not added.
   */
  add(record: ActivityRecords[Kind]): Promise<void>;
  /** Resolves when all that was added so far is settled: acknowledged as durable, or refused and told. Never rejects. */
  flush(): Promise<Flushed>;
  /**
   * Sends these records past those that wait and resolves when each is settled, in their order. Throws ClientRefused if the
   * server refuses the sender; calling again is safe.
   */
  send(
    records: readonly ActivityRecords[Kind][],
    options?: { readonly signal?: AbortSignal },
  ): Promise<readonly RecordResult[]>;
  /** Why nothing is sent any more: the server refuses the sender, for instance its key. What was added is kept. */
  stopped(): ClientRefused | undefined;
  /** Goes on after the cause of a stop was removed. */
  resume(): void;
  /** Since the stream was opened, of what was added; `waiting` is what is not settled. */
  counts(): Readonly<Record<RecordState | 'added' | 'waiting', number>>;
  /**
   * Takes no more, sends what waits for at most `withinMs` of real time (30,000 by default), and gives back what is not
   * acknowledged.
   */
  close(options?: { readonly withinMs?: number }): Promise<readonly ActivityRecords[Kind][]>;
}

export interface ActivityParts {
  readonly wire: Wire;
  readonly runtime: Runtime;
  readonly country: string | undefined;
  tell(trouble: Trouble): void;
}

const limits = { batchMax: 10_000, waitingMax: 1_000_000, inFlightMax: 4, batchLengthMax: 4_000_000 } as const;
const closingMs = 30_000;

export function openActivity<Kind extends ActivityKind>(
  parts: ActivityParts,
  kind: Kind,
  options: ActivityOptions<Kind> = {},
): ActivityStream<Kind> {
  const { wire, runtime, tell } = parts;
  const { lingerMs = 200 } = options;
  const checking = { validate: options.validate ?? true, country: parts.country };
  const waitingMax = limited(options.waitingMax, 50_000, limits.waitingMax);
  const batchMax = Math.min(limited(options.batchMax, 1000, limits.batchMax), waitingMax);
  const batchLengthMax = limited(options.batchLengthMax, 500_000, limits.batchLengthMax);
  const inFlightMax = limited(options.inFlightMax, 1, limits.inFlightMax);
  const ending = new AbortController();
  const sending: BatchSending = {
    wire,
    runtime,
    tell,
    what: `activity.${kind}`,
    path: `/v1/activity/${kind}s`,
    ended: ending.signal,
  };
  const waiting = openWaiting(waitingMax);
  const counts = { accepted: 0, known: 0, refused: 0 };
  const onRefused = options.onRefused ?? toldAsTrouble(sending);
  let isClosed = false;

  const settle = (entries: readonly Entry[], outcomes: readonly RecordOutcome[]): void => {
    outcomes.forEach(({ state, refused = '', params }, at) => {
      counts[state] += 1;
      if (state !== 'refused') return;
      const record = JSON.parse(entries[at]!.text) as ActivityRecords[Kind];
      // What the callback throws is its owner's to hear, and does not stop the stream.
      queueMicrotask(() => onRefused(record, { refused, ...(params && { params }) }));
    });
    waiting.settle(entries);
  };
  const delivery = openDelivery(waiting, { batchMax, batchLengthMax, inFlightMax, lingerMs }, sending, settle);

  return {
    async add(record) {
      const barred = isClosed ? new ClientRefused({ refused: 'client.closed' }) : delivery.stopped();
      if (barred !== undefined) throw barred;
      const line = lineOf(kind, record, checking);
      if (typeof line !== 'string') throw new ClientRefused(line);
      const added = waiting.add(line);
      delivery.pump();
      await added;
    },
    async flush() {
      const target = waiting.last();
      await delivery.flushTo(target);
      return { unacknowledged: waiting.unsettledTo(target) };
    },
    async send(records, { signal } = {}) {
      if (isClosed) throw new ClientRefused({ refused: 'client.closed' });
      const ended = signal === undefined ? ending.signal : AbortSignal.any([signal, ending.signal]);
      return sendAll(kind, records, { ...sending, ended }, { batchMax, batchLengthMax, checking });
    },
    stopped: delivery.stopped,
    resume: delivery.resume,
    counts: () => ({ ...counts, added: waiting.last(), waiting: waiting.held() }),
    async close({ withinMs = closingMs } = {}) {
      if (!isClosed) {
        isClosed = true;
        const target = waiting.last();
        waiting.turnAway(new ClientRefused({ refused: 'client.closed' }));
        await within(withinMs, undefined, () => delivery.flushTo(target)).catch(() => undefined);
        ending.abort(new ClientRefused({ refused: 'client.closed' }));
        await delivery.close();
      }
      return waiting.entries().map(({ text }) => JSON.parse(text) as ActivityRecords[Kind]);
    },
  };
}

interface Delivery {
  /** Sends what is due. */
  pump(): void;
  flushTo(number: number): Promise<void>;
  stopped(): ClientRefused | undefined;
  resume(): void;
  /** After `ended` has aborted: resolves when nothing is under way. */
  close(): Promise<void>;
}

interface DeliveryLimits {
  readonly batchMax: number;
  readonly batchLengthMax: number;
  readonly inFlightMax: number;
  readonly lingerMs: number;
}

/** Takes batches from what waits as they fall due: when full, when their first record has waited, or at a flush. */
function openDelivery(
  waiting: Waiting,
  { batchMax, batchLengthMax, inFlightMax, lingerMs }: DeliveryLimits,
  sending: BatchSending,
  settle: (entries: readonly Entry[], outcomes: readonly RecordOutcome[]) => void,
): Delivery {
  const { ended, runtime } = sending;
  const underWay = new Set<Promise<void>>();
  let dueTo = 0;
  let isLingering = false;
  let stopped: ClientRefused | undefined;

  const isDue = (): boolean =>
    waiting.size() >= batchMax || waiting.isFull() || (waiting.first() ?? Number.POSITIVE_INFINITY) <= dueTo;

  async function deliver(entries: readonly Entry[]): Promise<void> {
    let settled = 0;
    try {
      await sendLines(entries, sending, (part, outcomes) => {
        settled += part.length;
        settle(part, outcomes);
      });
    } catch (error) {
      waiting.putBack(entries.slice(settled));
      if (ended.aborted) return;
      stop(error);
    }
  }
  const stop = (error: unknown): void => {
    stopped = error instanceof ClientRefused ? error : new ClientRefused({ refused: 'client.defect' });
    sending.tell({ what: sending.what, error: stopped, failures: 1 });
    waiting.giveUp(stopped);
  };
  const linger = async (): Promise<void> => {
    isLingering = true;
    await pauseUnless(runtime, lingerMs, ended);
    isLingering = false;
    dueTo = Math.max(dueTo, waiting.last());
    pump();
  };
  const pump = (): void => {
    if (stopped !== undefined || ended.aborted) return;
    while (underWay.size < inFlightMax && waiting.size() > 0 && isDue()) {
      const delivering = deliver(waiting.take(batchMax, batchLengthMax)).finally(() => {
        underWay.delete(delivering);
        pump();
      });
      underWay.add(delivering);
    }
    if (!isLingering && underWay.size < inFlightMax && waiting.size() > 0) void linger();
  };
  return {
    pump,
    stopped: () => stopped,
    resume() {
      stopped = undefined;
      pump();
    },
    async flushTo(number) {
      dueTo = Math.max(dueTo, number);
      pump();
      if (stopped === undefined && !ended.aborted) await waiting.settledTo(number);
    },
    async close() {
      await Promise.all(underWay);
      waiting.giveUp(new ClientRefused({ refused: 'client.closed' }));
    },
  };
}

interface SendLimits {
  readonly batchMax: number;
  readonly batchLengthMax: number;
  readonly checking: Checking;
}

async function sendAll<Kind extends ActivityKind>(
  kind: Kind,
  records: readonly ActivityRecords[Kind][],
  sending: BatchSending,
  { batchMax, batchLengthMax, checking }: SendLimits,
): Promise<readonly RecordResult[]> {
  const results: RecordResult[] = [];
  const lines: { at: number; text: string }[] = [];
  records.forEach((record, at) => {
    const line = lineOf(kind, record, checking);
    if (typeof line === 'string') lines.push({ at, text: line });
    else results[at] = { id: record.id, state: 'refused', ...line };
  });
  while (lines.length > 0) {
    await sendLines(takeBatch(lines, batchMax, batchLengthMax), sending, (part, outcomes) => {
      part.forEach(({ at }, index) => {
        results[at] = { id: records[at]!.id, ...outcomes[index]! };
      });
    });
  }
  return results;
}

function toldAsTrouble(sending: BatchSending): (record: unknown, refusal: Refusal) => void {
  return (_record, refusal) => {
    sending.tell({ what: sending.what, error: new ClientRefused(refusal, 200), failures: 1 });
  };
}

function limited(asked: number | undefined, usual: number, max: number): number {
  if (asked === undefined) return usual;
  if (!Number.isSafeInteger(asked) || asked < 1 || asked > max) throw new ClientRefused({ refused: 'client.option' });
  return asked;
}
