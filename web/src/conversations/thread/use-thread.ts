import { useEffect, useMemo } from 'react';
import { $api } from '../../api/client.ts';
import { cursorPages } from '../../parts/cursor-pages.ts';
import { mergeThread } from './thread-entries.ts';

const LIMIT = 100;
/** What was said does not change while one reads it. */
const options = { ...cursorPages, refetchOnWindowFocus: false, staleTime: 60_000 };

/** A conversation's messages, page by page, with its events and files in their places. */
export function useThread(id: string) {
  const params = { path: { id }, query: { limit: LIMIT } };
  const messages = $api.useInfiniteQuery(
    'get',
    '/v1/conversations/{id}/messages',
    { params },
    { ...options, pageParamName: 'cursor' },
  );
  const events = $api.useInfiniteQuery(
    'get',
    '/v1/conversations/{id}/events',
    { params },
    { ...options, pageParamName: 'cursor' },
  );
  const files = $api.useInfiniteQuery(
    'get',
    '/v1/conversations/{id}/files',
    { params },
    { ...options, pageParamName: 'cursor' },
  );
  useAll(events);
  useAll(files);
  const isComplete = messages.data !== undefined && !messages.hasNextPage;
  const entries = useMemo(
    () =>
      mergeThread(
        messages.data?.pages.flatMap((page) => page.messages) ?? [],
        events.data?.pages.flatMap((page) => page.events) ?? [],
        files.data?.pages.flatMap((page) => page.files) ?? [],
        isComplete,
      ),
    [messages.data, events.data, files.data, isComplete],
  );
  return {
    messages,
    entries,
    /** Why a part of it is missing. */
    error: messages.error ?? events.error ?? files.error,
    retry: () => {
      for (const query of [messages, events, files]) if (query.error !== null) void query.refetch();
    },
  };
}

/** Reads a list to its end: there are few of these beside the messages. */
function useAll(query: { hasNextPage: boolean; isFetching: boolean; fetchNextPage: () => unknown }): void {
  const { hasNextPage, isFetching, fetchNextPage } = query;
  useEffect(() => {
    if (hasNextPage && !isFetching) fetchNextPage();
  }, [hasNextPage, isFetching, fetchNextPage]);
}
