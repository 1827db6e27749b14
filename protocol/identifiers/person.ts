import { isRefusal, refusal, type Refusal } from '../refusals.ts';
import { passesThaiCheck, residentCheck } from './check-digits.ts';
import { countryCode } from './country.ts';
import { foldNoise, spellingLengthMax } from './digits.ts';
import type { Hints, IdentifierKind, Key } from './identifier.ts';

/** Kinds of document, by the names used for them in the six countries. */
const documents = new Map(
  Object.entries({
    'national-id': ['id', 'nid', 'id-card', 'citizen-id', 'resident-id', 'nrc', 'csc', 'cccd', 'cmnd', 'sfz'],
    passport: ['pp', 'ppt'],
    'travel-document': ['laissez-passer', 'certificate-of-identity'],
    'border-pass': ['border-card'],
    'work-permit': ['pink-card'],
    'driving-licence': ['driving-license', 'dl'],
    'residence-permit': ['household', 'family-book', 'residence-card'],
  }).flatMap(([name, others]) => [name, ...others].map((each) => [each, name] as const)),
);

function documentKind(text: string): string | undefined {
  return documents.get(text.toLowerCase().replace(/[\s_]+/g, '-'));
}

/** GB 11643 numbers hold a birthday. Those of before 1999 have 15 digits: no century and no check character, both of which follow. */
function chineseId(text: string): string | Refusal {
  if (/^\d{15}$/.test(text)) {
    const full = `${text.slice(0, 6)}19${text.slice(6)}`;
    return chineseId(full + residentCheck(full));
  }
  if (!/^[1-9]\d{16}[\dX]$/.test(text)) return refusal('identifier.person.length', { country: 'CN' });
  const [month, day] = [Number(text.slice(10, 12)), Number(text.slice(12, 14))];
  if (month < 1 || month > 12 || day < 1 || day > 31) return refusal('identifier.person.birthday');
  return residentCheck(text.slice(0, 17)) === text.charAt(17) ? text : refusal('identifier.checksum');
}

function thaiId(text: string): string | Refusal {
  if (!/^\d{13}$/.test(text)) return refusal('identifier.person.length', { country: 'TH' });
  return passesThaiCheck(text) ? text : refusal('identifier.checksum');
}

/** Citizens' cards have 12 digits; the 9 of the cards before them stay valid evidence of who somebody was. */
function vietnameseId(text: string): string | Refusal {
  return /^(?:\d{12}|\d{9})$/.test(text) ? text : refusal('identifier.person.length', { country: 'VN' });
}

const nationalIds: Readonly<Record<string, (text: string) => string | Refusal>> = {
  CN: chineseId,
  TH: thaiId,
  VN: vietnameseId,
};

/** Myanmar's registration: state, township, class, six digits: 12/BAHANA(N)123456. */
const myanmarId = /^(\d{1,2})([A-Z]{3,14})(N|E|P|T|Y|S)(\d{6})$/;

function normalNumber(text: string): string {
  // "(Naing)" is how the class "(N)" is spelled out.
  return text
    .toUpperCase()
    .replace('(NAING)', '(N)')
    .replace(/[\s\-./()]/g, '');
}

/** What kind of document bare digits are, where their form leaves no doubt. */
function impliedKind(country: string, bare: string): string | undefined {
  if (nationalIds[country] !== undefined && /^\d+X?$/.test(bare)) return 'national-id';
  if (country === 'MM' && myanmarId.test(bare)) return 'national-id';
  return /^[A-Z]{1,2}\d{6,8}$/.test(bare) ? 'passport' : undefined;
}

function personKey(country: string, kind: string | undefined, spelling: string): Key | Refusal {
  const bare = normalNumber(spelling);
  if (!/^[0-9A-Z]+$/.test(bare) || !/\d/.test(bare)) return refusal('identifier.person.malformed');
  const known = kind ?? impliedKind(country, bare);
  if (known === undefined) return refusal('identifier.person.document-needed');
  const [shortest, longest] = known === 'passport' ? [5, 12] : [4, 24];
  if (bare.length < shortest || bare.length > longest) return refusal('identifier.person.length', { country });
  const checked = known === 'national-id' ? (nationalIds[country]?.(bare) ?? bare) : bare;
  return isRefusal(checked) ? checked : `person:${country}:${known}:${checked}`;
}

/**
 * A person by `country:document:number`, the country being the one that issued the document. The number never crosses a border
 * (design §2); refusals therefore name the country and never repeat what was typed.
 */
function parse(text: string, hints?: Hints): Key | Refusal {
  if (text.length > spellingLengthMax) return refusal('identifier.too-long', { lengthMax: spellingLengthMax });
  const folded = foldNoise(text);
  if (folded === '') return refusal('identifier.empty');
  const captioned = /^([A-Za-z]{2}) +([A-Za-z-]+) +(.+)$/.exec(folded);
  const parts =
    captioned !== null && countryCode(captioned[1]) !== undefined && documentKind(captioned[2] ?? '') !== undefined
      ? captioned.slice(1)
      : folded.split(':').map((part) => part.trim());
  if (parts.length > 3) return refusal('identifier.person.malformed');

  const number = parts.at(-1) ?? '';
  const said = parts.length === 1 ? undefined : countryCode(parts[0]);
  if (parts.length === 3 && said === undefined) return refusal('identifier.person.unknown-country');
  const country = said ?? countryCode(hints?.country);
  if (country === undefined) return refusal('identifier.person.country-needed');
  const document = parts.length === 3 ? parts[1] : parts.length === 2 && said === undefined ? parts[0] : undefined;
  const kind = document === undefined ? undefined : documentKind(document);
  if (document !== undefined && kind === undefined) return refusal('identifier.person.unknown-document');
  return personKey(country, kind, number);
}

function split(value: string): readonly [country: string, kind: string, number: string] {
  const [country = '', kind = '', number = ''] = value.split(':');
  return [country, kind, number];
}

export const person: IdentifierKind = {
  type: 'person',
  parse,
  mask(value) {
    const [country, kind, number] = split(value);
    return `${country} ${kind} ••••••${number.slice(-2)}`;
  },
  caption(value) {
    const [country, kind, number] = split(value);
    if (kind === 'national-id' && country === 'TH') {
      return `TH ${kind} ${number.replace(/^(\d)(\d{4})(\d{5})(\d{2})(\d)$/, '$1-$2-$3-$4-$5')}`;
    }
    if (kind === 'national-id' && country === 'CN')
      return `CN ${kind} ${number.replace(/^(.{6})(.{8})(.{4})$/, '$1 $2 $3')}`;
    if (kind === 'national-id' && country === 'MM') return `MM ${kind} ${number.replace(myanmarId, '$1/$2($3)$4')}`;
    return `${country} ${kind} ${number}`;
  },
};
