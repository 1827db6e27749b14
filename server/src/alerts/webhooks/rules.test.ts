import { expect, test } from 'vitest';
import { dayMs, hourMs, minuteMs, secondMs } from '../../kernel/clock.ts';
import { isGivenUp, outcomeOf, readUrl, restAfter, waitAfter, type Outcome } from './rules.ts';

const failed: Outcome = { status: 500, error: 'status', retryAfterMs: 0 };

test('a message is tried ten times over more than a day, and then given up', () => {
  const waits = Array.from({ length: 10 }, (_, index) => waitAfter(index + 1, failed, 0.5));
  expect(waits).toEqual([
    5 * secondMs,
    30 * secondMs,
    2 * minuteMs,
    10 * minuteMs,
    30 * minuteMs,
    2 * hourMs,
    5 * hourMs,
    10 * hourMs,
    14 * hourMs,
    undefined,
  ]);
});

test('those that failed together do not come together', () => {
  expect(waitAfter(2, failed, 0)).toBe(24 * secondMs);
  expect(waitAfter(2, failed, 1)).toBe(36 * secondMs);
});

test.each([
  [200, undefined, null, 0],
  [204, '60', null, 0],
  [301, undefined, 'redirect', 0],
  [410, undefined, 'gone', 0],
  [500, '60', 'status', 0],
  [429, '60', 'status', 60_000],
  [503, '7200', 'status', hourMs],
  [503, 'Thu, 01 Jan 2026 00:02:00 GMT', 'status', 2 * minuteMs],
  [429, 'Wed, 31 Dec 2025 00:00:00 GMT', 'status', 0],
  [429, 'soon', 'status', 0],
  [429, '-5', 'status', 0],
])('an answer %d with Retry-After %s means %s, and to wait %d ms', (status, header, error, retryAfterMs) => {
  expect(outcomeOf(status, header, Date.UTC(2026, 0, 1))).toEqual({ status, error, retryAfterMs });
});

test('who asks to be left alone is, for longer than the next try would wait', () => {
  expect(waitAfter(1, { ...failed, retryAfterMs: hourMs }, 0.5)).toBe(hourMs);
  expect(restAfter(1, { ...failed, retryAfterMs: hourMs })).toBe(hourMs);
});

test('an endpoint that keeps failing rests, for five minutes at the most', () => {
  expect([1, 4, 5, 6, 50].map((failures) => restAfter(failures, failed))).toEqual([
    0,
    0,
    5 * secondMs,
    10 * secondMs,
    5 * minuteMs,
  ]);
});

test('an endpoint is given up after five days and more than twenty attempts', () => {
  expect(isGivenUp(21, 0, 5 * dayMs)).toBe(true);
  expect(isGivenUp(20, 0, 9 * dayMs)).toBe(false);
  expect(isGivenUp(500, 0, 4 * dayMs)).toBe(false);
});

test.each([
  ['https://bank.example/hooks?x=1', true],
  ['https://bank.example:8443', true],
  ['http://bank.example/hooks', 'scheme'],
  ['ftp://bank.example/', 'scheme'],
  ['file:///etc/passwd', 'syntax'],
  ['https://user@bank.example/', 'credentials'],
  ['https://user:word@bank.example/', 'credentials'],
  ['https://bank.example/#there', 'fragment'],
  ['https://bank.example:0/', 'syntax'],
  ['https://bank.example:70000/', 'syntax'],
  ['hooks', 'syntax'],
])('the address %s is read as: %s', (text, read) => {
  const url = readUrl(text, false);
  expect(typeof url === 'string' ? url : true).toBe(read);
});
