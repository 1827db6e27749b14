import { refusal, type Refusal } from '../refusals.ts';
import { foldNoise, spellingLengthMax } from './digits.ts';
import type { IdentifierKind, Key } from './identifier.ts';
import { luhnDigit } from './luhn.ts';

/**
 * A device by its IMEI (3GPP TS 23.003 §6.2): type allocation code 8, serial number 6, Luhn check digit. The software version of an
 * IMEISV says nothing about which device it is, so it is dropped and the check digit computed.
 */
function parse(text: string): Key | Refusal {
  if (text.length > spellingLengthMax) return refusal('identifier.too-long', { lengthMax: spellingLengthMax });
  const folded = foldNoise(text);
  if (folded === '') return refusal('identifier.empty');
  const bare = folded.replace(/^imei(?:sv)?\s*[:#]?\s*/i, '').replace(/[\s\-/.]/g, '');
  if (!/^\d+$/.test(bare)) return refusal('identifier.device.malformed');
  if (bare.length < 14 || bare.length > 16) return refusal('identifier.device.length');

  const serial = bare.slice(0, 14);
  // What a phone without a programmed IMEI reports: it would stand for thousands of devices.
  if (/^0+$/.test(serial)) return refusal('identifier.device.all-zero');
  const check = luhnDigit(serial);
  if (bare.length === 15 && bare.charAt(14) !== check) {
    // On the radio the 15th digit is a spare zero. It is not guessed away, because a mistyped IMEI looks the same: send 14 digits.
    return refusal(bare.charAt(14) === '0' ? 'identifier.device.spare-digit' : 'identifier.checksum');
  }
  return `device:${serial}${check}`;
}

export const device: IdentifierKind = {
  type: 'device',
  parse,
  mask: (value) => `••-••••••-•••••${value.slice(-2, -1)}-${value.slice(-1)}`,
  caption: (value) => value.replace(/^(\d{2})(\d{6})(\d{6})(\d)$/, '$1-$2-$3-$4'),
};
