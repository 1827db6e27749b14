import { QueryClient, useInfiniteQuery, type InfiniteData, type UseInfiniteQueryResult } from '@tanstack/react-query';
import { get, Refused, type CallOptions } from './call.ts';

/** Outages are tried again by themselves; a refusal is an answer. */
export function openQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 10_000,
        gcTime: 5 * 60_000,
        networkMode: 'always',
        retry: (failures, error) => error instanceof Refused && error.isOutage && failures < 3,
        retryDelay: (attempt) => Math.min(500 * 2 ** attempt, 8000),
      },
      mutations: { networkMode: 'always' },
    },
  });
}

interface Paged {
  readonly next?: string | undefined;
}

/** What a list on screen is made of; `useList` makes it. */
export interface LoadedList<Item> {
  readonly items: readonly Item[];
  /** Nothing is known yet. */
  readonly isLoading: boolean;
  /** The first page could not be read. */
  readonly error: unknown;
  /** What is shown is older than the last attempt to read it anew, which failed. */
  readonly isStale: boolean;
  /** When what is shown was read, in ms. */
  readonly readAtMs: number;
  readonly hasMore: boolean;
  readonly isLoadingMore: boolean;
  more(): void;
  again(): void;
}

/** A list that the server pages by key: `next` of one page is `after` of the following. */
export function useList<Page extends Paged, Item>(
  path: string,
  pick: (page: Page) => readonly Item[],
  options: Pick<CallOptions, 'query' | 'purpose'> & { readonly enabled?: boolean; readonly refetchMs?: number } = {},
): LoadedList<Item> {
  const { query, purpose, enabled = true, refetchMs } = options;
  const result: UseInfiniteQueryResult<InfiniteData<Page>> = useInfiniteQuery({
    queryKey: [path, query ?? {}],
    enabled,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) => get<Page>(path, { query: { ...query, after: pageParam }, purpose, signal }),
    getNextPageParam: (page: Page) => page.next,
    ...(refetchMs !== undefined && { refetchInterval: refetchMs }),
  });
  const items = result.data?.pages.flatMap((page) => pick(page)) ?? [];
  return {
    items,
    isLoading: result.isPending && enabled,
    error: result.data === undefined ? result.error : null,
    isStale: result.data !== undefined && result.isError,
    readAtMs: result.dataUpdatedAt,
    hasMore: result.hasNextPage,
    isLoadingMore: result.isFetchingNextPage,
    more: () => void result.fetchNextPage(),
    again: () => void result.refetch(),
  };
}
