import { describe, expect, test } from 'vitest';
import { minuteAt, openTestLines, phone, type TestWatch } from '../test-watch.ts';

const cell = '520-99-666-1';
const link = 'url:kbank-safe.example/x';
const bank = { presented: 'KBANK', links: [link] };

const write = (watch: TestWatch, minute: number, to: number, more: object = bank): void =>
  watch.see('message', minute, { to: phone(to), channel: 'sms', cell, ...more }, 'operator');
/** Something happens two hours before, so that what is new is known to be new. */
const begin = (watch: TestWatch): void =>
  watch.see('call', 0, {
    originating: phone(1),
    called: phone(2),
    durationSeconds: 9,
    answered: true,
    cell: '520-91-1-1',
  });
const found = (act: (watch: TestWatch) => void): number => {
  const watch = openTestLines();
  begin(watch);
  act(watch);
  return watch.found.length;
};
const spread =
  (count: number, everyMinutes = 1, more?: object) =>
  (watch: TestWatch): void => {
    for (let at = 0; at < count; at += 1) write(watch, 120 + at * everyMinutes, 100 + at, more);
  };

describe('a fake base station', () => {
  test('a new cell with links under a shown name to twenty, and no calls, is found; the link is told of', () => {
    const watch = openTestLines();
    begin(watch);
    spread(20)(watch);
    expect(watch.found).toEqual([
      {
        detector: 'fake-base-station',
        subject: link,
        facts: {
          cell,
          recipients: 20,
          shown: 'KBANK',
          firstAt: minuteAt(120),
          untilAt: minuteAt(139),
          hoursMax: 3,
          recipientsMin: 20,
        },
        counterparts: [],
        strength: 0.5,
      },
    ]);
  });

  test('the edges: twenty people, three hours', () => {
    expect([found(spread(19)), found(spread(20, 9)), found(spread(20, 9.6))]).toEqual([0, 1, 0]);
    const again = (watch: TestWatch): void => {
      for (let at = 0; at < 50; at += 1) write(watch, 120 + at, 100 + (at % 19));
    };
    expect(found(again)).toBe(0);
  });

  test('an operator’s new cell, where people call, is not found', () => {
    const act = (watch: TestWatch): void => {
      watch.see('call', 121, { originating: phone(9), called: phone(2), durationSeconds: 9, answered: true, cell });
      spread(60)(watch);
    };
    expect(found(act)).toBe(0);
  });

  test('people who write to each other are life, too', () => {
    const act = (watch: TestWatch): void => {
      write(watch, 120, 99, { originating: phone(9), presented: phone(9) });
      spread(60)(watch);
    };
    expect(found(act)).toBe(0);
  });

  test('messages without links, or from a number that shows itself, are not found', () => {
    expect(found(spread(60, 1, { presented: 'KBANK' }))).toBe(0);
    expect(found(spread(60, 1, { originating: phone(9), presented: phone(9), links: [link] }))).toBe(0);
    expect(found(spread(60, 1, { originating: phone(9), links: [link] }))).toBe(0);
  });

  test('a number that shows a bank’s name is found as a name without a number is', () => {
    expect(found(spread(20, 1, { originating: phone(9), ...bank }))).toBe(1);
  });

  test('a bank that writes to its customers, in whatever cell they are, is not found', () => {
    const act = (watch: TestWatch): void => {
      for (let at = 0; at < 300; at += 1) write(watch, 120 + at, 100 + at, { ...bank, cell: `520-91-1-${at % 40}` });
    };
    expect(found(act)).toBe(0);
    expect(found(spread(300, 0.5, { ...bank, cell: undefined }))).toBe(0);
  });

  test('in the first hour every cell is new, and none is found', () => {
    const watch = openTestLines();
    for (let at = 0; at < 50; at += 1) write(watch, at, 100 + at);
    expect(watch.found).toEqual([]);
  });
});
