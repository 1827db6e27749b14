import { expect, test } from 'vitest';
import type { Links } from '../../federation/contract.ts';
import { hearingOf } from './standing.ts';
import { columnsOf } from './steering.ts';

const link = (party: string, state: Links['links'][number]['state'], lag: number): Links['links'][number] => ({
  party,
  state,
  reason: null,
  since: '2026-01-01T00:00:00.000Z',
  heardAt: null,
  skewMs: null,
  reads: [{ book: 'alliance', size: 10 + lag, here: 10, applied: 10, forked: false }],
  read: [],
});

test('status counts the neighbours heard and the statements not yet handled', () => {
  const hears = hearingOf({ links: [link('kh', 'live', 1), link('la', 'unreachable', 2), link('vn', 'live', 0)] });
  expect(columnsOf({ ready: true, hears })).toEqual(['up', '2 of 3', '3 statements']);
});

test('status tells a member that is cut off from one that is down', () => {
  const hears = hearingOf({ links: [link('kh', 'isolated', 1)] });
  expect(columnsOf({ ready: true, hears })).toEqual(['cut off', '0 of 1', '1 statement']);
  expect(columnsOf({ ready: false })).toEqual(['down', '', '']);
  expect(columnsOf({ ready: true })).toEqual(['up', 'unknown', '']);
});
