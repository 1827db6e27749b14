import { Buffer, isUtf8 } from 'node:buffer';
import { constants, gunzipSync } from 'node:zlib';

import { refusal } from '@bronze-drum/protocol/refusals';
import type { Refusal } from '@bronze-drum/protocol/refusals';

import { identifierNames } from './columns.ts';
import { likelyDelimiter } from './csv.ts';
import { isGzip } from './decompress.ts';
import type { FeedFormat } from './entry.ts';
import { parseRecord } from './ndjson.ts';

/** More of a beginning than this is not looked at. */
export const sniffBytesMax = 64 * 1024;

/** Gzip gives at most about a thousand bytes for one, so this much never yields more than a few megabytes. */
const zippedBytesMax = 4 * 1024;
const linesMax = 50;

/**
 * Tells a feed's format by its first bytes, packed or not, and for spreadsheets by the file's name; or refuses, when
 * they are no text or no format that is read here.
 */
export async function sniff(firstBytes: Uint8Array, fileName?: string): Promise<FeedFormat | Refusal> {
  return sniffHead(firstBytes, fileName);
}

export function sniffHead(firstBytes: Uint8Array, fileName?: string): FeedFormat | Refusal {
  const bytes = isGzip(firstBytes) ? unzipHead(firstBytes) : firstBytes;
  const encoding = encodingFault(bytes);
  if (encoding !== undefined) return encoding;
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, sniffBytesMax));
  if (looksBinary(head)) return refusal('feed.unknown-format');
  const text = head
    .toString('utf8')
    .replace(/^\uFEFF/, '')
    .trimStart();
  if (text === '') return refusal('feed.empty');
  if (/^(?:\{|\[\s*\{)/.test(text)) return jsonFormat(text);
  return textFormat(text, (fileName ?? '').toLowerCase().replace(/\.gz$/, ''));
}

/** UTF-16, which spreadsheets write as "Unicode text". */
export function encodingFault(head: Uint8Array): Refusal | undefined {
  const utf16 = (head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff);
  return utf16 ? refusal('feed.encoding') : undefined;
}

function unzipHead(bytes: Uint8Array): Uint8Array {
  try {
    return gunzipSync(bytes.subarray(0, zippedBytesMax), { finishFlush: constants.Z_SYNC_FLUSH });
  } catch {
    return Buffer.of(0);
  }
}

/** A stray broken or NUL byte is a line's own trouble; archives, pictures and documents begin with many of them. */
function looksBinary(head: Buffer): boolean {
  const start = head.subarray(0, 512);
  const controls = start.reduce((count, byte) => count + (byte < 9 || (byte > 13 && byte < 32) ? 1 : 0), 0);
  return (
    controls * 20 > start.length ||
    start.indexOf('%PDF-') === 0 ||
    (controls > 0 && !isUtf8(head) && start.indexOf('PK') === 0)
  );
}

function jsonFormat(text: string): FeedFormat | Refusal {
  const record = text.startsWith('{') ? parseRecord(text.slice(0, lineEnd(text))) : undefined;
  if (record !== undefined && !('Event' in record || 'response' in record || 'objects' in record)) {
    return record['type'] === 'bundle' ? 'stix' : 'ndjson';
  }
  if (/"(?:Event|response|Attribute)"\s*:/.test(text)) return 'misp';
  if (/"type"\s*:\s*"bundle"|"objects"\s*:/.test(text)) return 'stix';
  return refusal('feed.unknown-format');
}

function lineEnd(text: string): number {
  const end = text.indexOf('\n');
  return end < 0 ? text.length : end;
}

function textFormat(text: string, fileName: string): FeedFormat {
  const lines = text
    .split('\n', linesMax)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
  const blocked = lines.filter((line) => /^(?:0\.0\.0\.0|127\.0\.0\.1|::1?)\s+\S/.test(line)).length;
  if (blocked > 0 && blocked * 2 >= lines.length) return 'hosts';
  if (/\.(?:csv|tsv)$/.test(fileName)) return 'csv';
  const header = lines[0] ?? '';
  const names = header.split(likelyDelimiter(header)).map((name) => name.trim().replaceAll('"', '').toLowerCase());
  return names.some((name) => identifierNames.includes(name)) ? 'csv' : 'plain';
}
