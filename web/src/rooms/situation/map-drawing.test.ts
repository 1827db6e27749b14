import { expect, test } from 'vitest';
import { flowsOf, sumsOf, type FlowingTrace } from './flows.ts';
import { bow, draw, moved, readSight, seen, sightText, wholeSight, wound, zoomed } from './geography.ts';

const at = '2026-11-22T10:00:00.000Z';
const baht = (value: number) => ({ value: String(value), currency: 'THB' });
const trace = (
  crossings: readonly (readonly [from: string, to: string, value: number, currency?: string])[],
  figures: Partial<Record<'held' | 'open' | 'lost', number>> = {},
): FlowingTrace => ({
  crossings: crossings.map(([from, to, value, currency = 'THB']) => ({
    from,
    to,
    amount: { value: String(value), currency },
    at,
  })),
  held: baht(figures.held ?? 0),
  seized: baht(0),
  returned: baht(0),
  open: baht(figures.open ?? 0),
  lost: baht(figures.lost ?? 0),
});

test('what crossed one border in one currency is one flow, and its fate is that of most of the money', () => {
  const flows = flowsOf([
    trace([['th', 'kh', 600]], { held: 100, lost: 500 }),
    trace([['th', 'kh', 400]], { held: 900, open: 20 }),
    trace([['kh', 'cn', 250]], { open: 250 }),
  ]);
  expect(
    flows.map(({ from, to, amount, thefts, fate, weight }) => [from, to, amount.value, thefts, fate, weight]),
  ).toEqual([
    ['th', 'kh', '1000', 2, 'held', 1],
    ['kh', 'cn', '250', 1, 'open', 0.25],
  ]);
});

test('currencies are never added up, and each has a widest flow of its own', () => {
  const flows = flowsOf([
    trace([
      ['th', 'kh', 9_000_000],
      ['th', 'kh', 500, 'USD'],
    ]),
  ]);
  expect(flows.map(({ amount, weight }) => [amount.currency, weight])).toEqual([
    ['THB', 1],
    ['USD', 1],
  ]);
  expect(sumsOf(flows)).toEqual([baht(9_000_000), { value: '500', currency: 'USD' }]);
});

test('money that went to a country that is not drawn, or nowhere, makes no flow', () => {
  expect(
    flowsOf([
      trace([
        ['th', 'my', 5],
        ['th', 'th', 5],
      ]),
      trace([['la', 'th', 0]]),
    ]).map(({ weight }) => weight),
  ).toEqual([0]);
});

const square = [
  [100, 10],
  [100, 12],
  [102, 12],
  [102, 10],
  [100, 10],
];

test('an operator’s outlines are drawn whichever way round they are wound', () => {
  const clockwise = wound({ type: 'Polygon', coordinates: [square] });
  expect(wound({ type: 'MultiPolygon', coordinates: [[square.toReversed()]] })).toEqual(clockwise);
  const size = { width: 600, height: 600 };
  const drawn = draw(
    {
      type: 'FeatureCollection',
      features: [
        {
          type: 'Feature',
          properties: { member: 'th' },
          geometry: { type: 'Polygon', coordinates: [square.toReversed()] },
        },
        { type: 'Feature', properties: {}, geometry: { type: 'Polygon', coordinates: [square] } },
        { type: 'Feature', properties: {}, geometry: { type: 'Point', coordinates: [0, 0] } },
      ],
    },
    size,
  );
  expect(drawn.outlines.map(({ member }) => member)).toEqual([undefined, 'th']);
  expect(drawn.outlines[1]!.path).toBe(drawn.outlines[0]!.path);
  for (const [x, y] of Object.values(drawn.signs)) {
    expect(x).toBeGreaterThan(0);
    expect(y).toBeLessThan(size.height);
  }
});

test('a view of the map that was sent as a link shows the same on another screen', () => {
  const size = { width: 1000, height: 500 };
  const sight = moved(zoomed(wholeSight, 2, [500, 250]), -100, 30, size);
  expect(seen(zoomed(wholeSight, 2, [500, 250]), [500, 250])).toEqual([500, 250]);
  expect(readSight(sightText(sight, size), size)).toEqual(sight);
  const other = readSight(sightText(sight, size), { width: 500, height: 250 });
  expect(other).toEqual({ x: sight.x / 2, y: sight.y / 2, scale: 2 });
  expect(sightText(wholeSight, size)).toBeUndefined();
  for (const text of [undefined, '', 'x,y', '1,2', 'NaN,0,Infinity']) expect(readSight(text, size)).toEqual(wholeSight);
  expect(readSight('99,99,99', size).x).toBeLessThanOrEqual(size.width);
});

test('what goes and what comes back are two bows', () => {
  const bendsAt = (path: string): number => Number(/Q\S+?,(\S+)/.exec(path)![1]);
  expect(bendsAt(bow([0, 0], [100, 0]).path)).toBeGreaterThan(0);
  expect(bendsAt(bow([100, 0], [0, 0]).path)).toBeLessThan(0);
  expect(bendsAt(bow([0, 0], [100, 0], 1).path)).toBeGreaterThan(bendsAt(bow([0, 0], [100, 0]).path));
  expect(Object.values(bow([5, 5], [5, 5])).join(' ')).not.toContain('NaN');
});
