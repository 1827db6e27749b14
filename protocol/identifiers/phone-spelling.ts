/** How people write telephone numbers, reduced to digits. The text has been folded to ASCII digits, hyphens and spaces. */
export interface PhoneSpelling {
  readonly digits: string;
  /** The digits begin with a calling code, because a plus stood before them. */
  readonly international: boolean;
  /** How many digits the writer set apart at the front, if any: "001 66…" is 3. */
  readonly prefixLength: number | undefined;
  /** The calling code that a tel: URI gives as the context of a local number. */
  readonly context: string | undefined;
}

// An extension reaches a desk behind the line; the line is what is listed.
const extension = /[\s,;]*(?:ext(?:ension|n)?[.:]?|x|#|ต่อ|分机|转)\s*\d{1,6}$/iu;

export function readSpelling(folded: string): PhoneSpelling | undefined {
  let text = folded;
  let context: string | undefined;
  if (/^tel:/i.test(text)) {
    // RFC 3966: parameters follow semicolons; phone-context says whose local number it is.
    const [number = '', ...parameters] = text.slice(4).split(';');
    for (const parameter of parameters) context ??= /^phone-context=\+(\d{1,3})$/i.exec(parameter.trim())?.[1];
    text = number.trim();
  }
  return readDigits(text.replace(extension, ''), context);
}

function readDigits(text: string, context: string | undefined): PhoneSpelling | undefined {
  let digits = '';
  let international = false;
  let prefixLength: number | undefined;
  let open = 0;
  for (let i = 0; i < text.length; i++) {
    const character = text.charAt(i);
    if (character >= '0' && character <= '9') {
      digits += character;
      continue;
    }
    if (character === '+') {
      if (international || digits !== '') return undefined;
      international = true;
      continue;
    }
    if (character === '(') {
      if (++open > 1) return undefined;
      // "+66 (0)81…" means: leave the 0 out when calling from abroad.
      if (digits !== '' && /^\(\s*0\s*\)/.test(text.slice(i, i + 5))) {
        i = text.indexOf(')', i);
        open = 0;
        if (!international && !digits.startsWith('00')) digits += '0';
      }
    } else if (character === ')') {
      if (--open < 0) return undefined;
    } else if (character !== ' ' && character !== '-' && character !== '.' && character !== '/') return undefined;
    if (digits !== '') prefixLength ??= digits.length;
  }
  return digits === '' || open !== 0 ? undefined : { digits, international, prefixLength, context };
}
