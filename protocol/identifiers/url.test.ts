import fc from 'fast-check';
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

import { isRefusal } from '../refusals.ts';
import { testNetworkConformance } from '../vectors/network-conformance.ts';
import { hostOf, url } from './url.ts';

const feed = new URL('../../../shared/data/sites/global-anti-scam-org-scam-urls.txt', import.meta.url);

describe('url', () => {
  testNetworkConformance(url, "htps:/\\?#@%2eEfF.[]-_~+&= '|^{}aZเ1:0com");

  test('the scheme and the case of scheme and host make no other link', () => {
    fc.assert(
      fc.property(fc.webUrl({ withQueryParameters: true, withFragments: true }), (text) => {
        const key = url.parse(text);
        const { host } = new URL(text);
        expect(url.parse(text.replace(/^https?/, 'HTTPS'))).toBe(key);
        expect(url.parse(text.replace(/^https?/, 'hxxp'))).toBe(key);
        expect(url.parse(text.replace(host, host.toUpperCase()))).toBe(key);
        expect(url.parse(text.replace('://', '://mybank.com@'))).toBe(key);
      }),
    );
  });

  test('with a scheme, the host is the one that a browser would ask', () => {
    const text = fc.string({ unit: fc.constantFrom(...Array.from('ab.:/\\?#@%[]-_0x1／＠。')), maxLength: 25 });
    fc.assert(
      fc.property(text, (rest) => {
        const link = `https://${rest}evil.com/`;
        const key = url.parse(link);
        if (!isRefusal(key))
          expect([link, hostOf(key.slice('url:'.length))]).toEqual([
            link,
            new URL(link.replace(/[[\]]/g, '')).hostname.replace(/\.$/, ''),
          ]);
      }),
      { numRuns: 5000 },
    );
  });

  test('an escape of an unreserved character is that character', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...Array.from('abcXYZ019-_~')), minLength: 1, maxLength: 12 }),
        (path) => {
          const escaped = Array.from(path, (char) => `%${char.charCodeAt(0).toString(16)}`).join('');
          expect(url.parse(`https://example.com/${escaped}?${escaped}`)).toBe(
            url.parse(`https://example.com/${path}?${path}`),
          );
        },
      ),
    );
  });

  test.each([
    ['example.com/a', 'example.com'],
    ['example.com:8080/a:b', 'example.com'],
    ['203.0.113.7/', '203.0.113.7'],
    ['[2001:db8::1]:8080/', '2001:db8::1'],
  ])('the host of %s is %s', (value, host) => expect(hostOf(value)).toBe(host));

  test.skipIf(!existsSync(feed))('every line of a public feed is read as a link (../shared/data)', () => {
    const links = readFileSync(feed, 'utf8')
      .split('\n')
      .filter((line) => line.trim() !== '');
    expect(links.length).toBeGreaterThan(10_000);
    expect(links.filter((link) => isRefusal(url.parse(link)))).toEqual([]);
  });
});
