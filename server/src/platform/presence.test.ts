import { afterEach, beforeEach, expect, test } from 'vitest';
import { testClock, type TestClock } from '../kernel/clock.ts';
import { openPresence, type Presence } from './presence.ts';
import { openTestLive, testViewer } from './test-live.ts';

let clock: TestClock;
let presence: Presence;
beforeEach(() => {
  clock = testClock(Date.UTC(2026, 0, 1));
  presence = openPresence({ clock });
});
afterEach(() => presence.close());

const malee = { officer: 'malee', name: 'Malee' };
const niran = { officer: 'niran', name: 'Niran' };
const namesAt = (place: string) => presence.at(place).map(({ name }) => name);

test('who looks at an alert is there for 45 seconds, and longer while they say so', () => {
  presence.beat('m', malee, 'alert:1');
  clock.advance(30_000);
  presence.beat('m', malee, 'alert:1');
  presence.beat('n', niran, 'alert:1');
  expect(presence.at('alert:1')).toEqual([
    { ...malee, sinceMs: Date.UTC(2026, 0, 1) },
    { ...niran, sinceMs: Date.UTC(2026, 0, 1, 0, 0, 30) },
  ]);
  clock.advance(44_999);
  presence.beat('n', niran, 'alert:1');
  expect(namesAt('alert:1')).toEqual(['Malee', 'Niran']);
  clock.advance(1);
  expect(namesAt('alert:1')).toEqual(['Niran']);
});

test('who goes on to another alert, or to none, has left', () => {
  presence.beat('m', malee, 'alert:1');
  presence.beat('m', malee, 'alert:2');
  expect([namesAt('alert:1'), namesAt('alert:2')]).toEqual([[], ['Malee']]);
  presence.beat('m', malee, null);
  presence.beat('unknown', niran, null);
  expect(namesAt('alert:2')).toEqual([]);
});

test('an officer at two screens is one officer', () => {
  presence.beat('left', malee, 'trace:1');
  clock.advance(1000);
  presence.beat('right', malee, 'trace:1');
  expect(presence.at('trace:1')).toEqual([{ ...malee, sinceMs: Date.UTC(2026, 0, 1) }]);
});

test('however many there are, what is kept has a limit, and who was quiet longest goes first', () => {
  for (let at = 0; at <= 10_000; at += 1) presence.beat(`s${at}`, malee, `alert:${at}`);
  expect([namesAt('alert:0'), namesAt('alert:1'), namesAt('alert:10000')]).toEqual([[], ['Malee'], ['Malee']]);
});

test('who comes and goes is told on the stream to those who may see the place, and to nobody else', async () => {
  const hub = openTestLive();
  const mayHear = (viewer: { kind: string }, place: string) => 'officer' in viewer && !place.startsWith('trace:');
  presence.tellOn(hub.live, { mayHear, of: () => 'all' });
  const stream = hub.open(testViewer('somchai'));
  expect((await stream.next())![0]).toMatchObject({ event: 'hello', id: 'alerts=0,presence=0' });
  presence.beat('m', malee, 'trace:9');
  presence.beat('m', malee, 'alert:1');
  expect(await stream.next()).toMatchObject([
    { event: 'presence', data: { at: 'alert:1' }, id: 'alerts=0,presence=3' },
  ]);
  presence.beat('m', malee, 'alert:1');
  presence.beat('m', malee, null);
  expect(await stream.next()).toMatchObject([
    { event: 'presence', data: { at: 'alert:1' }, id: 'alerts=0,presence=4' },
  ]);
  stream.ended.abort();
  presence.beat('m', malee, 'alert:1');
  // What was missed is not told late: whoever comes back asks who is there.
  const again = hub.open(testViewer('somchai'), 'alerts=0,presence=3');
  expect((await again.next())![0]).toMatchObject({ event: 'hello' });
  presence.beat('m', malee, 'alert:2');
  const told = (await again.next())!.map(({ data }) => data);
  expect(told).toEqual([{ at: 'alert:1' }, { at: 'alert:2' }]);
  again.ended.abort();
  await hub.live.close();
  expect(hub.errors).toEqual([]);
});
