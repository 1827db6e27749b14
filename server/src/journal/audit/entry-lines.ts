import { hashBytes } from '@bronze-drum/protocol/proofs';
import { saltBytes } from '@bronze-drum/protocol/commitments';

/** An entry as a reader of a book gets it. Salt and bytes are null together: once the body has been erased. */
export interface ReadEntry {
  readonly number: number;
  readonly commitment: Uint8Array;
  readonly salt: Uint8Array | null;
  /** The exact bytes that were committed to. */
  readonly bytes: Uint8Array | null;
}

const base64 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');

/** One line of NDJSON, with its end: `{number, commitment, salt, bytes}`, bytes as base64. */
export function writeEntryLine(
  entry: Omit<ReadEntry, 'bytes'> & { readonly bytes: Uint8Array | string | null },
): string {
  const { number, commitment, salt, bytes } = entry;
  const text = typeof bytes === 'string' ? Buffer.from(bytes) : bytes;
  return `${JSON.stringify({
    number,
    commitment: base64(commitment),
    salt: salt === null ? null : base64(salt),
    bytes: text === null ? null : base64(text),
  })}\n`;
}

/**
 * Reads a line without its end; null if it is no entry. Base64 has one spelling only, lengths are exact, and fields that
 * a newer release added are passed over.
 */
export function readEntryLine(line: Uint8Array): ReadEntry | null {
  const value = parse(line);
  if (typeof value !== 'object' || value === null) return null;
  const { number, commitment, salt, bytes } = value as Record<string, unknown>;
  return entryOf(number, decode(commitment), decode(salt), decode(bytes));
}

/** An entry of parts that were read, if they can be one: undefined stands for what could not be read. */
export function entryOf(
  number: unknown,
  commitment: Uint8Array | null | undefined,
  salt: Uint8Array | null | undefined,
  bytes: Uint8Array | null | undefined,
): ReadEntry | null {
  if (typeof number !== 'number' || !Number.isSafeInteger(number) || number < 0) return null;
  if (commitment?.length !== hashBytes || salt === undefined || bytes === undefined) return null;
  if ((salt === null) !== (bytes === null)) return null;
  // A salt of another length would let bytes move between it and the text without changing the commitment.
  if (salt !== null && salt.length !== saltBytes) return null;
  return { number, commitment, salt, bytes };
}

function parse(line: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(line.buffer, line.byteOffset, line.byteLength).toString('utf8'));
  } catch {
    return undefined;
  }
}

function decode(value: unknown): Uint8Array | null | undefined {
  if (value === null) return null;
  if (typeof value !== 'string') return undefined;
  const bytes = Buffer.from(value, 'base64');
  return bytes.toString('base64') === value ? bytes : undefined;
}
