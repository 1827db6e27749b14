import type { Happening } from './happening.ts';

/** Something that will be done at its instant; it may put more on the agenda, and may say what happened. */
export type Act = () => Happening | undefined;

export interface Agenda {
  readonly size: number;
  add(atMs: number, act: Act): void;
  /** The next act before an instant, in order of time; of the same instant, in the order in which they were added. */
  takeBefore(untilMs: number): { readonly atMs: number; readonly act: Act } | undefined;
}

interface Entry {
  readonly atMs: number;
  readonly order: number;
  readonly act: Act;
}

export function openAgenda(): Agenda {
  const heap = openHeap<Entry>((a, b) => a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order));
  let added = 0;
  return {
    get size() {
      return heap.size();
    },
    add(atMs, act) {
      heap.push({ atMs, order: added++, act });
    },
    takeBefore(untilMs) {
      const first = heap.first();
      return first === undefined || first.atMs >= untilMs ? undefined : heap.pop();
    },
  };
}

/** A binary heap: the least comes first. */
export interface Heap<Item> {
  size(): number;
  first(): Item | undefined;
  push(item: Item): void;
  pop(): Item | undefined;
}

export function openHeap<Item>(isBefore: (a: Item, b: Item) => boolean): Heap<Item> {
  const items: Item[] = [];
  function rise(item: Item, from: number): void {
    let at = from;
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (!isBefore(item, items[above]!)) break;
      items[at] = items[above]!;
      at = above;
    }
    items[at] = item;
  }
  function sink(item: Item): void {
    let at = 0;
    for (;;) {
      let below = 2 * at + 1;
      if (below >= items.length) break;
      if (below + 1 < items.length && isBefore(items[below + 1]!, items[below]!)) below++;
      if (!isBefore(items[below]!, item)) break;
      items[at] = items[below]!;
      at = below;
    }
    items[at] = item;
  }
  return {
    size: () => items.length,
    first: () => items[0],
    push(item) {
      items.push(item);
      rise(item, items.length - 1);
    },
    pop() {
      const first = items[0];
      const last = items.pop();
      if (items.length > 0) sink(last!);
      return first;
    },
  };
}
