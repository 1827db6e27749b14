import { expect, test } from 'vitest';
import { formatOf } from './format.ts';

const instant = '2026-11-22T20:04:05Z';
const own = ['km', 'lo', 'my'] as const;
const of = (language: (typeof own)[number], calendar: 'gregorian' | 'buddhist' = 'gregorian') =>
  formatOf({ language, calendar, timeZone: 'Asia/Bangkok' });

test.each(own)('a date in %s is said as by a browser that knows the language', (language) => {
  // Node knows all seven.
  const known = new Intl.DateTimeFormat(`${language}-u-ca-gregory-nu-latn`, {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    timeZone: 'Asia/Bangkok',
  });
  for (let month = 0; month < 12; month += 1) {
    const ms = Date.UTC(2026, month, 3);
    expect(of(language).day(ms)).toBe(known.format(ms));
  }
});

test.each(own)('a day of the week in %s is said so too', (language) => {
  const known = new Intl.DateTimeFormat(language, { weekday: 'short', timeZone: 'Asia/Bangkok' });
  for (let day = 1; day <= 7; day += 1) {
    const ms = Date.UTC(2026, 10, day);
    expect(of(language).weekday(ms)).toBe(`${known.format(ms)} ${day}`);
  }
});

test('with the time, in the year of the Buddhist era, and on another day', () => {
  expect(of('km').instant(instant)).toBe('23 វិច្ឆិកា 2026, 03:04:05');
  expect(of('lo', 'buddhist').day(instant)).toBe('23 ພ.ຈ. 2569');
  expect(of('my').time('2025-11-22T20:04:05Z')).toBe('နို 23, 03:04');
  expect(of('my').time(Date.now())).toMatch(/^\d\d:\d\d$/);
});

test('what was and what will be, and how long', () => {
  const nowMs = Date.parse(instant);
  expect(of('km').fromNow(nowMs - 180_000, nowMs)).toBe('3 នាទីមុន');
  expect(of('lo').fromNow(nowMs + 2 * 3_600_000, nowMs)).toBe('ໃນອີກ 2 ຊົ່ວໂມງ');
  expect(of('my').fromNow(nowMs - 5000, nowMs)).toBe('ပြီးခဲ့သည့် 5 စက္ကန့်');
  expect(of('km').duration(71 * 3_600_000)).toBe('2 ថ្ងៃ 23 ម៉ោង');
});
