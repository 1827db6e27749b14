import { isRefusal, refusal } from '../refusals.ts';
import type { Refusal } from '../refusals.ts';
import { readHandleLink } from './handle-links.ts';
import { handlePlatform, platformRules } from './handle-platforms.ts';
import type { HandlePlatform } from './handle-platforms.ts';
import type { Hints, IdentifierKind, Key } from './identifier.ts';
import { phone } from './phone.ts';
import { halfWidth, trimmed } from './spelling.ts';

export { handlePlatforms } from './handle-platforms.ts';

/**
 * Accounts at social and messaging platforms, `platform:name`, from `telegram:@Name` or from the platform's own links.
 * Where the account *is* a phone number (wa.me/66…), the key is the phone's. `platform:+token` is an invitation:
 * opaque, so its case is kept.
 */
export const handle: IdentifierKind = {
  type: 'handle',
  parse: parseHandle,
  mask: maskHandle,
  caption: captionHandle,
};

const textLengthMax = 2048;
const token = /^[\w~-]{6,128}$/;
const phoneLike = /^[\d\s().-]+$/;

function parseHandle(text: string, hints?: Hints): Key | Refusal {
  if (text.length > textLengthMax) return refusal('identifier.too-long', { lengthMax: textLengthMax });
  const spelling = halfWidth(trimmed(text));
  if (spelling === '') return refusal('identifier.empty');
  const link = readHandleLink(spelling);
  if (link !== null) return isRefusal(link) ? link : keyOf(link.platform, link.name, hints);
  const [, label, name] = /^([^:@]{1,24}?)(?: {0,2}: {0,2}| {0,2}(?=@)| (?=\S+$))(.*)$/s.exec(spelling) ?? [];
  const platform = label === undefined ? undefined : handlePlatform(label);
  return platform === undefined ? refusal('identifier.handle.platform') : keyOf(platform, trimmed(name!), hints);
}

function keyOf(platform: HandlePlatform, written: string, hints: Hints | undefined): Key | Refusal {
  const { digitsArePhones, name: pattern } = platformRules[platform];
  if (written.startsWith('+')) {
    if (phoneLike.test(written.slice(1))) return phone.parse(written, hints);
    return token.test(written.slice(1)) ? `handle:${platform}:${written}` : refusal('identifier.handle.name');
  }
  let name = written.toLowerCase();
  if (platform !== 'line' && name.startsWith('@')) name = name.slice(1);
  // "Periods and capitalization can't be used to differentiate usernames" (Facebook's rules for them).
  if (platform === 'facebook' || platform === 'messenger') name = name.replaceAll('.', '');
  if (pattern.test(name)) return `handle:${platform}:${name}`;
  return digitsArePhones === true && phoneLike.test(name)
    ? subscriber(platform, name, hints)
    : refusal('identifier.handle.name');
}

/**
 * Digits as the platform itself writes them are international without a plus; with a leading zero they are somebody's
 * habit.
 */
function subscriber(platform: HandlePlatform, digits: string, hints: Hints | undefined): Key | Refusal {
  if (!digits.startsWith('0')) return phone.parse(`+${digits}`, hints);
  // Zalo is Viet Nam's own, and links like zalo.me/0912345678 mean its numbers.
  return phone.parse(digits, platform === 'zalo' ? { country: 'VN' } : hints);
}

function maskHandle(value: string): string {
  const colon = value.indexOf(':') + 1;
  const sigil = /^[@+]?/.exec(value.slice(colon))![0];
  return `${value.slice(0, colon)}${sigil}${value.charAt(colon + sigil.length)}•••`;
}

const withoutAt: readonly string[] = [
  'facebook',
  'messenger',
  'line',
  'wechat',
  'zalo',
  'viber',
  'signal',
  'kakaotalk',
];

function captionHandle(value: string): string {
  const colon = value.indexOf(':');
  const platform = value.slice(0, colon) as HandlePlatform;
  const name = value.slice(colon + 1);
  const at = withoutAt.includes(platform) || /^[+\d-]/.test(name) ? '' : '@';
  return `${platformRules[platform].caption} ${at}${name}`;
}
