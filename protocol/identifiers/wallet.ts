import { sha256 } from '@noble/hashes/sha2.js';
import { keccak_256 } from '@noble/hashes/sha3.js';
import { base58, bech32, bech32m } from '@scure/base';

import { isRefusal, refusal } from '../refusals.ts';
import type { Refusal } from '../refusals.ts';
import type { IdentifierKind, Key } from './identifier.ts';
import { halfWidth, trimmed } from './spelling.ts';

/**
 * Crypto addresses as `network:address`, for the three networks through which the stolen money mostly leaves. Every
 * checksum is verified, since one wrong letter would accuse another wallet. Base58 tells capitals apart, hexadecimal
 * and bech32 do not.
 */
export const wallet: IdentifierKind = {
  type: 'wallet',
  parse: parseWallet,
  mask: maskWallet,
  caption: (value) => `${networkNames[networkOf(value)]} ${addressOf(value)}`,
};

type Network = 'tron' | 'eth' | 'btc';

const networkNames = { tron: 'TRON', eth: 'Ethereum', btc: 'Bitcoin' } as const;

const textLengthMax = 256;
/** BIP 173: the longest bech32 string. */
const addressLengthMax = 90;

function parseWallet(text: string): Key | Refusal {
  if (text.length > textLengthMax) return refusal('identifier.too-long', { lengthMax: textLengthMax });
  const spelling = halfWidth(trimmed(text));
  if (spelling === '') return refusal('identifier.empty');
  // "tron:T…", and "TRON T…" as captions write it.
  const end = spelling.search(/[: ]/);
  if (end < 0) return parseAddress(spelling, networkByShape(spelling));
  const network = networkByName(spelling.slice(0, end).toLowerCase());
  if (network === null) return refusal('identifier.wallet.network');
  return parseAddress(bareAddress(trimmed(spelling.slice(end + 1)), network), network);
}

function networkByName(name: string): Network | null {
  switch (name) {
    case 'tron':
    case 'trx':
      return 'tron';
    case 'eth':
    case 'ethereum':
      return 'eth';
    case 'btc':
    case 'bitcoin':
      return 'btc';
    default:
      return null;
  }
}

/**
 * What payment links carry besides: BIP 21 `?amount=`, ERC-681 `@chain`. A call of a contract (`/transfer`) is no
 * address.
 */
function bareAddress(text: string, network: Network): string {
  const end = text.search(network === 'eth' ? /[?@]/ : /\?/);
  return end < 0 ? text : text.slice(0, end);
}

/** Cheap and decisive: the three networks' addresses begin differently. */
function networkByShape(text: string): Network | null {
  const first = text.charCodeAt(0);
  if (first === 48 /* 0 */) return 'eth';
  if (first === 84 /* T */) return 'tron';
  if (first === 49 /* 1 */ || first === 51 /* 3 */) return 'btc';
  return /^(?:bc|tb|bcrt)1/i.test(text) || /^[mn2][1-9A-HJ-NP-Za-km-z]{25,34}$/.test(text) ? 'btc' : null;
}

function parseAddress(text: string, network: Network | null): Key | Refusal {
  if (network === null || text.length > addressLengthMax) return refusal('identifier.wallet.unrecognised');
  const address = network === 'eth' ? parseEthereum(text) : network === 'tron' ? parseTron(text) : parseBitcoin(text);
  return isRefusal(address) ? address : `wallet:${network}:${address}`;
}

/** EIP-55: the case of the letters is the checksum; an address in one case has none and is taken as it is. */
function parseEthereum(text: string): string | Refusal {
  if (!/^0[xX][\dA-Fa-f]{40}$/.test(text)) return refusal('identifier.wallet.malformed');
  const digits = text.slice(2);
  const lower = digits.toLowerCase();
  const checked = checksummed(lower);
  if (digits !== checked && digits !== lower && digits !== digits.toUpperCase()) return refusal('identifier.checksum');
  return `0x${checked}`;
}

