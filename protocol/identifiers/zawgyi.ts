/**
 * Burmese in the Zawgyi font encoding, which old phones and old exports still produce: the same code points as Unicode
 * with other meanings, typed in visual order. Detection weighs what can stand next to what in each of the two (Unicode
 * Technical Note 11); conversion rebuilds every syllable in storage order. Shan, Karen and Mon use some of the same
 * code points properly.
 */

const burmese = /[\u1000-\u109f]/;

/** Unicode Burmese from either encoding, and letters typed for the digits that they look like made digits. */
export function toUnicode(text: string): string {
  if (!burmese.test(text)) return text;
  return withRealDigits(isZawgyi(text) ? converted(text) : text);
}

/** Whether the evidence for Zawgyi outweighs that for Unicode; text that reads the same in both is not Zawgyi. */
export function isZawgyi(text: string): boolean {
  let evidence = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code >= 0x1031 && code <= 0x1097) evidence += weigh(code, text.charCodeAt(at - 1), text.charCodeAt(at + 1));
  }
  return evidence > 0;
}

/** Positive for Zawgyi, negative for Unicode. `before` and `after` are NaN at the ends of the text. */
function weigh(code: number, before: number, after: number): number {
  switch (code) {
    case 0x1031: // The vowel E: stored after its consonant in Unicode, before it in Zawgyi.
      if (!isLetter(after) && !isZawgyiRa(after)) return -3;
      return isLetter(before) || isMedial(before) || isSubscript(before) ? 0 : 2;
    case 0x1033:
    case 0x1034:
    case 0x108f:
      return 1;
    case 0x1039: // Unicode: stacks the next consonant. Zawgyi: kills the one before.
      return isLetter(after) && (isLetter(before) || before === 0x103a) ? 0 : 3;
    case 0x103a: // Unicode: kills the consonant before. Zawgyi: medial ya.
      if (before === 0x102b || before === 0x102c || after === 0x1039) return -3;
      if (before >= 0x1060 && before <= 0x108a) return -2;
      if (after >= 0x102c && after <= 0x1036 && after !== 0x1031) return 2;
      return after === 0x1037 || after === 0x1038 || (after >= 0x1087 && after <= 0x108d) || !isBurmese(after) ? -2 : 0;
    case 0x103b: // Unicode: medial ya, after its consonant. Zawgyi: medial ra, before its consonant.
      if (!isLetter(after)) return -2;
      return isLetter(before) || isMedial(before) || before === 0x103a || isSubscript(before) ? 0 : 2;
    case 0x103e:
    case 0x103f:
      return -3;
    case 0x105a:
      return isLetter(before) ? 2 : 0;
    default:
      return code < 0x1060 ? 0 : weighExtended(code, before, after);
  }
}

/** The code points that Zawgyi took from the minorities' letters. */
function weighExtended(code: number, before: number, after: number): number {
  if (isZawgyiRa(code)) return isLetter(after) ? 2 : -2;
  if (isShanDigit(code) && (isShanDigit(before) || isShanDigit(after))) return 0;
  if (code === 0x1094 || code === 0x1095) return isLetter(before) || (before >= 0x102b && before <= 0x103e) ? 2 : 0;
  if (!isSubscript(code)) return 0;
  if (!isBurmese(before) || before === 0x103a) return code <= 0x1064 ? 0 : -3;
  // Karen writes U+1060 to U+1064 after Burmese letters too, so they say little.
  return code <= 0x1064 ? 1 : 2;
}

function isBurmese(code: number): boolean {
  return code >= 0x1000 && code <= 0x109f;
}

function isLetter(code: number): boolean {
  return (
    (code >= 0x1000 && code <= 0x102a) ||
    code === 0x103f ||
    code === 0x1040 ||
    code === 0x104e ||
    code === 0x106a ||
    code === 0x106b ||
    code === 0x108f ||
    code === 0x1090
  );
}

function isShanDigit(code: number): boolean {
  return code >= 0x1090 && code <= 0x1099;
}

