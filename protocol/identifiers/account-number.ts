import { isRefusal, refusal, type Refusal } from '../refusals.ts';
import { bankCode, hasIbanForm } from './banks.ts';
import { passesMod97, passesThaiCheck } from './check-digits.ts';
import { foldNoise } from './digits.ts';
import type { Key } from './identifier.ts';
import { passesLuhn } from './luhn.ts';
import { phone } from './phone.ts';

type Scheme = (number: string, country: string) => Key | Refusal;

const malformed = refusal('identifier.account.malformed');

function without(marks: RegExp, number: string): string {
  return number.replace(marks, '').toUpperCase();
}

const separators = /[\s\-./]/g;

/** A payment card: ISO/IEC 7812. The number is its own bank code, so the scheme takes the bank's place. */
function card(number: string, country: string): Key | Refusal {
  const digits = without(separators, number);
  if (!/^\d{12,19}$/.test(digits)) return malformed;
  return passesLuhn(digits) ? `account:${country}:card:${digits}` : refusal('identifier.checksum');
}

function iban(number: string, country: string): Key | Refusal {
  const bare = without(separators, number);
  if (!hasIbanForm(bare) || !bare.startsWith(country)) return malformed;
  return passesMod97(bare) ? `account:${country}:iban:${bare}` : refusal('identifier.checksum');
}

/**
 * Bakong: `user@bank`. Banks that joined with their own numbers share one user, their BIC ("abaakhppxxx@abaa"), and name the account
 * or merchant beside it, here after a slash. The bare shared name stands for all customers of the bank: never an identifier.
 */
function bakong(number: string, country: string): Key | Refusal {
  const lower = number.toLowerCase();
  const [, user = '', , merchant] = /^([a-z0-9._-]{1,32})@([a-z0-9]{2,12})(?:\/([a-z0-9_-]{1,32}))?$/.exec(lower) ?? [];
  if (user === '' || country !== 'KH') return malformed;
  if (/^[a-z]{4}kh[a-z0-9]{2}(?:[a-z0-9]{3})?$/.test(user) && merchant === undefined)
    return refusal('identifier.account.shared');
  return `account:KH:bakong:${lower}`;
}

/** A PromptPay proxy stands for a mobile, a person, a company or an e-wallet; each has its own type, so that one thing has one key. */
function promptpay(number: string, country: string): Key | Refusal {
  const digits = without(separators, number);
  if (country !== 'TH' || !/^\+?\d+$/.test(digits)) return malformed;
  if (/^\d{15}$/.test(digits)) return `account:TH:promptpay:${digits}`;
  if (/^0066\d{9}$/.test(digits)) return phone.parse(`+66${digits.slice(4)}`);
  if (/^\d{13}$/.test(digits)) return thaiRegistered(digits);
  const key = phone.parse(digits, { country: 'TH' });
  return isRefusal(key) ? malformed : key;
}

/** Thai numbers of 13 digits are one series: those beginning with 0 are the commerce register's, the others people's. */
function thaiRegistered(digits: string): Key | Refusal {
  if (!passesThaiCheck(digits)) return refusal('identifier.checksum');
  return digits.startsWith('0') ? `company:TH:${digits}` : `person:TH:national-id:${digits}`;
}

function biller(number: string, country: string): Key | Refusal {
  const digits = without(separators, number);
  return country === 'TH' && /^\d{15}$/.test(digits) ? `account:TH:biller:${digits}` : malformed;
}

function laoqr(number: string, country: string): Key | Refusal {
  const upper = number.toUpperCase();
  return country === 'LA' && /^\d{8}\/[0-9A-Z_-]{1,40}$/.test(upper) ? `account:LA:laoqr:${upper}` : malformed;
}

const schemes = new Map<string, Scheme>(Object.entries({ card, iban, bakong, promptpay, biller, laoqr }));

/** The key of an account whose country (upper case), bank or scheme, and number are known, in whatever spelling. */
export function assembleAccount(country: string, bank: string, number: string): Key | Refusal {
  const scheme = foldNoise(bank).toLowerCase();
  // As bank codes are read: else "iba n" would be a bank whose key reads as the scheme.
  const rule = schemes.get(scheme.replace(/[\s\-.]/g, ''));
  if (rule !== undefined) return rule(number, country);
  if (scheme.startsWith('emv-')) return emv(scheme, number, country);
  const code = bankCode(country, foldNoise(bank));
  if (isRefusal(code)) return code;
  const bare = without(separators, number);
  if (!/^[0-9A-Z]*$/.test(bare)) return malformed;
  // Lengths differ by bank and change with every virtual account scheme, so only the absurd is refused.
  if (bare.length < 4) return refusal('identifier.account.too-short');
  return bare.length > 34 ? refusal('identifier.account.too-long') : `account:${country}:${code}:${bare}`;
}

/** A merchant of a QR network without rules of its own here: `emv-<network>` and what the network calls the merchant. */
function emv(scheme: string, number: string, country: string): Key | Refusal {
  const upper = number.toUpperCase();
  if (!/^emv-[a-z0-9.-]{1,32}$/.test(scheme) || !/^[0-9A-Z._@/-]{4,99}$/.test(upper)) return malformed;
  return `account:${country}:${scheme}:${upper}`;
}
