import { refusal } from '../refusals.ts';
import type { Refusal } from '../refusals.ts';
import { foldDigits } from './digits.ts';
import type { IdentifierKind, Key } from './identifier.ts';
import { halfWidth, isAscii, refanged, trimmed } from './spelling.ts';

/**
 * Internet addresses and ranges. Only the four-part decimal form and RFC 4291 are read: octal, short, hexadecimal and
 * integer spellings mean different addresses to different programs, which is how filters are fooled, so each is refused
 * by name. An IPv4-mapped IPv6 address is the IPv4 address. IPv6 is written as RFC 5952 says.
 */
export const ip: IdentifierKind = {
  type: 'ip',
  parse: parseIp,
  mask: maskIp,
  caption: (value) => value,
};

const textLengthMax = 128;

interface Range {
  /** 4 or 16 bytes. */
  readonly bytes: Uint8Array;
  readonly bits: number;
}

function parseIp(text: string): Key | Refusal {
  if (isDottedQuad(text)) return `ip:${text}`;
  if (text.length > textLengthMax) return refusal('identifier.too-long', { lengthMax: textLengthMax });
  let spelling = refanged(halfWidth(trimmed(text)));
  if (!isAscii(spelling)) spelling = foldDigits(spelling);
  if (spelling === '') return refusal('identifier.empty');
  const slash = spelling.indexOf('/');
  const range = slash < 0 ? readAddress(spelling) : readRange(spelling, slash);
  return 'refused' in range ? range : `ip:${writeRange(range)}`;
}

/** The hot path: already canonical, so nothing is built but the key. */
function isDottedQuad(text: string): boolean {
  const length = text.length;
  if (length < 7 || length > 15) return false;
  let octet = 0;
  let digits = 0;
  let dots = 0;
  for (let at = 0; at < length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 46) {
      if (digits === 0) return false;
      dots += 1;
      octet = 0;
      digits = 0;
    } else {
      if (code < 48 || code > 57 || (digits > 0 && octet === 0)) return false;
      octet = octet * 10 + code - 48;
      digits += 1;
      if (octet > 255) return false;
    }
  }
  return dots === 3 && digits > 0;
}

function readRange(text: string, slash: number): Range | Refusal {
  const range = readAddress(text.slice(0, slash));
  if ('refused' in range) return range;
  const suffix = text.slice(slash + 1);
  // "/024" and "/255.255.255.0" are refused for the reason that octal octets are: programs differ about them.
  if (!/^(?:0|[1-9]\d{0,2})$/.test(suffix)) return refusal('identifier.ip.prefix');
  // A mapped base was written with a prefix that counts from the front of the 128 bits.
  const shift = range.bytes.length === 4 && text.includes(':') ? 96 : 0;
  const bits = Number(suffix) - shift;
  if (bits > range.bits) return refusal('identifier.ip.prefix');
  if (bits < 0 || hasHostBits(range.bytes, bits)) return refusal('identifier.ip.host-bits');
  return { bytes: range.bytes, bits };
}

function hasHostBits(bytes: Uint8Array, bits: number): boolean {
  for (let at = bits >> 3; at < bytes.length; at += 1) {
    const hostMask = at === bits >> 3 ? 0xff >> (bits & 7) : 0xff;
    if ((bytes[at]! & hostMask) !== 0) return true;
  }
  return false;
}

function readAddress(spelling: string): Range | Refusal {
  let text = spelling;
  if (text.startsWith('[')) {
    const close = text.indexOf(']');
    if (/^:\d+$/.test(text.slice(close + 1))) return refusal('identifier.ip.port');
    if (close !== text.length - 1) return refusal('identifier.ip.malformed');
    text = text.slice(1, close);
  }
  const colon = text.indexOf(':');
  if (colon < 0) return isDottedQuad(text) ? { bytes: quadBytes(text), bits: 32 } : refusal(quadFault(text));
  if (text.includes('%')) return refusal('identifier.ip.zone');
  if (/^[\d.]+:\d+$/.test(text) && text.includes('.')) return refusal('identifier.ip.port');
  const bytes = readIpv6(text);
  if (bytes === null) return refusal('identifier.ip.malformed');
  return isMapped(bytes) ? { bytes: bytes.slice(12), bits: 32 } : { bytes, bits: 128 };
}

function quadBytes(text: string): Uint8Array {
  return Uint8Array.from(text.split('.'), Number);
}

/** Says which of the misleading forms a text is, so that the sender can mend it. */
function quadFault(text: string): string {
  const parts = text.split('.');
  if (!parts.every((part) => /^(?:\d+|0x[\da-f]*)$/i.test(part)) || parts.length > 4) return 'identifier.ip.malformed';
  if (parts.some((part) => /^0x/i.test(part))) return 'identifier.ip.hex';
  if (parts.length === 1) return 'identifier.ip.integer';
  if (parts.length < 4) return 'identifier.ip.short-form';
  if (parts.some((part) => /^0\d/.test(part))) return 'identifier.ip.octal';
  return 'identifier.ip.octet-range';
}

