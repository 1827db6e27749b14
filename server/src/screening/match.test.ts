import { expect, test } from 'vitest';
import { openListingTable } from './listing-table.ts';
import { matchesOf } from './match.ts';
import { listed, someDay, testSeed } from './test-listings.ts';

function matching(keys: readonly string[], asked: string, discreet: readonly string[] = []) {
  const table = openListingTable(testSeed);
  for (const key of keys) table.apply({ put: listed(key, { discreet: discreet.includes(key) }) });
  return matchesOf(table, asked, someDay).map(({ kind, key }) => `${kind} ${key}`);
}

test('a link matches exactly first, then by its host, then by the domains above it up to the one that was registered', () => {
  const listedKeys = [
    'domain:shop.example.co.th',
    'domain:example.co.th',
    'url:pay.shop.example.co.th/a?b=1',
    'domain:pay.shop.example.co.th',
  ];
  expect(matching(listedKeys, 'url:pay.shop.example.co.th/a?b=1')).toEqual([
    'exact url:pay.shop.example.co.th/a?b=1',
    'host domain:pay.shop.example.co.th',
    'domain domain:shop.example.co.th',
    'domain domain:example.co.th',
  ]);
  expect(matching(listedKeys, 'url:pay.shop.example.co.th/other')).toHaveLength(3);
  expect(matching(listedKeys, 'url:neighbour.co.th/a?b=1')).toEqual([]);
});

test('a link on an address matches by the address and by the ranges around it', () => {
  const listedKeys = ['ip:203.0.113.7', 'ip:203.0.113.0/24', 'ip:2001:db8:1::/48'];
  expect(matching(listedKeys, 'url:203.0.113.7/login')).toEqual(['host ip:203.0.113.7', 'prefix ip:203.0.113.0/24']);
  expect(matching(listedKeys, 'url:203.0.113.8:8080/login')).toEqual(['prefix ip:203.0.113.0/24']);
  expect(matching(listedKeys, 'url:[2001:db8:1::9]/login')).toEqual(['prefix ip:2001:db8:1::/48']);
});

test('a domain matches by itself and the domains above it, a mail address by its domain', () => {
  const listedKeys = ['domain:example.com', 'email:ann@mail.example.com'];
  expect(matching(listedKeys, 'domain:example.com')).toEqual(['exact domain:example.com']);
  expect(matching(listedKeys, 'domain:a.b.example.com')).toEqual(['domain domain:example.com']);
  expect(matching(listedKeys, 'email:ann@mail.example.com')).toEqual([
    'exact email:ann@mail.example.com',
    'domain domain:example.com',
  ]);
  expect(matching(listedKeys, 'email:bob@mail.example.com')).toEqual(['domain domain:example.com']);
  expect(matching(listedKeys, 'domain:example.org')).toEqual([]);
});

test('two shops at one site builder are not one another’s parents', () => {
  expect(matching(['domain:bad.wixsite.com'], 'url:good.wixsite.com/')).toEqual([]);
});

test('an address matches by itself, then by the longest listed range', () => {
  const listedKeys = ['ip:198.51.100.0/24', 'ip:198.51.0.0/16', 'ip:198.51.100.9', 'ip:198.51.100.128/25'];
  expect(matching(listedKeys, 'ip:198.51.100.9')).toEqual(['exact ip:198.51.100.9', 'prefix ip:198.51.100.0/24']);
  expect(matching(listedKeys, 'ip:198.51.100.200')).toEqual(['prefix ip:198.51.100.128/25']);
  expect(matching(listedKeys, 'ip:198.51.1.1')).toEqual(['prefix ip:198.51.0.0/16']);
  expect(matching(listedKeys, 'ip:198.52.1.1')).toEqual([]);
  expect(matching(listedKeys, 'ip:198.51.100.0/26')).toEqual(['prefix ip:198.51.100.0/24']);
});

test('ranges of IPv6 are found for every length in use', () => {
  const listedKeys = ['ip:2001:db8::/32', 'ip:2001:db8:aa::/48', 'ip:2001:db8:aa:bb00::/56'];
  expect(matching(listedKeys, 'ip:2001:db8:aa:bb01::5')).toEqual(['prefix ip:2001:db8:aa:bb00::/56']);
  expect(matching(listedKeys, 'ip:2001:db8:aa:cc01::5')).toEqual(['prefix ip:2001:db8:aa::/48']);
  expect(matching(listedKeys, 'ip:2001:db8:ab::5')).toEqual(['prefix ip:2001:db8::/32']);
  expect(matching(listedKeys, 'ip:2001:db9::5')).toEqual([]);
});

test('a discreet range neither hides an open one behind it nor is hidden by it', () => {
  const ranges = ['ip:198.51.100.0/24', 'ip:198.51.0.0/16'];
  for (const discreet of ranges) {
    expect(matching(ranges, 'ip:198.51.100.1', [discreet])).toEqual([
      'prefix ip:198.51.100.0/24',
      'prefix ip:198.51.0.0/16',
    ]);
  }
});

test('a range is no longer asked for once its last listing is forgotten', () => {
  const table = openListingTable(testSeed);
  table.apply({ put: listed('ip:198.51.100.0/24', { untilMs: someDay }) });
  table.apply({ put: listed('ip:198.51.0.0/16') });
  table.forget(someDay, 10);
  expect([...table.ranges.covering('198.51.100.1')]).toEqual(['ip:198.51.0.0/16']);
});
