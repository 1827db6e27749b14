import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { pack, unpack } from './arrays.ts';
import { nothing, openHappened, type Happened, type HappenedRing } from './happened.ts';

const subjects = 4;
const event = fc.record({
  subject: fc.nat(subjects - 1),
  atMs: fc.integer({ min: 1, max: 1000 }),
  value: fc.nat(1e9),
  code: fc.nat(65_535),
  a: fc.integer({ min: -1, max: 2 ** 40 }),
  b: fc.integer({ min: -1, max: 2 ** 40 }),
});
const step = fc.oneof(
  { weight: 9, arbitrary: event },
  { weight: 1, arbitrary: fc.record({ forget: fc.nat(subjects - 1) }) },
);

function listOf(ring: HappenedRing, subject: number): Happened[] {
  const list: Happened[] = [];
  for (let place = ring.first(subject); place !== nothing; place = ring.next(place)) {
    const [atMs, value, code] = [ring.atMs(place), ring.value(place), ring.code(place)];
    list.push({ subject, atMs, value, code, a: ring.a(place), b: ring.b(place) });
  }
  return list;
}

describe('what happened', () => {
  test('is what a plain list of the last events would be, the newest first', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 100 }), fc.integer({ min: 1, max: 40 }), (steps, capacity) => {
        const ring = openHappened({ subjects, capacity });
        let model: (Happened | undefined)[] = [];
        for (const each of steps) {
          if ('forget' in each) {
            ring.forget(each.forget);
            model = model.map((one) => (one?.subject === each.forget ? undefined : one));
          } else {
            ring.add(each);
            model = [...model, each].slice(-capacity);
          }
        }
        const other = openHappened({ subjects, capacity });
        expect(unpack(pack(ring.arrays()), other.arrays())).toBe(true);
        for (let subject = 0; subject < subjects; subject += 1) {
          // The one that was noted later stands first, where both happened at once.
          const wanted = model.filter((one) => one?.subject === subject).toReversed();
          wanted.sort((one, next) => next!.atMs - one!.atMs);
          expect(listOf(ring, subject)).toEqual(wanted);
          expect(listOf(other, subject)).toEqual(wanted);
        }
      }),
      { numRuns: 300 },
    );
  });
});
