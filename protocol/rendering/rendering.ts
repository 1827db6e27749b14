import type { Language } from '../languages.ts';
import type { Order } from '../orders.ts';
import { pageOf } from './page.ts';
import { plainOf } from './plain.ts';
import { orderSheet, requestSheet, type RenderedInput, type Sheet } from './sheet.ts';

/**
 * The door: coded facts in the seven languages. Everything that was sent is said in each of them; what somebody wrote in
 * their own words stays as it was written, with the language that it is in.
 */
export { fieldsOf, type FieldLine } from './values.ts';
export { said } from './said.ts';
export type { CodeList } from './vocabulary.ts';
export { instantText } from './instants.ts';
export { moneyText } from './money.ts';
export { orderLines, type RenderedInput } from './sheet.ts';
export { holdNotice, type HoldNotice } from './notice.ts';
export { reasonLine } from './reasons.ts';

/** For I-24/7: lines of 69 characters at the most. In English it is ASCII, but for what somebody wrote themselves. */
export function plainText(request: RenderedInput, language: Language): string {
  return plainOf(requestSheet(request, language));
}

/** A whole page of HTML to print on A4, in one language or two side by side. It fetches and runs nothing. */
export function letterHtml(request: RenderedInput, languages: readonly [Language, Language?]): string {
  return pageOf(inLanguages(languages, (language) => requestSheet(request, language)));
}

/** The same of an order; instants as they are said in `timeZone` (IANA). */
export function orderLetterHtml(order: Order, languages: readonly [Language, Language?], timeZone = 'UTC'): string {
  return pageOf(inLanguages(languages, (language) => orderSheet(order, language, timeZone)));
}

function inLanguages(
  [first, second]: readonly [Language, Language?],
  sheet: (language: Language) => Sheet,
): readonly [Sheet, Sheet?] {
  return second === undefined || second === first ? [sheet(first)] : [sheet(first), sheet(second)];
}
