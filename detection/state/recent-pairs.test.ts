import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { pack, unpack } from './arrays.ts';
import { noPair, openRecentPairs, type RecentPairs } from './recent-pairs.ts';

interface Known {
  a: number;
  b: number;
  atMs: number;
  mark: number;
}

const slots = 6;
const touching = fc.record({
  what: fc.constant('touch' as const),
  a: fc.nat(slots - 1),
  b: fc.nat(slots - 1),
  atMs: fc.integer({ min: 1, max: 1e6 }),
  mark: fc.nat(9),
});
const forgetting = fc.record({
  what: fc.constantFrom('forgetA' as const, 'forgetB' as const),
  slot: fc.nat(slots - 1),
});
const steps = fc.array(fc.oneof({ weight: 8, arbitrary: touching }, { weight: 1, arbitrary: forgetting }), {
  maxLength: 120,
});

function listOfA(pairs: RecentPairs, a: number): Known[] {
  const list: Known[] = [];
  for (let pair = pairs.firstOfA(a); pair !== noPair; pair = pairs.nextOfA(pair))
    list.push({ a: pairs.a(pair), b: pairs.b(pair), atMs: pairs.atMs(pair), mark: pairs.mark(pair) });
  return list;
}

function listOfB(pairs: RecentPairs, b: number): Known[] {
  const list: Known[] = [];
  for (let pair = pairs.firstOfB(b); pair !== noPair; pair = pairs.nextOfB(pair))
    list.push({ a: pairs.a(pair), b: pairs.b(pair), atMs: pairs.atMs(pair), mark: pairs.mark(pair) });
  return list;
}

const byName = (one: Known, other: Known): number => one.a - other.a || one.b - other.b;
const isNewestFirst = (list: readonly Known[]): boolean =>
  list.every(({ atMs }, at) => at === 0 || atMs <= list[at - 1]!.atMs);

function expectSame(pairs: RecentPairs, model: readonly Known[]): void {
  for (let slot = 0; slot < slots; slot += 1) {
    const ofA = listOfA(pairs, slot);
    const ofB = listOfB(pairs, slot);
    expect(ofA.toSorted(byName)).toEqual(model.filter(({ a }) => a === slot).toSorted(byName));
    expect(ofB.toSorted(byName)).toEqual(model.filter(({ b }) => b === slot).toSorted(byName));
    expect(isNewestFirst(ofA) && isNewestFirst(ofB)).toBe(true);
    expect(pairs.knownOfA(slot)).toBe(ofA.length);
    const since = ofA[1]?.atMs ?? 0;
    expect(pairs.countOfA(slot, since, 99)).toBe(ofA.filter(({ atMs }) => atMs >= since).length);
    expect(pairs.countOfB(slot, 0, 2)).toBe(Math.min(2, ofB.length));
  }
  expect(pairs.size()).toBe(model.length);
}

describe('pairs that were seen', () => {
  test('are what a plain list of them would be, in whatever order they come and go', () => {
    fc.assert(
      fc.property(steps, (each) => {
        const pairs = openRecentPairs({ a: slots, b: slots, capacity: slots * slots });
        let model: Known[] = [];
        for (const step of each) {
          if (step.what === 'touch') {
            const { a, b, atMs, mark } = step;
            const known = model.find((one) => one.a === a && one.b === b);
            expect(pairs.touch(a, b, atMs, mark)).toBe(known === undefined);
            if (known === undefined) model.push({ a, b, atMs, mark });
            else if (atMs >= known.atMs) Object.assign(known, { atMs, mark: mark === 0 ? known.mark : mark });
          } else if (step.what === 'forgetA') {
            pairs.forgetA(step.slot);
            model = model.filter(({ a }) => a !== step.slot);
          } else {
            pairs.forgetB(step.slot);
            model = model.filter(({ b }) => b !== step.slot);
          }
        }
        expectSame(pairs, model);
        const other = openRecentPairs({ a: slots, b: slots, capacity: slots * slots });
        expect(unpack(pack(pairs.arrays()), other.arrays())).toBe(true);
        expectSame(other, model);
      }),
      { numRuns: 300 },
    );
  });

  test('when there is no room, those seen longest ago make way, and what is left holds together', () => {
    fc.assert(
      fc.property(fc.array(touching, { maxLength: 400 }), (each) => {
        const pairs = openRecentPairs({ a: slots, b: slots, capacity: 7 });
        for (const [index, { a, b }] of each.entries()) pairs.touch(a, b, index + 1);
        const left = [0, 1, 2, 3, 4, 5].flatMap((a) => listOfA(pairs, a));
        const different = new Set(each.map(({ a, b }) => `${a} ${b}`)).size;
        expect(left.length).toBe(Math.min(7, different));
        expectSame(pairs, left);
        const last = each.at(-1);
        if (last !== undefined) expect(left.some(({ a, b }) => a === last.a && b === last.b)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});
