import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import type { ApprovalPage } from '../../../server/src/access/contract.ts';
import type { AlertCounts } from '../../../server/src/alerts/contract.ts';
import { get } from './call.ts';
import { useFreshness } from './freshness.ts';
import { useSession } from './session.ts';

const minuteMs = 60_000;
/** So many of what waits for somebody are counted. */
export const waitingMax = 50;

/** Open alerts by state and priority. */
export function useAlertCounts(): UseQueryResult<AlertCounts> {
  const { kind, permissions } = useSession();
  return useQuery({
    queryKey: ['/v1/alerts/counts'],
    queryFn: ({ signal }) => get<AlertCounts>('/v1/alerts/counts', { purpose: 'alert', signal }),
    enabled: kind === 'officer' && permissions.includes('alerts.read'),
    refetchInterval: minuteMs,
  });
}

/** What waits for this officer as the second person, the oldest first. */
export function useToDecide(): UseQueryResult<ApprovalPage> {
  useFreshness(['approval'], ['/v1/approvals']);
  return useQuery({
    queryKey: ['/v1/approvals', 'counted'],
    queryFn: ({ signal }) =>
      get<ApprovalPage>('/v1/approvals', {
        query: { which: 'to-decide', limit: waitingMax },
        purpose: 'investigation',
        signal,
      }),
    enabled: useSession().kind === 'officer',
  });
}
