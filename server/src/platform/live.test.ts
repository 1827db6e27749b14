import { afterEach, describe, expect, test } from 'vitest';
import { hourMs, minuteMs, secondMs } from '../kernel/clock.ts';
import { readPositions, writePositions } from './live-positions.ts';
import type { Live } from './live.ts';
import { openTestLive, testViewer, type TestEvent } from './test-live.ts';

const opened: Live[] = [];
afterEach(async () => {
  for (const live of opened.splice(0)) await live.close();
});

function openHub(...options: Parameters<typeof openTestLive>) {
  const hub = openTestLive(...options);
  opened.push(hub.live);
  return hub;
}

const many = (count: number, prefix = 'a') =>
  Array.from({ length: count }, (_, index) => ({ id: `${prefix}${index}` }));
const versions = (events: TestEvent[] | undefined) =>
  events?.flatMap(({ data }) => (data?.['version'] as number | undefined) ?? []);

describe('what a desk sees', () => {
  test('a stream begins now, says where, and tells what happens from then on', async () => {
    const hub = openHub();
    hub.say({ id: 'a' }, { id: 'b' });
    const { texts, next } = hub.open();
    const { value } = await texts.next();
    expect(value).toBe('retry: 2000\n\nid: alerts=2\nevent: hello\ndata: {"at":{"alerts":2}}\n\n');
    hub.say({ id: 'c' });
    expect(await next()).toEqual([{ id: 'alerts=3', event: 'alert', data: { id: 'c', version: 3 } }]);
  });

  test('a desk that comes again is told what it missed, once, and then what happens', async () => {
    const hub = openHub();
    hub.say(...many(5));
    const { next } = hub.open(testViewer('somchai'), 'alerts=2');
    const hello = await next();
    expect(hello![0]).toMatchObject({ id: 'alerts=2', data: { at: { alerts: 5 } } });
    expect(versions(await next())).toEqual([3, 4, 5]);
    hub.say({ id: 'later' });
    expect(versions(await next())).toEqual([6]);
  });

  test('what happens while a stream reads what it missed is neither lost nor told twice', async () => {
    const held = Promise.withResolvers<void>();
    const hub: ReturnType<typeof openTestLive> = openHub({
      async read(after, limit) {
        const found = hub.log.filter(({ number }) => number > after).slice(0, limit);
        await held.promise;
        return found;
      },
    });
    hub.say(...many(3));
    const { next } = hub.open(testViewer('somchai'), 'alerts=1');
    await next();
    const reading = next();
    hub.say({ id: 'meanwhile' });
    held.resolve();
    expect(versions(await reading)).toEqual([2, 3]);
    expect(versions(await next())).toEqual([4]);
  });

  test('a change that is stored but not yet published when a stream begins is not told twice', async () => {
    const hub = openHub();
    const stored = hub.store({ id: 'a' });
    const { next } = hub.open();
    expect((await next())![0]!.data).toEqual({ at: { alerts: 1 } });
    hub.publish(stored);
    hub.say({ id: 'b' });
    const told = await next();
    expect(versions(told)).toEqual([2]);
  });

  test('nobody is told what is not for them, and their place moves on all the same', async () => {
    const hub = openHub();
    const { next } = hub.open(testViewer('somchai', 'mae-sot'));
    await next();
    hub.say({ id: 'a', office: 'national-centre' }, { id: 'b', office: 'mae-sot' }, { id: 'c', office: 'elsewhere' });
    expect(versions(await next())).toEqual([2]);
    hub.clock.advance(16 * secondMs);
    expect(await next()).toEqual([{ id: 'alerts=3', event: 'beat', data: {} }]);
  });

  test('a position beyond the newest counts as the newest', async () => {
    const hub = openHub();
    hub.say({ id: 'a' });
    const { next } = hub.open(testViewer('somchai'), 'alerts=900,orders=7');
    expect((await next())![0]!.id).toBe('alerts=1');
    hub.say({ id: 'b' });
    expect(versions(await next())).toEqual([2]);
  });

  test.each([
    '',
    'alerts',
    'alerts=',
    'alerts=-1',
    'alerts=01',
    'alerts=1,',
    'alerts=1,alerts=2',
    'Alerts=1',
    'alerts=1e3',
    'alerts=9007199254740993',
    `${'a'.repeat(33)}=1`,
  ])('an id that no event had is refused: %s', (id) => {
    const hub = openHub();
    expect(() => hub.open(testViewer('somchai'), id)).toThrow('malformed.last-event-id');
  });

  test('positions read back as they were written', () => {
    const positions = new Map([
      ['alerts', 123],
      ['orders', 0],
    ]);
    expect(writePositions(positions)).toBe('alerts=123,orders=0');
    expect(readPositions('alerts=123,orders=0')).toEqual(positions);
  });

  test('two topics keep their own places in one id', async () => {
    const hub = openHub();
    const orders = hub.live.topic<string>({
      name: 'orders',
      newest: async () => 7,
      read: async () => [],
      present: (_viewer, item) => ({ event: 'order', data: JSON.stringify({ item }) }),
    });
    const { next } = hub.open();
    expect((await next())![0]!.id).toBe('alerts=0,orders=7');
    hub.say({ id: 'a' });
    orders.publish([{ number: 8, rank: 1, item: 'hold' }]);
    const told = await next();
    expect(told!.map(({ id, event }) => [id, event])).toEqual([
      ['alerts=1,orders=7', 'alert'],
      ['alerts=1,orders=8', 'order'],
    ]);
  });
});

