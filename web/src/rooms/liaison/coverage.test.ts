import { expect, test } from 'vitest';
import { gapsOf } from './coverage.ts';

const shift = (from: number, until: number, handedOver = false) => ({
  id: String(from),
  officer: 'duty-1',
  reach: '1',
  from: new Date(from).toISOString(),
  until: new Date(until).toISOString(),
  handedOver,
});

test('a week without shifts is one gap', () => expect(gapsOf([], 0, 100)).toEqual([[0, 100]]));

test('shifts that overlap leave only what none of them covers', () => {
  expect(gapsOf([shift(40, 60), shift(10, 50)], 0, 100)).toEqual([
    [0, 10],
    [60, 100],
  ]);
  expect(gapsOf([shift(-50, 40), shift(40, 200)], 0, 100)).toEqual([]);
});

test('who has handed over is gone', () => expect(gapsOf([shift(0, 100, true)], 0, 100)).toEqual([[0, 100]]));
