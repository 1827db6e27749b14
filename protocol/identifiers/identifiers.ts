import { isRefusal, refusal } from '../refusals.ts';
import type { Refusal } from '../refusals.ts';
import { account } from './account.ts';
import { company } from './company.ts';
import { device } from './device.ts';
import { domain } from './domain.ts';
import { email } from './email.ts';
import { candidates } from './guess.ts';
import { handle } from './handle.ts';
import type { Hints, IdentifierKind, IdentifierType, Key } from './identifier.ts';
import { ip } from './ip.ts';
import { person } from './person.ts';
import { phone } from './phone.ts';
import { sim } from './sim.ts';
import { trimmed } from './spelling.ts';
import { url } from './url.ts';
import { wallet } from './wallet.ts';
import { toUnicode } from './zawgyi.ts';

/** The door to the identifiers: any spelling in, one key out. */

/**
 * The longest that any type reads (a link with all its tracking); a hostile megabyte is refused before it costs
 * anything.
 */
const textLengthMax = 8192;

const kinds = new Map<string, IdentifierKind>(
  [account, phone, ip, domain, url, email, wallet, device, sim, handle, company, person].map((kind) => [
    kind.type,
    kind,
  ]),
);

/**
 * The key of a key, of a text whose type the hints name, or of a text that can only be one thing.
 * A key's own prefix is what the text itself says, so it wins over the hint. Never throws.
 */
export function parse(text: string, hints?: Hints): Key | Refusal {
  const prefixed = kindOfPrefix(text);
  if (prefixed !== undefined) return parseAs(prefixed, text.slice(prefixed.type.length + 1), hints);
  if (text.length > textLengthMax) return refusal('identifier.too-long', { lengthMax: textLengthMax });
  if (hints?.type !== undefined) {
    const kind = kinds.get(hints.type);
    return kind === undefined ? refusal('identifier.unknown-type') : parseAs(kind, text, hints);
  }
  return theOnlyOne(text, hints);
}

/** Every reading of a pasted text, the best first: what the desk offers when `parse` finds more than one. */
export function guess(text: string, hints?: Hints): readonly Key[] {
  if (text.length > textLengthMax) return [];
  if (hints?.type !== undefined || kindOfPrefix(text) !== undefined) {
    const key = parse(text, hints);
    return isRefusal(key) ? [] : [key];
  }
  return candidates(text, hints).map(({ key }) => key);
}

function theOnlyOne(text: string, hints: Hints | undefined): Key | Refusal {
  const found = candidates(text, hints);
  const best = found.filter(({ certainty }) => certainty === found[0]!.certainty);
  if (best.length === 1 && best[0]!.certainty !== 'possible') return best[0]!.key;
  if (found.length > 0) return refusal('identifier.ambiguous', { candidates: found.length });
  if (trimmed(text) === '') return refusal('identifier.empty');
  const site = domain.parse(text);
  return isRefusal(site) && site.refused === 'identifier.domain.public-suffix'
    ? site
    : refusal('identifier.unrecognised');
}

/** Burmese comes in two encodings, and with letters for digits; only a text that was refused is worth a second look. */
function parseAs(kind: IdentifierKind, text: string, hints: Hints | undefined): Key | Refusal {
  const key = kind.parse(text, hints);
  if (!isRefusal(key) || text.length > textLengthMax) return key;
  const unicode = toUnicode(text);
  return unicode === text ? key : kind.parse(unicode, hints);
}

/** The hot path of screening: characters are compared, and nothing is built or looked up by a name from outside. */
function kindOfPrefix(text: string): IdentifierKind | undefined {
  switch (text.charCodeAt(0)) {
    case 97: // a
      return text.startsWith('account:') ? account : undefined;
    case 99: // c
      return text.startsWith('company:') ? company : undefined;
    case 100: // d
      return text.startsWith('domain:') ? domain : text.startsWith('device:') ? device : undefined;
    case 101: // e
      return text.startsWith('email:') ? email : undefined;
    case 104: // h
      return text.startsWith('handle:') ? handle : undefined;
    case 105: // i
      return text.startsWith('ip:') ? ip : undefined;
    case 112: // p
      return text.startsWith('phone:') ? phone : text.startsWith('person:') ? person : undefined;
    case 115: // s
      return text.startsWith('sim:') ? sim : undefined;
    case 117: // u
      return text.startsWith('url:') ? url : undefined;
    case 119: // w
      return text.startsWith('wallet:') ? wallet : undefined;
    default:
      return undefined;
  }
}

export function typeOf(key: Key): IdentifierType {
  return key.slice(0, key.indexOf(':')) as IdentifierType;
}

export function valueOf(key: Key): string {
  return key.slice(key.indexOf(':') + 1);
}

/** For logs, public answers and screens that a bystander sees; what is not a key is hidden altogether. */
export function mask(key: Key): string {
  const kind = kindOfPrefix(key);
  return kind === undefined ? '•••' : kind.mask(valueOf(key));
}

/** As people of the trade write it, for screens and letters. */
export function caption(key: Key): string {
  return kindOfPrefix(key)?.caption(valueOf(key)) ?? key;
}
