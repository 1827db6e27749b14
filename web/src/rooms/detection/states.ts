import { useQuery } from '@tanstack/react-query';
import type { DetectorStates } from '../../../../server/src/detection/contract.ts';
import { get } from '../../link/call.ts';

const path = '/v1/detection/detectors';
const refetchMs = 30_000;

/** Every detector as it is set and as it does, read again twice a minute. */
export function useDetectors() {
  return useQuery({
    queryKey: [path],
    queryFn: ({ signal }) => get<DetectorStates>(path, { signal }),
    refetchInterval: refetchMs,
  });
}
