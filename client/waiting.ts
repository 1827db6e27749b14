/** A record on its way, by its place in the order in which records were added; the first is 1. */
export interface Entry {
  readonly number: number;
  readonly text: string;
}

/** Records that were added and not settled yet: at most `max`, and whoever comes with more waits outside. */
export interface Waiting {
  /** Resolves when there is room and the record is in, in the order of the calls. */
  add(text: string): Promise<void>;
  /** How many are in: waiting or under way. */
  held(): number;
  /** How many wait to be taken, and the number of the first; and whether somebody waits outside. */
  size(): number;
  first(): number | undefined;
  isFull(): boolean;
  /** The number of the newest that is in. */
  last(): number;
  /** The oldest ones, which are under way from now on: at least one if any waits. */
  take(countMax: number, lengthMax: number): Entry[];
  /** They are dealt with for good. */
  settle(entries: readonly Entry[]): void;
  /** They were not dealt with, and wait again in their old place. */
  putBack(entries: readonly Entry[]): void;
  /** Resolves when everything up to this number is settled, or at `giveUp`. */
  settledTo(number: number): Promise<void>;
  /** Whoever waits outside is sent away. */
  turnAway(reason: Error): void;
  /** They are turned away, and whoever waits for settling goes on without it. */
  giveUp(reason: Error): void;
  /** What waits, oldest first. */
  entries(): readonly Entry[];
  /** How many up to this number are not settled. */
  unsettledTo(number: number): number;
}

/** Takes as many lines from the front as a batch holds: at least one if there is any. */
export function takeBatch<Line extends { readonly text: string }>(
  lines: Line[],
  countMax: number,
  lengthMax: number,
): Line[] {
  let length = 0;
  let count = 0;
  while (count < lines.length && count < countMax) {
    length += lines[count]!.text.length + 1;
    if (count > 0 && length > lengthMax) break;
    count += 1;
  }
  return lines.splice(0, count);
}

interface Outside {
  readonly text: string;
  readonly enter: () => void;
  readonly leave: (reason: Error) => void;
}

export function openWaiting(max: number): Waiting {
  let queue: Entry[] = [];
  let outside: Outside[] = [];
  let hopes: { number: number; resolve: () => void }[] = [];
  let held = 0;
  let last = 0;
  /** Everything up to here is settled; beyond it, these are. */
  let settledTo = 0;
  const settledBeyond = new Set<number>();

  const enter = (text: string): void => {
    last += 1;
    held += 1;
    queue.push({ number: last, text });
  };
  const letIn = (): void => {
    const room = outside.splice(0, Math.max(0, max - held));
    for (const { text, enter: entered } of room) {
      enter(text);
      entered();
    }
  };
  const turnAway = (reason: Error): void => {
    for (const { leave } of outside) leave(reason);
    outside = [];
  };
  return {
    add(text) {
      if (held < max && outside.length === 0) {
        enter(text);
        return Promise.resolve();
      }
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      outside.push({ text, enter: resolve, leave: reject });
      return promise;
    },
    held: () => held,
    size: () => queue.length,
    first: () => queue[0]?.number,
    isFull: () => held >= max,
    last: () => last,
    take: (countMax, lengthMax) => takeBatch(queue, countMax, lengthMax),
    settle(entries) {
      held -= entries.length;
      for (const { number } of entries) settledBeyond.add(number);
      while (settledBeyond.delete(settledTo + 1)) settledTo += 1;
      while (hopes[0] !== undefined && hopes[0].number <= settledTo) hopes.shift()!.resolve();
      letIn();
    },
    putBack(entries) {
      queue = [...entries, ...queue].sort((one, other) => one.number - other.number);
    },
    settledTo(number) {
      if (number <= settledTo) return Promise.resolve();
      const { promise, resolve } = Promise.withResolvers<void>();
      // Numbers only grow, so the first hope is always the first to come true.
      hopes.push({ number, resolve });
      return promise;
    },
    turnAway,
    giveUp(reason) {
      turnAway(reason);
      for (const { resolve } of hopes) resolve();
      hopes = [];
    },
    entries: () => queue,
    unsettledTo(number) {
      let settled = 0;
      for (const one of settledBeyond) if (one <= number) settled += 1;
      return Math.max(0, number - settledTo - settled);
    },
  };
}
