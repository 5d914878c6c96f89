interface PagedQuery {
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  fetchNextPage: () => unknown;
}

/** Options of `$api.useInfiniteQuery` for a list that goes on by its `next_cursor`. */
export const cursorPages = {
  initialPageParam: null, // undefined would be sent as a cursor
  getNextPageParam: ({ next_cursor }: { next_cursor: string | null }) => next_cursor,
};

/** How such a list is read on, for `DataTable`; undefined: this was all. */
export function moreOf({
  hasNextPage,
  isFetchingNextPage,
  fetchNextPage,
}: PagedQuery): { load: () => void; isPending: boolean } | undefined {
  if (!hasNextPage) return undefined;
  return { load: () => void fetchNextPage(), isPending: isFetchingNextPage };
}
