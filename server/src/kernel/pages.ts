import { refuse } from './refusals.ts';

/** A keyset's place as one opaque string that fits into a URL. */
function pageToken(...parts: readonly string[]): string {
  return Buffer.from(JSON.stringify(parts)).toString('base64url');
}

/** The parts of a place; refuses anything that `pageToken` did not make with as many. */
export function readPageToken(token: string, count: number): string[] {
  try {
    const parts: unknown = JSON.parse(Buffer.from(token, 'base64url').toString('utf8'));
    if (Array.isArray(parts) && parts.length === count && parts.every((part) => typeof part === 'string')) return parts;
  } catch {
    // Refused below, like every other text that is not a place.
  }
  return refuse('malformed.page');
}

/** The page that was asked for, of rows of which one more was read, and where the next one begins if there is one. */
export function cutPage<Row>(
  rows: readonly Row[],
  limit: number,
  placeOf: (last: Row) => readonly string[],
): { page: readonly Row[]; next: { next: string } | undefined } {
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  const isMore = rows.length > limit && last !== undefined;
  return { page, next: isMore ? { next: pageToken(...placeOf(last)) } : undefined };
}
