import { describe, expect, test } from 'vitest';
import { imei, minuteAt, openTestLines, phone, type TestWatch } from '../test-watch.ts';

const box = phone(1);
const mobile = { sim: 'sim:iccid:8966910048458243641', device: imei(1), cell: '520-91-100-7' };
const call = (watch: TestWatch, minute: number, to: number, more: object = {}): void =>
  watch.see(
    'call',
    minute,
    { originating: box, presented: box, called: phone(to), durationSeconds: 9, answered: true, ...mobile, ...more },
    'operator',
  );

interface Calling {
  readonly count?: number;
  readonly callees?: number;
  readonly everyMinutes?: number;
  readonly more?: (at: number) => object;
}

function found({ count = 60, callees = 1000, everyMinutes = 2, more = () => ({}) }: Calling, back = 0): number {
  const watch = openTestLines();
  for (let at = 0; at < count; at += 1) {
    call(watch, at * everyMinutes, 100 + (at % callees), more(at));
    if (at < back)
      watch.see('call', at * everyMinutes + 1, {
        originating: phone(100 + at),
        called: box,
        durationSeconds: 60,
        answered: true,
      });
  }
  return watch.subjects('sim-box').length;
}

describe('a SIM box', () => {
  test('sixty calls to many from one cell, and none coming back, are found', () => {
    const watch = openTestLines();
    for (let at = 0; at < 60; at += 1) call(watch, at * 2, 100 + at);
    expect(watch.found).toEqual([
      {
        detector: 'sim-box',
        subject: box,
        facts: {
          outgoing: 60,
          // The first seven were not looked at so closely.
          callees: 53,
          incoming: 0,
          cells: 1,
          cell: mobile.cell,
          untilAt: minuteAt(118),
          withinHours: 6,
          outgoingMin: 60,
          calleesMin: 40,
        },
        counterparts: [mobile.device, mobile.sim],
        strength: 0.75,
      },
    ]);
  });

  test('the edges: sixty calls, forty people, six hours', () => {
    expect([found({}), found({ count: 59 })]).toEqual([1, 0]);
    expect([found({ callees: 40 }), found({ callees: 39 })]).toEqual([1, 0]);
    expect([found({ everyMinutes: 6 }), found({ everyMinutes: 7.5, count: 70 })]).toEqual([1, 0]);
  });

  test('a call that both operators tell of counts once', () => {
    const watch = openTestLines();
    for (let at = 0; at < 59; at += 1) {
      call(watch, at * 2, 100 + at);
      call(watch, at * 2 + 0.05, 100 + at, { device: undefined, cell: undefined, sim: undefined });
    }
    expect(watch.found).toEqual([]);
  });

  test('who is called back as well is somebody’s number', () => {
    expect([found({}, 3), found({ count: 80 }, 10)]).toEqual([1, 0]);
  });

  test('a courier, who moves, is not found', () => {
    expect(found({ count: 200, everyMinutes: 1, more: (at) => ({ cell: `520-91-100-${at % 3}` }) })).toBe(0);
  });

  test('a call centre is not found: on fixed lines, or on mobile ones that show its main number', () => {
    const fixed = { sim: undefined, device: undefined };
    expect(found({ count: 500, everyMinutes: 0.7, more: () => fixed })).toBe(0);
    const main = (at: number) => (at % 10 < 7 ? { presented: 'phone:+6627654321' } : {});
    expect(found({ count: 500, everyMinutes: 0.7, more: main })).toBe(0);
  });

  test('who shows now this agency’s number and now that one is no call centre', () => {
    const agencies = (at: number) => ({ presented: `phone:+662123000${at % 10}` });
    expect(found({ more: agencies })).toBe(1);
  });

  test('where no cell is told nothing can be said', () => {
    expect(found({ count: 300, everyMinutes: 1, more: () => ({ cell: undefined }) })).toBe(0);
  });

  test('calls that are told late and out of order count all the same', () => {
    const watch = openTestLines();
    for (let at = 0; at < 60; at += 1) call(watch, ((at * 37) % 60) * 2, 100 + at);
    expect(watch.subjects('sim-box')).toEqual([box]);
  });
});
