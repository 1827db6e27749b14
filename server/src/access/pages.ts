import { readPageToken } from '../kernel/pages.ts';
import { refuse } from '../kernel/refusals.ts';

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
