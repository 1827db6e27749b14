import { Counter, Gauge } from 'prom-client';
import type { Actor } from '../kernel/actor.ts';
import { assert } from '../kernel/assert.ts';
import { secondMs, type Clock } from '../kernel/clock.ts';
import { Outage, refuse } from '../kernel/refusals.ts';
import { readPositions } from './live-positions.ts';
import { openStreams, release, textOf, type Stream } from './live-stream.ts';
import { batchText, beatText, idOf, openingText, type Following } from './live-text.ts';
import { openTopic, type LiveChange, type LiveTopic, type Selection } from './live-topic.ts';
import type { Telemetry } from './telemetry.ts';

export type { LiveChange, LiveMessage, LiveTopic } from './live-topic.ts';

export interface Live {
  /** Adds a topic; before the first stream. Its changes are published after they are durable, in the order of their numbers. */
  topic<Item>(topic: LiveTopic<Item>): { publish(changes: readonly LiveChange<Item>[]): void };
  /**
   * Text of server-sent events from where `lastEventId`, as sent before, left off, or from now. It ends when `ended` aborts,
   * and by itself after some minutes, so that whoever comes again proves anew who they are. Refuses `malformed.last-event-id`
   * and `too-many.streams`. It is read by one reader, and holds its place until it was read to its end or `ended` aborts.
   */
  stream(viewer: Actor, lastEventId: string | undefined, ended: AbortSignal): AsyncIterable<string>;
  /** Ends every stream. */
  close(): Promise<void>;
}

export interface LiveParts {
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  readonly onError: (error: unknown) => void;
  /** How far apart one stream's batches are at the least. */
  readonly tickMs?: number;
  /** How often the streams are looked through for those that are quiet or old. */
  readonly sweepMs?: number;
}

const beatMs = 15 * secondMs;
const tickMsDefault = 50;
const batchesMax = 4096;

