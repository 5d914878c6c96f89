import { Badge, Button, Group, ScrollArea, Text, UnstyledButton } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { $api, type Schema } from '../../api/client.ts';
import { FailureNote } from '../../parts/failure-note.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Moment } from '../../parts/moment.tsx';
import { useTexts } from '../../texts/texts-provider.tsx';
import classes from './notices-list.module.css';
import { useNotices } from './use-notices.ts';

/** The notices, each of which leads to what it is about. */
export function NoticesList({ onLeave }: { onLeave: () => void }) {
  const texts = useTexts();
  const queries = useQueryClient();
  const notices = useNotices();
  const read = $api.useMutation('post', '/v1/notices/read', {
    onSuccess: () => queries.invalidateQueries({ queryKey: ['get', '/v1/notices'] }),
  });
  return (
    <>
      <Group justify="space-between" p="sm" className={classes['head']}>
        <Text fw={600}>{texts.session.notices.title}</Text>
        {(notices.data?.pages[0]?.unread ?? 0) > 0 && (
          <Button
            size="compact-sm"
            variant="subtle"
            loading={read.isPending}
            onClick={() => read.mutate({ body: {} })}
          >
            {texts.session.notices.readAll}
          </Button>
        )}
      </Group>
      {read.error !== null && <FailureNote error={read.error} />}
      <ScrollArea.Autosize mah="min(420px, 70dvh)">
        <Loaded query={notices}>
          {({ pages }) => {
            const all = pages.flatMap((page) => page.notices);
            if (all.length === 0)
              return (
                <Text p="md" c="dimmed" size="sm">
                  {texts.session.notices.none}
                </Text>
              );
            return (
              <ul className={classes['list']}>
                {all.map((notice) => (
                  <li key={notice.id}>
                    <NoticeLine
                      notice={notice}
                      onOpen={() => {
                        if (notice.read_at === null) read.mutate({ body: { up_to: notice.id } });
                        onLeave();
                      }}
                    />
                  </li>
                ))}
              </ul>
            );
          }}
        </Loaded>
        {notices.hasNextPage && (
          <Button
            variant="subtle"
            fullWidth
            loading={notices.isFetchingNextPage}
            onClick={() => void notices.fetchNextPage()}
          >
            {texts.state.more}
          </Button>
        )}
      </ScrollArea.Autosize>
    </>
  );
}

function NoticeLine({ notice, onOpen }: { notice: Schema<'Notice'>; onOpen: () => void }) {
  const texts = useTexts();
  const { kind, details } = notice;
  const place = kind === 'schedule.paused' ? 'schedules' : 'exports';
  return (
    <UnstyledButton
      component={Link}
      to={`/${place}/${notice.subject_id}`}
      className={classes['line']}
      onClick={onOpen}
    >
      <Group justify="space-between" wrap="nowrap" align="flex-start">
        <Text size="sm" fw={notice.read_at === null ? 600 : 400}>
          {texts.session.notices.kinds[kind]}
        </Text>
        {notice.read_at === null && (
          <Badge size="xs" variant="light">
            {texts.session.notices.unread}
          </Badge>
        )}
      </Group>
      <Text size="xs" c="dimmed">
        <Moment at={notice.created_at} />
        {typeof details['code'] === 'string' && ` · ${details['code']}`}
      </Text>
    </UnstyledButton>
  );
}
