import { ip, ipBytes, prefixBits } from '@bronze-drum/protocol/identifiers/ip';

/** Which ranges of addresses are listed: not the ranges themselves but which lengths occur, so that few are asked for. */
export interface AddressRanges {
  added(key: string): void;
  removed(key: string): void;
  /** The keys under which a range that holds this address or range might be listed, longest prefix first. */
  covering(value: string): Iterable<string>;
}

const isRange = (key: string): boolean => key.startsWith('ip:') && key.includes('/');

export function openAddressRanges(): AddressRanges {
  const families = { v4: openLengths(), v6: openLengths() };
  const familyOf = (text: string) => (text.includes(':') ? families.v6 : families.v4);
  const count = (key: string, by: number): void => {
    if (!isRange(key)) return;
    const value = key.slice('ip:'.length);
    familyOf(value).count(prefixBits(value), by);
  };
  return {
    added: (key) => count(key, 1),
    removed: (key) => count(key, -1),
    *covering(value) {
      const { longestFirst } = familyOf(value);
      if (longestFirst.length === 0) return;
      const bits = prefixBits(value);
      const bytes = ipBytes(value);
      for (const length of longestFirst) if (length < bits) yield rangeKey(bytes, length);
    },
  };
}

function openLengths() {
  const counts = new Map<number, number>();
  const lengths = {
    longestFirst: [] as readonly number[],
    count(length: number, by: number): void {
      const before = counts.get(length) ?? 0;
      if (before + by > 0) counts.set(length, before + by);
      else counts.delete(length);
      if (before === 0 || before + by === 0) lengths.longestFirst = [...counts.keys()].sort((a, b) => b - a);
    },
  };
  return lengths;
}

function rangeKey(address: Uint8Array, length: number): string {
  const base = address.map((byte, at) => byte & (0xff00 >> Math.min(8, Math.max(0, length - at * 8))));
  if (base.length === 4) return `ip:${base.join('.')}/${length}`;
  const groups = Array.from({ length: 8 }, (_, at) => ((base[at * 2]! << 8) | base[at * 2 + 1]!).toString(16));
  return ip.parse(`${groups.join(':')}/${length}`) as string;
}
