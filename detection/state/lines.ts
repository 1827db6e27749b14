import { bytesOf, type Flat, type Kept } from './arrays.ts';
import { openTallies } from './tallies.ts';

/** How each number calls and is called, by slot. */
export interface Lines extends Kept {
  /**
   * Notes a call from one to another. False if it is the one that was noted last, told by the operator of the other end too.
   * `shown` is a name for what was shown in place of the caller's number, or 0.
   */
  called(from: number, to: number, call: { readonly atMs: number; readonly shown: number }): boolean;
  /** Notes a message that a number wrote. */
  wrote(number: number, atMs: number): void;
  /** How many calls it made; calls and messages; calls that came in. */
  outgoing(number: number, sinceMs: number): number;
  acts(number: number, sinceMs: number): number;
  incoming(number: number, sinceMs: number): number;
  /** How many more of its last calls showed one and the same other number than any other one: 0 to `votesMax`. */
  votes(number: number): number;
  forget(number: number): void;
  bytes(): number;
}

/** Calls are counted by half hours, of which the newest are kept: six hours are always whole. */
const stretchMs = 30 * 60_000;
export const callSpanMsMax = 6 * 3_600_000;
/** Clocks of two operators differ by no more. */
const sameMsMax = 5_000;
const votesMax = 200;

export function openLines(slots: number): Lines {
  const tallies = openTallies({ slots, columns: 3, stretches: callSpanMsMax / stretchMs + 1, stretchMs });
  const lastAt = new Float64Array(slots);
  const lastTo = new Int32Array(slots);
  const shownMost = new Int32Array(slots);
  const votes = new Uint8Array(slots);
  const own: readonly Flat[] = [lastAt, lastTo, shownMost, votes];
  const arrays = (): readonly Flat[] => [...own, ...tallies.arrays()];

  /** The majority vote of Boyer and Moore. */
  function vote(number: number, shown: number): void {
    if (votes[number] === 0) shownMost[number] = shown;
    if (shownMost[number] !== shown) votes[number]! -= 1;
    else if (votes[number]! < votesMax) votes[number]! += 1;
  }

  return {
    called(from, to, { atMs, shown }) {
      if (lastTo[from] === to && Math.abs(atMs - lastAt[from]!) <= sameMsMax) return false;
      lastTo[from] = to;
      lastAt[from] = atMs;
      tallies.add(from, 0, atMs);
      tallies.add(to, 1, atMs);
      if (shown !== 0) vote(from, shown);
      return true;
    },
    wrote: (number, atMs) => tallies.add(number, 2, atMs),
    outgoing: (number, sinceMs) => tallies.sum(number, 0, sinceMs),
    acts: (number, sinceMs) => tallies.sum(number, 0, sinceMs) + tallies.sum(number, 2, sinceMs),
    incoming: (number, sinceMs) => tallies.sum(number, 1, sinceMs),
    votes: (number) => votes[number]!,
    forget(number) {
      for (const array of own) array[number] = 0;
      tallies.forget(number);
    },
    bytes: () => bytesOf(arrays()),
    arrays,
  };
}
