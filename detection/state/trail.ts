import { none, type Payments } from './payments.ts';

/**
 * Where the money of a payment may have come from: payments to its sender before it, payments to their senders before
 * those, and so on. Entry 0 is the payment itself; `parent` of another is the entry that it led to.
 */
export interface Trail {
  count: number;
  readonly place: Int32Array;
  readonly parent: Int32Array;
  /** 0 for the payment itself, 1 for what reached its sender, … */
  readonly depth: Int32Array;
}

export const trailMax = 48;
export const trailDepthMax = 8;
const branchesMax = 6;
/** From an amount of this part of what it led to on, a payment may be where the money came from. */
const shareMin = 0.08;

export function openTrail(): Trail {
  return {
    count: 0,
    place: new Int32Array(trailMax),
    parent: new Int32Array(trailMax),
    depth: new Int32Array(trailMax),
  };
}

/** Fills a trail with what happened within `spanMs` before the payment, the nearest first: breadth before depth. */
export function fillTrail(trail: Trail, payments: Payments, place: number, spanMs: number): void {
  trail.place[0] = place;
  trail.parent[0] = none;
  trail.depth[0] = 0;
  trail.count = 1;
  const sinceMs = payments.atMs(place) - spanMs;
  for (let entry = 0; entry < trail.count && trail.count < trailMax; entry += 1) {
    const depth = trail.depth[entry]! + 1;
    const led = trail.place[entry]!;
    const sender = payments.from(led);
    if (depth > trailDepthMax || sender < 0) continue;
    const beforeMs = payments.atMs(led);
    const dollarsMin = payments.dollars(led) * shareMin;
    let branches = 0;
    let steps = 0;
    for (let at = payments.lastIn(sender); at !== none; at = payments.earlierIn(at)) {
      steps += 1;
      if (payments.atMs(at) < sinceMs || branches === branchesMax || trail.count === trailMax || steps > 32) break;
      if (payments.atMs(at) > beforeMs || at === led || payments.dollars(at) < dollarsMin) continue;
      trail.place[trail.count] = at;
      trail.parent[trail.count] = entry;
      trail.depth[trail.count] = depth;
      trail.count += 1;
      branches += 1;
    }
  }
}
