import { handlePlatforms } from '@bronze-drum/protocol/identifiers/handle';
import type { Hints, IdentifierType } from '@bronze-drum/protocol/identifiers/identifier';

import { isObject, textAt } from './value.ts';
import type { JsonObject } from './value.ts';

export interface Found {
  readonly type: IdentifierType;
  readonly text: string;
}

/**
 * MISP's attribute types that are identifiers of ours. Not here on purpose: `target-email` (a victim's), `whois-*`
 * (a registrar's), `link` (a reference, harmless by definition).
 */
const attributeTypes = new Map<string, IdentifierType>([
  ['ip-src', 'ip'],
  ['ip-dst', 'ip'],
  ['domain', 'domain'],
  ['hostname', 'domain'],
  ['url', 'url'],
  ['email', 'email'],
  ['email-src', 'email'],
  ['email-dst', 'email'],
  ['email-reply-to', 'email'],
  ['phone-number', 'phone'],
  ['prtn', 'phone'],
  ['bank-account-nr', 'account'],
  ['iban', 'account'],
  ['btc', 'wallet'],
  ['dash', 'wallet'],
  ['xmr', 'wallet'],
]);

/** Attributes of no telling type, whose object says what they are. */
const objectAttributes = new Map<string, IdentifierType>([
  ['coin-address/address-crypto', 'wallet'],
  ['phone/imei', 'device'],
  ['phone/imsi', 'sim'],
  ['phone/iccid', 'sim'],
  ['phone/msisdn', 'phone'],
  ['telegram-account/phone', 'phone'],
]);

/** The relations under which account objects keep a name that their platform finds them by. */
const handleAttributes = new Map([
  ['telegram-account/username', 'telegram'],
  ['telegram-account/id', 'telegram'],
  ['facebook-account/account-id', 'facebook'],
  ['instagram-account/account-name', 'instagram'],
  ['twitter-account/name', 'x'],
]);

/** The `account_type` of STIX, or MISP's `account-type`, as the platform of a handle; undefined for any other. */
export function platformOf(accountType: string): string | undefined {
  const name = accountType.trim().toLowerCase();
  return handlePlatforms.find((one) => one === (name === 'twitter' ? 'x' : name));
}

const absolute = /^[a-z][a-z\d+.-]*:\/\//i;

/** The identifiers in one attribute; none when its type is not one of ours. */
export function mispFound(attribute: JsonObject, object: JsonObject | undefined): readonly Found[] {
  const kind = textAt(attribute, 'type') ?? '';
  const raw = attribute['value'];
  const text = typeof raw === 'string' ? raw : '';
  const type = attributeTypes.get(kind);
  if (type !== undefined) return [{ type, text }];
  const [first = '', second = ''] = text.split('|');
  if (kind === 'ip-src|port' || kind === 'ip-dst|port') return [{ type: 'ip', text: first }];
  if (kind === 'hostname|port') return [{ type: 'domain', text: first }];
  if (kind === 'domain|ip') {
    return [
      { type: 'domain', text: first },
      { type: 'ip', text: second },
    ];
  }
  if (kind === 'uri') return absolute.test(text) ? [{ type: 'url', text }] : [];
  return object !== undefined && kind === 'text' ? foundInObject(attribute, object, text) : [];
}

function foundInObject(attribute: JsonObject, object: JsonObject, text: string): readonly Found[] {
  const relation = `${textAt(object, 'name')}/${textAt(attribute, 'object_relation')}`;
  const type = objectAttributes.get(relation);
  if (type !== undefined) return [{ type, text }];
  const platform =
    relation === 'user-account/username'
      ? platformOf(siblingText(object, 'account-type') ?? '')
      : handleAttributes.get(relation);
  if (platform === undefined) return [];
  return [{ type: 'handle', text: `${platform}:${text.trim()}` }];
}

/** An object about somebody who was harmed: nothing in it may ever become a listing, marked or not. */
export function isOfVictim(object: JsonObject): boolean {
  const name = textAt(object, 'name');
  if (name === 'victim') return true;
  return name === 'person' && /victim|witness|target/i.test(siblingText(object, 'role') ?? '');
}

/** What an object tells about the country and the bank of the numbers in it. */
export function contextOf(object: JsonObject): Pick<Hints, 'country' | 'bank'> | undefined {
  const name = textAt(object, 'name');
  if (name === 'phone-number') return hintsOf(siblingText(object, 'country-code'), undefined);
  if (name !== 'bank-account') return undefined;
  const bic = siblingText(object, 'swift');
  return hintsOf(bic?.slice(4, 6), siblingText(object, 'institution-code') ?? bic);
}

/** Country and bank as hints, each left out where it is not usable. */
export function hintsOf(
  country: string | undefined,
  bank: string | undefined,
): Pick<Hints, 'country' | 'bank'> | undefined {
  const known = country !== undefined && /^[A-Za-z]{2}$/.test(country) ? { country: country.toUpperCase() } : {};
  const hints = bank !== undefined && /^[\w-]{1,32}$/.test(bank) ? { ...known, bank } : known;
  return Object.keys(hints).length > 0 ? hints : undefined;
}

function siblingText(object: JsonObject, relation: string): string | undefined {
  const attributes = object['Attribute'];
  if (!Array.isArray(attributes)) return undefined;
  for (const one of attributes) {
    if (isObject(one) && one['object_relation'] === relation && one['deleted'] !== true)
      return textAt(one, 'value')?.trim();
  }
  return undefined;
}
