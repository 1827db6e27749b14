import type { Batches } from './batches.ts';
import type { FeedReader } from './entry.ts';
import { openLines } from './lines.ts';

/** One identifier a line, with comments and perhaps further columns. */
export function openPlain(out: Batches, firstColumn?: boolean): FeedReader {
  return openLines({
    onRefusal: out.add,
    onLine(raw, line) {
      const text = identifierOf(raw, firstColumn);
      if (text !== '') out.add({ line, text });
    },
  });
}

/**
 * The identifier of a line, or '' when it has none (blank, or a comment by `#`, `;` or `//`).
 *
 * - A TAB always ends the identifier; so does white space before `#`, `;` or `//`.
 * - `firstColumn: true`: so does any space. `firstColumn: false`: no space does.
 * - Otherwise a space does, unless the words so far are a bare number: then further words of digits and telephone
 *   punctuation belong to it (`+66 81 234 5678`, `014 123-4-56789-0`). A dotted quad or a date is never part of a
 *   spaced number, and a label (`phone: 081 234 5678`) keeps what follows. A count after a bare number needs a TAB.
 */
export function identifierOf(line: string, firstColumn?: boolean): string {
  let text = line.trim();
  if (isComment(text)) return '';
  const tab = text.indexOf('\t');
  if (tab >= 0) text = text.slice(0, tab).trimEnd();
  return text.includes(' ') ? cutAtSpaces(text, firstColumn) : text;
}

function isComment(text: string): boolean {
  const first = text.charCodeAt(0);
  return first === 0x23 || first === 0x3b || (first === 0x2f && text.charCodeAt(1) === 0x2f);
}

const inlineComment = /\s(?:#|;|\/\/)/;
const numberWord = /^[\p{Nd}\p{Pd}\s+\uFF0B()\uFF08\uFF09.\uFF0E]+$/u;
const address = /^\d+(?:\.\d+){3}$/;
const date = /^(?:19|20)\d\d-\d\d-\d\d$/;

function cutAtSpaces(line: string, firstColumn?: boolean): string {
  const comment = line.search(inlineComment);
  const text = comment >= 0 ? line.slice(0, comment).trimEnd() : line;
  if (firstColumn === false) return text;
  let end = wordEnd(text, 0);
  if (firstColumn === true) return text.slice(0, end);
  let from = 0;
  if (text.charAt(end - 1) === ':' && end < text.length) {
    from = nextWord(text, end);
    end = wordEnd(text, from);
  }
  while (isNumberWord(text.slice(from, end)) && end < text.length) {
    from = nextWord(text, end);
    const next = wordEnd(text, from);
    if (!isNumberWord(text.slice(from, next))) break;
    end = next;
  }
  return text.slice(0, end);
}

function isNumberWord(word: string): boolean {
  return numberWord.test(word) && !address.test(word) && !date.test(word);
}

function wordEnd(text: string, from: number): number {
  const space = text.indexOf(' ', from);
  return space < 0 ? text.length : space;
}

function nextWord(text: string, from: number): number {
  let at = from;
  while (text.charCodeAt(at) === 0x20) at++;
  return at;
}
