import { isRefusal, refusal, type Refusal } from '../refusals.ts';
import { callingCode, keepsLeadingZero, nationalLengths } from './calling-codes.ts';
import { countryCode } from './country.ts';
import { foldNoise, spellingLengthMax } from './digits.ts';
import type { Hints, IdentifierKind, Key } from './identifier.ts';
import {
  cambodia,
  china,
  laos,
  lengthsFor,
  myanmar,
  planOfCountry,
  presentNumber,
  thailand,
  vietNam,
} from './numbering.ts';
import type { NumberingPlan } from './numbering.ts';
import { captionPhone, maskPhone } from './phone-display.ts';
import { readSpelling } from './phone-spelling.ts';

const plus = 43;
const zero = 48;
const nine = 57;

function isDigitsFrom(text: string, start: number): boolean {
  for (let i = start; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < zero || code > nine) return false;
  }
  return true;
}

/** The member whose calling code stands at `at`, by comparing characters: this is the hot path of screening. */
function planAt(text: string, at: number): NumberingPlan | undefined {
  const second = text.charCodeAt(at + 1);
  switch (text.charCodeAt(at)) {
    case 54: // 6
      return second === 54 ? thailand : undefined;
    case 57: // 9
      return second === 53 ? myanmar : undefined;
    case 56: // 8
      if (second === 52) return vietNam;
      if (second === 54) return china;
      if (second !== 53) return undefined;
      return text.charCodeAt(at + 2) === 53 ? cambodia : text.charCodeAt(at + 2) === 54 ? laos : undefined;
    default:
      return undefined;
  }
}

/** A key straight from "+66812345678", or undefined when the text needs a closer look. */
function plainKey(text: string): Key | undefined {
  if (text.length < 8 || text.length > 16 || text.charCodeAt(0) !== plus || !isDigitsFrom(text, 1)) return undefined;
  const plan = planAt(text, 1);
  if (plan === undefined) return undefined;
  const at = 1 + plan.callingCode.length;
  const lead = text.charCodeAt(at) - zero;
  // Trunk zeros; Viet Nam's numbers that begin with 1, which may have been renumbered; China's longest, which are few.
  if (lead === 0 || (lead === 1 && plan === vietNam) || (text.length === 15 && plan === china)) return undefined;
  const lengths = plan.lengths[lead * 10 + text.charCodeAt(at + 1) - zero] ?? 0;
  return (lengths & (1 << (text.length - at))) === 0 ? undefined : `phone:${text}`;
}

function wrongShape(lengths: number, length: number): Refusal {
  if (lengths === 0) return refusal('identifier.phone.unassigned-range');
  const longest = 31 - Math.clz32(lengths);
  return refusal(length > longest ? 'identifier.phone.too-long' : 'identifier.phone.too-short');
}

/** In China five digits that choose a carrier may stand before a number, as 17909 does. */
const chineseCarrier = /^1(?:[12]\d|79)\d\d(\d+)$/;

/** A member's number with or without its trunk 0. */
function memberKey(plan: NumberingPlan, digits: string): Key | Refusal {
  const bare = digits.charCodeAt(0) === zero ? digits.slice(1) : digits;
  const present = presentNumber(plan, bare) ?? (bare === digits ? undefined : presentNumber(plan, digits));
  if (present !== undefined) return `phone:+${plan.callingCode}${present}`;
  const [, dialled] = plan === china ? (chineseCarrier.exec(digits) ?? []) : [];
  if (dialled !== undefined && presentNumber(plan, dialled) !== undefined)
    return `phone:+${plan.callingCode}${dialled}`;
  if (bare.length < 2) return refusal('identifier.phone.too-short');
  const lengths = lengthsFor(plan, bare);
  if ((lengths & (1 << bare.length)) !== 0) return refusal('identifier.phone.unassigned-range');
  return wrongShape(lengths, bare.length);
}

/** Digits that begin with a calling code. */
function internationalKey(digits: string): Key | Refusal {
  const plan = planAt(digits, 0);
  if (plan !== undefined) return memberKey(plan, digits.slice(plan.callingCode.length));
  const code = callingCode(digits);
  if (code === undefined) return refusal('identifier.phone.unknown-country');
  let national = digits.slice(code.length);
  if (national.charCodeAt(0) === zero && !keepsLeadingZero(code)) national = national.slice(1);
  // One trunk 0 may be written; a number that goes on with another one is nobody's.
  if (national.charCodeAt(0) === zero && !keepsLeadingZero(code)) return refusal('identifier.phone.unassigned-range');
  const lengths = nationalLengths(code);
  if (national.length < 16 && (lengths & (1 << national.length)) !== 0) return `phone:+${code}${national}`;
  return wrongShape(lengths, national.length);
}

