import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { requestPriorities } from '@bronze-drum/protocol/requests';
import { dayMs, hourMs, minuteMs } from '../kernel/clock.ts';
import { parsePolicy } from '../kernel/policy.ts';
import { serviceDue, warnMsOf } from './service-clocks.ts';

const zones = {
  cn: ['Asia/Shanghai', 480],
  kh: ['Asia/Phnom_Penh', 420],
  la: ['Asia/Vientiane', 420],
  mm: ['Asia/Yangon', 390],
  th: ['Asia/Bangkok', 420],
  vn: ['Asia/Ho_Chi_Minh', 420],
} as const;

async function termsOf(member: string) {
  const text = await readFile(new URL(`../../../policies/${member}.json`, import.meta.url), 'utf8');
  const policy = parsePolicy(text);
  const { service, holidays, workdays } = policy.at(Date.UTC(2026, 5, 1)).liaison;
  return { timeZone: policy.timeZone, service, holidays, workdays };
}

const plain = (timeZone: string) => ({
  timeZone,
  holidays: ['2027-01-01'],
  workdays: [1, 2, 3, 4, 5],
  service: {
    P1: { acknowledgeMinutes: 15, act: 60, pausedByHolidays: true },
    P2: { acknowledgeMinutes: 60, act: 480, pausedByHolidays: false },
    P3: { acknowledgeMinutes: 240, act: 'same-day' as const, pausedByHolidays: true },
    P4: { acknowledgeMinutes: 1440, act: 10_080, pausedByHolidays: true },
  },
});

describe.each(Object.entries(zones))('the clocks of %s', (member, [timeZone, offsetMinutes]) => {
  test('its policy names its zone, and P1 is acknowledged in 15 minutes and acted on in an hour on any day', async () => {
    const terms = await termsOf(member);
    expect(terms.timeZone).toBe(timeZone);
    // New Year’s Day, a Friday.
    const fromMs = Date.UTC(2027, 0, 1, 3, 7);
    expect(serviceDue(terms, 'P1', fromMs)).toEqual({
      acknowledgeMs: fromMs + 15 * minuteMs,
      actMs: fromMs + hourMs,
    });
    expect(serviceDue(terms, 'P2', fromMs)).toEqual({ acknowledgeMs: fromMs + hourMs, actMs: fromMs + 8 * hourMs });
  });

  test('a P3 request is answered until 23:59 of the same day there', () => {
    // Wednesday, 7 October 2026, 09:30 there.
    const localMs = Date.UTC(2026, 9, 7, 9, 30);
    const fromMs = localMs - offsetMinutes * minuteMs;
    const endMs = Date.UTC(2026, 9, 7, 23, 59) - offsetMinutes * minuteMs;
    expect(serviceDue(plain(timeZone), 'P3', fromMs).actMs).toBe(endMs);
    // A minute before midnight there, it is tomorrow’s.
    expect(serviceDue(plain(timeZone), 'P3', endMs).actMs).toBe(endMs + dayMs);
  });

  test('on a Saturday P3 and P4 stand still until Monday there', () => {
    const fromMs = Date.UTC(2026, 9, 10, 12, 0) - offsetMinutes * minuteMs;
    const mondayMs = Date.UTC(2026, 9, 12) - offsetMinutes * minuteMs;
    expect(serviceDue(plain(timeZone), 'P3', fromMs)).toEqual({
      acknowledgeMs: mondayMs + 4 * hourMs,
      actMs: mondayMs + 23 * hourMs + 59 * minuteMs,
    });
    // Seven days of work from Monday are over when the Tuesday after next ends.
    expect(serviceDue(plain(timeZone), 'P4', fromMs).actMs).toBe(mondayMs + 9 * dayMs);
  });

  test('a holiday pauses what is under way', () => {
    // 22:00 on 31 December 2026, a Thursday; 1 January is a holiday, and then comes a weekend.
    const fromMs = Date.UTC(2026, 11, 31, 22, 0) - offsetMinutes * minuteMs;
    const mondayMs = Date.UTC(2027, 0, 4) - offsetMinutes * minuteMs;
    expect(serviceDue(plain(timeZone), 'P3', fromMs).acknowledgeMs).toBe(mondayMs + 2 * hourMs);
  });
});

test('in Myanmar the day ends half an hour later than in Thailand', () => {
  const fromMs = Date.UTC(2026, 9, 7, 4, 0);
  expect(serviceDue(plain('Asia/Yangon'), 'P3', fromMs).actMs).toBe(Date.UTC(2026, 9, 7, 17, 29));
  expect(serviceDue(plain('Asia/Bangkok'), 'P3', fromMs).actMs).toBe(Date.UTC(2026, 9, 7, 16, 59));
});

test('where summer time ends, the day still ends at 23:59', () => {
  const terms = { ...plain('Europe/Paris'), workdays: [1, 2, 3, 4, 5, 6, 7] };
  expect(serviceDue(terms, 'P3', Date.UTC(2026, 9, 24, 22, 30)).actMs).toBe(Date.UTC(2026, 9, 25, 22, 59));
  expect(serviceDue(terms, 'P3', Date.UTC(2026, 2, 28, 23, 30)).actMs).toBe(Date.UTC(2026, 2, 29, 21, 59));
});

test('a zone that nobody knows, and a calendar without a workday, still give a deadline', () => {
  const fromMs = Date.UTC(2026, 9, 7, 4, 0);
  const never = { ...plain('Nowhere/At_all'), workdays: [] };
  expect(serviceDue(never, 'P3', fromMs)).toEqual({ acknowledgeMs: fromMs + 4 * hourMs, actMs: fromMs + dayMs });
});

test('holidays never pause P1 and P2, and no deadline lies before its request', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...Object.values(zones).map(([zone]) => zone)),
      fc.constantFrom(...requestPriorities),
      fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2030, 0, 1) }),
      fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
      (zone, priority, fromMs, workdays) => {
        const due = serviceDue({ ...plain(zone), workdays }, priority, fromMs);
        expect(due.acknowledgeMs).toBeGreaterThan(fromMs);
        expect(due.actMs).toBeGreaterThan(fromMs);
        if (priority === 'P1') expect(due.actMs - fromMs).toBe(hourMs);
        if (priority === 'P2') expect(due.actMs - fromMs).toBe(8 * hourMs);
      },
    ),
  );
});

test('the warning comes after its share of the time', () => {
  expect(warnMsOf(1000, 2000, 0.75)).toBe(1750);
});
