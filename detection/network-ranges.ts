/** Prefixes laid side by side: of each address, the number of the longest one that holds it. */
export interface Ranges {
  /** The network of an address, or -1. */
  find(words: Uint32Array): number;
  bytes(): number;
}

interface Span {
  readonly start: bigint;
  /** The first address behind it. */
  readonly end: bigint;
  readonly network: number;
}

export interface RangePrefix {
  /** The address's words of 32 bits: one, or four. */
  readonly words: readonly number[];
  readonly bits: number;
  readonly network: number;
}

/** `width` words of 32 bits make an address. */
export function openRanges(width: 1 | 4, prefixes: readonly RangePrefix[]): Ranges {
  const borders = bordersOf(
    width,
    prefixes.map((prefix) => spanOf(width, prefix)),
  );
  const count = borders.length;
  /** The first word of each border, the second, … */
  const starts = Array.from({ length: width }, (_, word) =>
    Uint32Array.from(borders, ([start]) => Number((start >> BigInt((width - 1 - word) * 32)) & 0xffffffffn)),
  );
  const networks = Int32Array.from(borders, ([, network]) => network);
  const [first] = starts as [Uint32Array];

  function isAtOrBelow(place: number, words: Uint32Array): boolean {
    for (let word = 0; word < width; word += 1) {
      const start = starts[word]![place]!;
      if (start !== words[word]!) return start < words[word]!;
    }
    return true;
  }

  return {
    find(words) {
      const wanted = words[0]!;
      let low = 0;
      let high = count;
      while (low < high) {
        const middle = (low + high) >>> 1;
        const start = first[middle]!;
        if (start < wanted || (start === wanted && (width === 1 || isAtOrBelow(middle, words)))) low = middle + 1;
        else high = middle;
      }
      return low === 0 ? -1 : networks[low - 1]!;
    },
    bytes: () => count * 4 * (width + 1),
  };
}

function spanOf(width: number, { words, bits, network }: RangePrefix): Span {
  const start = words.reduce((sum, word) => (sum << 32n) | BigInt(word), 0n);
  return { start, end: start + (1n << BigInt(width * 32 - bits)), network };
}

/** Where another network begins; -1 is none. Prefixes never overlap but by holding each other. */
function bordersOf(width: number, spans: readonly Span[]): [bigint, number][] {
  const sorted = spans.toSorted((one, other) =>
    one.start === other.start ? compare(other.end, one.end) : compare(one.start, other.start),
  );
  const borders: [bigint, number][] = [];
  const open: Span[] = [];
  const mark = (at: bigint, network: number): void => {
    const last = borders.at(-1);
    if (last !== undefined && last[0] === at) borders.pop();
    if ((borders.at(-1)?.[1] ?? -1) !== network) borders.push([at, network]);
  };
  const closeUntil = (at: bigint): void => {
    for (let inner = open.at(-1); inner !== undefined && inner.end <= at; inner = open.at(-1)) {
      open.pop();
      mark(inner.end, open.at(-1)?.network ?? -1);
    }
  };
  for (const span of sorted) {
    closeUntil(span.start);
    mark(span.start, span.network);
    open.push(span);
  }
  const all = 1n << BigInt(width * 32);
  closeUntil(all);
  return borders.filter(([at]) => at < all);
}

const compare = (one: bigint, other: bigint): number => (one < other ? -1 : one > other ? 1 : 0);
