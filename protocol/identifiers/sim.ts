import { refusal, type Refusal } from '../refusals.ts';
import { foldNoise, spellingLengthMax } from './digits.ts';
import type { IdentifierKind, Key } from './identifier.ts';
import { luhnDigit, passesLuhn } from './luhn.ts';

/**
 * A card by its ICCID (ITU-T E.118: 89, issuer, number, Luhn check digit) or a subscription by its IMSI (ITU-T E.212: country 3,
 * network 2-3, subscriber). They are two identifiers, because a card can be given a new subscription.
 *
 * The canonical ICCID always carries its check digit. Cards are 19 digits long, in China (8986) 20. So 18 digits, or 19 from China,
 * lack the check digit and are given it; 19 elsewhere and 20 anywhere must pass.
 */
function iccid(digits: string): Key | Refusal {
  if (!digits.startsWith('89')) return refusal('identifier.sim.iccid-prefix');
  const short = digits.startsWith('8986') ? 19 : 18;
  if (digits.length === short) return `sim:iccid:${digits}${luhnDigit(digits)}`;
  if (digits.length !== 20 && digits.length !== 19) return refusal('identifier.sim.length');
  return passesLuhn(digits) ? `sim:iccid:${digits}` : refusal('identifier.checksum');
}

function imsi(digits: string): Key | Refusal {
  if (digits.length !== 15 && digits.length !== 14) return refusal('identifier.sim.length');
  // E.212 gives 2 to 7 to the continents (the six are 414, 452, 456, 457, 460, 461 and 520) and 901 to networks without a country.
  const country = Number(digits.slice(0, 3));
  if ((country < 200 || country > 799) && country !== 901) return refusal('identifier.sim.unknown-country');
  if (/^0+$/.test(digits.slice(3))) return refusal('identifier.sim.all-zero');
  return `sim:imsi:${digits}`;
}

function parse(text: string): Key | Refusal {
  if (text.length > spellingLengthMax) return refusal('identifier.too-long', { lengthMax: spellingLengthMax });
  const folded = foldNoise(text);
  if (folded === '') return refusal('identifier.empty');
  const [, said, spelling = ''] = /^(iccid|imsi)?\s*[:#]?\s*(.*)$/i.exec(folded) ?? [];
  // A card's memory is read in half-bytes; an odd number of digits is filled with F.
  const digits = spelling.replace(/[\s\-/.]/g, '').replace(/F{1,2}$/i, '');
  if (!/^\d+$/.test(digits)) return refusal('identifier.sim.malformed');

  if (said?.toLowerCase() === 'iccid') return iccid(digits);
  if (said?.toLowerCase() === 'imsi') return imsi(digits);
  // No country code of E.212 begins with 8, so bare digits are never both.
  return digits.startsWith('89') ? iccid(digits) : imsi(digits);
}

function split(value: string): readonly [string, string] {
  const colon = value.indexOf(':');
  return [value.slice(0, colon), value.slice(colon + 1)];
}

export const sim: IdentifierKind = {
  type: 'sim',
  parse,
  mask(value) {
    const [what, digits] = split(value);
    // The first digits name only the country and network.
    return `${what.toUpperCase()} ${digits.slice(0, what === 'iccid' ? 4 : 3)}••••••••${digits.slice(-2)}`;
  },
  caption(value) {
    const [what, digits] = split(value);
    // How many digits name the network depends on the country, so an IMSI is parted only after its country.
    const groups = what === 'imsi' ? [digits.slice(0, 3), digits.slice(3)] : (digits.match(/\d{1,4}/g) ?? []);
    return `${what.toUpperCase()} ${groups.join(' ')}`;
  },
};
