import { isRefusal, refusal } from '../refusals.ts';
import type { Refusal } from '../refusals.ts';
import { canonicalHost, captionHost, domain } from './domain.ts';
import type { IdentifierKind, Key } from './identifier.ts';
import { ip } from './ip.ts';
import { halfWidth, refanged, trimmed } from './spelling.ts';

/**
 * Web links as `host[:port]/path?query`. The scheme is dropped, since a scam answers on both; the fragment, since no
 * server sees it; the user name, since `https://mybank.com@evil.example/` exists to deceive: the host that answers is
 * the one that is keyed.
 */
export const url: IdentifierKind = {
  type: 'url',
  parse: parseUrl,
  mask: maskUrl,
  caption: captionUrl,
};

const textLengthMax = 8192;
/** A value must fit into a database index entry (PostgreSQL: 2,704 bytes). */
const valueLengthMax = 2048;

function parseUrl(text: string): Key | Refusal {
  if (text.length > textLengthMax) return refusal('identifier.too-long', { lengthMax: textLengthMax });
  const spelling = trimmed(text);
  if (spelling === '') return refusal('identifier.empty');
  const link = withScheme(spelling);
  if (isRefusal(link)) return link;
  let read: URL;
  try {
    read = new URL(link);
  } catch {
    return refusal('identifier.url.malformed');
  }
  const host = exactHost(read.hostname);
  if (isRefusal(host)) return host;
  const value =
    host + portOf(read) + normalEscapes(read.pathname) + normalEscapes(read.search === '?' ? '' : read.search);
  if (value.length > valueLengthMax) return refusal('identifier.too-long', { lengthMax: valueLengthMax });
  return `url:${value}`;
}

/**
 * The link without user name and with a scheme that the URL class reads. Only its host is refanged: the rest may hold
 * `[.]` for reasons of its own. The host ends where browsers end it, at an ASCII delimiter:
 * `https://mybank.com／@evil.example` leads to evil.example.
 */
function withScheme(spelling: string): string | Refusal {
  const text = /^[\uff01-\uff5e]/.test(spelling) ? halfWidth(spelling) : spelling;
  const scheme = /^h(?:tt|xx|\*\*)ps?(?::|：|\[:\]|\[:\/\/\])[/\\]*/i.exec(text)?.[0] ?? '';
  const end = text.slice(scheme.length).search(/[/?#\\]/);
  const authority = end < 0 ? text.slice(scheme.length) : text.slice(scheme.length, scheme.length + end);
  const path = end < 0 ? '' : text.slice(scheme.length + end);
  if (scheme === '' && /^[a-z][a-z\d+-]*:(?!\d+$)/i.test(authority)) return refusal('identifier.url.scheme');
  const host = refanged(halfWidth(authority.slice(authority.lastIndexOf('@') + 1)));
  // URL parsers silently drop some blanks and escape others: two programs would see two links.
  if (/[\s\p{Cc}]/u.test(host) || /[\s\p{Cc}]/u.test(path)) return refusal('identifier.url.blank');
  // A delimiter that appears only now was a look-alike or defanged: browsers open nothing there.
  if (host === '' || /[/?#\\@]/.test(host)) return refusal('identifier.url.malformed');
  if (scheme === '') {
    if (path === '' && authority.includes('@')) return refusal('identifier.url.email');
    // Only an exact host is believed without a scheme: 12/05/2024 is a date, 127.1/a a guess.
    const exact = exactHost(host.replace(/:\d*$/, ''));
    if (isRefusal(exact)) return exact;
  }
  return `http://${host}${path}`;
}

/**
 * With a scheme the URL standard decides what victims reach, so that even `http://0x7f.1/` has one meaning: 127.0.0.1.
 */
function exactHost(hostname: string): string | Refusal {
  if (!/^\[|^[\d.]+$/.test(hostname)) return canonicalHost(hostname);
  const key = ip.parse(hostname);
  if (isRefusal(key)) return key;
  const value = key.slice('ip:'.length);
  return value.includes(':') ? `[${value}]` : value;
}

/** Both default ports are dropped whatever the scheme was, because the value no longer tells which it was. */
function portOf(read: URL): string {
  return read.port === '' || read.port === '443' || read.port === '80' ? '' : `:${read.port}`;
}

/**
 * RFC 3986 section 6.2.2: escapes in upper case, those of unreserved characters undone, a stray percent sign and what
 * engines disagree about (| ^ [ ] { }) escaped.
 */
function normalEscapes(part: string): string {
  if (/^[\w\-.~!$&'()*+,;=:@/?]*$/.test(part)) return part;
  return part.replace(/%[\da-f]{2}|[^\w\-.~!$&'()*+,;=:@/?]/gi, (found) => {
    if (found.length === 1) return `%${found.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
    const char = String.fromCharCode(Number.parseInt(found.slice(1), 16));
    return /[\w\-.~]/.test(char) ? char : found.toUpperCase();
  });
}

/** The host of a value as the ip or domain types write it: without port, and IPv6 without its brackets. */
export function hostOf(urlValue: string): string {
  if (urlValue.startsWith('[')) return urlValue.slice(1, urlValue.indexOf(']'));
  const end = urlValue.search(/[:/]/);
  return end < 0 ? urlValue : urlValue.slice(0, end);
}

function maskUrl(value: string): string {
  const host = hostOf(value);
  return `${/^[\d.]+$|:/.test(host) ? ip.mask(host) : domain.mask(host)}/•••`;
}

function captionUrl(value: string): string {
  const host = hostOf(value);
  return host.includes('xn--') ? captionHost(host) + value.slice(host.length) : value;
}
