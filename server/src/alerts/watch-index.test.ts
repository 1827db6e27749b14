import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rangeContains } from '@bronze-drum/protocol/identifiers/ip';
import { hostOf } from '@bronze-drum/protocol/identifiers/url';
import { openWatchIndex, type IndexedWatch } from './watch-index.ts';

const watch = (pattern: string, index: number): IndexedWatch => ({
  id: `w${index}`,
  owner: 'officer:dao',
  pattern,
  isDigest: false,
  untilMs: index % 5 === 0 ? 10 : 1000,
});

const octet = fc.integer({ min: 0, max: 3 });
const host = fc
  .array(fc.constantFrom('a', 'b', 'pay', 'example'), { minLength: 1, maxLength: 3 })
  .map((parts) => [...parts, 'org'].join('.'));
const phone = fc.integer({ min: 0, max: 999 }).map((number) => `phone:+6681${number}`);
const address = fc.tuple(octet, octet).map(([a, b]) => `198.51.${a}.${b}`);
const key = fc.oneof(
  phone,
  address.map((one) => `ip:${one}`),
  host.map((one) => `domain:${one}`),
  host.map((one) => `url:${one}/x`),
  host.map((one) => `email:joe@${one}`),
);
const pattern = fc.oneof(
  key,
  phone.map((one) => `${one.slice(0, -1)}*`),
  octet.map((one) => `ip:198.51.${one}.0/24`),
  fc.constantFrom('ip:198.51.0.0/16', 'ip:198.51.2.0/31', 'ip:2001:db8::/32'),
);

/** The same, looking at each watch by itself. */
function concerns({ pattern }: IndexedWatch, key: string): boolean {
  if (pattern === key) return true;
  if (pattern.endsWith('*')) return key.startsWith(pattern.slice(0, -1));
  if (pattern.startsWith('ip:') && key.startsWith('ip:')) {
    const [outer, inner] = [pattern.slice(3), key.slice(3)];
    return outer.includes('/') && outer.includes(':') === inner.includes(':') && rangeContains(outer, inner);
  }
  if (!pattern.startsWith('domain:')) return false;
  const value = key.slice(key.indexOf(':') + 1);
  const at = key.startsWith('url:') ? hostOf(value) : value.slice(value.lastIndexOf('@') + 1);
  return /^(url|email|domain):/.test(key) && `.${at}`.endsWith(`.${pattern.slice('domain:'.length)}`);
}

test('a key finds every watch that concerns it, and none that ended or was taken away', () => {
  fc.assert(
    fc.property(fc.uniqueArray(pattern, { maxLength: 30 }), fc.array(key, { maxLength: 10 }), (patterns, keys) => {
      const watches = patterns.map(watch);
      const index = openWatchIndex();
      watches.forEach(index.put);
      watches.filter((_, at) => at % 7 === 6).forEach(({ id }) => index.remove(id));
      const standing = watches.filter((one, at) => at % 7 !== 6 && one.untilMs > 500);
      for (const one of keys) {
        const found = index.matching(one, 500).map(({ id }) => id);
        expect(found.sort()).toEqual(
          standing
            .filter((watched) => concerns(watched, one))
            .map(({ id }) => id)
            .sort(),
        );
      }
    }),
  );
});
