import { describe, expect, test } from 'vitest';
import { minuteAt, openTestLines, phone, phoneAbroad, type TestWatch } from '../test-watch.ts';

const cell = '520-91-100-7';
const call = (watch: TestWatch, minute: number, originating: string, to = 1): void =>
  watch.see('call', minute, { originating, called: phone(5000 + to), durationSeconds: 9, answered: true, cell });

/** Foreign numbers that make so many calls each, and others that call once, within a number of minutes. */
function swarm(watch: TestWatch, foreign: number, calls: number, locals: number, minutes = 55): void {
  const acts: string[] = [];
  for (let who = 0; who < locals; who += 1) acts.push(phone(who));
  for (let turn = 0; turn < calls; turn += 1) for (let who = 0; who < foreign; who += 1) acts.push(phoneAbroad(who));
  for (const [at, originating] of acts.entries()) call(watch, (at * minutes) / acts.length, originating, at);
}

const found = (...parts: [number, number, number, number?]): number => {
  const watch = openTestLines();
  swarm(watch, ...parts);
  return watch.subjects('roaming-swarm').length;
};

describe('a swarm of foreign numbers', () => {
  test('twenty that call again and again from one cell are found, those that do so', () => {
    const watch = openTestLines();
    swarm(watch, 20, 4, 5);
    call(watch, 56, phoneAbroad(99));
    expect(watch.subjects('roaming-swarm')).toHaveLength(20);
    expect(watch.subjects('roaming-swarm')).not.toContain(phoneAbroad(99));
    const [one] = watch.found;
    expect(one).toMatchObject({
      detector: 'roaming-swarm',
      subject: phoneAbroad(19),
      facts: { cell, foreign: 20, numbers: 25, sharePercent: 80, acts: 60, withinMinutes: 60, numbersMin: 20 },
    });
    expect(one?.facts['untilAt']).toBe(minuteAt((64 * 55) / 85));
    expect(one?.counterparts).toHaveLength(8);
    expect(one?.counterparts).not.toContain(phoneAbroad(19));
  });

  test('nineteen are not, nor twenty among more people of the country', () => {
    expect([found(20, 3, 0), found(19, 9, 0), found(20, 4, 20), found(20, 4, 21)]).toEqual([1, 0, 20, 0]);
  });

  test('travellers at a border market, who call home once or twice, are not found', () => {
    expect(found(300, 2, 10)).toBe(0);
  });

  test('over a day it is no swarm', () => {
    expect(found(20, 4, 0, 600)).toBe(0);
  });

  test('in their own country they are not foreign; a number abroad is known by the cell’s network', () => {
    const watch = openTestLines();
    for (let at = 0; at < 200; at += 1)
      watch.see('call', at / 5, {
        originating: phoneAbroad(at % 20),
        called: phone(1),
        durationSeconds: 9,
        answered: true,
        cell: '414-91-100-7',
      });
    expect(watch.found).toEqual([]);
    for (let at = 0; at < 100; at += 1)
      watch.see('call', at / 5, {
        originating: phone(at % 20),
        called: phone(999),
        durationSeconds: 9,
        answered: true,
        cell: '414-91-100-8',
      });
    expect(watch.subjects('roaming-swarm')).toHaveLength(20);
  });

  test('told in another order, the same is found in the end', () => {
    const watch = openTestLines();
    for (let at = 0; at < 100; at += 1) call(watch, ((at * 37) % 100) / 2, phoneAbroad(at % 20), at);
    expect(watch.subjects('roaming-swarm').length).toBeGreaterThan(0);
  });
});
