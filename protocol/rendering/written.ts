import { isRefusal } from '../refusals.ts';
import { caption, parse } from '../identifiers/identifiers.ts';
import type { Language } from '../languages.ts';

/**
 * Characters that are not seen, or that turn round what is seen: controls but for line ends and tabs, and the marks of
 * direction. A name or text from abroad must not read otherwise than it is.
 */
// oxlint-disable-next-line no-control-regex -- These are the very characters that must not pass.
const unseen = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

/** What somebody wrote, with everything that could not be seen made visible. */
export function written(text: string): string {
  return text
    .replaceAll('\r\n', '\n')
    .replace(unseen, (mark) => `[U+${mark.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}]`)
    .toWellFormed();
}

/** The same on one line, for names and numbers. */
export function writtenLine(text: string): string {
  return written(text).replace(/[\n\t]+/g, ' ');
}

/**
 * An identifier as people of the trade write it; what is no key stays as it is. English says it in ASCII, for systems that
 * carry nothing else; other languages say the key beside a caption that is not.
 */
export function keyText(text: string, language: Language): string {
  const key = parse(text);
  // Only of a key in its one spelling the caption says everything.
  if (isRefusal(key) || key !== text) return writtenLine(text);
  const shown = writtenLine(caption(key));
  if (isAscii(shown)) return shown;
  return language === 'en' ? writtenLine(text) : `${shown} (${writtenLine(text)})`;
}

export function isAscii(text: string): boolean {
  return /^[\x20-\x7e\n\t]*$/.test(text);
}
