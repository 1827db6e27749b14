import { linesOf } from './text-lines.ts';

/** One row of a table in COPY's text format, by the names of its columns. */
export type CopiedRow = Readonly<Record<string, string | null>>;

const escapes: Readonly<Record<string, string>> = {
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
};

/** Reads what COPY … TO STDOUT wrote. A line that PostgreSQL would not have written is null. */
export async function* rowsOf(
  chunks: AsyncIterable<Uint8Array>,
  columns: readonly string[],
): AsyncGenerator<CopiedRow | null> {
  for await (const line of linesOf(chunks)) yield line === null ? null : rowOf(line.toString('utf8'), columns);
}

function rowOf(line: string, columns: readonly string[]): CopiedRow | null {
  const fields = line.split('\t');
  if (fields.length !== columns.length) return null;
  const row: Record<string, string | null> = {};
  for (const [at, column] of columns.entries()) {
    const value = valueOf(fields[at]!);
    if (value === undefined) return null;
    row[column] = value;
  }
  return row;
}

function valueOf(field: string): string | null | undefined {
  if (field === '\\N') return null;
  if (!field.includes('\\')) return field;
  let known = true;
  const value = field.replace(/\\(.?)/gs, (_, letter: string) => {
    known &&= letter in escapes;
    return escapes[letter] ?? '';
  });
  return known ? value : undefined;
}

/** The bytes of a bytea value, or undefined if it is none. */
export function byteaOf(text: string): Uint8Array | undefined {
  return /^\\x(?:[0-9a-f]{2})*$/.test(text) ? Buffer.from(text.slice(2), 'hex') : undefined;
}
