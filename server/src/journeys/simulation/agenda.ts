/** What is to happen in virtual time: a binary heap, in which of two things at one instant the one planned first comes first. */
export interface Agenda {
  add(atMs: number, run: Act): void;
  next(): { readonly atMs: number; readonly run: Act } | undefined;
}

export type Act = () => void | Promise<void>;

interface Item {
  readonly atMs: number;
  readonly order: number;
  readonly run: Act;
}

const isBefore = (a: Item, b: Item): boolean => a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);

export function openAgenda(): Agenda {
  const heap: Item[] = [];
  let planned = 0;
  return {
    add(atMs, run) {
      planned += 1;
      heap.push({ atMs, order: planned, run });
      rise(heap);
    },
    next() {
      const first = heap[0];
      const last = heap.pop();
      if (first === undefined || last === undefined) return undefined;
      if (heap.length > 0) {
        heap[0] = last;
        sink(heap);
      }
      return first;
    },
  };
}

function rise(heap: Item[]): void {
  let at = heap.length - 1;
  while (at > 0) {
    const above = (at - 1) >> 1;
    if (!isBefore(heap[at]!, heap[above]!)) return;
    [heap[at], heap[above]] = [heap[above]!, heap[at]!];
    at = above;
  }
}

function sink(heap: Item[]): void {
  let at = 0;
  for (;;) {
    let least = at;
    for (const below of [2 * at + 1, 2 * at + 2])
      if (below < heap.length && isBefore(heap[below]!, heap[least]!)) least = below;
    if (least === at) return;
    [heap[at], heap[least]] = [heap[least]!, heap[at]!];
    at = least;
  }
}
