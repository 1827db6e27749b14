/** Two numbers by which an identity is found in a filter; equal identities have equal ones. */
export interface IdHash {
  readonly a: number;
  readonly b: number;
}

const mix = (hash: number): number => {
  const once = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  const twice = Math.imul(once ^ (once >>> 13), 0xc2b2ae35);
  return (twice ^ (twice >>> 16)) >>> 0;
};

/** FNV-1a twice with different primes, mixed. Who makes collisions on purpose makes look-ups, and nothing else. */
export function hashOfId(source: string, kind: number, id: string): IdHash {
  let a = 0x811c9dc5 ^ kind;
  let b = 0x9e3779b9 ^ kind;
  for (let i = 0; i < id.length; i += 1) {
    const unit = id.charCodeAt(i);
    a = Math.imul(a ^ unit, 0x01000193);
    b = Math.imul(b ^ unit, 0x0100019d);
  }
  for (let i = 0; i < source.length; i += 1) {
    const unit = source.charCodeAt(i);
    a = Math.imul(a ^ unit, 0x01000193);
    b = Math.imul(b ^ unit, 0x0100019d);
  }
  return { a: mix(a), b: mix(b) | 1 };
}

/** Which identities may have been stored on which days. It may say "perhaps" of one that was not; never "no" of one that was. */
export interface SeenIds {
  mayHold(hash: IdHash): boolean;
  add(day: string, hash: IdHash): void;
  /** From when on a day's filter knows all that was stored on it; until then the answer is "perhaps". */
  complete(day: string): void;
  /** Begins a day anew, of which it has not been told everything. */
  open(day: string): void;
  /** Says "perhaps" of everything until it is trusted again. */
  doubt(): void;
  trust(): void;
  /** Days before this one count no more. */
  forgetBefore(day: string): void;
}

const bitsAnId = 16;
const probes = 4;
const firstIds = 1 << 16;

interface Segment {
  readonly bits: Uint32Array;
  readonly mask: number;
  room: number;
}
interface DayIds {
  readonly segments: Segment[];
  complete: boolean;
  overflowed: boolean;
}

function newSegment(ids: number): Segment {
  const bits = ids * bitsAnId;
  return { bits: new Uint32Array(bits / 32), mask: bits - 1, room: ids };
}

function holds({ bits, mask }: Segment, { a, b }: IdHash): boolean {
  for (let i = 0, at = a; i < probes; i += 1, at += b) {
    const bit = (at & mask) >>> 0;
    if (((bits[bit >>> 5]! >>> (bit & 31)) & 1) === 0) return false;
  }
  return true;
}

function put({ bits, mask }: Segment, { a, b }: IdHash): void {
  for (let i = 0, at = a; i < probes; i += 1, at += b) {
    const bit = (at & mask) >>> 0;
    bits[bit >>> 5]! |= 1 << (bit & 31);
  }
}

/** Bloom filters, one a day, each growing by doubling. What `bytesMax` has no room for is answered "perhaps". */
export function openSeenIds(bytesMax: number): SeenIds {
  const days = new Map<string, DayIds>();
  let bytes = 0;
  let isDoubted = false;

  function dayIds(day: string): DayIds {
    let ids = days.get(day);
    if (ids === undefined) {
      ids = { segments: [], complete: false, overflowed: false };
      days.set(day, ids);
    }
    return ids;
  }

  /** The segment for one more identity of the day; undefined if there is no room for it. */
  function segmentOf(ids: DayIds): Segment | undefined {
    const last = ids.segments.at(-1);
    if (last !== undefined && last.room > 0) return last;
    const segment = newSegment(firstIds << ids.segments.length);
    if (bytes + segment.bits.byteLength > bytesMax) return undefined;
    bytes += segment.bits.byteLength;
    ids.segments.push(segment);
    return segment;
  }

  const drop = (day: string): void => {
    for (const { bits } of days.get(day)?.segments ?? []) bytes -= bits.byteLength;
    days.delete(day);
  };
  return {
    mayHold(hash) {
      if (isDoubted) return true;
      for (const { complete, overflowed, segments } of days.values()) {
        if (!complete || overflowed) return true;
        for (const segment of segments) if (holds(segment, hash)) return true;
      }
      return false;
    },
    add(day, hash) {
      const ids = dayIds(day);
      if (ids.overflowed) return;
      const segment = segmentOf(ids);
      if (segment === undefined) {
        ids.overflowed = true;
        return;
      }
      segment.room -= 1;
      put(segment, hash);
    },
    open: (day) => {
      drop(day);
      dayIds(day);
    },
    complete: (day) => {
      dayIds(day).complete = true;
    },
    doubt: () => {
      isDoubted = true;
    },
    trust: () => {
      isDoubted = false;
    },
    forgetBefore(day) {
      for (const known of days.keys()) if (known < day) drop(known);
    },
  };
}
