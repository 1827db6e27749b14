import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dayStartMs, instantOf, localOf } from './local-time.ts';

test('a time that an officer types is the instant on a clock of their zone', () => {
  expect(instantOf('2026-11-22T15:04', 'Asia/Bangkok')).toBe('2026-11-22T08:04:00.000Z');
  expect(instantOf('2026-11-22T15:04', 'Asia/Yangon')).toBe('2026-11-22T08:34:00.000Z');
  expect(localOf('2026-11-22T08:34:00Z', 'Asia/Yangon')).toBe('2026-11-22T15:04');
});

test('what is no time is nothing', () => {
  expect(instantOf('', 'Asia/Bangkok')).toBeUndefined();
  expect(instantOf('2026-13-40T99:00', 'Asia/Bangkok')).toBeUndefined();
});

test('what is shown and typed again is the same minute', () => {
  const zones = fc.constantFrom('Asia/Shanghai', 'Asia/Yangon', 'Asia/Vientiane', 'UTC');
  fc.assert(
    fc.property(zones, fc.integer({ min: 26_000_000, max: 32_000_000 }), (zone, minute) => {
      const iso = new Date(minute * 60_000).toISOString();
      expect(instantOf(localOf(iso, zone), zone)).toBe(iso);
    }),
  );
});

test('a day begins at midnight of the zone', () => {
  const atMs = Date.parse('2026-11-22T18:30:00Z');
  expect(new Date(dayStartMs(atMs, 'Asia/Bangkok')).toISOString()).toBe('2026-11-22T17:00:00.000Z');
  expect(new Date(dayStartMs(atMs, 'Asia/Yangon', -1)).toISOString()).toBe('2026-11-21T17:30:00.000Z');
});