/**
 * RFC 4291 section 2.2: eight groups, one `::` for at least one of them, and perhaps four decimal octets at the end.
 */
function readIpv6(text: string): Uint8Array | null {
  const halves = text.split('::');
  if (halves.length > 2) return null;
  const head = readGroups(halves[0]!, halves.length === 1);
  const tail = halves.length === 1 ? [] : readGroups(halves[1]!, true);
  if (head === null || tail === null) return null;
  const missing = 16 - head.length - tail.length;
  if (halves.length === 1 ? missing !== 0 : missing < 2) return null;
  const bytes = new Uint8Array(16);
  bytes.set(head);
  bytes.set(tail, 16 - tail.length);
  return bytes;
}

function readGroups(text: string, mayEndInQuad: boolean): number[] | null {
  const bytes: number[] = [];
  if (text === '') return bytes;
  const groups = text.split(':');
  for (const [index, group] of groups.entries()) {
    if (/^[\da-f]{1,4}$/i.test(group)) {
      const number = Number.parseInt(group, 16);
      bytes.push(number >> 8, number & 0xff);
    } else if (mayEndInQuad && index === groups.length - 1 && isDottedQuad(group)) {
      bytes.push(...quadBytes(group));
    } else {
      return null;
    }
  }
  return bytes;
}

function isMapped(bytes: Uint8Array): boolean {
  return bytes[10] === 0xff && bytes[11] === 0xff && bytes.subarray(0, 10).every((byte) => byte === 0);
}

function writeRange(range: Range): string {
  const address = range.bytes.length === 4 ? range.bytes.join('.') : writeIpv6(range.bytes);
  return range.bits === range.bytes.length * 8 ? address : `${address}/${range.bits}`;
}

/** RFC 5952 section 4: lower case, no leading zeros, `::` for the first longest run of at least two zero groups. */
function writeIpv6(bytes: Uint8Array): string {
  const groups = Array.from({ length: 8 }, (_, at) => (bytes[at * 2]! << 8) | bytes[at * 2 + 1]!);
  let start = -1;
  let length = 1;
  for (let at = 0; at < 8; at += 1) {
    let end = at;
    while (end < 8 && groups[end] === 0) end += 1;
    if (end - at > length) {
      start = at;
      length = end - at;
    }
    if (end > at) at = end;
  }
  const hex = groups.map((group) => group.toString(16));
  if (start < 0) return hex.join(':');
  return `${hex.slice(0, start).join(':')}::${hex.slice(start + length).join(':')}`;
}

function maskIp(value: string): string {
  if (!value.includes(':')) return `${value.split('.').slice(0, 2).join('.')}.•.•`;
  // A short one would be told by its beginning.
  return value.split(':').length < 4 || value.startsWith('::') ? '•' : `${value.split(':', 2).join(':')}:•`;
}

function rangeOf(value: string): Range {
  const slash = value.indexOf('/');
  const range = slash < 0 ? readAddress(value) : readRange(value, slash);
  if ('refused' in range) throw new RangeError('not the value of an ip key');
  return range;
}

/** The address bytes of a value (the base of a range), 4 or 16 of them, in network order. */
export function ipBytes(value: string): Uint8Array {
  return rangeOf(value).bytes;
}

/** How many leading bits a value fixes: 32 or 128 for a single address. */
export function prefixBits(value: string): number {
  return rangeOf(value).bits;
}

/** Whether every address of the inner value belongs to the outer one; a value contains itself. */
export function rangeContains(outer: string, inner: string): boolean {
  const range = rangeOf(outer);
  const candidate = rangeOf(inner);
  return range.bits <= candidate.bits && overlaps(range, candidate);
}

/** IANA special-purpose registries (RFC 6890 and its updates), multicast (RFC 5771, RFC 4291) and reserved space. */
const reservedRanges = [
  '0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24',
  '192.88.99.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4',
  ':: ::1 64:ff9b::/96 64:ff9b:1::/48 100::/64 100:0:0:1::/64 2001::/23 2001:db8::/32 2002::/16 2620:4f:8000::/48',
  '3fff::/20 5f00::/16 fc00::/7 fe80::/10 ff00::/8',
]
  .join(' ')
  .split(' ')
  .map(rangeOf);

/**
 * Whether a value touches addresses that belong to nobody in particular: private, loopback, shared, documentation,
 * multicast. A range that merely overlaps them counts, since listing it would list them.
 */
export function isReserved(value: string): boolean {
  const range = rangeOf(value);
  return reservedRanges.some((reserved) => overlaps(range, reserved));
}

function overlaps(one: Range, other: Range): boolean {
  if (one.bytes.length !== other.bytes.length) return false;
  const bits = Math.min(one.bits, other.bits);
  const whole = bits >> 3;
  for (let at = 0; at < whole; at += 1) if (one.bytes[at] !== other.bytes[at]) return false;
  return (bits & 7) === 0 || (one.bytes[whole]! ^ other.bytes[whole]!) >> (8 - (bits & 7)) === 0;
}
