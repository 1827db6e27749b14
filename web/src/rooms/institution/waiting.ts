import { queryOptions } from '@tanstack/react-query';
import type { NoticeList } from '../../../../server/src/funds/hold-contract.ts';
import { get } from '../../link/call.ts';

/** Notices to deliver; the stream does not tell institutions of them. */
export const noticesQuery = queryOptions({
  queryKey: ['/v1/holds/notices'] as const,
  queryFn: ({ signal }) => get<NoticeList>('/v1/holds/notices', { signal }),
  refetchInterval: 60_000,
});
