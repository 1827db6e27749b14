import type { LoadedList } from './lists.ts';

interface Asked {
  readonly error: unknown;
  readonly data: unknown;
  readonly isPending: boolean;
  readonly isError: boolean;
  readonly dataUpdatedAt: number;
  refetch(): unknown;
}

/** What the server gives whole, shown as lists are: `items` are those of the query's data. */
export function wholeList<Item>(query: Asked, items: readonly Item[]): LoadedList<Item> {
  return {
    items,
    isLoading: query.isPending,
    error: query.data === undefined ? query.error : null,
    isStale: query.data !== undefined && query.isError,
    readAtMs: query.dataUpdatedAt,
    hasMore: false,
    isLoadingMore: false,
    more: () => undefined,
    again: () => void query.refetch(),
  };
}
