import { Button, Center, Paper, Text } from '@mantine/core';
import { IconArrowLeft } from '@tabler/icons-react';
import { Link, useParams } from '@tanstack/react-router';
import { useLayoutEffect } from 'react';
import { $api, type Schema } from '../../api/client.ts';
import { FailureNote } from '../../parts/failure-note.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Page } from '../../parts/page.tsx';
import { useMay } from '../../session/use-session.ts';
import { useTexts } from '../../texts/texts-provider.tsx';
import { lastFilter } from '../last-filter.ts';
import { EventEntry } from './event-entry.tsx';
import { ExportMenu } from './export-menu.tsx';
import { FactsPanel } from './facts-panel.tsx';
import { FileCard } from './file-card.tsx';
import { MessageEntry } from './message-entry.tsx';
import classes from './thread.module.css';
import type { Message, ThreadEntry } from './thread-entries.ts';
import { useThread } from './use-thread.ts';

/** A conversation: what was said and done in it, and what is known of it. */
export function ConversationPage() {
  const { id } = useParams({ from: '/signed-in/conversations/$id' });
  const texts = useTexts();
  const may = useMay();
  const query = $api.useQuery('get', '/v1/conversations/{id}', { params: { path: { id } } });
  useLayoutEffect(() => {
    window.scrollTo(0, 0); // gives a promise in new browsers: nothing to be cleaned up
  }, [id]);
  const back = (
    <Link to="/conversations" search={lastFilter()} className={classes['back']}>
      <IconArrowLeft size={14} aria-hidden /> {texts.nav.conversations}
    </Link>
  );
  return (
    <Page
      title={query.data === undefined ? texts.conversations.one : titleOf(query.data, id)}
      hint={back}
      actions={query.data !== undefined && may('export.conversation') && <ExportMenu id={id} />}
    >
      <Loaded query={query}>
        {(conversation) => (
          <div className={classes['page']}>
            <Thread id={id} summary={conversation.subject === null ? null : conversation.summary} />
            <Paper
              component="aside"
              withBorder
              p="md"
              className={classes['side'] ?? ''}
              aria-label={texts.conversations.facts.title}
            >
              <FactsPanel conversation={conversation} />
            </Paper>
          </div>
        )}
      </Loaded>
    </Page>
  );
}

function titleOf({ subject, summary, contact }: Schema<'Conversation'>, id: string): string {
  return subject ?? summary ?? contact.name ?? contact.email ?? id;
}

function Thread({ id, summary }: { id: string; summary: string | null }) {
  const texts = useTexts();
  const { messages, entries, error, retry } = useThread(id);
  const byId = new Map<string, Message>();
  for (const entry of entries) if (entry.kind === 'message') byId.set(entry.id, entry.message);
  return (
    <section aria-label={texts.conversations.thread.label}>
      {summary !== null && (
        <Text c="dimmed" mb="md" dir="auto">
          {summary}
        </Text>
      )}
      {error !== null && <FailureNote error={error} onRetry={retry} />}
      {messages.data !== undefined && entries.length === 0 && (
        <Text c="dimmed">{texts.conversations.thread.empty}</Text>
      )}
      <ol className={classes['thread']}>
        {entries.map((entry) => (
          <li key={`${entry.kind} ${entry.id}`}>
            <Entry entry={entry} byId={byId} />
          </li>
        ))}
      </ol>
      {messages.hasNextPage && (
        <Center mt="md">
          <Button
            variant="default"
            loading={messages.isFetchingNextPage}
            onClick={() => void messages.fetchNextPage()}
          >
            {texts.conversations.thread.more}
          </Button>
        </Center>
      )}
    </section>
  );
}

function Entry({ entry, byId }: { entry: ThreadEntry; byId: ReadonlyMap<string, Message> }) {
  if (entry.kind === 'event') return <EventEntry event={entry.event} />;
  if (entry.kind === 'file') return <FileCard file={entry.file} />;
  const { message, files } = entry;
  const answered = message.in_reply_to === null ? undefined : byId.get(message.in_reply_to);
  return <MessageEntry message={message} files={files} answered={answered} />;
}