function isMedial(code: number): boolean {
  return code >= 0x103b && code <= 0x103e;
}

function isZawgyiRa(code: number): boolean {
  return code === 0x103b || (code >= 0x107e && code <= 0x1084);
}

function isSubscript(code: number): boolean {
  return (
    (code >= 0x1060 && code <= 0x1069) ||
    code === 0x106c ||
    code === 0x106d ||
    (code >= 0x1070 && code <= 0x107c) ||
    code === 0x1085 ||
    code === 0x1093
  );
}

/**
 * Zawgyi's meaning of a code point, where it is not the same code point. Stacked letters begin with the virama U+1039.
 */
const meanings = new Map<number, string>([
  [0x1033, '\u102f'],
  [0x1034, '\u1030'],
  [0x1039, '\u103a'],
  [0x103a, '\u103b'],
  [0x103b, '\u103c'],
  [0x103c, '\u103d'],
  [0x103d, '\u103e'],
  [0x105a, '\u102b\u103a'],
  ...run(0x1060, '\u1000\u1001\u1002\u1003'),
  ...run(0x1065, '\u1005\u1006\u1006\u1007\u1008'),
  [0x106a, '\u1009'],
  [0x106b, '\u100a'],
  ...run(0x106c, '\u100b\u100c'),
  [0x106e, '\u100d\u1039\u100d'],
  [0x106f, '\u100d\u1039\u100e'],
  ...run(0x1070, '\u100f\u1010\u1010\u1011\u1011\u1012\u1013\u1014\u1015\u1016\u1017\u1018\u1019'),
  [0x107d, '\u103b'],
  [0x107e, '\u103c'],
  [0x107f, '\u103c'],
  [0x1080, '\u103c'],
  [0x1081, '\u103c'],
  [0x1082, '\u103c'],
  [0x1083, '\u103c'],
  [0x1084, '\u103c'],
  ...run(0x1085, '\u101c'),
  [0x1086, '\u103f'],
  [0x1087, '\u103e'],
  [0x1088, '\u103e\u102f'],
  [0x1089, '\u103e\u1030'],
  [0x108a, '\u103d\u103e'],
  [0x108b, '\u102d'],
  [0x108c, '\u102e'],
  [0x108d, '\u1036'],
  [0x108e, '\u102d\u1036'],
  [0x108f, '\u1014'],
  [0x1090, '\u101b'],
  [0x1091, '\u100f\u1039\u100d'],
  [0x1092, '\u100b\u1039\u100c'],
  ...run(0x1093, '\u1018'),
  [0x1094, '\u1037'],
  [0x1095, '\u1037'],
  [0x1096, '\u1039\u1010\u103d'],
  [0x1097, '\u100b\u1039\u100b'],
]);

function run(start: number, letters: string): [number, string][] {
  return Array.from(letters, (letter, at) => [start + at, `\u1039${letter}`]);
}

/** Nga with asat and virama over the next letter; these four carry it, three of them with a vowel besides. */
function hasKinzi(code: number): boolean {
  return code === 0x1064 || (code >= 0x108b && code <= 0x108d);
}

/** The storage order of what follows a consonant (UTN 11; the dot below before asat, as canonical ordering has it). */
const storageOrder = '\u103b\u103c\u103d\u103e\u1031\u102d\u102e\u1032\u102f\u1030\u102b\u102c\u1036\u1037\u103a\u1038';

interface Syllable {
  base: string;
  kinzi: boolean;
  /** Asat before a medial, as in the word for man. */
  asatFirst: boolean;
  stacked: string;
  marks: string;
}

