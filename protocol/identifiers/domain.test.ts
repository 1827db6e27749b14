import fc from 'fast-check';
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

import { isRefusal } from '../refusals.ts';
import { domain, hasKnownSuffix, mixedScripts, parentDomains, registrableDomain } from './domain.ts';
import { testNetworkConformance } from '../vectors/network-conformance.ts';
import { unicodeLabel } from './punycode.ts';

const feed = new URL('../../../shared/data/sites/durablenapkin-hosts.txt', import.meta.url);

describe('domain', () => {
  testNetworkConformance(domain, 'abcxn019.-_*รไ黑é0x[]com');

  test('case makes no other domain', () => {
    fc.assert(
      fc.property(fc.domain(), (host) => {
        const key = domain.parse(host);
        expect(domain.parse(host.toUpperCase())).toBe(key);
        expect(domain.parse(host.replaceAll('.', '[.]'))).toBe(key);
        expect(domain.parse(`${host}.`)).toBe(key);
      }),
    );
  });

  test('what is accepted is what a browser would open', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...Array.from('aBรา黑ßéж.-1')), minLength: 3, maxLength: 20 }),
        (label) => {
          const key = domain.parse(`${label}.com`);
          if (!isRefusal(key)) expect(new URL(`http://${label}.com/`).hostname).toBe(key.slice('domain:'.length));
        },
      ),
      { numRuns: 3000 },
    );
  });

  test('punycode decodes to what was encoded', () => {
    fc.assert(
      fc.property(
        fc.string({
          unit: fc.constantFrom(...Array.from('abร้านไทย黑貓宅配မြန်မာខ្មែរລາວéж𠀀1-')),
          minLength: 2,
          maxLength: 15,
        }),
        (label) => {
          const key = domain.parse(`a${label}b.com`);
          if (isRefusal(key)) return;
          const [encoded] = key.slice('domain:'.length).split('.');
          expect(unicodeLabel(encoded!)).toBe(`a${label}b`.toLowerCase().normalize('NFC'));
        },
      ),
    );
    expect(unicodeLabel('xn--')).toBe('');
    expect(unicodeLabel('xn--999999999999')).toBe('xn--999999999999');
  });

  test.each([
    ['a.b.example.co.th', 'example.co.th', ['a.b.example.co.th', 'b.example.co.th', 'example.co.th']],
    ['www.shop.wixsite.com', 'shop.wixsite.com', ['www.shop.wixsite.com', 'shop.wixsite.com']],
    ['example.com', 'example.com', ['example.com']],
    ['co.th', null, []],
    ['203.0.113.7', null, []],
  ])('%s was registered as %s', (host, registrable, parents) => {
    expect(registrableDomain(host)).toBe(registrable);
    expect(parentDomains(host)).toEqual(parents);
  });

  test('an invented ending is no known suffix', () => {
    expect([hasKnownSuffix('example.com'), hasKnownSuffix('a.github.io'), hasKnownSuffix('notes.txt')]).toEqual([
      true,
      true,
      false,
    ]);
  });

  test.each([
    ['gооgle.com', true],
    ['xn--ggle-55da.com', true],
    ['αpple.com', true],
    ['аррӏе.com', false],
    ['google.com', false],
    ['nguyễn.vn', false],
    ['abc公司.cn', false],
    ['ร้าน.ไทย', false],
    ['почта.example.com', false],
  ])('%s mixes scripts within a label: %s', (host, mixed) => expect(mixedScripts(host)).toBe(mixed));

  test('names are shown in the writing of the six nations, and others as they are spelt', () => {
    const shown = (host: string): string => {
      const key = domain.parse(host);
      return isRefusal(key) ? key.refused : domain.caption(key.slice('domain:'.length));
    };
    expect(['ร้าน.ไทย', '黑貓宅配.top', 'nguyễn.vn', 'မြန်မာ.com'].map(shown)).toEqual([
      'ร้าน.ไทย',
      '黑貓宅配.top',
      'nguyễn.vn',
      'မြန်မာ.com',
    ]);
    expect(['аррӏе.com', 'g၀၀gle.com'].map(shown)).toEqual(['xn--80ak6aa92e.com', 'xn--ggle-bqqa.com']);
  });

  test.skipIf(!existsSync(feed))('every host of a public feed is read (../shared/data)', () => {
    const hosts = readFileSync(feed, 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('0.0.0.0 '))
      .map((line) => line.slice(8).trim());
    expect(hosts.length).toBeGreaterThan(2000);
    expect(hosts.filter((host) => isRefusal(domain.parse(host)))).toEqual([]);
  });
});
