import { refusal, type Refusal } from '@bronze-drum/protocol/refusals';
import { Refused } from './call.ts';

/** Files that the desk reads by itself; what else there is (MISP, STIX, hosts files) the command line takes. */
export const fileFormats = ['csv', 'lines', 'ndjson'] as const;
export type FileFormat = (typeof fileFormats)[number];

export interface Layout {
  readonly format: FileFormat;
  /** CSV only. */
  readonly delimiter: string;
  /** CSV only: the first row names the columns. */
  readonly hasHeader: boolean;
  /** NDJSON: the properties that are read, in this order. */
  readonly names: readonly string[];
}

/** A row's cells by column, or why it cannot be read. */
export type Row =
  | { readonly line: number; readonly cells: readonly string[] }
  | { readonly line: number; readonly refused: string };

export const delimiters = [',', ';', '\t', '|'] as const;
const recordCharsMax = 64 * 1024;
const previewCharsMax = 128 * 1024;
const previewRowsMax = 50;
const namesMax = 40;
const workMs = 24;

/** What a file looks like, by its beginning. Throws `Refused` if it is none that can be read. */
export async function peek(file: File): Promise<{ layout: Layout; lines: readonly string[] }> {
  let text = '';
  for await (const part of textOf(file)) {
    text += part;
    if (text.length > previewCharsMax) break;
  }
  const isWhole = text.length <= previewCharsMax;
  const lines = text.split(/\r?\n/).slice(0, isWhole ? undefined : -1);
  const first = lines.find((line) => isContent(line));
  if (first === undefined) throw refusedBy('feed.empty');
  return { layout: layoutOf(file.name.toLowerCase().replace(/\.gz$/, ''), first, lines), lines };
}

/** The first rows of a file's beginning; anew, if the officer says that it is laid out otherwise. */
export async function firstRows(lines: readonly string[], layout: Layout): Promise<Row[]> {
  const reader = await openRows(layout);
  const rows: Row[] = [];
  for (const [at, line] of lines.entries()) {
    rows.push(...reader.line(line, at + 1));
    if (rows.length >= previewRowsMax) return rows.slice(0, previewRowsMax);
  }
  return [...rows, ...reader.end()];
}

/** Every row, in parts; `onBytes` hears how far the file was read. The page stays alive: after each bit of work it has its turn. */
export async function* rowsOf(
  file: Blob,
  layout: Layout,
  onBytes: (bytes: number) => void = () => undefined,
): AsyncGenerator<readonly Row[], void, undefined> {
  const reader = await openRows(layout);
  let rest = '';
  let at = 0;
  let busySince = performance.now();
  for await (const text of textOf(file, onBytes)) {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    let rows: Row[] = [];
    for (const raw of lines) {
      at += 1;
      rows.push(...reader.line(raw.endsWith('\r') ? raw.slice(0, -1) : raw, at));
      if (performance.now() - busySince < workMs) continue;
      yield rows;
      rows = [];
      await turn();
      busySince = performance.now();
    }
    if (rows.length > 0) yield rows;
    if (rest.length > recordCharsMax * 4) throw refusedBy('feed.line-too-long');
  }
  yield [...(rest === '' ? [] : reader.line(rest.replace(/\r$/, ''), at + 1)), ...reader.end()];
}

const turn = (): Promise<void> => new Promise((resolve) => void setTimeout(resolve));

