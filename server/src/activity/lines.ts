import { isUtf8 } from 'node:buffer';
import { refusal, type Refusal } from '@bronze-drum/protocol/refusals';
import { refuse } from '../kernel/refusals.ts';
import { lineBytesMax, linesMax } from './contract.ts';

/**
 * The lines of a body, without their ends; an empty one is undefined, and one that is not UTF-8 is left as bytes. Refuses
 * more than may come at once.
 */
export function linesOf(body: Buffer): (string | Uint8Array | undefined)[] {
  // Decoded in one go: a call for each line would cost as much as to parse it.
  if (isUtf8(body)) return cut(body.toString('utf8').replace(/^\uFEFF/, ''));
  // As characters of one byte each, whatever they are, lines keep their bytes.
  return cut(body.toString('latin1').replace(/^\xef\xbb\xbf/, '')).map((line) => {
    const bytes = Buffer.from(line ?? '', 'latin1');
    if (bytes.length === 0) return undefined;
    return isUtf8(bytes) ? bytes.toString('utf8') : bytes;
  });
}

function cut(text: string): (string | undefined)[] {
  const lines: (string | undefined)[] = [];
  for (let from = 0; from < text.length;) {
    if (lines.length === linesMax) refuse('too-large.lines', { linesMax });
    const feed = text.indexOf('\n', from);
    const next = feed === -1 ? text.length : feed;
    const end = next > from && text[next - 1] === '\r' ? next - 1 : next;
    lines.push(end === from ? undefined : text.slice(from, end));
    from = next + 1;
  }
  return lines;
}

/** What one line says, or why it cannot be read. A line may say what looks like a refusal: hence the two sorts of answer. */
export function valueOfLine(line: string | Uint8Array): { readonly value: unknown } | { readonly refusal: Refusal } {
  if (isTooLong(line)) return { refusal: refusal('too-large.line', { bytesMax: lineBytesMax }) };
  if (typeof line !== 'string') return { refusal: refusal('malformed.utf8') };
  if (line.includes('\\u0000') || line.includes('\0')) return { refusal: refusal('malformed.nul') };
  try {
    return { value: JSON.parse(line) as unknown };
  } catch {
    return { refusal: refusal('malformed.json') };
  }
}

/** A character takes three bytes at the most. */
const isTooLong = (line: string | Uint8Array): boolean =>
  line.length * 3 > lineBytesMax && Buffer.byteLength(line) > lineBytesMax;
