import { parse } from 'csv-parse/sync';

/** Lines of a CSV text by its header. Names of columns are compared without case and signs: `nameOrig` is `NAME_ORIG`. */
export interface Table {
  readonly columns: readonly string[];
  /** The place of the first of these columns that there is, or -1. */
  column(...names: readonly string[]): number;
  readonly rows: Iterable<readonly string[]>;
}

const plain = (name: string): string => name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');

export function readTable(bytes: Uint8Array): Table {
  const text = new TextDecoder().decode(bytes);
  const end = text.indexOf('\n');
  const header = end === -1 ? text : text.slice(0, end);
  const columns = cellsOf(header.replace(/^\uFEFF/, '').trimEnd());
  const places = new Map<string, number>();
  for (const [place, name] of columns.entries()) if (!places.has(plain(name))) places.set(plain(name), place);
  return {
    columns,
    column(...names) {
      for (const name of names) {
        const place = places.get(plain(name));
        if (place !== undefined) return place;
      }
      return -1;
    },
    rows: rowsOf(text, end === -1 ? text.length : end + 1),
  };
}

function* rowsOf(text: string, from: number): Generator<readonly string[]> {
  for (let start = from; start < text.length;) {
    let end = text.indexOf('\n', start);
    if (end === -1) end = text.length;
    const line = text.slice(start, text[end - 1] === '\r' ? end - 1 : end);
    if (line !== '') yield cellsOf(line);
    start = end + 1;
  }
}

/** A line with quotes is rare, and left to the library. No field here holds a line break. */
function cellsOf(line: string): readonly string[] {
  if (!line.includes('"')) return line.split(',');
  return parse(line, { relax_quotes: true, relax_column_count: true })[0] ?? [];
}
