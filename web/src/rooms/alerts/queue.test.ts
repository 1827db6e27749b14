import { expect, test } from 'vitest';
import type { Alert } from '../../../../server/src/alerts/contract.ts';
import { belongs, merge, queryOf, readView, searchOf, type QueueView } from './queue.ts';

const me = { officer: 'duty-1', roles: ['duty-officer'], office: { id: 'hotline-1', kind: 'hotline' } };
const alert = (id: string, given: Partial<Alert> = {}): Alert => ({
  id,
  kind: 'detection',
  subject: `account:TH:901:${id}`,
  priority: 'P2',
  state: 'new',
  at: '2026-11-22T10:00:00.000Z',
  firstAt: '2026-11-22T10:00:00.000Z',
  lastAt: '2026-11-22T10:00:00.000Z',
  count: 1,
  reasons: [],
  ...given,
});
const at = (minute: number): string => `2026-11-22T10:${String(minute).padStart(2, '0')}:00.000Z`;
const view = (search = ''): QueueView => readView(Object.fromEntries(new URLSearchParams(search)));
const ids = (alerts: readonly Alert[]): string[] => alerts.map(({ id }) => id);

const queue = (given: Partial<Parameters<typeof merge>[0]> = {}): string[] =>
  ids(
    merge({
      listed: [alert('b', { priority: 'P1', lastAt: at(5) }), alert('a', { lastAt: at(9) })],
      hasMore: false,
      heard: new Map(),
      kept: undefined,
      view: view(),
      me,
      ...given,
    }),
  );
const heard = (...alerts: Alert[]): Map<string, Alert> => new Map(alerts.map((one) => [one.id, one]));

test('a new alert comes at its rank: the urgent before the less urgent, the newest first', () => {
  const fresh = heard(
    alert('c', { priority: 'P1', lastAt: at(20) }),
    alert('d', { lastAt: at(10) }),
    alert('e', { lastAt: at(1) }),
  );
  expect(queue({ heard: fresh })).toEqual(['c', 'b', 'd', 'a', 'e']);
  expect(queue({ heard: fresh, view: view('sort=newest') })).toEqual(['c', 'd', 'b', 'a', 'e']);
});

test('what would stand behind what was loaded waits until it is loaded', () => {
  expect(queue({ heard: heard(alert('e', { lastAt: at(1) })), hasMore: true })).toEqual(['b', 'a']);
});

test('an alert that became urgent stays where the officer saw it', () => {
  expect(queue({ heard: heard(alert('a', { priority: 'P1', lastAt: at(30) })) })).toEqual(['b', 'a']);
});

test('what somebody closed goes, unless the officer is looking at it', () => {
  const closed = heard(alert('b', { state: 'closed' }));
  expect(queue({ heard: closed })).toEqual(['a']);
  expect(queue({ heard: closed, kept: 'b' })).toEqual(['b', 'a']);
});

test('a view shows what the server would list in it', () => {
  const shows = (search: string, given: Partial<Alert>): boolean => belongs(alert('a', given), view(search), me);
  expect(shows('', { state: 'snoozed' })).toBe(true);
  expect(shows('', { state: 'closed' })).toBe(false);
  expect(shows('state=closed', { state: 'closed' })).toBe(true);
  expect(shows('kind=request', {})).toBe(false);
  expect(shows('priority=P2', {})).toBe(true);
  expect(shows('whose=mine', { owner: 'duty-1' })).toBe(true);
  expect(shows('whose=mine', { owner: 'duty-2', roles: ['duty-officer'] })).toBe(false);
  expect(shows('whose=me', { owner: null, roles: ['duty-officer'] })).toBe(true);
  expect(shows('whose=me', { owner: null, roles: ['analyst'], offices: ['hotline'] })).toBe(true);
  expect(shows('whose=me', { owner: null, roles: ['analyst'] })).toBe(false);
  expect(shows('subject=phone%3A%2B66', {})).toBe(false);
});

test('a view is read from its address, whatever somebody put there, and written to it again', () => {
  const search = 'state=taken&kind=funds&priority=P1&whose=mine&sort=newest';
  expect(searchOf(view(search))).toBe(search);
  expect(searchOf(view('state=sleeping&whose=all&sort=urgent&full=1'))).toBe('');
  expect(queryOf(view('whose=me&state=new'))).toEqual({ state: 'new', for: 'me', sort: 'urgent' });
});
