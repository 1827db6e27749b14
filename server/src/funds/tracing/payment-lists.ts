/** Where an owner's items lie at this moment: item i begins at word `(first + i) * itemWords`. Until the next insertion. */
export interface ItemList {
  readonly words: Uint32Array;
  readonly first: number;
  readonly count: number;
}

/**
 * Lists that grow, each in one run of memory, so that reading one costs few lines of a processor's cache. An item is three
 * words: the second in which its payment happened, the payment's place, and its other end.
 */
export interface PaymentLists {
  list(owner: number): ItemList;
  insert(owner: number, position: number, second: number, place: number, other: number): void;
  removeAt(owner: number, position: number): void;
  bytes(): number;
}

export const itemWords = 3;
/** Small runs share pages; a run of so many items or more has a page of its own. */
const pageItems = 1 << 15;
const ownPageItems = 1 << 13;

const headerShift = 16;
const headerOwners = 1 << headerShift;
const header = { page: 0, offset: 1, first: 2, count: 3, words: 4 } as const;
/** The page's number stands with the run's size class in one word. */
const classShift = 26;
const pageMask = (1 << classShift) - 1;

const nothing: ItemList = { words: new Uint32Array(0), first: 0, count: 0 };

export function openPaymentLists(): PaymentLists {
  const headers: Uint32Array<ArrayBuffer>[] = [];
  const runs = openRuns();

  const headersOf = (owner: number): Uint32Array | undefined => headers[owner >>> headerShift];
  const headerAt = (owner: number): number => (owner & (headerOwners - 1)) * header.words;

  function headersFor(owner: number): Uint32Array {
    while (headers.length <= owner >>> headerShift) headers.push(new Uint32Array(headerOwners * header.words));
    return headersOf(owner)!;
  }

  /** Puts an owner's items into a run of another size. */
  function move(h: Uint32Array, at: number, sizeClass: number): void {
    const count = h[at + header.count]!;
    const run = runs.take(sizeClass);
    const old = h[at + header.page]!;
    if (old !== 0) {
      const from = (h[at + header.offset]! + h[at + header.first]!) * itemWords;
      const words = runs.words(old & pageMask).subarray(from, from + count * itemWords);
      runs.words(run.page).set(words, run.offset * itemWords);
      runs.give(old >>> classShift, old & pageMask, h[at + header.offset]!);
    }
    h[at + header.page] = (sizeClass << classShift) | run.page;
    h[at + header.offset] = run.offset;
    h[at + header.first] = 0;
  }

  function makeRoom(h: Uint32Array, at: number): void {
    const page = h[at + header.page]!;
    const first = h[at + header.first]!;
    const count = h[at + header.count]!;
    if (page === 0) return move(h, at, 1);
    const capacity = 1 << (page >>> classShift);
    if (first + count < capacity) return undefined;
    // Room that forgotten items left at the front is enough if it is much.
    return move(h, at, (page >>> classShift) + (first > 0 && first >= capacity >> 2 ? 0 : 1));
  }

  return {
    list(owner) {
      const h = headersOf(owner);
      if (h === undefined) return nothing;
      const at = headerAt(owner);
      const page = h[at + header.page]!;
      if (page === 0) return nothing;
      const first = h[at + header.offset]! + h[at + header.first]!;
      return { words: runs.words(page & pageMask), first, count: h[at + header.count]! };
    },
    insert(owner, position, second, place, other) {
      const h = headersFor(owner);
      const at = headerAt(owner);
      makeRoom(h, at);
      const words = runs.words(h[at + header.page]! & pageMask);
      const base = (h[at + header.offset]! + h[at + header.first]!) * itemWords;
      const to = base + position * itemWords;
      const end = base + h[at + header.count]! * itemWords;
      if (to < end) words.copyWithin(to + itemWords, to, end);
      words[to] = second;
      words[to + 1] = place;
      words[to + 2] = other;
      h[at + header.count]! += 1;
    },
    removeAt(owner, position) {
      const h = headersFor(owner);
      const at = headerAt(owner);
      const page = h[at + header.page]!;
      const words = runs.words(page & pageMask);
      const count = h[at + header.count]! - 1;
      const base = (h[at + header.offset]! + h[at + header.first]!) * itemWords;
      const from = base + position * itemWords;
      if (position === 0) h[at + header.first]! += 1;
      else words.copyWithin(from, from + itemWords, base + (count + 1) * itemWords);
      h[at + header.count] = count;
      const sizeClass = page >>> classShift;
      if (count === 0) {
        runs.give(sizeClass, page & pageMask, h[at + header.offset]!);
        h.fill(0, at, at + header.words);
      } else if (sizeClass > 1 && count <= (1 << sizeClass) >> 3) move(h, at, sizeClass - 2);
    },
    bytes: () => headers.length * headerOwners * header.words * 4 + runs.bytes(),
  };
}

interface Run {
  readonly page: number;
  readonly offset: number;
}

/** Runs of 2^class items. */
function openRuns() {
  const none = new Uint32Array(0);
  /** Page 0 is nobody's. */
  const pages: Uint32Array<ArrayBuffer>[] = [none];
  const freePages: number[] = [];
  const freeRuns: Run[][] = [];
  let bytes = 0;
  let open = 0;
  let used = pageItems;

  function newPage(items: number): number {
    const page = freePages.pop() ?? pages.length;
    pages[page] = new Uint32Array(items * itemWords);
    bytes += pages[page].byteLength;
    return page;
  }

  return {
    words: (page: number): Uint32Array => pages[page]!,
    take(sizeClass: number): Run {
      const items = 1 << sizeClass;
      if (items >= ownPageItems) return { page: newPage(items), offset: 0 };
      const freed = freeRuns[sizeClass]?.pop();
      if (freed !== undefined) return freed;
      if (used + items > pageItems) {
        open = newPage(pageItems);
        used = 0;
      }
      used += items;
      return { page: open, offset: used - items };
    },
    give(sizeClass: number, page: number, offset: number): void {
      if (1 << sizeClass < ownPageItems) {
        (freeRuns[sizeClass] ??= []).push({ page, offset });
        return;
      }
      bytes -= pages[page]!.byteLength;
      pages[page] = none;
      freePages.push(page);
    },
    bytes: () => bytes,
  };
}
