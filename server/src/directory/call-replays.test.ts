import { expect, test } from 'vitest';
import { minuteMs, testClock } from '../kernel/clock.ts';
import { openReplays } from './call-replays.ts';

const start = Date.UTC(2026, 0, 1);

test('a nonce is taken once, for as long as its call could come again', () => {
  const clock = testClock(start);
  const replays = openReplays(clock);
  const claim = { party: 'th', nonce: 'n'.repeat(22), createdMs: start + 5 * minuteMs };
  replays.take(claim);
  for (let minute = 0; minute <= 10; minute += 1) {
    expect(() => replays.take(claim)).toThrow('unauthenticated.signature-replay');
    expect(() => replays.take({ ...claim, createdMs: start })).toThrow('unauthenticated.signature-replay');
    clock.advance(minuteMs);
  }
  clock.advance(minuteMs);
  replays.take(claim);
});

test('a party that calls without end is told to wait, forgets nothing, and takes no room from others', () => {
  const clock = testClock(start);
  const replays = openReplays(clock, 3);
  const take = (party: string, nonce: string): void => replays.take({ party, nonce, createdMs: clock.now() });
  for (const nonce of ['a', 'b', 'c']) take('th', nonce);
  expect(() => take('th', 'd')).toThrow('too-many.calls');
  expect(() => take('th', 'a')).toThrow('unauthenticated.signature-replay');
  take('kh', 'a');
  clock.advance(7 * minuteMs);
  take('th', 'd');
});
