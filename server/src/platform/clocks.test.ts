import { scheduler } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { dayMs, hourMs, testClock } from '../kernel/clock.ts';
import { openClocks, type Clocks } from './clocks.ts';
import type { Db } from './db.ts';
import { openTestDb } from './test-database.ts';

const start = Date.UTC(2026, 0, 1);
let db: Db;
let clocks: Clocks;
let heard: string[];
let errors: unknown[];
let clock = testClock(start);

async function open(): Promise<Clocks> {
  const opened = await openClocks({ db, clock, onError: (error) => errors.push(error) });
  opened.on('hold', {
    due: async (_tx, deadline, nowMs) =>
      void heard.push(`due ${deadline.subject} +${(nowMs - deadline.dueMs) / hourMs}h`),
    warn: async (_tx, deadline) => void heard.push(`warn ${deadline.subject}`),
  });
  return opened;
}

beforeEach(async () => {
  clock = testClock(start);
  heard = [];
  errors = [];
  db = await openTestDb();
  clocks = await open();
});
afterEach(async () => {
  await clocks.close();
  await db.close();
});

const set = (subject: string, hours: number, warnHours?: number) =>
  db.tx((tx) =>
    clocks.set(tx, {
      kind: 'hold',
      subject,
      dueMs: start + hours * hourMs,
      ...(warnHours !== undefined && { warnMs: start + warnHours * hourMs }),
    }),
  );

test('a deadline warns once and fires once', async () => {
  await set('a', 10, 8);
  expect(await clocks.run()).toBe(0);
  clock.advance(9 * hourMs);
  await clocks.run();
  await clocks.run();
  clock.advance(2 * hourMs);
  await clocks.run();
  await clocks.run();
  expect(heard).toEqual(['warn a', 'due a +1h']);
});

test('what fell due while the server was down is dealt with in the order of its time', async () => {
  await set('c', 30);
  await set('a', 10, 9);
  await set('b', 20);
  await clocks.close();
  clock.advance(40 * hourMs);
  clocks = await open();
  expect(await clocks.run()).toBe(3);
  expect(heard).toEqual(['due a +30h', 'due b +20h', 'due c +10h']);
});

test('a cancelled or moved deadline does not fire at its old time, and a rolled-back one was never set', async () => {
  await set('gone', 1);
  await set('moved', 1);
  await db.tx((tx) => clocks.cancel(tx, 'hold', 'gone'));
  await set('moved', 48);
  await db
    .tx(async (tx) => {
      await clocks.set(tx, { kind: 'hold', subject: 'never', dueMs: start });
      throw new Error('no');
    })
    .catch(() => undefined);
  clock.advance(dayMs);
  expect(await clocks.run()).toBe(0);
  clock.advance(dayMs);
  await clocks.run();
  expect(heard).toEqual(['due moved +0h']);
});

test('a handler that fails is tried again later, its half-done work is undone, and the others go on', async () => {
  await db.query('CREATE TABLE marks (subject text)');
  let fail = true;
  clocks.on('flaky', {
    due: async (tx, deadline) => {
      await tx.query('INSERT INTO marks VALUES ($1)', [deadline.subject]);
      if (fail) throw new Error('down');
    },
  });
  await db.tx((tx) => clocks.set(tx, { kind: 'flaky', subject: 'f', dueMs: start }));
  await set('a', 0);
  await clocks.run();
  expect(heard).toEqual(['due a +0h']);
  expect(await db.query('SELECT * FROM marks')).toEqual([]);
  expect(errors).toHaveLength(1);
  fail = false;
  clock.advance(hourMs);
  await clocks.run();
  await clocks.run();
  expect(await db.query('SELECT * FROM marks')).toEqual([{ subject: 'f' }]);
});

test('years of deadlines pass in one run', async () => {
  for (let year = 1; year <= 20; year += 1) await set(`y${String(year).padStart(2, '0')}`, year * 365 * 24);
  clock.advance(21 * 365 * dayMs);
  expect(await clocks.run()).toBe(20);
  expect(heard).toHaveLength(20);
  expect([...heard].sort()).toEqual(heard);
});

test('before the start nothing fires, however long it takes to start', async () => {
  await set('a', 0);
  await scheduler.wait(500);
  expect(heard).toEqual([]);
});

test('once started, it fires by itself', async () => {
  await set('a', 0);
  clocks.start();
  await expect.poll(() => heard, { timeout: 5000 }).toEqual(['due a +0h']);
});
