import { afterEach, expect, test, vi } from 'vitest';
import { formatOf } from './format.ts';

afterEach(() => vi.restoreAllMocks());

const at = (month: number): string => new Date(Date.UTC(2026, month, 9, 3, 4, 5)).toISOString();
const choice = (language: 'km' | 'lo' | 'my') =>
  ({ language, calendar: 'gregorian', timeZone: 'Asia/Bangkok' }) as const;

test.each(['km', 'lo', 'my'] as const)(
  'in a browser that does not know the language %s, dates read as in one that does',
  (language) => {
    const known = formatOf(choice(language));
    const said = Array.from({ length: 12 }, (_, month) => [
      known.instant(at(month)),
      known.day(at(month)),
      known.time(at(month)),
    ]);
    vi.spyOn(Intl.DateTimeFormat, 'supportedLocalesOf').mockReturnValue([]);
    const own = formatOf(choice(language));
    expect(said.map((_, month) => [own.instant(at(month)), own.day(at(month)), own.time(at(month))])).toEqual(said);
    expect(own.time(Date.now())).toMatch(/^\d\d:\d\d$/);
  },
);

test('years are Buddhist, and another member’s time is there, also where the words are our own', () => {
  vi.spyOn(Intl.DateTimeFormat, 'supportedLocalesOf').mockReturnValue([]);
  const format = formatOf({ ...choice('lo'), calendar: 'buddhist' });
  expect(format.instant(at(10))).toBe('9 ພ.ຈ. 2569, 10:04:05');
  expect(format.instant(at(10), 'Asia/Yangon')).toBe('9 ພ.ຈ. 2569, 09:34:05');
});

test('how long ago and how long still is said in words of the language', () => {
  vi.spyOn(Intl.DateTimeFormat, 'supportedLocalesOf').mockReturnValue([]);
  const nowMs = Date.parse(at(10));
  const said = (language: 'km' | 'lo' | 'my') => {
    const { fromNow, duration } = formatOf(choice(language));
    return [fromNow(nowMs - 180_000, nowMs), fromNow(nowMs + 7_200_000, nowMs), duration(7_500_000)];
  };
  expect([said('km'), said('lo'), said('my')]).toEqual([
    ['3 នាទីមុន', '2 ម៉ោងទៀត', '2 ម៉ោង 5 នាទី'],
    ['3 ນາທີກ່ອນ', 'ໃນອີກ 2 ຊົ່ວໂມງ', '2 ຊົ່ວໂມງ 5 ນາທີ'],
    ['ပြီးခဲ့သည့် 3 မိနစ်', '2 နာရီအတွင်း', '2 နာရီ 5 မိနစ်'],
  ]);
});
