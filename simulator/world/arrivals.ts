import { openHeap } from './agenda.ts';
import type { Happening, Sent } from './happening.ts';

interface Arriving {
  readonly sent: Sent;
  readonly order: number;
}

/** What comes in at one instant: a record that is reported, or everything else of a happening. */
export type Arrival = { readonly sent: Sent } | { readonly happening: Happening };

/**
 * The same in the order in which servers hear of it, which is not the one in which it happens: most records come after
 * seconds, a few after hours. Happenings from `untilMs` on are left out; what they reported before comes whenever it comes.
 */
export function* arrivalsOf(happenings: Iterable<Happening>, untilMs: number): Generator<Arrival, void, void> {
  const waiting = openHeap<Arriving>(
    (a, b) =>
      a.sent.reportedAtMs < b.sent.reportedAtMs || (a.sent.reportedAtMs === b.sent.reportedAtMs && a.order < b.order),
  );
  let order = 0;
  for (const happening of happenings) {
    if (happening.atMs >= untilMs) break;
    for (
      let first = waiting.first();
      first !== undefined && first.sent.reportedAtMs < happening.atMs;
      first = waiting.first()
    )
      yield { sent: waiting.pop()!.sent };
    for (const sent of happening.sent) waiting.push({ sent, order: order++ });
    if (happening.marks !== undefined || happening.report !== undefined || happening.ended !== undefined)
      yield { happening };
  }
  for (let last = waiting.pop(); last !== undefined; last = waiting.pop()) yield { sent: last.sent };
}
