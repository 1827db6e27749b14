import { describe, expect, test } from 'vitest';
import { readTypedTime } from './typed-time.ts';

const zone = 'Asia/Bangkok';
/** 22 November 2026, 23:10 in Bangkok. */
const nowMs = Date.parse('2026-11-22T16:10:00.000Z');

describe('what an officer types while the victim speaks', () => {
  test.each([
    ['10:42', '2026-11-22T03:42:00.000Z'],
    ['1042', '2026-11-22T03:42:00.000Z'],
    ['10.42', '2026-11-22T03:42:00.000Z'],
    ['๑๐:๔๒', '2026-11-22T03:42:00.000Z'],
    ['23:50', '2026-11-21T16:50:00.000Z'],
    ['21/11 10:42', '2026-11-21T03:42:00.000Z'],
    ['21/11/2569 10:42', '2026-11-21T03:42:00.000Z'],
    ['21.11.26 10:42', '2026-11-21T03:42:00.000Z'],
    ['30/12 10:42', '2025-12-30T03:42:00.000Z'],
    ['2026-11-20 09:05', '2026-11-20T02:05:00.000Z'],
    ['2026-11-20T09:05', '2026-11-20T02:05:00.000Z'],
  ])('“%s” is a time on the officer’s clock', (text, at) => {
    expect(readTypedTime(text, nowMs, zone)).toBe(at);
  });

  test.each(['', '25:00', '10:60', 'yesterday 10:42', '31/02 10:42', '10'])('“%s” is no time', (text) => {
    expect(readTypedTime(text, nowMs, zone)).toBeUndefined();
  });
});
