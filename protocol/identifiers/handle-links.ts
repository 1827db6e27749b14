import { isRefusal, refusal } from '../refusals.ts';
import type { Refusal } from '../refusals.ts';
import type { HandlePlatform } from './handle-platforms.ts';
import { url } from './url.ts';

/** The platforms' own links to an account: which platform, and what stands where its name stands. */
export interface HandleLink {
  readonly platform: HandlePlatform;
  /**
   * A name; `+token` for an invitation; a number with or without its plus where the link carries a telephone number.
   */
  readonly name: string;
}

interface LinkParts {
  readonly path: readonly string[];
  readonly query: URLSearchParams;
  readonly fragment: string;
}

/** The name within a link, or nothing when the link leads elsewhere: to a post, a login page, a help text. */
type Reader = (link: LinkParts) => string | null | undefined;

interface Place {
  readonly platform: HandlePlatform;
  readonly read: Reader;
}

/** Sub-hosts that show the same accounts: mobile and language versions of the site. */
const sameSite = /^(?:www|m|mobile|web|mbasic|touch|[a-z]{2}|[a-z]{2}-[a-z]{2})\./;

/** Null when the text is no link to a known platform; a refusal when it is, but leads to no account. */
export function readHandleLink(text: string): HandleLink | Refusal | null {
  const slash = text.indexOf('/');
  if (slash < 0) return null;
  const app = /^(tg|whatsapp|viber|weixin|line):\/\/(.*)$/is.exec(text);
  const key = url.parse(app === null ? text : `http://${app[1]!.toLowerCase()}.app/${app[2]!}`);
  if (isRefusal(key)) return null;
  const value = key.slice('url:'.length);
  const host = value.slice(0, value.indexOf('/'));
  const place =
    app === null
      ? (places.get(host) ?? places.get(host.replace(sameSite, '')))
      : places.get(`${app[1]!.toLowerCase()}:`);
  if (place === undefined)
    return host.endsWith('.t.me') ? { platform: 'telegram', name: host.slice(0, -'.t.me'.length) } : null;
  const name = place.read(partsOf(value.slice(host.length), text));
  return name === null || name === undefined || name === ''
    ? refusal('identifier.handle.link')
    : { platform: place.platform, name };
}

/** The fragment is read from the text itself: keys of links do not keep it, and Signal writes numbers there. */
function partsOf(pathAndQuery: string, text: string): LinkParts {
  const question = pathAndQuery.indexOf('?');
  const path = question < 0 ? pathAndQuery : pathAndQuery.slice(0, question);
  const hash = text.indexOf('#');
  return {
    path: path
      .split('/')
      .filter((segment) => segment !== '')
      .map((segment) => segment.replace(/%40/g, '@').replace(/%2B/g, '+')),
    query: new URLSearchParams(question < 0 ? '' : pathAndQuery.slice(question)),
    fragment: hash < 0 ? '' : text.slice(hash + 1),
  };
}

function invitation(token: string | null | undefined): string | null {
  return token === null || token === undefined ? null : `+${token.replace(/^\+/, '')}`;
}

function words(text: string): ReadonlySet<string> {
  return new Set(text.split(' '));
}

const notTelegramNames = words(
  'share proxy socks addstickers addemoji addtheme addlist setlanguage iv login bg invoice boost c giftcode ' +
    'confirmphone contact m nft k a',
);

const telegram: Reader = ({ path: [first = '', second] }) => {
  if (first === 'joinchat') return invitation(second);
  if (first === 's') return second;
  return notTelegramNames.has(first.toLowerCase()) ? null : first;
};

const telegramApp: Reader = ({ query }) => query.get('domain') ?? invitation(query.get('phone') ?? query.get('invite'));

const notFacebookNames = words(
  'watch share sharer login photo photos story events marketplace reel reels hashtag help dialog plugins permalink search gaming ' +
    'business policies home stories groups media posts videos ads settings privacy recover',
);

const facebook: Reader = ({ path: [first = '', second = '', third], query }) => {
  if (first === 'profile.php') return query.get('id');
  if (first === 'people' || first === 'pages') return /^\d+$/.test(third ?? '') ? third : null;
  if (first === 'messages' && second === 't') return third;
  if (first.endsWith('.php') || notFacebookNames.has(first.toLowerCase())) return null;
  // facebook.com/Name-of-Shop-100063512345678 and facebook.com/p/Name-1000…: the number is the account.
  return /-(\d{9,})$/.exec(first === 'p' ? second : first)?.[1] ?? (first === 'p' ? null : first);
};

