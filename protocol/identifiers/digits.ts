/**
 * Numbers arrive in the writing of six countries: Thai, Khmer, Lao, Burmese and Shan digits, full-width forms from Chinese input
 * methods, mathematical and circled digits from those who hide from filters. Folding comes before every parser.
 */

const decimalDigit = /\p{Nd}/u;
const decimalDigits = /\p{Nd}/gu;

/** Unicode keeps every set of decimal digits in one run of ten, from zero to nine, so the distance to the run's start is the value. */
function valueOf(digit: string): string {
  const codePoint = digit.codePointAt(0) ?? 0;
  let distance = 0;
  while (decimalDigit.test(String.fromCodePoint(codePoint - distance - 1))) distance++;
  return String(distance % 10);
}

const known = new Map<string, string>();

function asciiDigit(digit: string): string {
  let value = known.get(digit);
  if (value === undefined) {
    value = valueOf(digit);
    known.set(digit, value);
  }
  return value;
}

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 127) return false;
  return true;
}

/** NFKC (UAX #15), then every decimal digit of every script as ASCII. Plain ASCII comes back as the same string. Never throws. */
export function foldDigits(text: string): string {
  if (isAscii(text)) return text;
  return text.normalize('NFKC').replace(decimalDigits, asciiDigit);
}

// Format characters (marks of direction, joiners, zero-width spaces, BOM, soft hyphen), fillers that draw nothing, and what is left of
// a keycap emoji. They are copied along from chats and web pages; none can belong to a number or a code.
const invisible = /[\p{Cf}\p{Variation_Selector}\u115F\u1160\u3164]|\u034F|\u17B4|\u17B5|\u20E3/gu;
const dash = /[\p{Pd}\u2212]/gu;
const blank = /\s/gu;
const asciiBlank = /[\t-\r]/g;

/**
 * `foldDigits`, and besides: invisible characters gone, every dash a hyphen, every blank a space, ends trimmed. For numbers and codes
 * only: in the text of a name or an address, joiners and dashes carry meaning.
 */
export function foldNoise(text: string): string {
  if (isAscii(text)) return text.replace(asciiBlank, ' ').trim();
  return foldDigits(text).replace(invisible, '').replace(dash, '-').replace(blank, ' ').trim();
}

/** More than any spelling of a number needs. Checked before any other work, so that a hostile megabyte costs nothing. */
export const spellingLengthMax = 256;
