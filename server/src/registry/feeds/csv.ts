import { parse } from 'csv-parse/sync';
import type { Info } from 'csv-parse/sync';

import type { Batches } from './batches.ts';
import { itemOfRow } from './columns.ts';
import type { Column, ColumnNames } from './columns.ts';
import type { FeedReader } from './entry.ts';
import { openLines } from './lines.ts';

const recordMax = 64 * 1024;
const delimiters = [',', ';', '\t', '|'];

/**
 * RFC 4180 with a header line; lines that begin with `#` are comments, blank lines are skipped. Without a `delimiter`
 * the header line decides among comma, semicolon, TAB and bar.
 *
 * A row that is one line with its quotes in order is split here, several times as fast as csv-parse does it. From any
 * other line on, lines are gathered until their quotes are even, and csv-parse says what rows they are. A quote that
 * never closes thus costs the lines up to the next quote, or 64 KiB of them, and not the rest of the feed.
 */
export function openCsv(out: Batches, names: ColumnNames, delimiter?: string): FeedReader {
  const rows = openRows(out, names);
  let separator = delimiter;
  let gathered = '';
  let gatheredFrom = 0;
  /** Whether the quotes gathered so far are odd. */
  let open = false;

  function finish(): void {
    if (gathered === '') return;
    const text = gathered;
    gathered = '';
    open = false;
    parseQuoted(text, separator ?? ',', gatheredFrom, rows);
  }

  const lines = openLines({
    bytesMax: recordMax,
    onRefusal(refusal) {
      finish();
      out.add(refusal);
    },
    onLine(text, line) {
      if (rows.stopped) return;
      const quoted = text.includes('"');
      if (gathered === '') {
        if (text.startsWith('#') || text.trim() === '') return;
        separator ??= likelyDelimiter(text);
        const fields = quoted ? splitStrictly(text, separator) : text.split(separator);
        if (fields !== undefined) {
          rows.row(fields, line);
          return;
        }
        gatheredFrom = line;
      }
      gathered += `${text}\n`;
      if (quoted && !quotesAreEven(text)) open = !open;
      if (!open || gathered.length > recordMax) finish();
    },
  });
  return {
    push: lines.push,
    end() {
      lines.end();
      finish();
      rows.end();
    },
    get line() {
      return lines.line;
    },
  };
}

interface Rows {
  readonly stopped: boolean;
  readonly row: (fields: readonly string[], line: number) => void;
  readonly unclosed: (line: number) => void;
  readonly end: () => void;
}

function openRows(out: Batches, names: ColumnNames): Rows {
  let columns: readonly Column<readonly string[]>[] | undefined;
  let width = 0;
  let stopped = false;

  function refuseHeader(line: number): void {
    stopped = true;
    out.add({ line, refused: 'feed.csv.columns', params: { column: names.get('identifier')?.[0] ?? 'identifier' } });
  }

  return {
    get stopped() {
      return stopped;
    },
    row(fields, line) {
      if (stopped) return;
      if (columns === undefined) {
        columns = columnsOf(fields, names);
        width = fields.length;
        if (!columns.some(({ role }) => role === 'identifier')) refuseHeader(line);
      } else if (fields.length === width) {
        out.add(itemOfRow(line, fields, columns));
      } else {
        out.add({ line, refused: 'feed.csv.ragged', params: { expected: width, got: fields.length } });
      }
    },
    unclosed(line) {
      if (!stopped) out.add({ line, refused: 'feed.csv.quote' });
    },
    end() {
      if (columns === undefined && !stopped) refuseHeader(1);
    },
  };
}

function columnsOf(header: readonly string[], names: ColumnNames): readonly Column<readonly string[]>[] {
  const known = header.map((name) => name.trim().toLowerCase());
  return [...names].flatMap(([role, wanted]) => {
    const at = wanted.map((name) => known.indexOf(name.trim().toLowerCase())).find((index) => index >= 0);
    return at === undefined ? [] : [{ role, read: (fields: readonly string[]) => fields[at] }];
  });
}

function parseQuoted(text: string, delimiter: string, from: number, rows: Rows): void {
  let last = from - 1;
  parse(text, {
    delimiter,
    record_delimiter: '\n',
    comment: '#',
    comment_no_infix: true,
    skip_empty_lines: true,
    relax_column_count: true,
    // A stray quote stays in its field, instead of making one field of all that follows.
    relax_quotes: true,
    max_record_size: 0,
    skip_records_with_error: true,
    on_skip() {
      rows.unclosed(last + 1);
      return undefined;
    },
    on_record(fields: string[], info: Info) {
      last = from + info.lines - 1;
      rows.row(fields, last - fields.join('').split('\n').length + 1);
      return null;
    },
  });
}

/** The fields of a line by RFC 4180 to the letter, or undefined when a quote is out of order or still open. */
export function splitStrictly(line: string, delimiter: string): readonly string[] | undefined {
  const fields: string[] = [];
  let at = 0;
  for (;;) {
    if (line.startsWith('"', at)) {
      let end = line.indexOf('"', at + 1);
      while (end >= 0 && line.startsWith('"', end + 1)) end = line.indexOf('"', end + 2);
      if (end < 0) return undefined;
      fields.push(line.slice(at + 1, end).replaceAll('""', '"'));
      at = end + 1;
    } else {
      const next = line.indexOf(delimiter, at);
      const end = next < 0 ? line.length : next;
      const field = line.slice(at, end);
      if (field.includes('"')) return undefined;
      fields.push(field);
      at = end;
    }
    if (at === line.length) return fields;
    if (!line.startsWith(delimiter, at)) return undefined;
    at += delimiter.length;
  }
}

function quotesAreEven(text: string): boolean {
  let even = true;
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at + 1)) even = !even;
  return even;
}

/** The delimiter that a CSV header line holds most often outside quotes, a comma when it holds none. */
export function likelyDelimiter(header: string): string {
  const bare = header.replaceAll(/"[^"]*"/g, '');
  const counts = delimiters.map((one) => bare.split(one).length);
  return delimiters[counts.indexOf(Math.max(...counts))] ?? ',';
}
