import type { CaseSummary } from '../world/happening.ts';
import { openBook, type CaseParts } from './case-book.ts';
import { contactingOf } from './contacting.ts';
import type { Laundry } from './laundering.ts';
import { payingOf } from './paying.ts';
import type { Plot } from './plot.ts';

/** Puts a whole fraud on the agenda; answers how far it has come, whenever asked. */
export function openCase(parts: CaseParts, laundry: Laundry): () => CaseSummary {
  const book = openBook(parts);
  const paying = payingOf(parts, laundry, book);
  let lastPayMs = parts.payAtMs;
  const plot: Plot = {
    chance: parts.chance,
    ring: parts.ring,
    nation: parts.people.nation,
    payAtMs: parts.payAtMs,
    beginsMs: parts.beginsMs,
    loss: parts.loss,
    isLarge: parts.isLarge,
    caution: parts.caution,
    ...contactingOf(parts, book),
    ...paying,
    pay(atMs, minor, way, by) {
      lastPayMs = Math.max(lastPayMs, atMs);
      paying.pay(atMs, minor, way, by);
    },
  };
  parts.fraud.tell(plot);
  if (parts.reportDelayMs !== undefined) book.tell(lastPayMs + Math.round(parts.reportDelayMs));
  return book.summary;
}
