import { keepPreviousData, useQuery, type UseQueryResult } from '@tanstack/react-query';
import type { AlertPage } from '../../../../server/src/alerts/contract.ts';
import type { Links } from '../../../../server/src/federation/contract.ts';
import type { Counters, HoldPage, TracePage } from '../../../../server/src/funds/contract.ts';
import type { RequestPage } from '../../../../server/src/liaison/contract.ts';
import type { Appeal } from '../../../../server/src/redress/contract.ts';
import { get, type CallOptions } from '../../link/call.ts';
import { waitingMax } from '../../link/counts.ts';
import { useFreshness } from '../../link/freshness.ts';
import { useMay } from '../../link/session.ts';

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
/** How far ahead a hold's end is a clock that runs. */
const aheadMinutes = 7 * 24 * 60;

/** Read once, again when the stream says so (`useSituationFreshness`), and each minute whatever it says. */
function useReading<Answer>(
  path: string,
  options: () => Pick<CallOptions, 'query' | 'purpose'>,
  { mayRead, everyMs = minuteMs, name = 'all' }: { mayRead: boolean; everyMs?: number; name?: string },
): UseQueryResult<Answer> {
  return useQuery({
    // Lists of other screens are kept in pages, under the same path: a name of our own keeps them apart.
    queryKey: [path, 'situation', name],
    queryFn: ({ signal }) => get<Answer>(path, { ...options(), signal }),
    enabled: mayRead,
    refetchInterval: everyMs,
    placeholderData: keepPreviousData,
  });
}

export const newestAlertsMax = 100;
export const useNewestAlerts = (): UseQueryResult<AlertPage> =>
  useReading('/v1/alerts', () => ({ query: { sort: 'newest', limit: newestAlertsMax }, purpose: 'alert' }), {
    mayRead: useMay()('alerts.read'),
    // The stream tells every change: reading is for what it skipped.
    everyMs: 10 * minuteMs,
  });

export const useMyAlerts = (): UseQueryResult<AlertPage> =>
  useReading('/v1/alerts', () => ({ query: { mine: true, limit: waitingMax }, purpose: 'alert' }), {
    mayRead: useMay()('alerts.handle'),
    name: 'mine',
  });

/** Thefts of the last day. */
export const useThefts = (): UseQueryResult<TracePage> =>
  useReading(
    '/v1/traces',
    () => ({
      query: { since: new Date(Date.now() - dayMs).toISOString(), limit: 200 },
      purpose: 'investigation',
    }),
    { mayRead: useMay()('funds.read') },
  );

/** Holds that end by themselves, the soonest first. */
export const useEndingHolds = (): UseQueryResult<HoldPage> =>
  useReading('/v1/holds', () => ({ query: { endingWithin: aheadMinutes, limit: 200 }, purpose: 'investigation' }), {
    mayRead: useMay()('funds.read'),
  });

export const useCounters = (): UseQueryResult<Counters> =>
  useReading('/v1/funds/counters', () => ({}), { mayRead: useMay()('funds.read') });

export const useRequests = (): UseQueryResult<RequestPage> =>
  useReading('/v1/requests', () => ({ query: { limit: 200 }, purpose: 'request' }), {
    mayRead: useMay()('liaison.read'),
  });

export const useMyRequests = (): UseQueryResult<RequestPage> =>
  useReading('/v1/requests', () => ({ query: { mine: true, limit: waitingMax }, purpose: 'request' }), {
    mayRead: useMay()('liaison.answer'),
    name: 'mine',
  });

export const useLateRequests = (): UseQueryResult<RequestPage> =>
  useReading('/v1/requests', () => ({ query: { overdue: true, limit: waitingMax }, purpose: 'request' }), {
    mayRead: useMay()('liaison.read'),
    name: 'overdue',
  });

export const useAppeals = (): UseQueryResult<{ readonly appeals: readonly Appeal[]; readonly next?: string }> =>
  useReading('/v1/appeals', () => ({ query: { limit: waitingMax }, purpose: 'appeal' }), {
    mayRead: useMay()('redress.decide'),
  });

export const useLinks = (): UseQueryResult<Links> =>
  useReading('/v1/federation/links', () => ({}), { mayRead: useMay()('federation.read'), everyMs: 15_000 });

/** Reads again what the stream says has changed, each at its own steady pace. */
export function useSituationFreshness(): void {
  useFreshness(['hold'], ['/v1/funds/counters', '/v1/holds'], 15_000);
  useFreshness(['trace'], ['/v1/traces'], 15_000);
  useFreshness(['request'], ['/v1/requests'], 10_000);
}
