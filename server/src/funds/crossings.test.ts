import { expect, test } from 'vitest';
import type { TracePlace } from '@bronze-drum/protocol/statements/trace-report';
import { crossingsOf } from './crossings.ts';
import type { Followed, FollowedEdge, FollowedPlace } from './picture.ts';

const place = (name: string, member: string): FollowedPlace => ({
  place: name,
  key: null,
  member,
  hop: 1,
  reached: '0',
  remains: '0',
  local: { value: '0', currency: 'THB' },
  balance: null,
  end: 'open',
  atMs: 0,
  payer: null,
  payment: null,
});
const edge = (from: string | null, to: string, stolen: number, atMs: number, payer?: string): FollowedEdge => ({
  from,
  to,
  stolen: String(stolen),
  local: '1',
  atMs,
  ...(payer !== undefined && { payment: { from: payer, amount: { value: '1', currency: 'THB' }, at: '' } }),
});
const told = (name: string, to: TracePlace['to'], member?: string): TracePlace => ({
  place: name,
  hop: 2,
  reached: { value: '0', currency: 'THB' },
  remains: { value: '0', currency: 'THB' },
  end: 'open',
  to,
  ...(member !== undefined && { member }),
});
const thai = { currency: 'THB', from_member: null };
const shown = (...asked: Parameters<typeof crossingsOf>) =>
  crossingsOf(...asked).map(({ from, to, amount, at }) => [from, to, amount.value, at]);

test('what went from one country to another is one line with all of it, the largest first', () => {
  const followed: Followed = {
    places: [place('mule', 'th'), place('second', 'th'), place('abroad', 'kh'), place('other', 'kh')],
    edges: [
      edge('victim', 'mule', 90, 1, 'account:TH:004:1'),
      edge('mule', 'second', 60, 2),
      edge('mule', 'abroad', 20, 5000),
      edge('second', 'other', 10, 4000),
    ],
  };
  const report = {
    request: '',
    trace: '',
    revision: 1,
    more: 0,
    open: true,
    places: [
      told('k1', [
        { place: 'k2', amount: { value: '25', currency: 'THB' }, at: '2026-01-01T00:00:00Z' },
        { place: 'v1', amount: { value: '5', currency: 'THB' }, at: '2026-01-02T00:00:00Z' },
      ]),
      told('k2', []),
      told('v1', [{ place: 'unsaid', amount: { value: '4', currency: 'THB' }, at: '2026-01-02T00:00:00Z' }], 'vn'),
    ],
  };
  expect(crossingsOf(thai, followed, [])).toMatchObject([
    { from: 'th', to: 'kh', at: '1970-01-01T00:00:05.000Z', firstAt: '1970-01-01T00:00:04.000Z' },
  ]);
  expect(shown(thai, followed, [{ member: 'kh', report }])).toEqual([
    ['th', 'kh', '30', '1970-01-01T00:00:05.000Z'],
    ['kh', 'vn', '5', '2026-01-02T00:00:00.000Z'],
  ]);
});

test('what a victim abroad paid crossed with its first step, and so did what another member asks about', () => {
  const followed: Followed = {
    places: [place('mule', 'th')],
    edges: [edge(null, 'mule', 50, 1000), edge('victim', 'mule', 40, 1000, 'account:LA:1:2')],
  };
  expect(shown(thai, followed, [])).toEqual([['la', 'th', '40', '1970-01-01T00:00:01.000Z']]);
  expect(shown({ ...thai, from_member: 'kh' }, followed, [{ member: 'kh', report: null }])).toEqual([
    ['kh', 'th', '50', '1970-01-01T00:00:01.000Z'],
    ['la', 'th', '40', '1970-01-01T00:00:01.000Z'],
  ]);
});