const line: Reader = ({ path }) => {
  const [kind, name = ''] = path.slice(path.indexOf('ti') + 1);
  if (!path.includes('ti')) return null;
  if (kind === 'p') return name.startsWith('~') ? name.slice(1) : name.startsWith('@') ? name : invitation(name);
  return kind === 'g' || kind === 'g2' ? invitation(name) : null;
};

const whatsapp: Reader = ({ path: [first = '', second] }) =>
  first === 'message' || first === 'qr' ? invitation(second) : first;

const whatsappSend: Reader = ({ query }) => query.get('phone');

const zalo: Reader = ({ path: [first, second] }) => (first === 'g' ? invitation(second) : first);

const notInstagramNames = words('p reel reels explore accounts tv direct about legal developer web');

const instagram: Reader = ({ path: [first = '', second] }) => {
  if (first === 'stories') return second === 'highlights' ? null : second;
  return notInstagramNames.has(first.toLowerCase()) ? null : first;
};

const notXNames = words(
  'home i search intent hashtag share explore settings login signup messages notifications tos privacy compose',
);

const x: Reader = ({ path: [first = ''] }) => (notXNames.has(first.toLowerCase()) ? null : first);

const signal: Reader = ({ fragment }) => {
  if (fragment.startsWith('p/')) return fragment.slice(2);
  return invitation(fragment.startsWith('eu/') ? fragment.slice(3) : fragment);
};

const firstToken: Reader = ({ path: [first] }) => invitation(first);

/** Keys ending in a colon are the schemes by which the applications themselves are opened. */
const places = new Map<string, Place>([
  ['t.me', { platform: 'telegram', read: telegram }],
  ['telegram.me', { platform: 'telegram', read: telegram }],
  ['telegram.dog', { platform: 'telegram', read: telegram }],
  ['tg:', { platform: 'telegram', read: telegramApp }],
  ['facebook.com', { platform: 'facebook', read: facebook }],
  ['fb.com', { platform: 'facebook', read: facebook }],
  ['fb.me', { platform: 'facebook', read: facebook }],
  ['m.me', { platform: 'messenger', read: ({ path }) => path[0] }],
  ['messenger.com', { platform: 'messenger', read: ({ path }) => (path[0] === 't' ? path[1] : null) }],
  ['line.me', { platform: 'line', read: line }],
  ['line:', { platform: 'line', read: line }],
  [
    'page.line.me',
    { platform: 'line', read: ({ path: [name] }) => (name === undefined ? null : `@${name.replace(/^@/, '')}`) },
  ],
  ['lin.ee', { platform: 'line', read: firstToken }],
  ['u.wechat.com', { platform: 'wechat', read: firstToken }],
  ['weixin.qq.com', { platform: 'wechat', read: ({ path }) => (path[0] === 'r' ? invitation(path[1]) : null) }],
  ['weixin:', { platform: 'wechat', read: ({ path, query }) => (path[1] === 'chat' ? [...query.keys()][0] : null) }],
  ['wa.me', { platform: 'whatsapp', read: whatsapp }],
  ['api.whatsapp.com', { platform: 'whatsapp', read: whatsappSend }],
  ['web.whatsapp.com', { platform: 'whatsapp', read: whatsappSend }],
  ['whatsapp:', { platform: 'whatsapp', read: whatsappSend }],
  [
    'chat.whatsapp.com',
    { platform: 'whatsapp', read: ({ path }) => invitation(path[0] === 'invite' ? path[1] : path[0]) },
  ],
  ['zalo.me', { platform: 'zalo', read: zalo }],
  ['tiktok.com', { platform: 'tiktok', read: ({ path: [name] }) => (name?.startsWith('@') === true ? name : null) }],
  ['instagram.com', { platform: 'instagram', read: instagram }],
  ['ig.me', { platform: 'instagram', read: ({ path }) => (path[0] === 'm' ? path[1] : null) }],
  ['x.com', { platform: 'x', read: x }],
  ['twitter.com', { platform: 'x', read: x }],
  ['viber:', { platform: 'viber', read: ({ query }) => query.get('number') ?? query.get('chatURI') }],
  ['chats.viber.com', { platform: 'viber', read: ({ path }) => path[0] }],
  ['invite.viber.com', { platform: 'viber', read: ({ query }) => invitation(query.get('g2')) }],
  ['signal.me', { platform: 'signal', read: signal }],
  ['signal.group', { platform: 'signal', read: signal }],
  ['open.kakao.com', { platform: 'kakaotalk', read: ({ path }) => (path[0] === 'o' ? invitation(path[1]) : null) }],
  ['pf.kakao.com', { platform: 'kakaotalk', read: firstToken }],
]);
