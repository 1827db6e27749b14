import { requestStates, type RequestState } from '@bronze-drum/protocol/requests';
import { requestDeeds } from '@bronze-drum/protocol/statements/request';
import { expect, test } from 'vitest';
import type { Request } from '../../../../server/src/liaison/contract.ts';
import { besideLanguage, mayDo, runningClocks } from './standing.ts';

const offered = (direction: 'in' | 'out', state: RequestState): readonly string[] =>
  requestDeeds.filter((deed) => mayDo(direction, state, deed));

test.each([
  ['received', ['acknowledged', 'in-work', 'partly-answered', 'answered', 'refused', 'said']],
  ['acknowledged', ['in-work', 'partly-answered', 'answered', 'refused', 'said']],
  ['in-work', ['partly-answered', 'answered', 'refused', 'said']],
  ['partly-answered', ['partly-answered', 'answered', 'refused', 'said']],
  ['answered', ['partly-answered', 'answered', 'said']],
  ['refused', ['said']],
  ['withdrawn', ['said']],
] as const)('of a request for us that is %s, an officer is offered what can follow', (state, deeds) => {
  expect(offered('in', state).toSorted()).toEqual(deeds.toSorted());
});

test('the asking side writes and takes back, and never answers itself', () => {
  expect(offered('out', 'drafted')).toEqual(['withdrawn']);
  expect(offered('out', 'in-work')).toEqual(['withdrawn', 'said']);
  expect(offered('out', 'withdrawn')).toEqual(['said']);
  expect(requestStates.flatMap((state) => offered('out', state))).not.toContain('answered');
});

test('the nearest clock that runs comes first, and none once it was answered', () => {
  const request = {
    state: 'received',
    sentAt: '2026-11-22T10:00:00Z',
    receivedAt: '2026-11-22T10:01:00Z',
    acknowledgedAt: null,
    answeredAt: null,
    acknowledgeBy: '2026-11-22T10:16:00Z',
    actBy: '2026-11-22T11:01:00Z',
  } as unknown as Request;
  expect(runningClocks(request).map(({ which }) => which)).toEqual(['acknowledge', 'act']);
  expect(runningClocks({ ...request, acknowledgedAt: '2026-11-22T10:05:00Z' }).map(({ which }) => which)).toEqual([
    'act',
  ]);
  expect(runningClocks({ ...request, state: 'answered' })).toEqual([]);
});

test('beside one’s own language stands the other side’s, or else the writer’s', () => {
  expect(besideLanguage('th', 'th', 'vn')).toBe('vi');
  expect(besideLanguage('en', 'th', 'vn')).toBe('vi');
  expect(besideLanguage('vi', 'th', 'vn')).toBe('th');
  expect(besideLanguage('vi', 'vi', 'vn')).toBe('en');
});