describe('a slow desk', () => {
  test('is given a hundred at once, in order, and skips nothing of a small backlog', async () => {
    const hub = openHub();
    const { next } = hub.open();
    await next();
    hub.say(...many(950));
    const seen: number[] = [];
    const sizes: number[] = [];
    while (seen.length < 950) {
      const told = await next();
      expect(told!.every(({ event }) => event === 'alert')).toBe(true);
      sizes.push(told!.length);
      seen.push(...versions(told)!);
    }
    expect(Math.max(...sizes)).toBe(100);
    expect(seen).toEqual(Array.from({ length: 950 }, (_, index) => index + 1));
  });

  test('that fell behind what is in memory reads what is durable, where each thing is told once as it is now', async () => {
    const hub = openHub();
    const { next } = hub.open();
    await next();
    for (let round = 0; round < 500; round += 1) hub.say(...many(20));
    expect(versions(await next())).toEqual(Array.from({ length: 20 }, (_, index) => 9981 + index));
    hub.say({ id: 'after' });
    expect(versions(await next())).toEqual([10_001]);
  });

  test('is told only the newest state of a thing that changed while it waited', async () => {
    const hub = openHub({ subjectOf: ({ id }) => id });
    const { next } = hub.open();
    await next();
    hub.say({ id: 'a' }, { id: 'b' }, { id: 'a' }, { id: 'a' });
    expect(versions(await next())).toEqual([2, 4]);
  });
});

describe('in a storm', () => {
  test('a stream gets the hundred most urgent and word that others were skipped', async () => {
    const hub = openHub();
    const { next } = hub.open();
    await next();
    const urgent = Array.from({ length: 40 }, (_, index) => ({ id: `now${index}`, rank: 1 }));
    hub.say(...many(1500), ...urgent, ...many(500, 'b'));
    const told = (await next())!;
    expect(told).toHaveLength(101);
    expect(told.filter(({ data }) => String(data!['id']).startsWith('now'))).toHaveLength(40);
    const numbers = versions(told)!;
    expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
    expect(told.at(-1)).toEqual({ id: 'alerts=2040', event: 'more', data: { topic: 'alerts', skipped: 1940 } });
    // Whoever leaves before that word, comes again to where they were.
    expect(new Set(told.slice(0, -1).map(({ id }) => id))).toEqual(new Set(['alerts=0']));
    hub.say({ id: 'calm again' });
    expect(versions(await next())).toEqual([2041]);
  });

  test('a viewer for whom little of it is, misses nothing', async () => {
    const hub = openHub();
    const { next } = hub.open(testViewer('somchai', 'mae-sot'));
    await next();
    hub.say(...many(1500).map((item) => ({ ...item, office: 'elsewhere' })), {
      id: 'mine',
      office: 'mae-sot',
      rank: 4,
    });
    expect(versions(await next())).toEqual([1501]);
  });

  test('a desk that comes again after very much gets a beginning of it, and word that others were skipped', async () => {
    const hub = openHub();
    hub.say(...many(20_000));
    const { next } = hub.open(testViewer('somchai'), 'alerts=10');
    const told: TestEvent[] = [];
    for (let last: string | undefined = ''; last !== 'more'; last = told.at(-1)!.event) told.push(...(await next())!);
    expect(told.length).toBeLessThan(1300);
    expect(told.at(-1)!.id).toBe('alerts=20000');
    hub.say({ id: 'then' });
    expect(versions(await next())).toEqual([20_001]);
  });

  test('viewers of one audience are presented once for all of them', async () => {
    const hub = openHub({ audienceOf: (viewer) => (viewer.kind === 'officer' ? viewer.office : '') });
    const streams = Array.from({ length: 200 }, (_, index) => hub.open(testViewer(`officer-${index}`)));
    await Promise.all(streams.map(({ next }) => next()));
    hub.say(...many(50));
    const told = await Promise.all(streams.map(({ texts }) => texts.next()));
    expect(new Set(told.map(({ value }) => String(value))).size).toBe(1);
    expect(hub.presented()).toBe(50);
  });
});

