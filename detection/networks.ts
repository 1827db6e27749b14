import { countryCode } from '@bronze-drum/protocol/identifiers/country';
import { ipBytes, ip as ipKind, prefixBits } from '@bronze-drum/protocol/identifiers/ip';
import { isRefusal, refusal, type Refusal } from '@bronze-drum/protocol/refusals';
import { openRanges, type RangePrefix } from './network-ranges.ts';
import type { Network } from './watch.ts';

/** Which network an address belongs to, by the longest prefix that holds it. */
export interface Networks {
  /** Of a key `ip:…` of one address; undefined for a range, or where nothing is known. The same object for equal networks. */
  networkOf(key: string): Network | undefined;
  /** How many prefixes there are. */
  readonly size: number;
  bytes(): number;
}

const kinds = ['hosting', 'vpn', 'mobile', 'satellite'] as const;
const linesMax = 4_000_000;

/**
 * Reads lines `prefix,country,kind`, country (ISO 3166-1 alpha-2) or kind (hosting, vpn, mobile, satellite) may be empty; `#` begins a
 * comment, a first line `prefix,country,kind` is a heading. A line that cannot be read refuses all: `malformed.networks` with
 * its number and what is wrong (`columns`, `prefix`, `country`, `kind`, `twice`, `lines`).
 */
export function readNetworks(text: string): Networks | Refusal {
  const networks: Network[] = [];
  const numbers = new Map<string, number>();
  const prefixes = new Map<string, RangePrefix>();
  let line = 0;
  for (const row of text.split('\n')) {
    line += 1;
    if (line > linesMax) return refusal('malformed.networks', { line, what: 'lines' });
    const comment = row.indexOf('#');
    const said = (comment === -1 ? row : row.slice(0, comment)).trim();
    if (said === '' || (prefixes.size === 0 && /^prefix\s*,\s*country\s*,\s*kind$/i.test(said))) continue;
    const fault = readLine(said, { networks, numbers, prefixes });
    if (fault !== undefined) return refusal('malformed.networks', { line, what: fault });
  }
  return networksOf([...prefixes.values()], networks);
}

interface Reading {
  readonly networks: Network[];
  readonly numbers: Map<string, number>;
  readonly prefixes: Map<string, RangePrefix>;
}

function readLine(said: string, { networks, numbers, prefixes }: Reading): string | undefined {
  const columns = said.split(',');
  if (columns.length !== 3) return 'columns';
  const [spelling, land, kind] = columns.map((column) => column.trim()) as [string, string, string];
  const key = ipKind.parse(spelling);
  if (isRefusal(key)) return 'prefix';
  const country = land === '' ? '' : countryCode(land);
  if (country === undefined) return 'country';
  if (kind !== '' && !(kinds as readonly string[]).includes(kind)) return 'kind';
  const name = `${country} ${kind}`;
  let network = numbers.get(name);
  if (network === undefined) {
    network = networks.length;
    numbers.set(name, network);
    networks.push({ ...(country !== '' && { country }), ...(kind !== '' && { kind: kind as (typeof kinds)[number] }) });
  }
  const known = prefixes.get(key);
  if (known !== undefined && known.network !== network) return 'twice';
  const value = key.slice(3);
  prefixes.set(key, { words: wordsOf(ipBytes(value)), bits: prefixBits(value), network });
  return undefined;
}

function wordsOf(bytes: Uint8Array): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: bytes.length / 4 }, (_, word) => view.getUint32(word * 4));
}

function networksOf(prefixes: readonly RangePrefix[], networks: readonly Network[]): Networks {
  const four = openRanges(
    1,
    prefixes.filter(({ words }) => words.length === 1),
  );
  const six = openRanges(
    4,
    prefixes.filter(({ words }) => words.length === 4),
  );
  const words = new Uint32Array(4);
  return {
    networkOf(key) {
      const length = readAddress(key, words);
      if (length === 0) return undefined;
      const network = (length === 1 ? four : six).find(words);
      return network === -1 ? undefined : networks[network];
    },
    size: prefixes.length,
    bytes: () => four.bytes() + six.bytes(),
  };
}

/** Reads the address of a key as it is always spelled; how many words it has, or 0 if it is not one address. */
function readAddress(key: string, words: Uint32Array): 0 | 1 | 4 {
  const length = key.length;
  let value = 0;
  let octet = 0;
  for (let at = 3; at < length; at += 1) {
    const code = key.charCodeAt(at);
    if (code >= 48 && code <= 57) octet = octet * 10 + code - 48;
    else if (code === 46) {
      value = value * 256 + octet;
      octet = 0;
    } else return readSix(key, words);
  }
  words[0] = value * 256 + octet;
  return 1;
}

/** RFC 5952: lower case, `::` once at the most, no dotted quad. */
function readSix(key: string, words: Uint32Array): 0 | 4 {
  const length = key.length;
  let group = 0;
  let count = 0;
  let gap = -1;
  words.fill(0);
  for (let at = 3; at < length; at += 1) {
    const code = key.charCodeAt(at);
    if (code === 58) {
      if (at > 3 && key.charCodeAt(at - 1) !== 58) count = put(words, count, group);
      else if (at > 3) gap = count;
      group = 0;
    } else if (code >= 48 && code <= 57) group = group * 16 + code - 48;
    else if (code >= 97 && code <= 102) group = group * 16 + code - 87;
    else return 0;
  }
  if (key.charCodeAt(length - 1) !== 58) count = put(words, count, group);
  if (gap !== -1) shift(words, gap, count);
  return 4;
}

function put(words: Uint32Array, at: number, group: number): number {
  if (at < 8) words[at >> 1] = (words[at >> 1]! | (group << (at & 1 ? 0 : 16))) >>> 0;
  return at + 1;
}

const groupOf = (words: Uint32Array, at: number): number => (words[at >> 1]! >>> (at & 1 ? 0 : 16)) & 0xffff;

/** What stands behind the gap goes to the end. */
function shift(words: Uint32Array, gap: number, count: number): void {
  const moved = 8 - count;
  for (let at = 7; at >= gap; at -= 1) {
    const from = at - moved;
    const group = from >= gap ? groupOf(words, from) : 0;
    words[at >> 1] = (words[at >> 1]! & (at & 1 ? 0xffff0000 : 0xffff)) >>> 0;
    put(words, at, group);
  }
}
