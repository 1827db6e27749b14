import { isRefusal, refusal } from '../refusals.ts';
import type { Refusal } from '../refusals.ts';
import { readHandleLink } from './handle-links.ts';
import type { Hints, IdentifierKind, Key } from './identifier.ts';
import { phone } from './phone.ts';
import { halfWidth, trimmed } from './spelling.ts';

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

export const handlePlatforms = [
  'telegram',
  'facebook',
  'messenger',
  'line',
  'wechat',
  'whatsapp',
  'zalo',
  'tiktok',
  'instagram',
  'x',
  'viber',
  'signal',
  'kakaotalk',
] as const;

export type HandlePlatform = (typeof handlePlatforms)[number];

interface PlatformRules {
  readonly caption: string;
  /** Lower-cased first: on every one of these platforms capitals make no second account. */
  readonly name: RegExp;
  /** Whether bare digits are a subscriber's number in international form. */
  readonly digitsArePhones?: boolean;
}

const rules: Readonly<Record<HandlePlatform, PlatformRules>> = {
  telegram: { caption: 'Telegram', name: /^(?:[a-z][a-z\d_]{3,31}|-?\d{5,14})$/ },
  facebook: { caption: 'Facebook', name: /^[a-z\d]{3,50}$/ },
  messenger: { caption: 'Messenger', name: /^[a-z\d]{3,50}$/ },
  // The official account @shop and the person shop are two accounts: LINE's @ belongs to the name.
  line: { caption: 'LINE', name: /^@?[a-z\d._-]{3,20}$/ },
  wechat: { caption: 'WeChat', name: /^[a-z][a-z\d_-]{5,31}$/ },
  whatsapp: { caption: 'WhatsApp', name: /^(?=.*[a-z])[a-z\d._]{3,35}$/, digitsArePhones: true },
  zalo: { caption: 'Zalo', name: /^(?:(?=.*[a-z])[a-z\d._-]{3,40}|\d{13,20})$/, digitsArePhones: true },
  tiktok: { caption: 'TikTok', name: /^[a-z\d._]{2,24}$/ },
  instagram: { caption: 'Instagram', name: /^[a-z\d._]{1,30}$/ },
  x: { caption: 'X', name: /^[a-z\d_]{1,15}$/ },
  viber: { caption: 'Viber', name: /^(?=.*[a-z])[a-z\d._-]{3,64}$/, digitsArePhones: true },
  signal: { caption: 'Signal', name: /^[a-z_][a-z\d_]{2,31}\.\d{2,20}$/, digitsArePhones: true },
  kakaotalk: { caption: 'KakaoTalk', name: /^[a-z\d._-]{3,30}$/ },
};

/** What people write for a platform, besides its own name. A Map, so that "constructor" is nobody's alias. */
const aliases = new Map<string, HandlePlatform>([
  ...handlePlatforms.map((platform) => [platform, platform] as const),
  ['tg', 'telegram'],
  ['fb', 'facebook'],
  ['ig', 'instagram'],
  ['wa', 'whatsapp'],
  ['twitter', 'x'],
  ['kakao', 'kakaotalk'],
  ['weixin', 'wechat'],
  ['微信', 'wechat'],
  ['line id', 'line'],
  ['ไลน์', 'line'],
  ['ไอดีไลน์', 'line'],
  ['เฟซบุ๊ก', 'facebook'],
  ['เทเลแกรม', 'telegram'],
]);

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
  const platform = label === undefined ? undefined : aliases.get(label.toLowerCase());
  return platform === undefined ? refusal('identifier.handle.platform') : keyOf(platform, trimmed(name!), hints);
}

function keyOf(platform: HandlePlatform, written: string, hints: Hints | undefined): Key | Refusal {
  const { digitsArePhones, name: pattern } = rules[platform];
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
  return phone.parse(digits, platform === 'zalo' ? { country: 'VN', ...hints } : hints);
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
  return `${rules[platform].caption} ${at}${name}`;
}