function checksummed(lower: string): string {
  const ascii = Uint8Array.from(lower, (char) => char.charCodeAt(0));
  const hash = keccak_256(ascii);
  let checked = '';
  for (let at = 0; at < 40; at += 1) {
    const nibble = at % 2 === 0 ? hash[at >> 1]! >> 4 : hash[at >> 1]! & 15;
    const char = lower.charAt(at);
    checked += nibble > 7 ? char.toUpperCase() : char;
  }
  return checked;
}

/**
 * 0x41 and the last twenty bytes of a key's hash, in base58check; wallets' programming interfaces also show them in
 * hexadecimal.
 */
function parseTron(text: string): string | Refusal {
  if (/^(?:0x)?41[\dA-Fa-f]{40}$/i.test(text)) return base58Checked(hexBytes(text.slice(-42)));
  const payload = text.length === 34 ? base58Payload(text) : refusal('identifier.wallet.malformed');
  if (isRefusal(payload)) return payload;
  return payload[0] === 0x41 ? text : refusal('identifier.wallet.network');
}

function parseBitcoin(text: string): string | Refusal {
  if (/^(?:bc|tb|bcrt)1/i.test(text)) return parseSegwit(text);
  const payload = text.length <= 35 ? base58Payload(text) : refusal('identifier.wallet.malformed');
  if (isRefusal(payload)) return payload;
  // Pay to public key hash, pay to script hash; 0x6f and 0xc4 are the same on the test network, worth nothing.
  if (payload[0] === 0x00 || payload[0] === 0x05) return text;
  return refusal(
    payload[0] === 0x6f || payload[0] === 0xc4 ? 'identifier.wallet.testnet' : 'identifier.wallet.network',
  );
}

/** The 21 bytes (version and hash) behind a base58check text, its alphabet tried before anything is computed. */
function base58Payload(text: string): Uint8Array | Refusal {
  if (!/^[1-9A-HJ-NP-Za-km-z]+$/.test(text)) return refusal('identifier.wallet.malformed');
  const bytes = base58.decode(text);
  if (bytes.length !== 25) return refusal('identifier.wallet.malformed');
  const payload = bytes.subarray(0, 21);
  const check = sha256(sha256(payload));
  for (let at = 0; at < 4; at += 1) if (bytes[21 + at] !== check[at]) return refusal('identifier.checksum');
  return payload;
}

function base58Checked(payload: Uint8Array): string {
  const bytes = new Uint8Array(25);
  bytes.set(payload);
  bytes.set(sha256(sha256(payload)).subarray(0, 4), 21);
  return base58.encode(bytes);
}

function hexBytes(hex: string): Uint8Array {
  return Uint8Array.from({ length: hex.length / 2 }, (_, at) => Number.parseInt(hex.slice(at * 2, at * 2 + 2), 16));
}

/** BIP 173 and BIP 350: version 0 is bech32 with 20 or 32 bytes, later versions are bech32m with 2 to 40. */
function parseSegwit(text: string): string | Refusal {
  const lower = text.toLowerCase();
  if (text !== lower && text !== text.toUpperCase()) return refusal('identifier.wallet.mixed-case');
  if (!/^[a-z]{2,4}1[02-9ac-hj-np-z]{7,}$/.test(lower)) return refusal('identifier.wallet.malformed');
  const version0 = lower.charAt(lower.lastIndexOf('1') + 1) === 'q';
  const read = (version0 ? bech32 : bech32m).decodeUnsafe(lower, addressLengthMax);
  if (!read) return refusal('identifier.checksum');
  if (read.prefix !== 'bc') return refusal('identifier.wallet.testnet');
  const program = bech32.fromWordsUnsafe(read.words.slice(1));
  if (!program || read.words[0]! > 16 || program.length < 2 || program.length > 40)
    return refusal('identifier.wallet.program');
  if (version0 && program.length !== 20 && program.length !== 32) return refusal('identifier.wallet.program');
  return lower;
}

function networkOf(value: string): Network {
  return value.slice(0, value.indexOf(':')) as Network;
}

function addressOf(value: string): string {
  return value.slice(value.indexOf(':') + 1);
}

/** Three letters at the end and no more: with six and the chain at hand, anybody finds the wallet. */
function maskWallet(value: string): string {
  return `${networkOf(value)}:•••${value.slice(-3)}`;
}
