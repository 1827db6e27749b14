import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import { testClock } from '../../kernel/clock.ts';
import { listenForStop } from './stopping.ts';

async function isSettled(promise: Promise<void>): Promise<boolean> {
  const later = new Promise<boolean>((resolve) => setImmediate(resolve, false));
  return Promise.race([promise.then(() => true), later]);
}

test('one Ctrl-C that npm hands on is one; another one a while later insists', async () => {
  const clock = testClock(0);
  const source = new EventEmitter();
  const stopping = listenForStop(clock, source as unknown as NodeJS.Process);
  expect(stopping.isAsked()).toBe(false);
  source.emit('SIGINT');
  clock.advance(30);
  source.emit('SIGINT');
  expect(await isSettled(stopping.asked)).toBe(true);
  expect(await isSettled(stopping.askedAgain)).toBe(false);
  clock.advance(2000);
  source.emit('SIGINT');
  expect(await isSettled(stopping.askedAgain)).toBe(true);
});