function converted(text: string): string {
  let out = '';
  let syllable = emptySyllable();
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    const meaning = meaningAt(text, at, syllable);
    if (hasKinzi(code)) syllable.kinzi = true;
    const first = meaning.charCodeAt(0);
    if (code === 0x1031 || isZawgyiRa(code)) {
      // Typed before its consonant, so it opens a syllable unless another such mark has just done so.
      if (syllable.base !== '') {
        out += written(syllable);
        syllable = emptySyllable();
      }
      syllable.marks += meaning;
    } else if (first === 0x1039) {
      syllable.stacked += meaning.slice(0, 2);
      syllable.marks += meaning.slice(2);
    } else if (storageOrder.includes(meaning.charAt(0))) {
      if (meaning === '\u103b' && syllable.marks.includes('\u103a')) syllable.asatFirst = true;
      syllable.marks += meaning;
    } else if (code !== 0x1064) {
      const opened = syllable.base === '' && isLetter(first) ? syllable.marks : '';
      if (opened === '') out += written(syllable);
      syllable = { ...emptySyllable(), base: meaning, marks: opened };
    }
  }
  return mended(out + written(syllable));
}

function emptySyllable(): Syllable {
  return { base: '', kinzi: false, asatFirst: false, stacked: '', marks: '' };
}

/** Zawgyi typists took the digits 0 and 7 for the letters wa and ra, which look the same: a digit carries no vowel. */
function meaningAt(text: string, at: number, syllable: Syllable): string {
  const code = text.charCodeAt(at);
  if (code !== 0x1040 && code !== 0x1047) return meanings.get(code) ?? text.charAt(at);
  const before = text.charCodeAt(at - 1);
  const after = text.charCodeAt(at + 1);
  const carriesMark =
    (after >= 0x102b && after <= 0x103e && !isZawgyiRa(after) && after !== 0x1031) || isSubscript(after);
  const opened = syllable.base === '' && syllable.marks !== '';
  const amongLetters =
    code === 0x1040 && !isDigit(before) && !isDigit(after) && (isLetter(before) || isLetter(after) || isMark(before));
  if (carriesMark || opened || amongLetters) return code === 0x1040 ? '\u101d' : '\u101b';
  return text.charAt(at);
}

function isDigit(code: number): boolean {
  return code >= 0x1040 && code <= 0x1049;
}

function isMark(code: number): boolean {
  return code >= 0x102b && code <= 0x103e;
}

function written(syllable: Syllable): string {
  let marks = '';
  for (const mark of storageOrder) if (syllable.marks.includes(mark)) marks += mark;
  if (syllable.asatFirst) marks = `\u103a${marks.replace('\u103a', '')}`;
  return (syllable.kinzi ? '\u1004\u103a\u1039' : '') + syllable.base + syllable.stacked + marks;
}

/** Letters that Zawgyi composed from others, and the abbreviation for "the same" that it drew as one sign. */
function mended(text: string): string {
  return text
    .replace(/\u1025(?=[\u102c\u103a\u1037\u1039])/g, '\u1009')
    .replace(/\u1025\u102e/g, '\u1026')
    .replace(/\u101e\u103c\u1031\u102c\u103a/g, '\u102a')
    .replace(/\u101e\u103c/g, '\u1029')
    .replace(/\u1005\u103b/g, '\u1008')
    .replace(/(?<![\u1040-\u1049])\u1044\u1004\u103a\u1038/g, '\u104e\u1004\u103a\u1038')
    .replace(/\u104e(?!\u1004\u103a\u1038)/g, '\u104e\u1004\u103a\u1038');
}

/**
 * Wa written for zero and ra for seven, in either encoding: `ဝ၉၄၅ဝ…`. Only within a run that has real digits; at its
 * ends only where no letter or vowel continues a word; ra only between digits, for it also is a word of its own.
 */
function withRealDigits(text: string): string {
  if (!/[\u101b\u101d]/.test(text) || !/[\u1040-\u1049]/.test(text)) return text;
  return text.replace(
    /(?<![\u1000-\u103f])[\u1040-\u1049\u101b\u101d][\u1040-\u1049\u101b\u101d .()+/-]*(?![\u1000-\u103f])/g,
    (found) => {
      if (!/[\u1040-\u1049]/.test(found)) return found;
      return found
        .replace(/\u101d/g, '\u1040')
        .replace(/(?<=[\u1040-\u1049][ .()-]{0,2})\u101b(?=[ .()-]{0,2}[\u1040-\u1049])/g, '\u1047');
    },
  );
}
