import type { Batches } from './batches.ts';
import { itemOfRow } from './columns.ts';
import type { Column, ColumnNames } from './columns.ts';
import type { FeedReader } from './entry.ts';
import { openLines } from './lines.ts';

const recordBytesMax = 64 * 1024;

/** One JSON object a line. Only own properties are read, so `__proto__` and its kin are names like any other. */
export function openNdjson(out: Batches, names: ColumnNames): FeedReader {
  const columns = Array.from(names, ([role, wanted]): Column<Record<string, unknown>> => ({
    role,
    read(record) {
      const name = wanted.find((one) => Object.hasOwn(record, one));
      return name === undefined ? undefined : record[name];
    },
  }));
  return openLines({
    bytesMax: recordBytesMax,
    onRefusal: out.add,
    onLine(raw, line) {
      if (raw.trim() === '') return;
      const record = parseRecord(raw);
      if (record === undefined) {
        out.add({ line, refused: 'feed.json' });
        return;
      }
      out.add(itemOfRow(line, record, columns));
    },
  });
}

/** A line's JSON object, or undefined when it is no JSON or no object. */
export function parseRecord(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
