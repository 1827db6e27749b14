import { getDomain, getPublicSuffix, parse as parseHost } from 'tldts';

import { isRefusal, refusal } from '../refusals.ts';
import type { Refusal } from '../refusals.ts';
import type { IdentifierKind, Key } from './identifier.ts';
import { unicodeLabel } from './punycode.ts';
import { halfWidth, isAscii, refanged, trimmed } from './spelling.ts';

/**
 * Host names as UTS #46 and the URL standard canonicalise them: lower-case ASCII, punycode, no final dot. A bare public
 * suffix is refused: listing `co.th` or `wixsite.com` would list everybody below it.
 */
export const domain: IdentifierKind = {
  type: 'domain',
  parse: parseDomain,
  mask: maskDomain,
  caption: captionHost,
};

/** Room for a name of 253 characters written in defanged or in full-width form. */
const textLengthMax = 1024;
const nameLengthMax = 253;
const labelLengthMax = 63;

/** Private suffixes count, so that two shops at one site builder are two registrable domains. */
const anyone = { allowPrivateDomains: true, extractHostname: false, validateHostname: false, mixedInputs: false };
const registriesOnly = { ...anyone, allowPrivateDomains: false };

function parseDomain(text: string): Key | Refusal {
  if (text.length > textLengthMax) return refusal('identifier.too-long', { lengthMax: textLengthMax });
  if (isPlainHost(text)) return isPublicSuffix(text) ? suffixRefusal : `domain:${text}`;
  const spelling = refanged(halfWidth(trimmed(text)));
  if (spelling === '') return refusal('identifier.empty');
  if (/[/\\?#]/.test(spelling)) return refusal('identifier.domain.url');
  if (spelling.includes('@')) return refusal('identifier.domain.email');
  const host = canonicalHost(spelling.startsWith('*.') ? spelling.slice(2) : spelling);
  if (isRefusal(host)) return host;
  return isPublicSuffix(host) ? suffixRefusal : `domain:${host}`;
}

const suffixRefusal = refusal('identifier.domain.public-suffix');

function isPublicSuffix(host: string): boolean {
  return getPublicSuffix(host, anyone) === host;
}

/**
 * The canonical name of a host in a link or a mail address (already trimmed and refanged), or why it is none. A public
 * suffix passes here: one exact link on `github.io` harms nobody else.
 */
export function canonicalHost(spelling: string): string | Refusal {
  if (isPlainHost(spelling)) return spelling;
  // UTS #46 would allow the bullet; here it only ever comes from one of our own masks.
  if (spelling.includes('•')) return refusal('identifier.masked');
  let host = spelling.toLowerCase();
  if (host.endsWith('.')) host = host.slice(0, -1);
  if (host.startsWith('[')) return refusal('identifier.domain.ip');
  const port = host.indexOf(':');
  if (port >= 0) return refusal(host.indexOf(':', port + 1) < 0 ? 'identifier.domain.port' : 'identifier.domain.ip');
  // Characters that the URL parser would read as the end of the host, drop or decode.
  if (/[\s\p{Cc}/\\?#@%]/u.test(host)) return refusal('identifier.domain.malformed');
  // Punycode itself is taken as it stands, as the DNS does: browsers differ about labels that decode to nothing good.
  if (!isAscii(host)) {
    const ascii = asciiHost(host);
    if (ascii === null) return refusal('identifier.domain.malformed');
    host = ascii;
  }
  const fault = hostFault(host);
  return fault === null ? host : refusal(fault);
}

/** UTS #46 as browsers apply it. Only a character that maps to a dot can leave one at the end. */
function asciiHost(host: string): string | null {
  if (!host.isWellFormed()) return null;
  try {
    const { hostname } = new URL(`http://${host}/`);
    return hostname.endsWith('.') ? hostname.slice(0, -1) : hostname;
  } catch {
    return null;
  }
}

/**
 * Lower-case letters, digits and inner hyphens in labels of a fair length, the last one of letters only: nothing to do.
 */
function isPlainHost(text: string): boolean {
  const length = text.length;
  if (length < 4 || length > nameLengthMax) return false;
  let start = 0;
  let dots = 0;
  let onlyLetters = true;
  for (let at = 0; at < length; at += 1) {
    const code = text.charCodeAt(at);
    if (code >= 97 && code <= 122) continue;
    if (code === 46) {
      if (at === start || at - start > labelLengthMax || text.charCodeAt(at - 1) === 45) return false;
      dots += 1;
      start = at + 1;
      onlyLetters = true;
    } else if (code >= 48 && code <= 57) {
      onlyLetters = false;
    } else if (code === 45) {
      if (at === start) return false;
      onlyLetters = false;
    } else {
      return false;
    }
  }
  return dots > 0 && onlyLetters && length - start >= 2 && length - start <= labelLengthMax;
}

/** The refusal code of an ASCII name that cannot be, or null. */
function hostFault(host: string): string | null {
  const labels = host.split('.');
  const last = labels.at(-1)!;
  // The URL standard's "ends in a number": such a host is read as an address or not at all (0x7f.1, 127.1).
  if (/^(?:\d+|0x[\da-f]*)$/.test(last)) return 'identifier.domain.ip';
  if (labels.length < 2) return 'identifier.domain.no-dot';
  if (host.length > nameLengthMax) return 'identifier.too-long';
  if (labels.some((label) => label === '' || label.length > labelLengthMax)) return 'identifier.domain.label';
  if (!/^[a-z\d_.-]+$/.test(host)) return 'identifier.domain.malformed';
  if (!/^(?:[a-z]{2,}|xn--[a-z\d-]*[a-z\d])$/.test(last)) return 'identifier.domain.tld';
  // Below a registered name anything goes in the DNS (_dmarc, -shop.example.com); registries sell letters, digits and
  // hyphens only.
  if (/_|(?:^|\.)-|-(?:\.|$)/.test(host)) {
    const sold = getDomain(host, registriesOnly) ?? host;
    if (/_|(?:^|\.)-|-(?:\.|$)/.test(sold)) return 'identifier.domain.label';
  }
  return null;
}

/**
 * The part of a canonical host that somebody registered, private suffixes counted; null for an address or a bare
 * suffix.
 */
export function registrableDomain(host: string): string | null {
  return getDomain(host, anyone);
}

/** A host and its ancestors, from itself up to its registrable domain; empty for an address or a bare suffix. */
export function parentDomains(host: string): readonly string[] {
  const top = registrableDomain(host);
  if (top === null) return [];
  const parents = [host];
  for (let name = host; name.length > top.length;) {
    name = name.slice(name.indexOf('.') + 1);
    parents.push(name);
  }
  return parents;
}

/**
 * Whether a host ends as a registry or a hosting company really runs it: for guessing (`notes.txt` is no site), not for
 * parsing.
 */
export function hasKnownSuffix(host: string): boolean {
  const { isIcann, isPrivate } = parseHost(host, anyone);
  return isIcann === true || isPrivate === true;
}

/**
 * A label that mixes Latin with Cyrillic or Greek letters, as in homograph attacks (UTS #39). A warning sign for
 * screens and detectors, and no part of parsing: such names are exactly those that must be listed.
 */
export function mixedScripts(host: string): boolean {
  return host.split('.').some((label) => {
    const text = unicodeLabel(label.toLowerCase());
    return /\p{Script=Latin}/u.test(text) && /[\p{Script=Cyrillic}\p{Script=Greek}]/u.test(text);
  });
}

function maskDomain(value: string): string {
  return `${value.charAt(0)}•••${value.slice(value.lastIndexOf('.'))}`;
}

const nations = '\\p{Script=Thai}\\p{Script=Lao}\\p{Script=Khmer}\\p{Script=Myanmar}\\p{Script=Han}';
const readableLabel = new RegExp(`^(?:[\\p{Script=Latin}\\d_-]+|[${nations}\\d_-]+|[\\p{Script=Han}a-z\\d_-]+)$`, 'u');

/**
 * A name in the writing of the six nations is shown as people read it; any other label stays in punycode, which nobody
 * mistakes for another name, and so does a mixture such as a Burmese zero within Latin letters.
 */
export function captionHost(host: string): string {
  if (!host.includes('xn--')) return host;
  const shown = host
    .split('.')
    .map((label) => {
      const readable = unicodeLabel(label);
      return readableLabel.test(readable) ? readable : label;
    })
    .join('.');
  // Punycode can hold what no browser would encode, such as capitals: another name would be shown.
  return asciiHost(shown) === host ? shown : host;
}