/** Tells many viewers at once what changed, each what is for them, and never more than they can take. */
export function openLive({ clock, telemetry, onError, tickMs = tickMsDefault, sweepMs = secondMs }: LiveParts): Live {
  const feeds: Following['feed'][] = [];
  const streams = openStreams(clock);
  const metrics = openMetrics(telemetry, streams.count);
  /** Streams that stand at the same place and are told the same share the text. */
  const batches = new Map<string, string>();
  let timer: NodeJS.Timeout | NodeJS.Immediate | undefined;
  let tickedAtMs = -Infinity;
  let closed = false;

  function schedule(): void {
    if (timer !== undefined || closed) return;
    const waitMs = tickedAtMs + tickMs - performance.now();
    timer = waitMs > 0 ? setTimeout(tick, waitMs) : setImmediate(tick);
  }

  function tick(): void {
    timer = undefined;
    tickedAtMs = performance.now();
    batches.clear();
    for (const stream of streams.all()) {
      try {
        serve(stream);
      } catch (error) {
        onError(error);
        streams.leave(stream);
      }
    }
  }

  /** Gives a waiting stream what there is for it. */
  function serve(stream: Stream): void {
    const { followed, waiter } = stream;
    if (waiter === undefined || followed === undefined || !isBehind(followed)) return;
    for (const { feed, place } of followed) {
      if (feed.holds(place)) continue;
      Object.assign(place, { isReading: true, readTo: place.position, read: 0, told: 0 });
    }
    if (followed.some(({ place }) => place.isReading)) return release(stream, '');
    const selected = followed.map(({ feed, place }) =>
      feed.end() > place.seen ? feed.select(stream.viewer, place) : undefined,
    );
    const text = take(followed, selected);
    if (text !== '') release(stream, text);
  }

  /** The text of what was selected; the places move behind it. */
  function take(followed: readonly Following[], selected: readonly (Selection | undefined)[]): string {
    const isEmpty = selected.every((one) => one === undefined || (one.told.length === 0 && one.skipped === 0));
    let text = '';
    if (!isEmpty) {
      const key = `${idOf(followed)} ${selected.map((one) => one?.key ?? '').join('|')}`;
      text = batches.get(key) ?? batchText(followed, selected);
      if (batches.size < batchesMax) batches.set(key, text);
    }
    selected.forEach((one, index) => {
      if (one === undefined) return;
      Object.assign(followed[index]!.place, { position: one.position, seen: one.seen });
      metrics.messages.inc(one.told.length);
      metrics.skipped.inc(one.skipped);
    });
    return text;
  }

  async function readOn(stream: Stream, reading: Following): Promise<string> {
    const followed = stream.followed!;
    const selection = await reading.feed.readOn(stream.viewer, reading.place);
    if (batches.size === batchesMax) batches.clear();
    return take(
      followed,
      followed.map((one) => (one === reading ? selection : undefined)),
    );
  }

  /** Resolves in the next tick that has something for the stream, or with a beat. */
  function turn(stream: Stream, followed: readonly Following[]): Promise<string | undefined> {
    const { promise, resolve } = Promise.withResolvers<string | undefined>();
    stream.waiter = resolve;
    if (isBehind(followed)) schedule();
    return promise;
  }

  /** The next text; undefined at the end. */
  async function pull(stream: Stream): Promise<string | undefined> {
    let text: string | undefined = '';
    while (text === '' && !stream.ended) {
      const { followed } = stream;
      const reading = followed?.find(({ place }) => place.isReading);
      if (followed === undefined) text = await begin(feeds, stream);
      else text = await (reading === undefined ? turn(stream, followed) : readOn(stream, reading));
    }
    stream.sentAtMs = clock.now();
    return stream.ended ? undefined : text;
  }

  function sweep(): void {
    const nowMs = clock.now();
    for (const stream of streams.all()) {
      if (nowMs >= stream.endsAtMs) streams.leave(stream);
      else if (stream.followed !== undefined && nowMs - stream.sentAtMs >= beatMs && stream.waiter !== undefined)
        release(stream, beatText(stream.followed));
    }
  }

  const sweeping = setInterval(sweep, sweepMs).unref();
  return {
    topic(topic) {
      assert(
        streams.count() === 0 && feeds.every(({ name }) => name !== topic.name),
        'topics are added once, before streams',
      );
      const feed = openTopic(topic);
      feeds.push(feed);
      return {
        publish(changes) {
          if (closed || changes.length === 0) return;
          feed.publish(changes);
          if (streams.count() > 0) schedule();
        },
      };
    },
    stream(viewer, lastEventId, ended) {
      if (closed) throw new Outage('the server is closing', 1);
      const from = lastEventId === undefined ? undefined : readPositions(lastEventId);
      if (from === undefined && lastEventId !== undefined) return refuse('malformed.last-event-id');
      const stream = streams.enter(viewer, from, ended);
      const onFailure = (error: unknown): void => {
        if (!(error instanceof Outage)) onError(error);
        streams.leave(stream);
      };
      return textOf(
        () => pull(stream),
        () => streams.leave(stream),
        onFailure,
      );
    },
    async close() {
      closed = true;
      clearInterval(sweeping);
      clearTimeout(timer as NodeJS.Timeout);
      clearImmediate(timer as NodeJS.Immediate);
      for (const stream of streams.all()) streams.leave(stream);
    },
  };
}

/** Finds the stream's places, and says what they are. */
async function begin(feeds: readonly Following['feed'][], stream: Stream): Promise<string> {
  const newest: Record<string, number> = {};
  stream.followed = await Promise.all(
    feeds.map(async (feed) => {
      const { place, newest: number } = await feed.place(stream.from?.get(feed.name));
      newest[feed.name] = number;
      return { feed, place };
    }),
  );
  return openingText(stream.followed, newest);
}

function isBehind(followed: readonly Following[]): boolean {
  return followed.some(({ feed, place }) => feed.end() > place.seen);
}

function openMetrics({ metrics }: Telemetry, openStreams: () => number) {
  const registers = [metrics];
  void new Gauge({
    name: 'drum_live_streams',
    help: 'Open streams of events',
    registers,
    collect() {
      this.set(openStreams());
    },
  });
  return {
    messages: new Counter({ name: 'drum_live_messages_total', help: 'Messages that streams were given', registers }),
    skipped: new Counter({
      name: 'drum_live_skipped_total',
      help: 'Changes that streams passed over in a storm, by their number',
      registers,
    }),
  };
}
