import { guess, parse } from '@bronze-drum/protocol/identifiers/identifiers';
import type { Hints } from '@bronze-drum/protocol/identifiers/identifier';
import { isRefusal, type Refusal } from '@bronze-drum/protocol/refusals';

/** What a pasted line was understood as. Loaded when somebody first types: the parsers are heavy. */
export interface ReadLine {
  /** 1-based. */
  readonly line: number;
  readonly text: string;
  readonly key?: string;
  readonly refusal?: Refusal;
  /** What it may be, if it can be read in several ways and nobody chose. */
  readonly choices?: readonly string[];
  /** The line that names the same. */
  readonly sameAs?: number;
}

/** More lines than this are a file to be imported. */
export const linesMax = 500;

/** Reads each line that is not empty. `chosen`: the key that the officer chose for a line's text. */
export function readLines(text: string, hints: Hints, chosen: Readonly<Record<string, string>>): ReadLine[] {
  const first = new Map<string, number>();
  const read: ReadLine[] = [];
  for (const [at, raw] of text.split(/\r?\n/).entries()) {
    const trimmed = raw.trim();
    if (trimmed === '') continue;
    if (read.length === linesMax) break;
    const line = at + 1;
    const found = readOne(trimmed, hints, chosen[trimmed]);
    const sameAs = found.key === undefined ? undefined : first.get(found.key);
    if (found.key !== undefined && sameAs === undefined) first.set(found.key, line);
    read.push({ line, text: trimmed, ...found, ...(sameAs !== undefined && { sameAs }) });
  }
  return read;
}

function readOne(
  text: string,
  hints: Hints,
  chosen: string | undefined,
): Pick<ReadLine, 'key' | 'refusal' | 'choices'> {
  const choices = guess(text, hints);
  if (chosen !== undefined && choices.some((one) => one === chosen)) return { key: chosen, choices };
  const key = parse(text, hints);
  if (!isRefusal(key)) return choices.length > 1 ? { key, choices } : { key };
  return choices.length > 0 ? { refusal: key, choices } : { refusal: key };
}

/** What a search is for: one identifier, or all whose key begins so; the readings if a text may be several. */
export function readSearch(text: string, hints: Hints): { key?: string; prefix?: string; readings: readonly string[] } {
  const readings = guess(text, hints);
  const key = parse(text, hints);
  if (!isRefusal(key)) return { key, readings };
  if (readings.length > 0) return { readings };
  const digits = text.replace(/[\s()-]/g, '');
  if (/^\+\d{2,}$/.test(digits)) return { prefix: `phone:${digits}`, readings };
  return { readings, ...(/^[a-z]+:.+$/.test(text) && { prefix: text }) };
}

/** What a URL, an address or a mailbox stands on: its host, the domains above it. */
export function standsOn(key: string): string[] {
  const at = key.indexOf(':');
  const [type, value] = [key.slice(0, at), key.slice(at + 1)];
  const hosts =
    type === 'url'
      ? [/^(?:[a-z]+:\/\/)?([^/:?#]+)/.exec(value)?.[1]]
      : type === 'email'
        ? [value.slice(value.lastIndexOf('@') + 1)]
        : type === 'domain'
          ? [value.slice(value.indexOf('.') + 1)]
          : [];
  return hosts.flatMap((host) => {
    const found = host === undefined ? refused : parse(host);
    return isRefusal(found) || found === key ? [] : [found];
  });
}

const refused: Refusal = { refused: 'identifier.empty' };
