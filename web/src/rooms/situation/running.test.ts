import { expect, test } from 'vitest';
import type { Hold, TraceSummary } from '../../../../server/src/funds/contract.ts';
import type { Request } from '../../../../server/src/liaison/contract.ts';
import { newest, placeOf, type Happening } from './happenings.ts';
import { runningOut } from './running.ts';

const nowMs = Date.UTC(2026, 10, 22, 10);
const minutes = (count: number): string => new Date(nowMs + count * 60_000).toISOString();

const hold = (id: string, until: string | undefined) =>
  ({ id, ...(until !== undefined && { until }) }) as unknown as Hold;
const trace = (id: string, clock: TraceSummary['clock']) => ({ id, clock }) as unknown as TraceSummary;
const request = (id: string, given: Partial<Request>): Request => ({
  id,
  direction: 'in',
  from: 'kh',
  to: 'th',
  kind: 'continue-trace',
  priority: 'P1',
  state: 'received',
  revision: 1,
  openedAt: minutes(-30),
  sentAt: minutes(-30),
  receivedAt: minutes(-29),
  acknowledgedAt: null,
  answeredAt: null,
  acknowledgeBy: null,
  actBy: null,
  overdue: [],
  owner: null,
  desk: null,
  waits: false,
  ...given,
});

test('the clock that runs out first stands first, whatever it is of', () => {
  const shown = runningOut(
    {
      holds: [hold('h1', minutes(90)), hold('h2', undefined), hold('h3', minutes(-5)), hold('h4', minutes(-60))],
      traces: [
        trace('t1', { at: minutes(20), member: 'kh' }),
        trace('t2', { at: minutes(90), member: 'th', hold: 'h1' }),
        trace('t3', null),
      ],
      requests: [
        request('r1', { acknowledgeBy: minutes(10), actBy: minutes(60) }),
        request('r2', { acknowledgedAt: minutes(-1), acknowledgeBy: minutes(10), actBy: minutes(60) }),
        request('r3', { state: 'answered', answeredAt: minutes(-1), actBy: minutes(1) }),
      ],
    },
    nowMs,
    10,
  );
  expect(shown.map(({ path }) => path)).toEqual([
    '/holds/h3',
    '/requests/r1',
    '/traces/t1',
    '/requests/r2',
    '/holds/h1',
  ]);
  expect(
    runningOut({ holds: [hold('a', minutes(2)), hold('b', minutes(1))] }, nowMs, 1).map(({ path }) => path),
  ).toEqual(['/holds/b']);
});

const happening = (id: string, atMs: number, text = ''): Happening =>
  ({ kind: 'order', id, atMs, told: { text } }) as unknown as Happening;

test('what happens again moves to the top once, and what is old falls off', () => {
  const shown = newest([happening('a', 3), happening('b', 2), happening('c', 1)], [happening('c', 4, 'new')], 2);
  expect(shown).toEqual([happening('c', 4, 'new'), happening('a', 3)]);
});

test('what is about somebody abroad is shown abroad, and what lives nowhere is shown here', () => {
  expect(placeOf('account:KH:014:1234567890', 'th')).toBe('kh');
  expect(placeOf('phone:+84912345678', 'th')).toBe('vn');
  expect(placeOf('party:la', 'th')).toBe('la');
  expect(placeOf('party:interpol', 'th')).toBe('th');
  expect(placeOf('account:SG:014:1234567890', 'th')).toBe('th');
  expect(placeOf('domain:example.com', 'mm')).toBe('mm');
});
