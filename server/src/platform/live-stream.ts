import { actorId, type Actor } from '../kernel/actor.ts';
import { minuteMs, type Clock } from '../kernel/clock.ts';
import { refuse } from '../kernel/refusals.ts';
import type { Positions } from './live-positions.ts';
import type { Following } from './live-text.ts';

/** A stream between two readings: what it holds does not grow with what it has to tell. */
export interface Stream {
  readonly viewer: Actor;
  readonly caller: string;
  readonly from: Positions | undefined;
  readonly endsAtMs: number;
  readonly forget: () => void;
  followed: readonly Following[] | undefined;
  sentAtMs: number;
  ended: boolean;
  /** Takes the next batch, '' to look again, or undefined at the end. */
  waiter: ((text: string | undefined) => void) | undefined;
}

const limits = { streams: 2000, ofOfficer: 20, ofInstitution: 50 } as const;
const retryAfterSeconds = 10;
const lifeMs = 10 * minuteMs;
/** Those who came together do not leave together. */
const jitterMs = minuteMs;

export interface Streams {
  all(): Iterable<Stream>;
  count(): number;
  /** Opens one that leaves when the signal aborts; refuses `too-many.streams`. */
  enter(viewer: Actor, from: Positions | undefined, ended: AbortSignal): Stream;
  /** Ends a stream, if it has not ended yet, and lets go of it. */
  leave(stream: Stream): void;
}

/** Who listens, and how many they may be. */
export function openStreams(clock: Clock): Streams {
  const streams = new Set<Stream>();
  const callers = new Map<string, number>();

  function leave(stream: Stream): void {
    if (stream.ended) return;
    stream.ended = true;
    stream.forget();
    streams.delete(stream);
    const left = callers.get(stream.caller)! - 1;
    if (left === 0) callers.delete(stream.caller);
    else callers.set(stream.caller, left);
    release(stream, undefined);
  }

  return {
    all: () => streams,
    count: () => streams.size,
    leave,
    enter(viewer, from, ended) {
      const caller = actorId(viewer);
      const open = callers.get(caller) ?? 0;
      const most = viewer.kind === 'institution' ? limits.ofInstitution : limits.ofOfficer;
      if (open >= most) refuse('too-many.streams', { most, retryAfterSeconds });
      if (streams.size >= limits.streams) refuse('too-many.streams', { most: limits.streams, retryAfterSeconds });
      const nowMs = clock.now();
      const onAbort = (): void => leave(stream);
      const stream: Stream = {
        viewer,
        caller,
        from,
        endsAtMs: nowMs + lifeMs - Math.floor(Math.random() * jitterMs),
        forget: () => ended.removeEventListener('abort', onAbort),
        followed: undefined,
        sentAtMs: nowMs,
        ended: false,
        waiter: undefined,
      };
      callers.set(caller, open + 1);
      streams.add(stream);
      ended.addEventListener('abort', onAbort, { once: true });
      if (ended.aborted) leave(stream);
      return stream;
    },
  };
}

/** Gives a waiting stream its next text. */
export function release(stream: Stream, text: string | undefined): void {
  const { waiter } = stream;
  stream.waiter = undefined;
  waiter?.(text);
}

/** What is pulled until it is undefined, for one reader, who may leave before. */
export function textOf(
  pull: () => Promise<string | undefined>,
  leave: () => void,
  onFailure: (error: unknown) => void,
): AsyncIterable<string> {
  const over = { done: true, value: undefined } as const;
  const iterator: AsyncIterator<string> = {
    async next() {
      try {
        const value = await pull();
        return value === undefined ? over : { done: false, value };
      } catch (error) {
        onFailure(error);
        throw error;
      }
    },
    async return() {
      leave();
      return over;
    },
  };
  return { [Symbol.asyncIterator]: () => iterator };
}
