import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openTallies } from './tallies.ts';

const options = { slots: 3, columns: 2, stretches: 4, stretchMs: 100 };
const entry = fc.record({ slot: fc.nat(2), column: fc.nat(1), atMs: fc.integer({ min: 100, max: 2000 }) });

describe('tallies', () => {
  test('are what a count of all that happened in the stretches that are kept would be', () => {
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 80 }), fc.nat(2000), (entries, sinceMs) => {
        const tallies = openTallies(options);
        const newest: [number, number, number] = [0, 0, 0];
        const counted: { slot: number; column: number; stretch: number }[] = [];
        for (const { slot, column, atMs } of entries) {
          tallies.add(slot, column, atMs);
          const stretch = Math.floor(atMs / 100);
          const last = Math.max(newest[slot]!, stretch);
          newest[slot] = last;
          if (stretch > last - 4) counted.push({ slot, column, stretch });
        }
        for (const slot of [0, 1, 2])
          for (const column of [0, 1]) {
            const kept = counted.filter((one) => one.slot === slot && one.column === column);
            const since = kept.filter(
              ({ stretch }) => stretch > newest[slot]! - 4 && stretch >= Math.floor(sinceMs / 100),
            );
            expect(tallies.sum(slot, column, sinceMs)).toBe(since.length);
          }
      }),
    );
  });

  test('forgetting a slot leaves the others as they are', () => {
    const tallies = openTallies(options);
    tallies.add(0, 0, 500);
    tallies.add(1, 1, 500);
    tallies.forget(0);
    expect([tallies.sum(0, 0, 0), tallies.sum(1, 1, 0)]).toEqual([0, 1]);
    tallies.add(0, 0, 300);
    expect(tallies.sum(0, 0, 0)).toBe(1);
  });
});
