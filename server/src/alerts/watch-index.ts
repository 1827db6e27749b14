import { ip, ipBytes, prefixBits } from '@bronze-drum/protocol/identifiers/ip';
import { hostOf } from '@bronze-drum/protocol/identifiers/url';
import { openPrefixes } from './prefixes.ts';

export interface IndexedWatch {
  readonly id: string;
  /** `officer:<id>` or `institution:<id>`. */
  readonly owner: string;
  /** A key; the beginning of keys and `*`; a range of addresses; a domain, for itself and all below it. */
  readonly pattern: string;
  readonly isDigest: boolean;
  readonly untilMs: number;
}

/** All watches in memory, asked with every key that is listed, screened or reported. */
export interface WatchIndex {
  put(watch: IndexedWatch): void;
  remove(id: string): void;
  /** The watches that a key concerns and that have not run out. */
  matching(key: string, nowMs: number): IndexedWatch[];
}

export function openWatchIndex(): WatchIndex {
  const byId = new Map<string, IndexedWatch>();
  const exact = new Map<string, Set<IndexedWatch>>();
  const beginnings = openPrefixes<IndexedWatch>();
  /** How many ranges there are of each length, by the length of their addresses in bytes. */
  const ranges = new Map<4 | 16, Map<number, number>>([
    [4, new Map()],
    [16, new Map()],
  ]);

  function countRange(pattern: string, by: number): void {
    if (!pattern.startsWith('ip:') || !pattern.includes('/')) return;
    const value = pattern.slice('ip:'.length);
    const counts = ranges.get(value.includes(':') ? 16 : 4)!;
    const bits = prefixBits(value);
    const count = (counts.get(bits) ?? 0) + by;
    if (count > 0) counts.set(bits, count);
    else counts.delete(bits);
  }

  function remove(id: string): void {
    const watch = byId.get(id);
    if (watch === undefined) return;
    byId.delete(id);
    if (watch.pattern.endsWith('*')) return beginnings.remove(watch.pattern.slice(0, -1), watch);
    countRange(watch.pattern, -1);
    const same = exact.get(watch.pattern)!;
    same.delete(watch);
    if (same.size === 0) exact.delete(watch.pattern);
  }

  function* keysAround(key: string): Generator<string> {
    yield key;
    const colon = key.indexOf(':');
    const value = key.slice(colon + 1);
    switch (key.slice(0, colon)) {
      case 'ip':
        yield* rangesAround(value);
        return;
      case 'domain':
        yield* domainsAbove(value);
        return;
      case 'email':
        yield* hostKeys(value.slice(value.lastIndexOf('@') + 1));
        return;
      case 'url':
        yield* hostKeys(hostOf(value));
    }
  }

  function* hostKeys(host: string): Generator<string> {
    if (/^[\d.]+$|:/.test(host)) {
      yield `ip:${host}`;
      yield* rangesAround(host);
      return;
    }
    yield `domain:${host}`;
    yield* domainsAbove(host);
  }

  function* rangesAround(value: string): Generator<string> {
    const counts = ranges.get(value.includes(':') ? 16 : 4)!;
    if (counts.size === 0) return;
    const bytes = ipBytes(value);
    const bits = prefixBits(value);
    for (const length of counts.keys()) if (length < bits) yield rangeKey(bytes, length);
  }

  return {
    put(watch) {
      remove(watch.id);
      byId.set(watch.id, watch);
      if (watch.pattern.endsWith('*')) return beginnings.add(watch.pattern.slice(0, -1), watch);
      countRange(watch.pattern, 1);
      const same = exact.get(watch.pattern);
      if (same === undefined) exact.set(watch.pattern, new Set([watch]));
      else same.add(watch);
    },
    remove,
    matching(key, nowMs) {
      if (byId.size === 0) return [];
      const found = beginnings.covering(key);
      if (exact.size > 0) for (const around of keysAround(key)) found.push(...(exact.get(around) ?? []));
      return found.filter((watch) => watch.untilMs > nowMs);
    },
  };
}

function* domainsAbove(host: string): Generator<string> {
  for (let dot = host.indexOf('.'); dot !== -1; dot = host.indexOf('.', dot + 1)) yield `domain:${host.slice(dot + 1)}`;
}

function rangeKey(address: Uint8Array, length: number): string {
  const base = address.map((byte, at) => byte & (0xff00 >> Math.min(8, Math.max(0, length - at * 8))));
  if (base.length === 4) return `ip:${base.join('.')}/${length}`;
  const groups = Array.from({ length: 8 }, (_, at) => ((base[at * 2]! << 8) | base[at * 2 + 1]!).toString(16));
  return ip.parse(`${groups.join(':')}/${length}`) as string;
}
