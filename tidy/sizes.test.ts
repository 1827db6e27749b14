import { expect, test } from 'vitest';
import { expectKept } from './breach.ts';
import { isMeasured, linesMax, sizeBreaches, testLinesMax } from './sizes.ts';
import { houseFiles } from './source.ts';

test('no file is longer than a reader can hold', () => {
  const files = houseFiles().filter(({ path }) => isMeasured(path));
  expectKept('sizes', { count: files.length, atLeast: 20 }, files.flatMap(sizeBreaches));
});

const lines = (count: number): string => 'x\n'.repeat(count);

test('a source file may have 400 lines, a test 600, and one more is refused', () => {
  expect(sizeBreaches({ path: 'protocol/a.ts', text: lines(linesMax) })).toEqual([]);
  expect(sizeBreaches({ path: 'protocol/a.ts', text: lines(linesMax + 1) })).toHaveLength(1);
  expect(sizeBreaches({ path: 'protocol/a.ts', text: `${lines(linesMax)}x` })).toHaveLength(1);
  expect(sizeBreaches({ path: 'server/src/journal/migrations/0001-a.sql', text: lines(linesMax + 1) })).toHaveLength(1);
  expect(sizeBreaches({ path: 'protocol/a.test.ts', text: lines(testLinesMax) })).toEqual([]);
  expect(sizeBreaches({ path: 'protocol/a.test.ts', text: lines(testLinesMax + 1) })).toHaveLength(1);
});

test('data and generated files are not measured', () => {
  expect(['protocol/vectors/a.ts', 'web/src/generated/a.ts', 'contracts/openapi.json'].filter(isMeasured)).toEqual([]);
});
