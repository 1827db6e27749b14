import { sha256 } from '@noble/hashes/sha2.js';
import { base58, bech32, bech32m } from '@scure/base';
import fc from 'fast-check';
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

import { isRefusal } from '../refusals.ts';
import { testNetworkConformance } from '../vectors/network-conformance.ts';
import { wallet } from './wallet.ts';

const hash = fc.uint8Array({ minLength: 20, maxLength: 20 });

function base58Checked(version: number, bytes: Uint8Array): string {
  const payload = Uint8Array.of(version, ...bytes);
  return base58.encode(Uint8Array.of(...payload, ...sha256(sha256(payload)).subarray(0, 4)));
}

describe('wallet', () => {
  testNetworkConformance(wallet, 'T1bc0xqpzry9x8gf2tvdw0s3jn54khce6mua7l:ABEF3');

  test('every TRON and Bitcoin address of the networks in use is read, and no other version', () => {
    fc.assert(
      fc.property(hash, fc.nat(255), (bytes, version) => {
        const address = base58Checked(version, bytes);
        expect(isRefusal(wallet.parse(`tron:${address}`))).toBe(version !== 0x41);
        const bitcoin = wallet.parse(`btc:${address}`);
        expect(isRefusal(bitcoin)).toBe(version !== 0 && version !== 5);
      }),
    );
  });

  test('a witness program is taken exactly where BIP 173 and BIP 350 allow it', () => {
    fc.assert(
      fc.property(
        fc.nat(18),
        fc.uint8Array({ minLength: 1, maxLength: 42 }),
        fc.boolean(),
        fc.constantFrom('bc', 'tb'),
        (version, program, modified, prefix) => {
          const address = (modified ? bech32m : bech32).encode(prefix, [version, ...bech32.toWords(program)], false);
          const length =
            version === 0
              ? program.length === 20 || program.length === 32
              : program.length >= 2 && program.length <= 40;
          const right = prefix === 'bc' && version <= 16 && modified === version > 0 && length;
          expect([address, isRefusal(wallet.parse(address))]).toEqual([address, !right]);
          if (right) expect(wallet.parse(address.toUpperCase())).toBe(wallet.parse(address));
        },
      ),
      { numRuns: 2000 },
    );
  });

  test('an Ethereum address in one case is the checksummed one; in a wrong mixture it is refused', () => {
    fc.assert(
      fc.property(hash, fc.nat(39), (bytes, at) => {
        const hex = Buffer.from(bytes).toString('hex');
        const key = wallet.parse(`0x${hex}`);
        expect(wallet.parse(`0X${hex.toUpperCase()}`)).toBe(key);
        if (isRefusal(key)) throw new Error(key.refused);
        const right = key.slice('wallet:eth:0x'.length);
        const char = right.charAt(at);
        const swapped = char === char.toLowerCase() ? char.toUpperCase() : char.toLowerCase();
        const wrong = right.slice(0, at) + swapped + right.slice(at + 1);
        const isOneCase = wrong === wrong.toLowerCase() || wrong === wrong.toUpperCase();
        if (!isOneCase && wrong !== right)
          expect(wallet.parse(`0x${wrong}`)).toEqual({ refused: 'identifier.checksum' });
      }),
    );
  });

  test('one wrong letter accuses nobody', () => {
    const letters = Array.from('123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz');
    const right = 'TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t';
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 33 }), fc.constantFrom(...letters), (at, letter) => {
        const text = right.slice(0, at) + letter + right.slice(at + 1);
        expect(isRefusal(wallet.parse(text))).toBe(text !== right);
      }),
    );
  });

  const feeds = ['ETH', 'TRX', 'USDT', 'XBT'].map(
    (name) => new URL(`../../../shared/data/wallets/sanctioned_addresses_${name}.txt`, import.meta.url),
  );

  test.skipIf(!feeds.every((feed) => existsSync(feed)))('every sanctioned address is read (../shared/data)', () => {
    const addresses = feeds
      .flatMap((feed) => readFileSync(feed, 'utf8').split('\n'))
      .filter((line) => line.trim() !== '');
    expect(addresses.length).toBeGreaterThan(600);
    expect(addresses.filter((address) => isRefusal(wallet.parse(address)))).toEqual([]);
  });
});
