import { parse } from '@bronze-drum/protocol/identifiers/identifiers';
import { ipBytes, prefixBits, rangeContains } from '@bronze-drum/protocol/identifiers/ip';
import { isRefusal } from '@bronze-drum/protocol/refusals';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readNetworks, type Networks } from './networks.ts';

function networksOf(text: string): Networks {
  const networks = readNetworks(text);
  if (isRefusal(networks)) throw new Error(JSON.stringify(networks));
  return networks;
}

describe('networks', () => {
  const networks = networksOf(
    [
      'prefix,country,kind',
      '# what follows is invented',
      '198.18.0.0/15,TH,mobile',
      '198.18.5.0/24, th , hosting # a part of it',
      '198.18.5.7,LA,',
      '2001:db8::/32,VN,',
      '2001:db8:0:5::/64,,vpn',
      '',
    ].join('\n'),
  );

  test('an address is of the longest prefix that holds it', () => {
    expect(networks.networkOf('ip:198.18.4.255')).toEqual({ country: 'TH', kind: 'mobile' });
    expect(networks.networkOf('ip:198.18.5.6')).toEqual({ country: 'TH', kind: 'hosting' });
    expect(networks.networkOf('ip:198.18.5.7')).toEqual({ country: 'LA' });
    expect(networks.networkOf('ip:198.18.5.8')).toEqual({ country: 'TH', kind: 'hosting' });
    expect(networks.networkOf('ip:198.18.6.0')).toEqual({ country: 'TH', kind: 'mobile' });
    expect(networks.networkOf('ip:198.20.0.0')).toBeUndefined();
    expect(networks.networkOf('ip:0.0.0.0')).toBeUndefined();
    expect(networks.networkOf('ip:255.255.255.255')).toBeUndefined();
    expect(networks.networkOf('ip:2001:db8::1')).toEqual({ country: 'VN' });
    expect(networks.networkOf('ip:2001:db8:0:5::9')).toEqual({ kind: 'vpn' });
    expect(networks.networkOf('ip:2001:db8:0:6::')).toEqual({ country: 'VN' });
    expect(networks.networkOf('ip:::')).toBeUndefined();
    expect(networks.size).toBe(5);
  });

  test('a range is of no network', () => {
    expect(networks.networkOf('ip:198.18.5.0/24')).toBeUndefined();
    expect(networks.networkOf('ip:2001:db8::/32')).toBeUndefined();
  });

  test('whoever holds all addresses holds the last one too', () => {
    const all = networksOf('0.0.0.0/0,TH,\n255.255.255.255,LA,\n::/0,VN,');
    expect(all.networkOf('ip:255.255.255.255')).toEqual({ country: 'LA' });
    expect(all.networkOf('ip:255.255.255.254')).toEqual({ country: 'TH' });
    expect(all.networkOf('ip:ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff')).toEqual({ country: 'VN' });
  });

  test('what cannot be read is refused with its line', () => {
    const refusedAs = (line: string) => readNetworks(`# first\n\n${line}`);
    const because = (what: string) => ({ refused: 'malformed.networks', params: { line: 3, what } });
    expect(refusedAs('198.18.0.0/15,TH')).toEqual(because('columns'));
    expect(refusedAs('198.18.0.1/15,TH,')).toEqual(because('prefix'));
    expect(refusedAs('somewhere,TH,')).toEqual(because('prefix'));
    expect(refusedAs('198.18.0.0/15,Thailand,')).toEqual(because('country'));
    expect(refusedAs('198.18.0.0/15,TH,fast')).toEqual(because('kind'));
    expect(readNetworks('198.18.0.0/15,TH,\n198.18.0.0/15,TH,\n198.18.0.0/15,LA,')).toEqual(because('twice'));
  });

  test('it answers as a search through all prefixes would, for any prefixes and addresses', () => {
    const four = fc.tuple(fc.constantFrom(10, 11), fc.nat(3), fc.nat(3), fc.nat(255)).map((parts) => parts.join('.'));
    const six = fc
      .tuple(fc.constantFrom('2001', '2002'), fc.nat(2), fc.nat(65_535), fc.nat(3))
      .map(([head, a, b, c]) => `${head}:${a.toString(16)}:0:${b.toString(16)}::${c === 0 ? '' : c.toString(16)}`);
    const address = fc.oneof(four, six);
    const prefix = fc.tuple(address, fc.integer({ min: 0, max: 128 })).map(([text, length]) => {
      const bits = text.includes(':') ? length : length % 33;
      return `${baseOf(text, bits)}/${bits}`;
    });
    fc.assert(
      fc.property(
        fc.uniqueArray(prefix, { maxLength: 12 }),
        fc.array(address, { minLength: 1, maxLength: 12 }),
        (prefixes, addresses) => {
          const countries = ['TH', 'LA', 'VN', 'KH', 'MM', 'CN', 'SG', 'MY', 'HK', 'US', 'JP', 'IN'];
          const read = networksOf(prefixes.map((each, at) => `${each},${countries[at]},`).join('\n'));
          for (const each of addresses) {
            const key = parse(each, { type: 'ip' }) as string;
            const holding = prefixes
              .map((text, at) => ({ value: (parse(text, { type: 'ip' }) as string).slice(3), country: countries[at] }))
              .filter(({ value }) => isHeld(value, key.slice(3)))
              .toSorted((one, other) => prefixBits(other.value) - prefixBits(one.value));
            expect(read.networkOf(key)?.country).toBe(holding[0]?.country);
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});

function isHeld(outer: string, inner: string): boolean {
  return outer.includes(':') === inner.includes(':') && rangeContains(outer, inner);
}

/** The address with nothing behind its first bits. */
function baseOf(text: string, bits: number): string {
  const bytes = ipBytes((parse(text, { type: 'ip' }) as string).slice(3)).map((byte, at) => {
    const kept = Math.max(0, Math.min(8, bits - at * 8));
    return byte & (0xff << (8 - kept));
  });
  if (bytes.length === 4) return bytes.join('.');
  return Array.from({ length: 8 }, (_, at) => ((bytes[at * 2]! << 8) | bytes[at * 2 + 1]!).toString(16)).join(':');
}
