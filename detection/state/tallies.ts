import { bytesOf, type Flat, type Kept } from './arrays.ts';

/** How often something happened to each slot, in several columns, by stretches of time of which the newest few are kept. */
export interface Tallies extends Kept {
  /** Counts one; what is older than all stretches that are kept does not count. */
  add(slot: number, column: number, atMs: number): void;
  /** How many from the stretch in which `sinceMs` lies on. */
  sum(slot: number, column: number, sinceMs: number): number;
  forget(slot: number): void;
  bytes(): number;
}

export interface TallyOptions {
  readonly slots: number;
  readonly columns: number;
  readonly stretches: number;
  readonly stretchMs: number;
}

const most = 65_535;

export function openTallies({ slots, columns, stretches, stretchMs }: TallyOptions): Tallies {
  const width = columns * stretches;
  const counts = new Uint16Array(slots * width);
  /** The number of the newest stretch since 1970. */
  const newest = new Uint32Array(slots);
  const arrays = (): readonly Flat[] => [counts, newest];

  /** Makes room for a newer stretch. */
  function turnTo(slot: number, stretch: number): void {
    const base = slot * width;
    const passed = stretch - newest[slot]!;
    newest[slot] = stretch;
    if (passed >= stretches) {
      counts.fill(0, base, base + width);
      return;
    }
    for (let each = stretch - passed + 1; each <= stretch; each += 1)
      for (let column = 0; column < columns; column += 1) counts[base + column * stretches + (each % stretches)] = 0;
  }

  return {
    add(slot, column, atMs) {
      const stretch = Math.floor(atMs / stretchMs);
      if (stretch > newest[slot]!) turnTo(slot, stretch);
      else if (stretch <= newest[slot]! - stretches) return;
      const place = slot * width + column * stretches + (stretch % stretches);
      if (counts[place]! < most) counts[place]! += 1;
    },
    sum(slot, column, sinceMs) {
      const last = newest[slot]!;
      const base = slot * width + column * stretches;
      let sum = 0;
      for (let each = Math.max(Math.floor(sinceMs / stretchMs), last - stretches + 1); each <= last; each += 1)
        sum += counts[base + (each % stretches)]!;
      return sum;
    },
    forget(slot) {
      counts.fill(0, slot * width, (slot + 1) * width);
      newest[slot] = 0;
    },
    bytes: () => bytesOf(arrays()),
    arrays,
  };
}