/** A file's text, gzipped or not. What is no UTF-8 comes as replacement characters, which a row is refused for. */
async function* textOf(
  file: Blob,
  onBytes: (bytes: number) => void = () => undefined,
): AsyncGenerator<string, void, undefined> {
  const head = new Uint8Array(await file.slice(0, 4).arrayBuffer());
  if ((head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff))
    throw refusedBy('feed.encoding');
  if (head[0] === 0x50 && head[1] === 0x4b) throw refusedBy('feed.spreadsheet');
  const isZipped = head[0] === 0x1f && head[1] === 0x8b;
  let bytes = 0;
  const counted = file.stream().pipeThrough(
    new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
      transform(chunk, control) {
        bytes += chunk.length;
        onBytes(bytes);
        control.enqueue(chunk);
      },
    }),
  );
  const plain = isZipped ? counted.pipeThrough(new DecompressionStream('gzip')) : counted;
  const reader = plain.getReader();
  const decoder = new TextDecoder();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      yield decoder.decode(value, { stream: true });
    }
    yield decoder.decode();
  } catch (error) {
    if (error instanceof TypeError && isZipped) throw refusedBy('feed.gzip');
    throw error;
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

const refusedBy = (code: string): Refused => new Refused({ code, status: 400 });
const isContent = (line: string): boolean => line.trim() !== '' && !line.startsWith('#');

function layoutOf(name: string, first: string, lines: readonly string[]): Layout {
  const record = parseRecord(first.trim());
  if (record !== undefined) {
    const records = lines.slice(0, previewRowsMax).map((line) => parseRecord(line) ?? {});
    const names = [...new Set(records.flatMap((one) => Object.keys(one)))].slice(0, namesMax);
    return { format: 'ndjson', delimiter: ',', hasHeader: false, names };
  }
  const delimiter = likelyDelimiter(first);
  const count = (line: string): number => bare(line).split(delimiter).length;
  const second = lines.slice(lines.indexOf(first) + 1).find((line) => isContent(line));
  const isTable =
    /\.(?:csv|tsv)$/.test(name) || (count(first) > 1 && second !== undefined && count(second) === count(first));
  return isTable
    ? { format: 'csv', delimiter, hasHeader: looksLikeHeader(first, delimiter), names: [] }
    : { format: 'lines', delimiter, hasHeader: false, names: [] };
}

const bare = (line: string): string => line.replaceAll(/"[^"]*"/g, '');

function likelyDelimiter(line: string): string {
  const counts = delimiters.map((one) => bare(line).split(one).length);
  return delimiters[counts.indexOf(Math.max(...counts))] ?? ',';
}

function looksLikeHeader(first: string, delimiter: string): boolean {
  const cells = first.split(delimiter).map((cell) => cell.replaceAll('"', '').trim());
  return cells.every((cell) => cell !== '' && /^[^\d+@/.]*$/.test(cell));
}

interface RowReader {
  line(text: string, line: number): Row[];
  end(): Row[];
}

async function openRows(layout: Layout): Promise<RowReader> {
  if (layout.format === 'lines') return { line: plainLine, end: () => [] };
  if (layout.format === 'ndjson') return { line: (text, line) => recordLine(text, line, layout.names), end: () => [] };
  const { parse } = await import('csv-parse/browser/esm/sync');
  return openCsv(layout.delimiter, (text) => {
    const options = { delimiter: layout.delimiter, relax_column_count: true, relax_quotes: true };
    return parse(text, options)[0] ?? [];
  });
}

function plainLine(text: string, line: number): Row[] {
  const comment = text.search(/(?:^|\s)(?:#|\/\/\s|;)/);
  const cell = (comment < 0 ? text : text.slice(0, comment)).split('\t', 1)[0]!.trim();
  return cell === '' ? [] : [checked(line, [cell])];
}

function recordLine(text: string, line: number, names: readonly string[]): Row[] {
  if (text.trim() === '') return [];
  const record = parseRecord(text);
  if (record === undefined) return [{ line, refused: 'feed.json' }];
  const cells = names.map((name) => (Object.hasOwn(record, name) ? record[name] : undefined));
  // JSON has already dropped a number's leading zeros or its nineteenth digit: only texts are taken.
  if (cells.some((cell) => typeof cell === 'number')) return [{ line, refused: 'feed.number' }];
  const texts = cells.map((cell) =>
    typeof cell === 'string'
      ? cell
      : Array.isArray(cell)
        ? cell.filter((one) => typeof one === 'string').join(';')
        : '',
  );
  return [checked(line, texts)];
}

function parseRecord(text: string): Record<string, unknown> | undefined {
  if (!text.trimStart().startsWith('{')) return undefined;
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

/** A row of one line is split at once; from a line with a quote on, lines are gathered until their quotes are even. */
function openCsv(delimiter: string, parseQuoted: (text: string) => readonly string[]): RowReader {
  let gathered = '';
  let from = 0;
  let width: number | undefined;
  const finish = (): Row[] => {
    const text = gathered;
    gathered = '';
    if (text === '') return [];
    try {
      return row(parseQuoted(text), from);
    } catch {
      return [{ line: from, refused: 'feed.csv.quote' }];
    }
  };
  const row = (cells: readonly string[], line: number): Row[] => {
    width ??= cells.length;
    return [cells.length === width ? checked(line, cells) : { line, refused: 'feed.csv.ragged' }];
  };
  return {
    line(text, line) {
      if (gathered === '') {
        if (!isContent(text)) return [];
        if (!text.includes('"')) return row(text.split(delimiter), line);
        from = line;
      }
      gathered += `${text}\n`;
      const isOpen = (gathered.split('"').length - 1) % 2 === 1;
      if (isOpen && gathered.length <= recordCharsMax) return [];
      if (!isOpen) return finish();
      gathered = '';
      return [{ line: from, refused: 'feed.csv.quote' }];
    },
    end: finish,
  };
}

function checked(line: number, cells: readonly string[]): Row {
  const texts = cells.map((cell) => cell.trim());
  const refused = texts.map((text) => faultOf(text)?.refused).find((one) => one !== undefined);
  return refused === undefined ? { line, cells: texts } : { line, refused };
}

const suspect = /[\0\uFFFD\uD800-\uDFFF]/;

function faultOf(text: string): Refusal | undefined {
  if (text.length > 8192) return refusal('feed.line-too-long');
  if (!suspect.test(text)) return undefined;
  if (text.includes('\0')) return refusal('feed.nul');
  return text.includes('\uFFFD') || !text.isWellFormed() ? refusal('feed.bad-utf8') : undefined;
}
