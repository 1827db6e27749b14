import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { graphOf, type FlowGraph } from './flow-graph.ts';
import { layoutOf, type FlowBox, type FlowLayout } from './flow-layout.ts';
import { place, theft, to, type Place } from './test-flow.ts';

const members = ['th', 'kh', 'mm'] as const;

/** Each place but the first is paid by one before it; `second` grows with the number, as in a trace that goes on. */
function grown(steps: readonly { readonly by: number; readonly amount: number; readonly member: number }[]): FlowGraph {
  const places: { place: Place; ways: Place['to'] }[] = [];
  const hops: number[] = [];
  for (const [number, { by, amount, member }] of [{ by: 0, amount: 1000, member: 0 }, ...steps].entries()) {
    const payer = number === 0 ? -1 : by % number;
    const hop = number === 0 ? 1 : hops[payer]! + 1;
    hops.push(hop);
    const ways: Place['to'] = [];
    places.push({ place: place(`p${number}`, amount, { hop, member: members[member]!, to: ways }), ways });
    if (number > 0) places[payer]!.ways.push(to(`p${number}`, amount, number));
  }
  return graphOf(
    theft(
      1000,
      places.map((one) => one.place),
    ),
    'th',
  );
}

const steps = fc.array(
  fc.record({
    by: fc.nat({ max: 400 }),
    amount: fc.integer({ min: 1, max: 900 }),
    member: fc.nat({ max: members.length - 1 }),
  }),
  { maxLength: 120 },
);

const none: ReadonlySet<string> = new Set();
const overlap = (a: FlowBox, b: FlowBox): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
const boxAt = ({ boxes }: FlowLayout, id: string): FlowBox => boxes.find((box) => box.id === id)!;

describe('the layout of a flow', () => {
  test('nothing overlaps, and every box stands in the lane of its country', () => {
    fc.assert(
      fc.property(steps, (some) => {
        const { boxes, lanes, width, height } = layoutOf(grown(some), none);
        for (const [at, box] of boxes.entries()) {
          for (const other of boxes.slice(at + 1)) expect(overlap(box, other)).toBe(false);
          const lane = lanes.find(({ member }) => member === box.member)!;
          expect(box.y).toBeGreaterThanOrEqual(lane.y);
          expect(box.y + box.height).toBeLessThanOrEqual(lane.y + lane.height);
          expect(box.x + box.width).toBeLessThanOrEqual(width);
          expect(box.y + box.height).toBeLessThanOrEqual(height);
        }
      }),
    );
  });

  test('every place is in exactly one box, and no money is lost between them', () => {
    fc.assert(
      fc.property(steps, (some) => {
        const graph = grown(some);
        const { boxes, ribbons } = layoutOf(graph, none);
        const drawn = boxes.flatMap(({ nodes }) => nodes.map(({ id }) => id)).toSorted();
        expect(drawn).toEqual(graph.nodes.map(({ id }) => id).toSorted());
        const sum = (all: readonly { amount: bigint }[]): bigint =>
          all.reduce((total, { amount }) => total + amount, 0n);
        expect(sum(ribbons)).toBe(sum(graph.edges));
      }),
    );
  });

  test('a hop that arrives later moves nothing to the side, and nothing in its lane up or down', () => {
    fc.assert(
      fc.property(
        steps.filter(({ length }) => length > 0 && length < 40),
        (some) => {
          const before = layoutOf(grown(some.slice(0, -1)), none);
          const after = layoutOf(grown(some), none);
          const first = before.lanes[0]!.member;
          for (const box of before.boxes) {
            const moved = boxAt(after, box.id);
            expect(moved.x).toBe(box.x);
            // What pays on more than it got grows, and pushes those below: amounts here may not add up.
            if (
              box.member === first &&
              box.height === moved.height &&
              before.boxes.every((one) => boxAt(after, one.id).height === one.height)
            )
              expect(moved.y).toBe(box.y);
          }
        },
      ),
    );
  });

  test('a ribbon is as wide as its part of the theft', () => {
    const graph = graphOf(
      theft(1000, [
        place('a', 1000, { to: [to('b', 500, 1), to('c', 250, 2)] }),
        place('b', 500, { hop: 2 }),
        place('c', 250, { hop: 2 }),
      ]),
      'th',
    );
    const widths = layoutOf(graph, none).ribbons.map(({ width }) => width);
    expect(widths[0]! / widths[1]!).toBeCloseTo(2);
    expect(widths[1]! / widths[2]!).toBeCloseTo(2);
  });

  test('of three hundred accounts the small ones are drawn together, and one by one when asked for', () => {
    const many = Array.from({ length: 300 }, (_, number) => ({ by: 0, amount: 1 + (number % 3), member: 0 }));
    const graph = grown(many);
    const together = layoutOf(graph, none);
    expect(together.boxes.map(({ id }) => id)).toContain('group:th.2');
    expect(together.boxes.length).toBeLessThan(60);
    expect(boxAt(together, 'group:th.2').nodes.length).toBeGreaterThan(100);
    expect(layoutOf(graph, new Set(['th.2'])).boxes).toHaveLength(302);
  });

  test('few accounts are never drawn together, however small', () => {
    const some = Array.from({ length: 12 }, () => ({ by: 0, amount: 1, member: 0 }));
    expect(layoutOf(grown(some), none).boxes.every(({ nodes }) => nodes.length === 1)).toBe(true);
  });

  test('a trace of which nothing is known yet has an empty picture', () => {
    const layout = layoutOf({ currency: 'THB', nodes: [], edges: [] }, none);
    expect(layout.boxes).toEqual([]);
    expect(Number.isFinite(layout.width + layout.height)).toBe(true);
  });
});
