import { isRefusal, refusal } from '../refusals.ts';
import type { Refusal } from '../refusals.ts';
import { canonicalHost, captionHost } from './domain.ts';
import type { IdentifierKind, Key } from './identifier.ts';
import { halfWidth, isAscii, refanged, trimmed } from './spelling.ts';

/**
 * Mail addresses. RFC 5321 lets a server tell `Bob` from `bob` in the local part, but none that the public uses does,
 * and a fraudster who capitalises one letter must not escape a listing: it is lower-cased. Dots and plus tags stay, as
 * their meaning differs by provider.
 */
export const email: IdentifierKind = {
  type: 'email',
  parse: parseEmail,
  mask: maskEmail,
  caption: captionEmail,
};

const textLengthMax = 1024;
/** RFC 5321 section 4.5.3.1, in octets: 64 for the local part; a path of 256 with its two angle brackets. */
const localOctetsMax = 64;
const addressOctetsMax = 254;

function parseEmail(text: string): Key | Refusal {
  if (text.length > textLengthMax) return refusal('identifier.too-long', { lengthMax: textLengthMax });
  let spelling = refanged(halfWidth(trimmed(text)));
  if (/^mailto:/i.test(spelling)) spelling = trimmed(spelling.slice(7).replace(/\?.*$/s, ''));
  if (spelling.startsWith('<') && spelling.endsWith('>')) spelling = trimmed(spelling.slice(1, -1));
  if (spelling === '') return refusal('identifier.empty');
  const at = spelling.lastIndexOf('@');
  if (at < 0) return refusal('identifier.email.no-at');
  const local = canonicalLocal(spelling.slice(0, at));
  if (isRefusal(local)) return local;
  if (spelling.charAt(at + 1) === '[') return refusal('identifier.email.address-literal');
  const host = canonicalHost(spelling.slice(at + 1));
  if (isRefusal(host)) return host;
  if (octets(local) + 1 + host.length > addressOctetsMax)
    return refusal('identifier.too-long', { lengthMax: addressOctetsMax });
  return `email:${local}@${host}`;
}

function canonicalLocal(spelling: string): string | Refusal {
  if (spelling === '') return refusal('identifier.email.local');
  // "a b"@example.com is legal, practically unused, and read differently by different programs.
  if (spelling.includes('"')) return refusal('identifier.email.quoted');
  let local = spelling.toLowerCase();
  // RFC 6532 section 3.1 asks for NFC; before and after, since lower-casing can leave a sequence that composes.
  if (!isAscii(spelling)) local = spelling.normalize('NFC').toLowerCase().normalize('NFC');
  if (octets(local) > localOctetsMax) return refusal('identifier.email.local-too-long', { lengthMax: localOctetsMax });
  // RFC 5322 atext and, by RFC 6531, what lies beyond ASCII; but nothing invisible, since two addresses would look the
  // same.
  if (!/^[a-z\d!#$%&'*+/=?^_`{|}~.\u0080-\u{10ffff}-]+$/u.test(local)) return refusal('identifier.email.local');
  if (/[\p{Cc}\p{Cf}\p{Cs}\p{Z}]/u.test(local) || /^\.|\.\.|\.$/.test(local)) return refusal('identifier.email.local');
  return local;
}

function octets(text: string): number {
  return isAscii(text) ? text.length : new TextEncoder().encode(text).length;
}

function maskEmail(value: string): string {
  const [first = ''] = value;
  const host = value.slice(value.lastIndexOf('@') + 1);
  return `${first}•••@${host.charAt(0)}•••${host.slice(host.lastIndexOf('.'))}`;
}

function captionEmail(value: string): string {
  const at = value.lastIndexOf('@') + 1;
  return value.slice(0, at) + captionHost(value.slice(at));
}
