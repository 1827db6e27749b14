import fc from 'fast-check';
import { existsSync, readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { describe, expect, test } from 'vitest';

import { isRefusal } from '../refusals.ts';
import { ip, ipBytes, isReserved, prefixBits, rangeContains } from './ip.ts';
import { testNetworkConformance } from '../vectors/network-conformance.ts';

const feed = new URL('../../../shared/data/ips/ipsum.txt', import.meta.url);

describe('ip', () => {
  testNetworkConformance(ip, '0123456789abcdefx.:/[]%');

  test('an IPv4 address is what Node takes for one, and nothing else', () => {
    const part = fc.oneof(fc.nat(300).map(String), fc.constantFrom('00', '01', '0x1', '', '256', '1e1'));
    fc.assert(
      fc.property(fc.array(part, { minLength: 3, maxLength: 5 }), (parts) => {
        const text = parts.join('.');
        expect([text, !isRefusal(ip.parse(text))]).toEqual([text, isIP(text) === 4]);
      }),
      { numRuns: 5000 },
    );
  });

  test('an IPv6 address is what Node takes for one, written as the URL standard writes it', () => {
    const group = fc.oneof(
      fc.constant('0'),
      fc.constant(''),
      fc.nat(0xffff).map((number) => number.toString(16)),
      fc.constant('0db8'),
    );
    const tail = fc.constantFrom('', '203.0.113.7', '1.2.3', '01.2.3.4');
    fc.assert(
      fc.property(fc.array(group, { minLength: 2, maxLength: 10 }), tail, (groups, quad) => {
        const text = [...groups, ...(quad === '' ? [] : [quad])].join(':');
        const key = ip.parse(text);
        expect([text, !isRefusal(key)]).toEqual([text, isIP(text) === 6]);
        if (isRefusal(key) || !key.slice(3).includes(':')) return;
        expect(`[${key.slice(3)}]`).toBe(new URL(`http://[${text}]/`).hostname);
      }),
      { numRuns: 5000 },
    );
  });

  test('any address has one spelling, whatever the case and the zeros', () => {
    fc.assert(
      fc.property(fc.ipV6(), (text) => {
        const key = ip.parse(text);
        expect(ip.parse(text.toUpperCase())).toBe(key);
        expect(ip.parse(`[${text}]`)).toBe(key);
      }),
    );
  });

  test.each([
    ['10.1.2.3', true],
    ['100.64.0.1', true],
    ['127.0.0.1', true],
    ['169.254.169.254', true],
    ['172.16.0.0/12', true],
    ['172.32.0.1', false],
    ['192.168.1.1', true],
    ['198.19.255.255', true],
    ['203.0.113.7', true],
    ['224.0.0.1', true],
    ['255.255.255.255', true],
    ['8.8.8.8', false],
    ['1.1.1.0/24', false],
    ['0.0.0.0/0', true],
    ['8.0.0.0/6', true],
    ['::', true],
    ['::1', true],
    ['fe80::1', true],
    ['fd00::1', true],
    ['ff02::1', true],
    ['2001:db8::1', true],
    ['2001:4860:4860::8888', false],
    ['2400:cb00::/32', false],
    ['::/0', true],
  ])('%s is reserved: %s', (value, reserved) => expect(isReserved(value)).toBe(reserved));

  test('ranges know their bits and what they contain', () => {
    expect([...ipBytes('203.0.113.0/24')]).toEqual([203, 0, 113, 0]);
    expect(ipBytes('2001:db8::1')).toHaveLength(16);
    expect([
      prefixBits('203.0.113.0/24'),
      prefixBits('203.0.113.7'),
      prefixBits('2001:db8::/32'),
      prefixBits('::1'),
    ]).toEqual([24, 32, 32, 128]);
    expect(rangeContains('203.0.113.0/24', '203.0.113.7')).toBe(true);
    expect(rangeContains('203.0.113.0/25', '203.0.113.128')).toBe(false);
    expect(rangeContains('203.0.113.0/24', '203.0.112.0/23')).toBe(false);
    expect(rangeContains('203.0.113.7', '203.0.113.7')).toBe(true);
    expect(rangeContains('::/0', '203.0.113.7')).toBe(false);
  });

  test.skipIf(!existsSync(feed))('every address of a public feed is read as it stands (../shared/data)', () => {
    const addresses = readFileSync(feed, 'utf8')
      .split('\n')
      .filter((line) => /^\d/.test(line))
      .map((line) => line.split('\t')[0]!);
    expect(addresses.length).toBeGreaterThan(100_000);
    expect(addresses.filter((address) => ip.parse(address) !== `ip:${address}`)).toEqual([]);
  });
});
