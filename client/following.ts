import { EventTooLarge, openEventReader, type EventReader } from './events.ts';
import { delayMs, pauseUnless } from './retrying.ts';
import { within, type Runtime } from './runtime.ts';
import { ClientOutage, isPassing, type Trouble } from './trouble.ts';
import type { Wire } from './wire.ts';

export interface StreamOptions {
  /** Of the last event that was dealt with before: the stream goes on behind it. Without it, from now. */
  readonly lastEventId?: string;
  readonly signal?: AbortSignal;
}

/** What the server tells as it happens. */
export interface StreamEvent {
  /** What to give as `lastEventId` once this has been dealt with. */
  readonly id: string;
  /** `hello` begins each connection, `more` says that in a storm the least urgent were passed over. */
  readonly event: string;
  readonly data: unknown;
}

export interface Following {
  readonly wire: Wire;
  readonly runtime: Runtime;
  readonly ended: AbortSignal;
  /** A connection on which nothing came for so long, not even a sign of life, is given up. */
  readonly silenceMsMax: number;
  tell(trouble: Trouble): void;
}

const usualRetryMs = 1000;
const retryMsMax = 60_000;

/**
 * Events in their order for as long as `ended` is not aborted: through lost connections, restarts of the server and its
 * refusals for now. Each is given once to whoever reads on; who begins anew from an id is given what came behind it.
 * Reading slowly slows the connection down and holds nothing in memory. Throws ClientRefused for a refusal that will not
 * pass.
 */
export async function* follow(
  path: string,
  lastEventId: string | undefined,
  following: Following,
): AsyncGenerator<StreamEvent, void, undefined> {
  const { runtime, ended, tell } = following;
  let last = lastEventId ?? '';
  let failures = 0;
  let retryMs = usualRetryMs;
  while (!ended.aborted) {
    const reader = openEventReader(last);
    try {
      for await (const { id, event, data } of connected(path, reader, following)) {
        failures = 0;
        const read = opened(data);
        if (read !== undefined) yield { id, event, data: read.data };
        else tell({ what: 'stream', error: new ClientOutage('unreadable', 200), failures: 1 });
      }
      failures = 0;
    } catch (error) {
      if (ended.aborted) return;
      if (!isPassing(error)) throw error;
      failures += 1;
      const nextMs = Math.max(delayMs(failures, error, runtime.random()), reader.retryMs() === undefined ? 0 : retryMs);
      tell({ what: 'stream', error, failures, nextMs });
      await pauseUnless(runtime, nextMs, ended);
    } finally {
      last = reader.lastEventId();
      retryMs = Math.min(reader.retryMs() ?? retryMs, retryMsMax);
    }
    // The server ends each stream in its time; those that it ends together do not come back together.
    if (failures === 0) await pauseUnless(runtime, retryMs * runtime.random(), ended);
  }
}

/** The events of one connection until the server ends it. */
async function* connected(path: string, reader: EventReader, { wire, ended, silenceMsMax }: Following) {
  const connection = new AbortController();
  const end = (): void => connection.abort(ended.reason);
  ended.addEventListener('abort', end, { once: true });
  try {
    const resumed = reader.lastEventId();
    const headers = { accept: 'text/event-stream', ...(resumed !== '' && { 'last-event-id': resumed }) };
    const response = await wire.open(path, headers, connection);
    if (response.headers.get('content-type')?.startsWith('text/event-stream') !== true || response.body === null)
      throw new ClientOutage('unreadable', response.status);
    const pieces = response.body.getReader();
    for (;;) {
      const { done, value } = await readWithin(silenceMsMax, ended, () => pieces.read());
      if (done) return;
      yield* eventsIn(reader, value);
    }
  } finally {
    ended.removeEventListener('abort', end);
    connection.abort();
  }
}

async function readWithin<T>(durationMs: number, ended: AbortSignal, read: () => Promise<T>): Promise<T> {
  try {
    return await within(durationMs, ended, read);
  } catch (cause) {
    const late = cause instanceof DOMException && cause.name === 'TimeoutError';
    throw new ClientOutage(late ? 'late' : 'unreachable', 0, undefined, { cause });
  }
}

function* eventsIn(reader: EventReader, piece: Uint8Array) {
  try {
    yield* reader.push(piece);
  } catch (cause) {
    if (!(cause instanceof EventTooLarge)) throw cause;
    throw new ClientOutage('unreadable', 200, undefined, { cause });
  }
}

function opened(data: string): { readonly data: unknown } | undefined {
  try {
    return { data: JSON.parse(data) as unknown };
  } catch {
    return undefined;
  }
}
