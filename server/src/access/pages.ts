import { pageToken, readPageToken } from '../kernel/pages.ts';
import { refuse } from '../kernel/refusals.ts';

/** The page that was asked for, of rows of which one more was read, and where the next one begins if there is one. */
export function cutPage<Row>(
  rows: readonly Row[],
  limit: number,
  placeOf: (last: Row) => string | number,
): { page: readonly Row[]; next: { next: string } | undefined } {
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  const isMore = rows.length > limit && last !== undefined;
  return { page, next: isMore ? { next: pageToken(String(placeOf(last))) } : undefined };
}

/** Of lists by id: the id after which the page begins. */
export function placeById(after: string | undefined): string {
  return after === undefined ? '' : readPageToken(after, 1)[0]!;
}

/** Of lists by number: the number after which the page begins, or null for the first page. */
export function placeByNumber(after: string | undefined): number | null {
  if (after === undefined) return null;
  const number = Number(readPageToken(after, 1)[0]);
  return Number.isSafeInteger(number) && number >= 0 ? number : refuse('malformed.page');
}
