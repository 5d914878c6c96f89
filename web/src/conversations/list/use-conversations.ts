import { useInfiniteQuery } from '@tanstack/react-query';
import { $api, api, type Schema } from '../../api/client.ts';
import { cursorPages } from '../../parts/cursor-pages.ts';
import type { ConversationFilter } from '../../parts/filter-words.tsx';
import { fieldsOf, textOf } from '../json-fields.ts';

const PAGE = 100;

/** What a line of the table shows: a conversation without its long texts, so that many fit into memory. */
export type Row = Pick<
  Schema<'Conversation'>,
  'id' | 'status' | 'priority' | 'channel' | 'subject' | 'tags' | 'audience' | 'assigned_agent' | 'created_at'
> & { customer: string | null; rating: string | null };

/**
 * Conversations page by page, the newest first. What was read stays as it was until it is read again from its begin:
 * many pages that read themselves anew would be many requests for what nobody looks at.
 */
export function useConversations(filter: ConversationFilter) {
  return useInfiniteQuery({
    queryKey: ['get', '/v1/conversations', 'pages', filter],
    queryFn: async ({ pageParam, signal }) => {
      const query = { ...filter, limit: PAGE, ...(pageParam === null ? {} : { cursor: pageParam }) };
      const { data } = await api.GET('/v1/conversations', { params: { query }, signal });
      const { conversations, next_cursor } = data!;
      return { rows: conversations.map(toRow), next_cursor };
    },
    ...cursorPages,
    initialPageParam: null as string | null,
    structuralSharing: false,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
    refetchOnMount: ({ state }) => (state.data?.pages.length ?? 0) < 2,
  });
}

/** How many conversations a filter finds, exactly. Asked beside the list, which does not wait for it. */
export function useCount(filter: ConversationFilter): number | undefined {
  const query = { ...filter, limit: 1, count: 'true' as const };
  return $api.useQuery('get', '/v1/conversations', { params: { query } }).data?.count;
}

function toRow(one: Schema<'Conversation'>): Row {
  const { id, status, priority, channel, subject, tags, audience, assigned_agent, created_at, contact } = one;
  return {
    id,
    status,
    priority,
    channel,
    subject: subject ?? one.summary,
    tags,
    audience,
    assigned_agent,
    created_at,
    customer: contact.name ?? contact.email ?? contact.phone,
    rating: textOf(fieldsOf(one.csat)['rating']) ?? null,
  };
}
