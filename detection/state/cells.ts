import { bytesOf, type Flat, type Kept } from './arrays.ts';
import { openTallies } from './tallies.ts';

/** What is known of each cell, by slot. */
export interface Cells extends Kept {
  /** When it was first seen; 0 before. */
  readonly firstAtMs: Float64Array;
  /** How much of everyday life was seen in it: calls, messages under the sender's own number, cards that were registered. */
  readonly everyday: Uint32Array;
  /** Notes that something was done in it by somebody, foreign or not. */
  note(cell: number, atMs: number, isForeign: boolean): void;
  /** How much foreign numbers did in it. */
  foreign(cell: number, sinceMs: number): number;
  forget(cell: number): void;
  bytes(): number;
}

const stretchMs = 15 * 60_000;
/** Two hours are always whole. */
const stretches = 9;

export function openCells(slots: number): Cells {
  const firstAtMs = new Float64Array(slots);
  const everyday = new Uint32Array(slots);
  const tallies = openTallies({ slots, columns: 1, stretches, stretchMs });
  const arrays = (): readonly Flat[] => [firstAtMs, everyday, ...tallies.arrays()];
  return {
    firstAtMs,
    everyday,
    note(cell, atMs, isForeign) {
      if (firstAtMs[cell] === 0 || atMs < firstAtMs[cell]!) firstAtMs[cell] = atMs;
      if (isForeign) tallies.add(cell, 0, atMs);
    },
    foreign: (cell, sinceMs) => tallies.sum(cell, 0, sinceMs),
    forget(cell) {
      firstAtMs[cell] = 0;
      everyday[cell] = 0;
      tallies.forget(cell);
    },
    bytes: () => bytesOf(arrays()),
    arrays,
  };
}
