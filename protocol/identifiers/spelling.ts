/**
 * What is undone about a spelling before any network identifier (address, domain, link, mailbox, wallet, handle) is
 * read: blanks and invisible marks around it, the full-width forms of East Asian keyboards, and the defanging of threat
 * reports.
 */

/** Blanks, and the zero-width and direction marks that chat applications wrap around what is copied from them. */
const outside = '[\\s\\u00ad\\u061c\\u180e\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u2069\\ufeff]';
const leading = new RegExp(`^${outside}+`);
const outsideChar = new RegExp(outside);

export function trimmed(text: string): string {
  if (isGraph(text.charCodeAt(0)) && isGraph(text.charCodeAt(text.length - 1))) return text;
  let end = text.length;
  // A loop and not /…+$/, which takes quadratic time on a text that is mostly blanks.
  while (end > 0 && outsideChar.test(text.charAt(end - 1))) end -= 1;
  return text.slice(0, end).replace(leading, '');
}

function isGraph(code: number): boolean {
  return code > 0x20 && code < 0x7f;
}

export function isAscii(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) if (text.charCodeAt(at) > 0x7f) return false;
  return true;
}

/** U+FF01 to U+FF5E lie exactly 0xFEE0 above ASCII; the ideographic full stops are the dots of UTS #46. */
export function halfWidth(text: string): string {
  if (isAscii(text)) return text;
  return text
    .replace(/[\uff01-\uff5e]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0))
    .replace(/[\u3002\uff61]/g, '.');
}

/** `hxxp://example[.]com`, `user[at]example(dot)com`: how analysts write what must not be clicked. */
export function refanged(text: string): string {
  if (!/[[({]|^h(?:xx|\*\*)ps?:/i.test(text)) return text;
  return text
    .replace(/^h(?:xx|\*\*)p(s?)(?=\[?:)/i, 'http$1')
    .replace(/ {0,2}(?:\[(?:\.|dot)\]|\((?:\.|dot)\)|\{(?:\.|dot)\}) {0,2}/gi, '.')
    .replace(/ {0,2}(?:\[(?:@|at)\]|\((?:@|at)\)|\{(?:@|at)\}) {0,2}/gi, '@')
    .replace(/\[:\/\/\]/g, '://')
    .replace(/\[:\]/g, ':');
}
