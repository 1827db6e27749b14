/** What comes next: the least of those that were put in. */
export interface EventHeap<T> {
  push(item: T): void;
  pop(): T | undefined;
}

export function openEventHeap<T>(isBefore: (a: T, b: T) => boolean): EventHeap<T> {
  const items: T[] = [];
  return {
    push(item) {
      let at = items.length;
      while (at > 0) {
        const above = (at - 1) >> 1;
        if (!isBefore(item, items[above]!)) break;
        items[at] = items[above]!;
        at = above;
      }
      items[at] = item;
    },
    pop() {
      const least = items[0];
      const last = items.pop();
      if (least === undefined || items.length === 0) return least;
      let at = 0;
      for (let next = 1; next < items.length; next = at * 2 + 1) {
        if (next + 1 < items.length && isBefore(items[next + 1]!, items[next]!)) next += 1;
        if (!isBefore(items[next]!, last!)) break;
        items[at] = items[next]!;
        at = next;
      }
      items[at] = last!;
      return least;
    },
  };
}
