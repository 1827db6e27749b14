/** The platforms whose accounts are identifiers. Their names are part of keys: fixed, and only ever added to. */
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

export const platformRules: Readonly<Record<HandlePlatform, PlatformRules>> = {
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

/** The platform that a label names, in any case. */
export function handlePlatform(label: string): HandlePlatform | undefined {
  return aliases.get(label.toLowerCase());
}
