import { expect, test } from 'vitest';
import type { LinkView } from './links.ts';
import { troublesOf } from './troubles.ts';

const view = (party: string, state: LinkView['state'], sinceMs = 0): LinkView => ({
  party,
  state,
  reason: null,
  sinceMs,
  heardAtMs: null,
  skewMs: null,
});

test('a neighbour that does not answer is a trouble; one that we paused or are connecting to is none', () => {
  const views = [view('kh', 'unreachable', 5), view('la', 'paused'), view('vn', 'connecting'), view('cn', 'live')];
  expect(troublesOf(views, [], [])).toEqual([{ party: 'kh', code: 'unreachable', sinceMs: 5, count: 1 }]);
});

test('two histories of several books are one trouble with their author, since the first', () => {
  const fork = (atMs: number | null) => ({ member: 'mm', forked_at: atMs === null ? null : new Date(atMs) });
  expect(troublesOf([], [fork(9), fork(7), fork(null)], [])).toEqual([
    { party: 'mm', code: 'fork', sinceMs: 7, count: 2 },
  ]);
});

test('statements that are held back are counted by their author', () => {
  const held = [{ member: 'vn', count: 3, since: new Date(11) }];
  expect(troublesOf([], [], held)).toEqual([{ party: 'vn', code: 'held', sinceMs: 11, count: 3 }]);
});