/**
 * Digits that begin with 00: an international prefix, written by somebody who may or may not know that Thailand and Cambodia dial a
 * third digit, the carrier. "0095912345678" is a Myanmar mobile to most, and Bolivia through carrier 009 to a Thai exchange.
 * A writer who sets the prefix apart is believed; else the country's own numbers and the members' mobiles win over the carrier.
 */
function abroadKey(digits: string, prefixLength: number | undefined, plan: NumberingPlan | undefined): Key | Refusal {
  const plain = internationalKey(digits.slice(2));
  const third = digits.charCodeAt(2);
  const carrier = third > zero && third <= nine ? internationalKey(digits.slice(3)) : plain;
  if (plan === undefined) {
    // Nobody said where it was dialled: refuse rather than choose when it could be a member's number behind a carrier digit.
    const behindCarrier = !isRefusal(carrier) && planAt(digits, 3) !== undefined;
    return behindCarrier && planAt(digits, 2) === undefined ? refusal('identifier.phone.country-needed') : plain;
  }
  if (!plan.carrierAbroad || isRefusal(carrier)) return plain;
  if (prefixLength === 3 || isRefusal(plain)) return carrier;
  const member = planAt(digits, 2);
  if (prefixLength === 2 || member === plan) return plain;
  const national = plain.slice(`phone:+${member?.callingCode ?? ''}`.length);
  return member?.mobile.test(national) === true ? plain : carrier;
}

function nationalKey(plan: NumberingPlan, digits: string): Key | Refusal {
  const key = memberKey(plan, digits);
  if (!isRefusal(key)) return key;
  // As switches and many exports write it: the country's own code without a plus.
  if (digits.startsWith(plan.callingCode)) {
    const behindCode = memberKey(plan, digits.slice(plan.callingCode.length));
    if (!isRefusal(behindCode)) return behindCode;
  }
  // China: a carrier's number (12593, 17951…) may stand before the number, without changing who is called.
  if (plan === china && /^1(?:[12]\d|79)\d\d/.test(digits)) {
    const behindCarrier = memberKey(plan, digits.slice(5));
    if (!isRefusal(behindCarrier)) return behindCarrier;
  }
  return digits.length <= 6 && digits.charCodeAt(0) !== zero ? refusal('identifier.phone.short-code') : key;
}

/**
 * E.164 (ITU-T). The shapes agree with libphonenumber, which is the oracle of the tests. Deliberate differences: Viet Nam's mobiles of
 * before 2018 become today's; 00 is understood everywhere (see `abroadKey`); service codes of 3 to 6 digits (191, 1669, 95588) are
 * refused with their own code, as they have no E.164 form, belong to those who protect, and are only ever spoofed.
 */
function parse(text: string, hints?: Hints): Key | Refusal {
  const plain = plainKey(text);
  if (plain !== undefined) return plain;
  if (text.length > spellingLengthMax) return refusal('identifier.too-long', { lengthMax: spellingLengthMax });
  const folded = foldNoise(text);
  if (folded === '') return refusal('identifier.empty');
  const spelling = readSpelling(folded);
  if (spelling === undefined) return refusal('identifier.phone.malformed');

  const { digits, context } = spelling;
  if (digits.length > 24) return refusal('identifier.phone.too-long');
  if (spelling.international) return internationalKey(digits);
  const country = countryCode(hints?.country);
  const plan =
    context === undefined ? (country === undefined ? undefined : planOfCountry(country)) : planAt(context, 0);
  // Thailand's own 001 800 numbers look like a call abroad.
  const home = plan === thailand && digits.startsWith('001800') ? presentNumber(plan, digits) : undefined;
  if (home !== undefined) return `phone:+66${home}`;
  const abroad = digits.startsWith('00') ? abroadKey(digits, spelling.prefixLength, plan) : undefined;
  if (abroad !== undefined && !isRefusal(abroad)) return abroad;
  if (plan !== undefined) {
    const national = nationalKey(plan, digits);
    return isRefusal(national) && abroad !== undefined ? abroad : national;
  }
  if (abroad !== undefined) return abroad;
  if (digits.length <= 6 && digits.charCodeAt(0) !== zero) return refusal('identifier.phone.short-code');
  return country === undefined && context === undefined
    ? refusal('identifier.phone.country-needed')
    : refusal('identifier.phone.country-unsupported');
}

export const phone: IdentifierKind = { type: 'phone', parse, mask: maskPhone, caption: captionPhone };
