import { describe, expect, test } from 'vitest';
import { graphOf, stateOf, streamOf } from './flow-graph.ts';
import { place, theft, to } from './test-flow.ts';

describe('the picture of a trace', () => {
  test('an account abroad that both members know is one place', () => {
    const trace = theft(1000, [
      place('a', 1000, { to: [to('b', 600, 10)] }),
      place('b', 600, { member: 'kh', key: 'account:KH:X:1', hop: 2, end: 'abroad' }),
      place('c', 600, { member: 'kh', key: 'account:KH:X:1', hop: 2, end: 'open' }),
    ]);
    const { nodes, edges } = graphOf(trace, 'th');
    expect(nodes.map(({ id }) => id)).toEqual(['from:account:TH:014:1', 'a', 'c']);
    expect(edges.map(({ from, to: next }) => `${from}>${next}`)).toEqual(['from:account:TH:014:1>a', 'a>c']);
  });

  test('where the other member may not name an account, it keeps the name that we know', () => {
    const trace = theft(1000, [
      place('a', 1000, { to: [to('b', 600, 10)] }),
      place('b', 600, { member: 'cn', key: 'account:CN:X:1', hop: 2, end: 'abroad' }),
      place('c', 600, { member: 'cn', key: null, hop: 2, end: 'open' }),
    ]);
    expect(graphOf(trace, 'th').nodes.find(({ id }) => id === 'c')?.key).toBe('account:CN:X:1');
  });

  test('what cannot be told apart abroad hangs on the way that leads there', () => {
    const trace = theft(1000, [
      place('a', 1000, { to: [to('b', 600, 10)] }),
      place('b', 600, { member: 'cn', key: 'account:CN:X:1', hop: 2, end: 'abroad' }),
      place('c', 400, { member: 'cn', key: null, hop: 2, end: 'open' }),
    ]);
    const { edges } = graphOf(trace, 'th');
    expect(edges.at(-1)).toMatchObject({ from: 'b', to: 'c', amount: 400n });
  });

  test('a trace that began abroad begins in that country’s lane, one step before our first', () => {
    const trace = theft(1000, [place('a', 1000, { hop: 2 })], {
      from: { member: 'kh', request: '00000000-0000-4000-8000-000000000000' },
    });
    const origin = { ...trace.origins[0]!, from: null };
    const { nodes } = graphOf({ ...trace, origins: [origin] }, 'th');
    expect(nodes.map(({ member, hop }) => `${member}${hop}`)).toEqual(['kh0', 'th1']);
  });

  test('what was released is not to be had there again, what was refused or expired is', () => {
    const hold = (state: 'released' | 'refused' | 'expired' | 'held') => ({
      state,
      amount: { value: '0', currency: 'THB' },
    });
    const states = (['released', 'refused', 'expired', 'held'] as const).map((state) =>
      stateOf({ end: 'open', remains: 5n, hold: hold(state) }),
    );
    expect(states).toEqual(['gone', 'possible', 'possible', 'held']);
    expect(stateOf({ end: 'cash', remains: 5n })).toBe('cash');
    expect(stateOf({ end: 'exchange', remains: 5n, hold: hold('held') })).toBe('held');
    expect(stateOf({ end: 'open', remains: 0n })).toBe('passed');
  });

  test('up- and downstream of an account leaves out what only shares a neighbour with it', () => {
    const ways = [
      { id: '1', from: 'victim', to: 'a' },
      { id: '2', from: 'a', to: 'b' },
      { id: '3', from: 'a', to: 'c' },
      { id: '4', from: 'b', to: 'd' },
      { id: '5', from: 'd', to: 'b' },
    ];
    expect([...streamOf(['b'], ways)].toSorted()).toEqual(['1', '2', '4', '5', 'a', 'b', 'd', 'victim']);
  });
});
