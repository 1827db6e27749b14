import type { TraceReportBody } from '@bronze-drum/protocol/statements/trace-report';
import { instantText } from '../kernel/clock.ts';
import type { Place, Report, Trace } from './contract.ts';
import type { HoldView } from './holds.ts';
import { heldOf, holdByPlace, type Followed } from './picture.ts';
import type * as store from './trace-store.ts';
import { wholeSummary, type KeptSummary } from './kept-summary.ts';

/** A trace whole, as an officer sees it. */
export function presentTrace(
  row: store.TraceRow,
  summary: KeptSummary,
  result: Followed,
  own: readonly HoldView[],
  asked: readonly store.AskedRow[],
  told: Report[],
): Trace {
  const reached = new Set(result.places.map(({ place }) => place));
  return {
    ...wholeSummary(summary),
    // What comes from nowhere in the trace, or from a victim’s account.
    origins: result.edges
      .filter(({ from }) => from === null || !reached.has(from))
      .map(({ to, stolen, atMs, payment }) => ({
        place: to,
        from: payment?.from ?? null,
        amount: { value: stolen, currency: row.currency },
        at: instantText(atMs),
        reference: payment?.reference ?? null,
      })),
    places: [...placesOf(row, result, own), ...asked.flatMap(({ member: from, report }) => placesAbroad(from, report))],
    reports: told,
    requests: asked.map((one) => ({
      id: one.request,
      member: one.member,
      state: one.state as Trace['requests'][number]['state'],
      amount: { value: one.amount, currency: row.currency },
    })),
  };
}

function placesOf(row: store.TraceRow, result: Followed, own: readonly HoldView[]): Place[] {
  const byPlace = holdByPlace(own);
  const leaving = Map.groupBy(result.edges, ({ from }) => from);
  const money = (value: string) => ({ value, currency: row.currency });
  return result.places.map((place) => {
    const hold = byPlace.get(place.place);
    return {
      place: place.place,
      member: place.member,
      key: place.key,
      hop: place.hop,
      reached: money(place.reached),
      remains: money(place.remains),
      end: place.end,
      to: (leaving.get(place.place) ?? []).map(({ to, stolen, atMs }) => ({
        place: to,
        amount: money(stolen),
        at: instantText(atMs),
      })),
      ...(hold !== undefined && {
        hold: {
          id: hold.id,
          state: hold.state,
          amount: money(String(heldOf(hold))),
          ...(hold.untilMs !== null && { until: instantText(hold.untilMs) }),
          ...(hold.refusal !== null && { refusal: hold.refusal }),
          ...(hold.institution !== null && { institution: hold.institution }),
        },
      }),
    };
  });
}

/** Places that the member that was asked told us of. */
function placesAbroad(from: string, report: TraceReportBody | null): Place[] {
  return (report?.places ?? []).map(({ member, key, ...place }) => ({
    ...place,
    member: member ?? from,
    key: key ?? null,
  }));
}
