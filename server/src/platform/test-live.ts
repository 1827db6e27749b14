import { setImmediate } from 'node:timers/promises';
import type { OfficerActor } from '../kernel/actor.ts';
import { testClock } from '../kernel/clock.ts';
import { openLive, type Live, type LiveChange, type LiveParts, type LiveTopic } from './live.ts';
import { openTelemetry } from './telemetry.ts';

export interface TestItem {
  readonly id: string;
  readonly version: number;
  /** Who may see it; absent: everybody. */
  readonly office?: string;
}

export interface TestEvent {
  readonly id: string | undefined;
  readonly event: string | undefined;
  readonly data: Record<string, unknown> | undefined;
}

export function testViewer(officer: string, office = 'national-centre'): OfficerActor {
  return {
    kind: 'officer',
    officer,
    office,
    roles: [],
    permissions: new Set(['alerts.read']),
    steppedUpAtMs: null,
    purpose: null,
  };
}

/** The events of a text; a beat has only an id, and what only sets the time to come again is left out. */
export function eventsOf(text: string): TestEvent[] {
  return text
    .split('\n\n')
    .filter((block) => block !== '' && !block.startsWith('retry'))
    .map((block) => {
      const line = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1];
      const data = line('data');
      return {
        id: line('id'),
        event: line('event'),
        data: data === undefined ? undefined : (JSON.parse(data) as TestEvent['data']),
      };
    });
}

/** A hub over a topic that keeps what happened in memory, and takes its time to read it, as a room would from its tables. */
export function openTestLive(change: Partial<LiveTopic<TestItem>> = {}, parts: Partial<LiveParts> = {}) {
  const clock = testClock(Date.UTC(2026, 0, 1));
  const errors: unknown[] = [];
  const log: LiveChange<TestItem>[] = [];
  let presented = 0;
  const live: Live = openLive({
    clock,
    telemetry: openTelemetry({ level: 'silent', member: 'th' }),
    onError: (error) => errors.push(error),
    tickMs: 1,
    sweepMs: 5,
    ...parts,
  });
  const { publish } = live.topic<TestItem>({
    name: 'alerts',
    async newest() {
      await setImmediate();
      const newest = log.at(-1)?.number ?? 0;
      await setImmediate();
      return newest;
    },
    async read(after, limit) {
      await setImmediate();
      const newest = new Map(log.map((one) => [one.item.id, one.number]));
      const found = log.filter(({ number, item }) => number > after && newest.get(item.id) === number).slice(0, limit);
      await setImmediate();
      return found;
    },
    present(viewer, item) {
      presented += 1;
      const mine = viewer.kind === 'officer' ? viewer.office : '';
      if (item.office !== undefined && item.office !== mine) return undefined;
      return { event: 'alert', data: JSON.stringify({ id: item.id, version: item.version }) };
    },
    ...change,
  });
  /** Makes changes durable without telling them. */
  const store = (...items: { id: string; rank?: number; office?: string }[]): LiveChange<TestItem>[] =>
    items.map(({ id, rank = 3, office }) => {
      const number = (log.at(-1)?.number ?? 0) + 1;
      const stored = { number, rank, item: { id, version: number, ...(office !== undefined && { office }) } };
      log.push(stored);
      return stored;
    });
  return {
    live,
    clock,
    errors,
    log,
    store,
    publish,
    presented: () => presented,
    say: (...items: Parameters<typeof store>) => publish(store(...items)),
    /** Reads a stream by hand. */
    open(viewer = testViewer('somchai'), lastEventId?: string) {
      const ended = new AbortController();
      const texts = live.stream(viewer, lastEventId, ended.signal)[Symbol.asyncIterator]();
      const next = async (): Promise<TestEvent[] | undefined> => {
        const { done, value } = await texts.next();
        return done === true ? undefined : eventsOf(value);
      };
      return { ended, texts, next };
    },
  };
}
