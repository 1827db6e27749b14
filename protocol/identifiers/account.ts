import { isRefusal, refusal, type Refusal } from '../refusals.ts';
import { assembleAccount } from './account-number.ts';
import { bankCode, hasIbanForm } from './banks.ts';
import { passesMod97 } from './check-digits.ts';
import { countryCode } from './country.ts';
import { foldNoise, spellingLengthMax } from './digits.ts';
import type { Hints, IdentifierKind, Key } from './identifier.ts';
import { looksLikeQr, parseQr } from './qr.ts';

/** Schemes that imply their country, so that "bakong:name@bank" needs nothing more. */
const schemeCountry: ReadonlyMap<string, string> = new Map([
  ['bakong', 'KH'],
  ['promptpay', 'TH'],
  ['biller', 'TH'],
  ['laoqr', 'LA'],
]);

/**
 * An account as `country:bank:number`. The bank is a code of that country (banks.ts) or a scheme: `iban`, `card`, `bakong`,
 * `promptpay`, `biller`, `laoqr`, `emv-…`. What a QR code or PromptPay proxy stands for may be another type: a phone, a person.
 */
function parse(text: string, hints?: Hints): Key | Refusal {
  if (looksLikeQr(text)) return parseQr(text);
  if (text.length > spellingLengthMax) return refusal('identifier.too-long', { lengthMax: spellingLengthMax });
  const folded = foldNoise(text);
  if (folded === '') return refusal('identifier.empty');

  const [first = '', second, ...rest] = folded.split(':').map((part) => part.trim());
  if (second === undefined) return unparted(first, hints);
  const country = countryCode(first);
  if (rest.length > 1) return refusal('identifier.account.malformed');
  if (rest[0] !== undefined) {
    return country === undefined
      ? refusal('identifier.account.unknown-country')
      : assembleAccount(country, second, rest[0]);
  }
  // Two parts: a country before a number whose bank is known, or a bank before a number whose country is known.
  if (country !== undefined) return unparted(second, { ...hints, country });
  return withBank(first, second, hints);
}

function withBank(bank: string, number: string, hints: Hints | undefined): Key | Refusal {
  const scheme = bank.toLowerCase();
  if (scheme === 'iban') return iban(number.replace(/[\s\-.]/g, '').toUpperCase());
  const country = schemeCountry.get(scheme) ?? countryCode(hints?.country) ?? impliedCountry(scheme, bank, number);
  return country === undefined ? refusal('identifier.account.country-needed') : assembleAccount(country, bank, number);
}

/** A BIC names its country; a card that begins with 62 is UnionPay's, issued in China unless somebody says otherwise. */
function impliedCountry(scheme: string, bank: string, number: string): string | undefined {
  if (scheme === 'card') return number.startsWith('62') ? 'CN' : undefined;
  return /^[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?$/i.test(bank) ? countryCode(bank.slice(4, 6)) : undefined;
}

function iban(bare: string): Key | Refusal {
  if (!hasIbanForm(bare)) return refusal('identifier.account.malformed');
  return passesMod97(bare) ? `account:${bare.slice(0, 2)}:iban:${bare}` : refusal('identifier.checksum');
}

function unparted(text: string, hints: Hints | undefined): Key | Refusal {
  const bare = text.replace(/[\s\-.]/g, '').toUpperCase();
  const hasForm = hasIbanForm(bare);
  if (hasForm && passesMod97(bare)) return iban(bare);
  const captioned = readCaption(text);
  if (captioned !== undefined) return captioned;

  const card = /^card\s+(.+)$/i.exec(text)?.[1];
  if (card !== undefined) return withBank('card', card, hints);
  if (hints?.bank !== undefined) return withBank(hints.bank, text, hints);
  const country = countryCode(hints?.country);
  if (text.includes('@') && (country === undefined || country === 'KH')) return assembleAccount('KH', 'bakong', text);
  if (hasForm) return refusal('identifier.checksum');
  return /^[0-9A-Z/]{4,34}$/.test(bare)
    ? refusal('identifier.account.bank-needed')
    : refusal('identifier.account.malformed');
}

/** "TH 014 123-4-56789-0", as screens and letters show it; only where the bank is certain, since foreign numbers hold spaces too. */
function readCaption(text: string): Key | undefined {
  const [, said, bank = '', number = ''] = /^([A-Za-z]{2}) +(\S+) +(\S.*)$/.exec(text) ?? [];
  const country = countryCode(said);
  if (country === undefined) return undefined;
  if (!isScheme(bank) && !/^\d{6,12}$/.test(bank) && !isCertainBank(country, bank)) return undefined;
  const key = assembleAccount(country, bank, number);
  return isRefusal(key) ? undefined : key;
}

function isCertainBank(country: string, bank: string): boolean {
  const isNamed = ['CN', 'KH', 'LA', 'MM', 'TH', 'VN'].includes(country) || /^[A-Z]{6}[A-Z0-9]{2,5}$/i.test(bank);
  return isNamed && !isRefusal(bankCode(country, bank));
}

function isScheme(bank: string): boolean {
  const scheme = bank.toLowerCase();
  return scheme === 'card' || scheme.startsWith('emv-') || schemeCountry.has(scheme);
}

function split(value: string): readonly [country: string, bank: string, number: string] {
  const [country = '', bank = '', ...number] = value.split(':');
  return [country, bank, number.join(':')];
}

function grouped(country: string, bank: string, number: string): string {
  // Thai passbooks print ten digits as branch, type, serial, check.
  if (country === 'TH' && /^\d{3}$/.test(bank)) return number.replace(/^(\d{3})(\d)(\d{5})(\d)$/, '$1-$2-$3-$4');
  return !bank.startsWith('emv-') && /^[0-9A-Z]{9,}$/.test(number) ? (number.match(/.{1,4}/g) ?? []).join(' ') : number;
}

export const account: IdentifierKind = {
  type: 'account',
  parse,
  mask(value) {
    const [country, bank, number] = split(value);
    const at = number.lastIndexOf('@');
    // Not even the length is shown: a Bakong name can be a person's.
    return `${country} ${bank} ${at >= 0 ? `••••••${number.slice(at)}` : `••••••${number.slice(-2)}`}`;
  },
  caption(value) {
    const [country, bank, number] = split(value);
    return bank === 'iban' ? grouped(country, bank, number) : `${country} ${bank} ${grouped(country, bank, number)}`;
  },
};
