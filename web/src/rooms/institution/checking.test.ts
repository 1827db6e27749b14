import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  batchesOf,
  checkedOf,
  countsOf,
  csvOf,
  itemsOf,
  likelyColumn,
  linesOf,
  urgentFirst,
  type Checked,
  type Screened,
} from './checking.ts';

const screened = (advice: Screened['advice']): Screened => ({
  identifier: 'phone:+66812345678',
  advice,
  tiers: [],
  typologies: [],
  members: [],
});

test('pasted lines keep their numbers; empty ones and comments are left out', () => {
  expect(linesOf('a\r\n\n # note\n b ')).toEqual([
    { line: 1, text: 'a' },
    { line: 4, text: 'b' },
  ]);
});

test('a list of any length goes out whole, in order, and at most ten thousand in a call', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 25_000 }), fc.integer({ min: 1, max: 300 }), (count, length) => {
      const asked = Array.from({ length: count }, (_, at) => ({ line: at, text: 'x'.repeat(length) }));
      const batches = batchesOf(asked);
      expect(batches.flat().length).toBe(count);
      expect(batches.flat().every(({ line }, at) => line === at)).toBe(true);
      for (const batch of batches) {
        expect(batch.length).toBeLessThanOrEqual(10_000);
        expect(batch.length * length).toBeLessThanOrEqual(2_000_000);
      }
    }),
    { numRuns: 20 },
  );
});

test('a line that cannot be read is not asked, and the others keep their answers', () => {
  const batch = [
    { line: 1, text: 'a' },
    { line: 2, text: '', refused: 'feed.nul' },
    { line: 3, text: 'b' },
  ];
  expect(itemsOf(batch, { country: 'TH' })).toEqual([
    { identifier: 'a', country: 'TH' },
    { identifier: 'b', country: 'TH' },
  ]);
  const checked = checkedOf(batch, [screened('clear'), screened('block')]);
  expect(checked.map(({ answer }) => ('advice' in answer ? answer.advice : answer.refused))).toEqual([
    'clear',
    'feed.nul',
    'block',
  ]);
  expect(countsOf(checked)).toMatchObject({ block: 1, clear: 1, unread: 1 });
  expect(urgentFirst(checked).map(({ line }) => line)).toEqual([3, 2, 1]);
});

test('a table of results is none that a spreadsheet carries out', () => {
  const checked: Checked[] = [{ line: 1, text: '=HYPERLINK("x")', answer: { refused: 'identifier.unknown' } }];
  expect(csvOf(checked).split('\r\n')[1]).toBe(`1,"'=HYPERLINK(""x"")",,,,,,,,,identifier.unknown`);
});

test('the column of identifiers is found by its name', () => {
  expect(likelyColumn(['name', 'Phone number', 'note'])).toBe(1);
  expect(likelyColumn(['a', 'b'])).toBe(0);
});
