import { expect, test } from 'vitest';
import type { NeighbourList } from '../../../../server/src/funds/neighbour-contract.ts';
import { beginAt, isCash, joined, nodesMax, sharesOf, wayBack } from './neighbourhood.ts';

const at = '2026-11-22T10:00:00.000Z';

function list(key: string, neighbours: readonly (readonly ['in' | 'out', string | null, string])[]): NeighbourList {
  return {
    key,
    neighbours: neighbours.map(([direction, other, value]) => ({
      key: other,
      direction,
      count: 1,
      amounts: [{ value, currency: 'THB' }],
      firstAt: at,
      lastAt: at,
    })),
    total: neighbours.length,
    more: false,
    complete: true,
  };
}

test('money in and out become flows between accounts, cash at the account where it was paid out', () => {
  const hood = joined(
    beginAt('a'),
    list('a', [
      ['in', 'victim', '900'],
      ['out', 'b', '500'],
      ['out', null, '300'],
    ]),
  );
  expect([...hood.flows.values()].map(({ from, to }) => [from, to])).toEqual([
    ['victim', 'a'],
    ['a', 'b'],
    ['a', 'cash@a'],
  ]);
  expect([...hood.nodes].filter(isCash)).toEqual(['cash@a']);
});

test('the shortest way back leads to the root, whichever way the money went', () => {
  let hood = joined(beginAt('a'), list('a', [['out', 'b', '5']]));
  hood = joined(
    hood,
    list('b', [
      ['in', 'a', '5'],
      ['out', 'c', '4'],
      ['in', 'd', '1'],
    ]),
  );
  hood = joined(
    hood,
    list('c', [
      ['in', 'b', '4'],
      ['in', 'd', '2'],
    ]),
  );
  expect(wayBack(hood, 'd').map(({ id }) => id)).toEqual(['d b', 'a b']);
  expect(wayBack(hood, 'a')).toEqual([]);
});

test('no more is drawn than can be looked at, and what is left out is counted', () => {
  const many = Array.from({ length: nodesMax + 9 }, (_, place) => ['out', `n${place}`, '1'] as const);
  const hood = joined(beginAt('a'), list('a', many));
  expect(hood.nodes.size).toBe(nodesMax);
  expect(hood.leftOut).toBe(10);
});

test('asking twice about one account changes nothing', () => {
  const once = joined(beginAt('a'), list('a', [['out', 'b', '5']]));
  expect(joined(once, list('a', [['out', 'z', '5']]))).toBe(once);
});

test('a flow is as wide as its part of the largest one', () => {
  const hood = joined(
    beginAt('a'),
    list('a', [
      ['out', 'b', '1000'],
      ['out', 'c', '250'],
    ]),
  );
  expect([...sharesOf(hood.flows.values()).values()]).toEqual([1, 0.25]);
});
