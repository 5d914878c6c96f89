import { $api } from '../api/client.ts';
import { StatusBadge } from '../conversations/status-badge.tsx';
import { Moment } from '../parts/moment.tsx';
import { useTexts } from '../texts/texts-provider.tsx';
import styles from './contacts.module.css';
import { Listed, PAGE, paging, ToConversation } from './listed.tsx';

/** Conversations in which somebody takes part. */
export function ContactConversations({ id }: { id: string }) {
  const texts = useTexts().contacts;
  const query = $api.useInfiniteQuery(
    'get',
    '/v1/conversations',
    { params: { query: { contact_id: id, limit: PAGE } } },
    paging,
  );
  return (
    <Listed
      tab="conversations"
      query={query}
      rowsOf={({ conversations }) => conversations}
      columns={[
        {
          title: texts.subject,
          cell: ({ id: conversation, subject }) => <ToConversation id={conversation} text={subject} />,
        },
        {
          title: texts.state,
          cell: ({ status }) => (
            <span className={styles['whole']}>
              <StatusBadge status={status} />
            </span>
          ),
        },
        { title: texts.channel, cell: ({ channel }) => channel ?? texts.unknown },
        {
          title: texts.assignee,
          cell: ({ assigned_agent: { id: agent, name } }) => name ?? agent ?? texts.unknown,
        },
        {
          title: texts.began,
          cell: ({ created_at: at }) => (
            <span className={styles['whole']}>
              <Moment at={at} />
            </span>
          ),
        },
      ]}
    />
  );
}

/** Tickets about somebody. */
export function ContactTickets({ id }: { id: string }) {
  const texts = useTexts().contacts;
  const query = $api.useInfiniteQuery(
    'get',
    '/v1/contacts/{id}/tickets',
    { params: { path: { id }, query: { limit: PAGE } } },
    paging,
  );
  return (
    <Listed
      tab="tickets"
      query={query}
      rowsOf={({ tickets }) => tickets}
      columns={[
        { title: texts.subject, cell: ({ subject }) => subject ?? texts.noSubject },
        { title: texts.state, cell: ({ status }) => status ?? texts.unknown },
        { title: texts.priority, cell: ({ priority }) => priority ?? texts.unknown },
        {
          title: texts.conversation,
          cell: ({ conversation_id: conversation }) =>
            conversation === null ? texts.unknown : <ToConversation id={conversation} text={texts.open} />,
        },
        {
          title: texts.began,
          cell: ({ created_at: at }) => (
            <span className={styles['whole']}>
              <Moment at={at} />
            </span>
          ),
        },
      ]}
    />
  );
}
