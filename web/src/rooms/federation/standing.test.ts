import { expect, test } from 'vitest';
import { behindIn, behindOut, lastReceipt } from './standing.ts';

const reads = [
  { book: 'alliance', size: 12, here: 10, applied: 7, forked: false },
  { book: 'kh+th', size: 4, here: 4, applied: 4, forked: false },
];
const read = [
  {
    book: 'alliance',
    size: 9,
    received: 6,
    applied: 5,
    held: [{ number: 3, code: 'quarantine.schema' }],
    receiptAt: '2026-11-22T10:00:00Z',
  },
  { book: 'kh+th', size: 2, received: 3, applied: 2, held: [], receiptAt: '2026-11-22T10:00:05Z' },
  { book: 'domestic+x', size: 1, received: 0, applied: 0, held: [], receiptAt: null },
];

test('what a neighbour said and is not here is told apart from what is here and waits', () => {
  expect(behindIn({ reads })).toEqual({ missing: 2, waiting: 3 });
});

test('what a neighbour has of ours is told apart from what it has applied and what it holds back', () => {
  expect(behindOut({ read })).toEqual({ missing: 4, waiting: 1, held: 1 });
});

test('a neighbour that knows more than was shown a moment ago is not behind', () => {
  expect(behindOut({ read: [read[1]!] })).toEqual({ missing: 0, waiting: 0, held: 0 });
});

test('the newest receipt counts, and none where nothing was heard', () => {
  expect(lastReceipt({ read })).toBe('2026-11-22T10:00:05Z');
  expect(lastReceipt({ read: [read[2]!] })).toBeUndefined();
});
