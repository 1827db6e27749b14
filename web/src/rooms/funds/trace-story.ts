import type { Hold, Trace } from '../../../../server/src/funds/contract.ts';
import type { Tone } from '../../ui/mark.tsx';

export const moments = ['stolen', 'abroad', 'reported', 'opened', 'ordered', 'held'] as const;
export type Moment = (typeof moments)[number];

export interface Happened {
  readonly moment: Moment;
  readonly at: string;
  readonly tone: Tone;
  /** Since what happened before; 0 for the first. */
  readonly afterMs: number;
}

const toneOf: Readonly<Record<Moment, Tone>> = {
  stolen: 'cinnabar',
  abroad: 'indigo',
  reported: 'bronze',
  opened: 'bronze',
  ordered: 'ochre',
  held: 'patina',
};

const earliest = (times: readonly (string | undefined)[]): string | undefined =>
  times.flatMap((at) => (at === undefined ? [] : [at])).toSorted()[0];

/** From the theft to the first hold, as it happened. What has not happened is left out. */
export function storyOf(
  trace: Pick<Trace, 'origins' | 'crossings' | 'reportedAt' | 'openedAt' | 'firstHoldAt' | 'reports'>,
  holds: readonly Pick<Hold, 'orderedAt'>[],
): readonly Happened[] {
  const { origins, crossings, reports, reportedAt, openedAt, firstHoldAt } = trace;
  const times: Readonly<Record<Moment, string | undefined>> = {
    stolen: earliest(origins.map(({ at }) => at)),
    abroad: earliest(crossings.map(({ firstAt, at }) => firstAt ?? at)),
    reported: earliest([...reports.map(({ at }) => at), reportedAt]),
    opened: openedAt,
    ordered: earliest(holds.map(({ orderedAt }) => orderedAt)),
    held: firstHoldAt ?? undefined,
  };
  const known = moments
    .flatMap((moment) => {
      const at = times[moment];
      return at === undefined ? [] : [{ moment, at, tone: toneOf[moment] }];
    })
    .toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at));
  return known.map((one, place) => ({
    ...one,
    afterMs: place === 0 ? 0 : Date.parse(one.at) - Date.parse(known[place - 1]!.at),
  }));
}

/** From the victim’s report to the first hold: what policy and the minister look at. Undefined while nothing is held. */
export function reportToHoldMs(trace: Pick<Trace, 'reportedAt' | 'firstHoldAt'>): number | undefined {
  return trace.firstHoldAt === null
    ? undefined
    : Math.max(0, Date.parse(trace.firstHoldAt) - Date.parse(trace.reportedAt));
}