describe('a stream ends', () => {
  test('by itself after ten minutes at the most', async () => {
    const hub = openHub();
    const { next } = hub.open();
    await next();
    hub.clock.advance(10 * minuteMs);
    expect(await next()).toBeUndefined();
  });

  test('when its reader goes away', async () => {
    const hub = openHub();
    const { ended, next } = hub.open();
    await next();
    const waiting = next();
    ended.abort();
    expect(await waiting).toBeUndefined();
  });

  test('when the hub closes, which opens no other', async () => {
    const hub = openHub();
    const { next } = hub.open();
    await next();
    const waiting = next();
    await hub.live.close();
    expect(await waiting).toBeUndefined();
    expect(() => hub.open()).toThrow('the server is closing');
  });

  test('when what it should tell cannot be presented, and the others go on', async () => {
    const hub = openHub({
      present(viewer, item) {
        if (viewer.kind === 'officer' && viewer.officer === 'mali') throw new Error('broken');
        return { event: 'alert', data: JSON.stringify(item) };
      },
    });
    const [mali, other] = [hub.open(testViewer('mali')), hub.open(testViewer('somchai'))];
    await Promise.all([mali.next(), other.next()]);
    hub.say({ id: 'a' });
    expect(versions(await other.next())).toEqual([1]);
    expect(await mali.next()).toBeUndefined();
    expect(hub.errors).toHaveLength(1);
  });

  test('a quiet stream shows every fifteen seconds that it is alive', async () => {
    const hub = openHub();
    const { texts, next } = hub.open();
    await next();
    hub.clock.advance(15 * secondMs);
    expect((await texts.next()).value).toBe('id: alerts=0\nevent: beat\ndata: {}\n\n');
  });
});

describe('how many', () => {
  test('an officer has twenty streams and no more, and a place is free as soon as one ends', async () => {
    const hub = openHub();
    const streams = Array.from({ length: 20 }, () => hub.open());
    expect(() => hub.open()).toThrow('too-many.streams');
    streams[0]!.ended.abort();
    void streams[1]!.texts.return!();
    hub.open();
    hub.open();
    expect(() => hub.open()).toThrow('too-many.streams');
    hub.clock.advance(hourMs);
    await expect.poll(() => hub.open()).toBeDefined();
  });

  test('an institution has fifty, and all together two thousand', () => {
    const hub = openHub();
    const bank = { kind: 'institution', institution: 'bank-a', permissions: new Set<string>() } as const;
    const never = new AbortController().signal;
    for (let count = 0; count < 50; count += 1) hub.live.stream(bank, undefined, never);
    expect(() => hub.live.stream(bank, undefined, never)).toThrow('too-many.streams');
    for (let count = 50; count < 2000; count += 1) hub.open(testViewer(`officer-${count}`));
    expect(() => hub.open(testViewer('one-more'))).toThrow('too-many.streams');
  });

  test('a reader who is gone before the stream began takes no place', () => {
    const hub = openHub();
    for (let count = 0; count < 50; count += 1) hub.live.stream(testViewer('somchai'), undefined, AbortSignal.abort());
    expect(hub.open()).toBeDefined();
  });
});
