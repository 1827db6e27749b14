/**
 * Decoding of punycode labels (RFC 3492), to show and to examine an internationalised host name: the URL class of
 * browsers and of Node encodes, but offers no way back.
 */

const base = 36;
const skew = 38;

/** The Unicode form of one label, or the label itself where it is not punycode. */
export function unicodeLabel(label: string): string {
  if (!label.startsWith('xn--')) return label;
  return decoded(label.slice(4)) ?? label;
}

function decoded(text: string): string | null {
  const dash = text.lastIndexOf('-');
  const points = Array.from(dash > 0 ? text.slice(0, dash) : '', (char) => char.charCodeAt(0));
  let number = 128;
  let index = 0;
  let bias = 72;
  for (let at = dash + 1; at < text.length;) {
    const before = index;
    for (let weight = 1, k = base; ; k += base) {
      const digit = digitOf(text.charCodeAt(at));
      at += 1;
      if (digit < 0) return null;
      index += digit * weight;
      if (index > 0x7fffffff) return null;
      const threshold = Math.min(Math.max(k - bias, 1), 26);
      if (digit < threshold) break;
      weight *= base - threshold;
    }
    const length = points.length + 1;
    bias = adapted(index - before, length, before === 0);
    number += Math.floor(index / length);
    index %= length;
    if (number > 0x10ffff) return null;
    points.splice(index, 0, number);
    index += 1;
  }
  return String.fromCodePoint(...points);
}

function digitOf(code: number): number {
  if (code >= 48 && code <= 57) return code - 22;
  if (code >= 97 && code <= 122) return code - 97;
  return -1;
}

function adapted(difference: number, points: number, first: boolean): number {
  let delta = Math.floor(difference / (first ? 700 : 2));
  delta += Math.floor(delta / points);
  let k = 0;
  for (; delta > 455; k += base) delta = Math.floor(delta / (base - 1));
  return k + Math.floor((base * delta) / (delta + skew));
}
