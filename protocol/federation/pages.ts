import { Type, type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import { bookPattern } from '../members.ts';

/** How many entries, and how many bytes of their text, a page holds at the most. */
export const pageEntriesMax = 2000;
export const pageBytesMax = 4 * 1024 * 1024;

const Count = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });

/**
 * Consecutive entries of one book, and what proves them: the author's newest checkpoint, and that the book with these
 * entries is a beginning of what the checkpoint covers. The entries follow, one a line.
 */
export const PageHeader = Type.Object({
  book: Type.String({ pattern: bookPattern, maxLength: 64 }),
  from: Count,
  count: Type.Integer({ minimum: 0, maximum: pageEntriesMax }),
  note: Type.String({ maxLength: 131_072, description: 'C2SP tlog-checkpoint' }),
  proof: Type.Array(Type.String({ maxLength: 44, description: 'SHA-256 in base64' }), {
    maxItems: 128,
    description: 'RFC 6962 consistency proof from `from + count` to the checkpoint’s size; empty where they are equal',
  }),
});
export type PageHeader = Static<typeof PageHeader>;

/** Sent when nothing is said for a while, so that silence means that the line is dead. */
export const Beat = Type.Object({
  at: Type.String({ maxLength: 40, description: 'The author’s clock' }),
  directory: Type.String({ maxLength: 128, description: 'A digest of the directory’s records that the author knows' }),
});
export type Beat = Static<typeof Beat>;

/** A line of `GET /federation/v1/stream` that is not an entry. */
export const StreamLine = Type.Union([
  Type.Object({ page: PageHeader }, { title: 'PageLine' }),
  Type.Object({ beat: Beat }, { title: 'BeatLine' }),
]);
export type StreamLine = Static<typeof StreamLine>;

const lines = Compile(StreamLine);
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Reads a line that is not an entry: undefined if it is none that this release knows, which a later one may send, and
 * `malformed` if it is one and is not as it must be.
 */
export function readStreamLine(line: Uint8Array): StreamLine | 'malformed' | undefined {
  try {
    const value: unknown = JSON.parse(decoder.decode(line));
    if (lines.Check(value)) return value;
    const isKnown = typeof value === 'object' && value !== null && ('page' in value || 'beat' in value);
    return isKnown ? 'malformed' : undefined;
  } catch {
    return undefined;
  }
}

export const writeStreamLine = (line: StreamLine): string => `${JSON.stringify(line)}\n`;

/** From which entry of each book on a reader asks for more, as one text for a URL: `alliance:12,kh+th:3`. */
export function writePositions(positions: ReadonlyMap<string, number>): string {
  return [...positions].map(([book, next]) => `${book}:${next}`).join(',');
}

/** The positions of such a text; undefined if it is none. */
export function readPositions(text: string): Map<string, number> | undefined {
  const positions = new Map<string, number>();
  for (const part of text === '' ? [] : text.split(',')) {
    const [, book, next] = /^([a-z+]{2,64}):(0|[1-9]\d{0,15})$/.exec(part) ?? [];
    if (book === undefined || !Number.isSafeInteger(Number(next))) return undefined;
    positions.set(book, Number(next));
  }
  return positions;
}
