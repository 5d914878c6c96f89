import { Badge, Button, Group, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { $api } from '../../api/client.ts';
import { Confirm } from '../../parts/dialogs/confirm.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { FailureNote } from '../../parts/failure-note.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Moment } from '../../parts/moment.tsx';
import { useEnter } from '../../session/use-session.ts';
import { useTexts } from '../../texts/texts-provider.tsx';
import { Section } from '../../parts/section.tsx';
import { describeBrowser } from './describe-browser.ts';

/** Where one is signed in: this browser marked, any other can be ended. */
export function SessionsSection() {
  const texts = useTexts();
  const words = texts.account.sessions;
  const queries = useQueryClient();
  const enter = useEnter();
  const [isAsking, setAsking] = useState(false);
  const sessions = $api.useQuery('get', '/v1/sessions', {});
  const end = $api.useMutation('delete', '/v1/sessions/{id}', {
    onSettled: () => queries.invalidateQueries({ queryKey: ['get', '/v1/sessions'] }),
  });
  const endAll = $api.useMutation('delete', '/v1/sessions', { onSuccess: () => enter('/sign-in') });
  return (
    <Section
      title={words.title}
      hint={words.hint}
      actions={
        <Button variant="default" onClick={() => setAsking(true)}>
          {words.endAll}
        </Button>
      }
    >
      {end.error !== null && <FailureNote error={end.error} />}
      <Loaded query={sessions}>
        {({ sessions: all }) => (
          <DataTable
            label={words.title}
            rows={all}
            keyOf={({ id }) => id}
            columns={[
              {
                title: words.browser,
                cell: ({ user_agent: userAgent, is_this: isThis }) => (
                  <Group gap="xs">
                    <span title={userAgent}>{describeBrowser(userAgent)}</span>
                    {isThis && <Badge variant="light">{words.isThis}</Badge>}
                  </Group>
                ),
              },
              { title: words.address, cell: ({ ip }) => ip },
              { title: words.began, cell: ({ created_at: at }) => <Moment at={at} /> },
              { title: words.seen, cell: ({ last_seen_at: at }) => <Moment at={at} /> },
              {
                title: words.action,
                isEnd: true,
                cell: ({ id, is_this: isThis, user_agent: userAgent, ip }) =>
                  !isThis && (
                    <Button
                      size="compact-sm"
                      variant="default"
                      loading={end.isPending && end.variables.params.path.id === id}
                      onClick={() => end.mutate({ params: { path: { id } } })}
                      aria-label={words.endOne(describeBrowser(userAgent), ip)}
                    >
                      {words.end}
                    </Button>
                  ),
              },
            ]}
          />
        )}
      </Loaded>
      <Confirm
        title={words.askAll}
        action={words.endAll}
        isOpen={isAsking}
        isPending={endAll.isPending}
        error={endAll.error}
        onConfirm={() => endAll.mutate({ params: { query: { all: 'true' } } })}
        onClose={() => setAsking(false)}
      >
        <Text size="sm">{words.askAllAbout}</Text>
      </Confirm>
    </Section>
  );
}
