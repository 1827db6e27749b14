import { isRefusal, refusal, type Refusal } from '../refusals.ts';
import { passesCreditCodeCheck, passesThaiCheck, passesVietnameseTaxCheck } from './check-digits.ts';
import { countryCode } from './country.ts';
import { foldNoise, spellingLengthMax } from './digits.ts';
import type { Hints, IdentifierKind, Key } from './identifier.ts';

const checksum = refusal('identifier.checksum');

function wrongLength(country: string): Refusal {
  return refusal('identifier.company.length', { country });
}

/** Commerce register: 13 digits from the series of identity numbers, of which those beginning with 0 are legal persons. */
function thai(bare: string): string | Refusal {
  if (!/^\d{13}$/.test(bare)) return wrongLength('TH');
  if (!bare.startsWith('0')) return refusal('identifier.company.person-number');
  return passesThaiCheck(bare) ? bare : checksum;
}

function chinese(bare: string): string | Refusal {
  if (bare.length !== 18) return wrongLength('CN');
  return passesCreditCodeCheck(bare) ? bare : checksum;
}

/** Enterprise code of 10 digits; a branch adds three of its own, and is listed apart from the enterprise. */
function vietnamese(bare: string): string | Refusal {
  if (!/^\d{10}(?:\d{3})?$/.test(bare)) return wrongLength('VN');
  return passesVietnameseTaxCheck(bare.slice(0, 10)) ? bare : checksum;
}

/** Registers without a public rule. */
function other(bare: string, country: string): string | Refusal {
  if (!/\d/.test(bare)) return refusal('identifier.company.malformed');
  return bare.length < 3 || bare.length > 24 ? wrongLength(country) : bare;
}

const rules: Readonly<Record<string, (bare: string) => string | Refusal>> = { TH: thai, CN: chinese, VN: vietnamese };

/** A company by `country:number in that country's register`. Dashes and blanks are for the eye only. */
function parse(text: string, hints?: Hints): Key | Refusal {
  if (text.length > spellingLengthMax) return refusal('identifier.too-long', { lengthMax: spellingLengthMax });
  const folded = foldNoise(text);
  if (folded === '') return refusal('identifier.empty');
  const hinted = countryCode(hints?.country);
  // Registers abroad begin numbers with letters ("SC 123456" is Scottish), so a leading country counts only where none is known.
  const captioned = hinted === undefined ? /^([A-Za-z]{2}) +(.+)$/.exec(folded) : null;
  const parts = captioned !== null && countryCode(captioned[1]) !== undefined ? captioned.slice(1) : folded.split(':');
  if (parts.length > 2) return refusal('identifier.company.malformed');

  const country = parts.length === 2 ? countryCode(parts[0]?.trim()) : hinted;
  if (country === undefined) {
    return refusal(parts.length === 2 ? 'identifier.company.unknown-country' : 'identifier.company.country-needed');
  }
  const bare = (parts.at(-1) ?? '').replace(/[\s\-./]/g, '').toUpperCase();
  if (!/^[0-9A-Z]+$/.test(bare)) return refusal('identifier.company.malformed');
  const number = rules[country] === undefined ? other(bare, country) : rules[country](bare);
  return isRefusal(number) ? number : `company:${country}:${number}`;
}

function split(value: string): readonly [country: string, number: string] {
  return [value.slice(0, 2), value.slice(3)];
}

export const company: IdentifierKind = {
  type: 'company',
  parse,
  mask(value) {
    const [country, number] = split(value);
    return `${country} ••••••${number.slice(-2)}`;
  },
  caption(value) {
    const [country, number] = split(value);
    if (country === 'TH') return `TH ${number.replace(/^(\d)(\d{4})(\d{5})(\d{2})(\d)$/, '$1-$2-$3-$4-$5')}`;
    if (country === 'VN') return `VN ${number.replace(/^(\d{10})(\d{3})$/, '$1-$2')}`;
    return `${country} ${number}`;
  },
};
