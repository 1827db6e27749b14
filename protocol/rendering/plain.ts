import type { Language } from '../languages.ts';
import { filled, sentencesOf } from './said.ts';
import { isTitled, type Sheet } from './sheet.ts';
import { languageText, type FieldLine } from './values.ts';

/** I-24/7 and telex before it carry lines of 69 characters. */
const widthMax = 69;
/** Twice, and a SHA-256 in hexadecimal still fits behind it. */
const indent = '  ';

/** A sheet as plain text: header fields, numbered sections, lines of 69 characters (code points) at the most, `\n` between them. */
export function plainOf(sheet: Sheet): string {
  const { language } = sheet;
  const lines = [
    ...wrapped(sheet.title.toLocaleUpperCase(language), language),
    ...wrapped(sheet.subject, language),
    '',
    ...sheet.head.flatMap((line) => fieldLines(line, '', language)),
    '',
    ...wrapped(sheet.opening, language),
    ...sheet.sections.flatMap(({ title, lines }, at) => [
      '',
      ...wrapped(`${at + 1}. ${title.toLocaleUpperCase(language)}`, language),
      ...(isTitled({ title, lines })
        ? valueLines(lines[0]!, indent, language)
        : lines.flatMap((line) => fieldLines(line, indent, language))),
    ]),
    '',
    ...wrapped(sheet.closing, language),
    '',
    ...wrapped(sheet.printed, language),
  ];
  return `${lines.join('\n')}\n`;
}

function fieldLines(line: FieldLine, before: string, language: Language): string[] {
  const values = line.value.split('\n');
  const onOne = `${line.label}: ${line.value}`;
  if (line.language === undefined && values.length === 1 && length(before + onOne) <= widthMax) return [before + onOne];
  return [...wrapped(`${line.label}:`, language, before), ...valueLines(line, before + indent, language)];
}

function valueLines(line: FieldLine, before: string, language: Language): string[] {
  const own = line.language;
  const said =
    own === undefined
      ? []
      : [`(${filled(sentencesOf(language).writtenIn, { language: languageText(own, language) })})`];
  return [...said, ...line.value.split('\n')].flatMap((text) => wrapped(text, own ?? language, before));
}

const length = (text: string): number => [...text].length;

/** Broken between words as the language has them, which five of the seven do not write with spaces; a longer word is cut. */
function wrapped(text: string, language: Language, before = ''): string[] {
  const room = widthMax - length(before);
  const lines: string[] = [];
  let line = '';
  for (const piece of piecesOf(text, language, room)) {
    if (length(line) + length(piece.trimEnd()) > room) {
      lines.push(line.trimEnd());
      line = piece.trimStart();
    } else line += piece;
  }
  lines.push(line.trimEnd());
  return lines.map((one) => (one === '' ? '' : before + one));
}

const unspaced = /[\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}\p{Script=Han}]/u;

/** Words with the space behind them. */
function* piecesOf(text: string, language: Language, room: number): Generator<string> {
  const words = new Intl.Segmenter(language, { granularity: 'word' });
  for (const [piece] of text.matchAll(/\s*\S+\s*|\s+/g)) {
    if (!unspaced.test(piece)) {
      yield* cut(piece, room);
      continue;
    }
    let word = '';
    for (const { segment, isWordLike } of words.segment(piece)) {
      // A mark stays with the word before it, so that no line begins with a full stop.
      if (isWordLike === true && unspaced.test(word)) {
        yield* cut(word, room);
        word = '';
      }
      word += segment;
    }
    yield* cut(word, room);
  }
}

function* cut(piece: string, room: number): Generator<string> {
  const letters = [...piece];
  if (letters.length <= room || length(piece.trimEnd()) <= room) {
    yield piece;
    return;
  }
  for (let at = 0; at < letters.length; at += room) yield letters.slice(at, at + room).join('');
}
